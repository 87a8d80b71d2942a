"""The closing report as one HTML page: opens offline, draws its own plots, and takes nothing of the input for markup."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from summarizer.batch.formats import Places
from summarizer.batch.place import PIPE, url_of
from summarizer.batch.tally import PER_DOUBLING, WORST, Measure, Tally
from summarizer.errors import ConfigError
from summarizer.version import __version__

if TYPE_CHECKING:
    from summarizer.batch.job import Report

WIDTH, HEIGHT = 640, 180  # of a plot


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot: where it stands, and what it says when pointed at."""

    x: float
    y: float
    width: float
    height: float
    label: str
    tick: str


def check_path(path: Path | None, places: Places) -> None:
    """Refuse a place for the report before any work is done.

    Raises:
        ConfigError: it is no .html file, its folder is not there, or it is the input or the output.
    """
    if path is None:
        return
    if path.suffix.lower() not in (".html", ".htm"):
        raise ConfigError(f"the report is a web page; name it like report.html, not {str(path)!r}")
    if url := url_of(path):
        raise ConfigError(f"{url!r}: a report is written to a local path; copy it to its storage when it is done")
    folder = path.absolute().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK) or path.is_dir():
        raise ConfigError(
            f"the report cannot be written to {str(path)!r}: name a file in a folder that is there and can be written to"
        )
    if path.absolute() in (places.target.absolute(), Path(places.source).absolute()):
        raise ConfigError(f"{str(path)!r} is the input or the output; name another file for the report")


def write(path: Path, report: Report, places: Places) -> None:
    """Write the page; it appears under its name only when it is whole.

    Raises:
        ConfigError: it cannot be written.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.write_text(page(report, places, beside=path.absolute().parent), "utf-8")
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise ConfigError(f"the report cannot be written: {error.strerror or error}; the output is complete") from error


def page(report: Report, places: Places, *, beside: Path) -> str:
    """The page; its links lead from the folder ``beside`` to the output."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - takes 50 ms

    tally = report.tally
    environment = Environment(
        loader=PackageLoader("summarizer.batch", ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("report.html").render(
        tally=tally,
        numbers=_numbers(tally),
        facts=_facts(report, places),
        plots=_plots(tally),
        size=(WIDTH, HEIGHT),
        kinds=_shares(tally.kinds.most_common()),
        errors=_shares(tally.errors.most_common()),
        tables=[
            ("Rows with the most findings", "look at these first", _linked(tally.worst, places, beside)),
            ("Rows that failed", f"the first {WORST} at most", _linked(tally.failures, places, beside)),
        ],
    )


def _numbers(tally: Tally) -> list[tuple[str, str, bool]]:
    """What is looked for first: a number, what it is, and whether it is bad news."""
    return [
        (f"{tally.rows:,}", "rows", False),
        (f"{tally.failed:,}", "error rows", tally.failed > 0),
        (f"{tally.findings:,}", f"findings, in {tally.flagged:,} rows", False),
        (f"{tally.rate:,.2f}", "rows per second", False),
        (f"{tally.token_rate:,.0f}", "tokens per second", False),
    ]


def _facts(report: Report, places: Places) -> list[tuple[str, str]]:
    tally = report.tally
    facts = [
        ("input", str(places.source)),
        ("output", str(places.target)),
        ("written", f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}, summarizer {__version__}"),
        ("made by", report.signature),
        ("this run", f"{tally.rows - tally.resumed:,} rows in {tally.seconds:,.0f} s"),
        *([("earlier runs", f"{tally.resumed:,} rows")] if tally.resumed else []),
        ("tokens written by models", f"{tally.tokens:,}"),
    ]
    return [(name, value.encode("utf-8", "replace").decode()) for name, value in facts]


def _plots(tally: Tally) -> list[tuple[str, str, list[Bar], str]]:
    """Title, what the bars say, the bars, and what a bar of the full height stands for."""
    lengths = [(round(2 ** (step / PER_DOUBLING)), tally.lengths.get(step, 0)) for step in _span(tally.lengths)]
    compression = [(step, tally.compression.get(step, 0)) for step in _span(tally.compression)]
    pace, done = [], 0
    for rows, seconds in tally.pace:
        done += rows
        pace.append((f"{done:,}", rows / max(seconds, 1e-6)))
    plots: list[tuple[str, str, list[tuple[str, float]]]] = [
        ("Length", "rows by characters read", [(f"{n:,}", count) for n, count in lengths]),
        ("Compression", "rows by summary length in % of the text", [(f"{n}%", count) for n, count in compression]),
        ("Throughput", "rows per second, from the first row to the last", pace),
    ]
    return [(title, said, _bars(values), f"{_top(values):,.4g}") for title, said, values in plots]


def _span(counts: Iterable[int]) -> range:
    steps = list(counts)
    return range(min(steps), max(steps) + 1) if steps else range(0)


def _top(values: Sequence[tuple[str, float]]) -> float:
    return max((value for _, value in values), default=0.0) or 1.0


def _bars(values: Sequence[tuple[str, float]]) -> list[Bar]:
    top = _top(values)
    step = WIDTH / max(1, len(values))
    every = max(1, -(-len(values) // 7))
    return [
        Bar(
            x=round(at * step, 2),
            y=round(HEIGHT * (1 - value / top), 2),
            width=round(step * 0.9, 2),
            height=round(HEIGHT * value / top, 2),
            label=f"{name}: {value:,.6g}",
            tick=name if at % every == 0 else "",
        )
        for at, (name, value) in enumerate(values)
    ]


def _shares(counts: Sequence[tuple[str, int]]) -> list[tuple[str, int, float]]:
    top = max((count for _, count in counts), default=1)
    return [(name, count, round(100 * count / top, 1)) for name, count in counts]


def _linked(measures: Sequence[Measure], places: Places, beside: Path) -> list[tuple[Measure, str]]:
    """Rows with the address of the file in which each can be read; none where the output went through a pipe."""
    if str(places.target) == PIPE:
        return [(measure, "") for measure in measures]
    target = places.target.absolute()
    files = [target / measure.page if measure.page else target for measure in measures]
    return [(measure, _address(file, beside)) for measure, file in zip(measures, files, strict=True)]


def _address(file: Path, beside: Path) -> str:
    try:
        return quote(Path(os.path.relpath(file, beside)).as_posix(), errors="surrogateescape")
    except ValueError:  # another drive
        return file.as_uri()
