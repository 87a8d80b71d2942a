"""Resident memory of the batch job along many short rows, no two alike.

    python -m benchmarks.batch_memory [--rows 200000] [--workers 1] [--batch-size 64] [--minutes 55] [--every 5]
    python -m benchmarks.batch_memory --instant [--rows 1000000]

Runs ``summarizer batch`` with the bundled translator, one beam and one hypothesis, as a process of its own. Every few
seconds it reads the memory of that process and of all that it started, and counts the rows written. ``--instant`` runs
reader, journal and writer in this process with an answer that takes no time. Each row is one sentence of seven words,
three of which no other has: whatever is remembered by the word or the sentence grows, where a bound is missing. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from benchmarks.setting import setting
from benchmarks.speed_memory import resident, short
from summarizer.batch.formats import Places, open_source, open_store
from summarizer.batch.rows import Answer
from summarizer.batch.run import run
from summarizer.batch.tally import Tally
from summarizer.types import Coverage, Result

GREEDY = """\
summary: {model: extractive, sentences: 1}
translation: {model: ct2, weights: "bundled:de-en", beams: 1, hypotheses: 1, languages: {source: [de], target: [en]}}
"""
STEPS = 20  # lines of the table


def rows_file(folder: Path, rows: int) -> Path:
    """The input: one sentence a row."""
    source, rng = folder / "in.jsonl", random.Random(1)
    with source.open("w", encoding="utf-8") as out:
        for i in range(rows):
            out.write(json.dumps({"id": i, "text": short(rng, i)}) + "\n")
    return source


class Table:
    """A line at every twentieth of the rows, with the most that was seen since the last."""

    def __init__(self, rows: int) -> None:
        self._step = max(rows // STEPS, 1)
        self._due, self._most, self._began = min(1000, self._step), 0.0, time.monotonic()
        print(
            "| rows | minutes | rows/s so far | memory, MB | most since the line before |\n|---:|---:|---:|---:|---:|"
        )

    def add(self, rows: int, megabytes: float) -> None:
        """One look at the job."""
        self._most = max(self._most, megabytes)
        if rows >= self._due:
            self.line(rows, megabytes)
            self._due = (rows // self._step + 1) * self._step

    def line(self, rows: int, megabytes: float) -> None:
        """Print what was seen last."""
        spent = time.monotonic() - self._began
        print(f"| {rows:,} | {spent / 60:.1f} | {rows / spent:,.0f} | {megabytes:.0f} | {self._most:.0f} |", flush=True)
        self._most = 0.0


def bundled(asked: argparse.Namespace, folder: Path) -> None:
    """The command itself, looked at from outside, until it ends or its minutes are over."""
    source, target, preset = rows_file(folder, asked.rows), folder / "out.jsonl", folder / "greedy.yaml"
    preset.write_text(GREEDY)
    command = [sys.executable, "-m", "summarizer", "batch", source, target, "--preset", preset, "--sentences", "1"]
    command += ["--quiet", "--workers", str(asked.workers), "--batch-size", str(asked.batch_size)]
    table, end = Table(asked.rows), time.monotonic() + asked.minutes * 60
    counted, seen = written(folder / "out.jsonl.partial"), (0, 0.0)
    with subprocess.Popen(command) as job:
        while job.poll() is None and time.monotonic() < end:
            if held := family(job.pid):
                seen = next(counted), held
                table.add(*seen)
            time.sleep(asked.every)
        if job.poll() is None:
            job.send_signal(signal.SIGINT)
    table.line(*seen)
    print(f"\nended with {job.returncode}", "(broken off when its minutes were over)" * (job.returncode == 130))


def written(path: Path) -> Iterator[int]:
    """Lines in a growing file, each time one asks; each byte is read once."""
    lines = at = 0
    while True:
        if path.exists():
            with path.open("rb") as file:
                file.seek(at)
                while piece := file.read(1 << 20):
                    at += len(piece)
                    lines += piece.count(b"\n")
        yield lines


def family(pid: int) -> float:
    """Megabytes of a process and all that it started, shared pages counted once for each; nothing once they are gone."""
    held, asked = 0.0, [pid]
    for one in asked:
        with suppress(FileNotFoundError, ProcessLookupError):
            held += resident(one)
            children = [path.read_text() for path in Path(f"/proc/{one}/task").glob("*/children")]
            asked += [int(child) for found in children for child in found.split()]
    return held


def instant(pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
    """An answer of the shape and size of a real one, at once."""
    for piece in pieces:
        yield [Answer(_made_of(text), 40) for text in piece]


def _made_of(text: str) -> Result:
    coverage = Coverage(len(text), len(text), 0, 0)
    return Result(text, {"en": text}, "", "de", 1.0, (), (), coverage, {"total": 0.0}, "instant")


def without_models(asked: argparse.Namespace, folder: Path) -> None:
    """Reader, journal and writer alone."""
    places = Places(rows_file(folder, asked.rows), folder / "out.jsonl")
    table = Table(asked.rows)

    def watch(tally: Tally) -> None:
        table.add(tally.rows, family(os.getpid()))

    with closing(open_source(places)) as rows, closing(open_store(places, rows, targets=["en"], job={})) as store:
        run(rows, store, instant, job={}, watch=watch)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--instant", action="store_true")
    options.add_argument("--rows", type=int, default=200_000)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--batch-size", type=int, default=64)
    options.add_argument("--minutes", type=float, default=55.0)
    options.add_argument("--every", type=float, default=5.0)
    asked = options.parse_args()
    print(setting("ctranslate2"), "\n")
    with tempfile.TemporaryDirectory() as folder:
        (without_models if asked.instant else bundled)(asked, Path(folder))


if __name__ == "__main__":
    main()
