"""How a batch job is doing, on standard error: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from summarizer.cli.ends import heed_interrupt

if TYPE_CHECKING:
    from rich.progress import Progress

    from summarizer.batch.formats import Places
    from summarizer.batch.tally import Tally

LINE_SECONDS = 10.0  # between two lines in a log


class Meter:
    """Shows the state of a job when called with it; ``close()`` leaves the terminal as it was. Quiet, it shows nothing."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._told = time.monotonic()
        self._first: float | None = None
        self._bar: Progress | None = None
        if sys.stderr.isatty() and not quiet:
            self._bar = _bar()
            self._bar.start()
            self._bar.add_task("", total=None, state="")

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, tally: Tally, share: float | None) -> None:
        """Show where the job is; ``share`` of the input is done."""
        heed_interrupt()
        if self._first is None:
            self._first = share
        left = time_left(tally.seconds, self._first, share)
        if self._bar is not None:
            task = self._bar.task_ids[0]
            shown = ", ".join(filter(None, (state(tally), left)))
            self._bar.update(task, total=None if share is None else 100, completed=_percent(share), state=shown)
        elif not self._quiet and time.monotonic() - self._told >= LINE_SECONDS:
            self._told = time.monotonic()
            read = "" if share is None else f"{_percent(share)}% done"
            typer.echo(", ".join(filter(None, (state(tally), read, left))), err=True)


@contextmanager
def interruption_told(places: Places) -> Iterator[None]:
    """Ctrl-C ends a job that can be gone on with: say so, or that a pipe cannot."""
    from summarizer.batch.formats import beside  # noqa: PLC0415

    try:
        yield
    except KeyboardInterrupt:
        if str(places.target) == "-":
            typer.echo("interrupted; a job into a pipe begins anew, one into a file goes on where it was", err=True)
        elif any(beside(places.target, ending).exists() for ending in ("journal", "parts")):
            typer.echo("interrupted; what was done is kept, and the same command goes on from there", err=True)
        raise


def state(tally: Tally) -> str:
    """``1,200 rows, 3 errors, 41 findings, 8.5 rows/s, 620 tokens/s``; tokens are those that models wrote."""
    return (
        f"{tally.rows:,} rows, {tally.failed:,} errors, {tally.findings:,} findings, "
        f"{tally.rate:,.1f} rows/s, {tally.token_rate:,.0f} tokens/s"
    )


def time_left(seconds: float, first: float | None, share: float | None) -> str:
    """``1:05:00 left``, by the part of the input done since the beginning of this run; nothing while nobody knows."""
    if first is None or share is None or share <= first or seconds < 1.0:
        return ""
    rest = round(seconds * (1.0 - share) / (share - first))
    return f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02} left"


def closing_line(tally: Tally, target: str) -> str:
    """The one line a job ends with."""
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(tally.errors.items()))
    parts = [
        f"{tally.rows:,} rows" + (f" ({tally.resumed:,} done before)" if tally.resumed else ""),
        f"{tally.failed:,} errors" + (f" ({kinds})" if kinds else ""),
        f"{tally.findings:,} findings in {tally.flagged:,} rows",
        f"{tally.rate:,.1f} rows/s",
        *([f"{tally.token_rate:,.0f} tokens/s"] if tally.tokens else []),
    ]
    return f"{', '.join(parts)} → {target}{_first_failure(tally)}"


def _first_failure(tally: Tally) -> str:
    """Why the first row failed: where the whole file is of another kind, all fail for the same reason."""
    if not tally.failures:
        return ""
    first = tally.failures[0]
    return f"; first error, row {first.number:,}: {' '.join(' '.join(first.notes).split())}"


def _percent(share: float | None) -> int:
    """Rounded down: a hundred is said when all is done."""
    return math.floor(100 * (share or 0.0))


def _bar() -> Progress:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415

    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[state]}"))
    return Progress(*columns, console=Console(stderr=True), transient=True)
