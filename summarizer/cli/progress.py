"""How a batch job is doing, on standard error: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from summarizer.batch.run import Tally

LINE_SECONDS = 10.0  # between two lines in a log


class Meter:
    """Shows the state of a job when called with it; ``close()`` leaves the terminal as it was."""

    def __init__(self) -> None:
        self._told = time.monotonic()
        self._bar: Progress | None = None
        if sys.stderr.isatty():
            self._bar = _bar()
            self._bar.start()
            self._bar.add_task("", total=None, state="")

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, tally: Tally, share: float | None) -> None:
        """Show where the job is; ``share`` of the input has been read."""
        if self._bar is not None:
            task = self._bar.task_ids[0]
            self._bar.update(task, total=None if share is None else 1.0, completed=share or 0.0, state=state(tally))
        elif time.monotonic() - self._told >= LINE_SECONDS:
            self._told = time.monotonic()
            typer.echo(state(tally) + (f", {share:.0%} read" if share is not None else ""), err=True)


def state(tally: Tally) -> str:
    """``1,200 rows, 3 errors, 41 findings, 8.5 rows/s``."""
    return f"{tally.rows:,} rows, {tally.failed:,} errors, {tally.findings:,} findings, {tally.rate:,.1f} rows/s"


def closing_line(tally: Tally, target: str) -> str:
    """The one line a job ends with."""
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(tally.errors.items()))
    parts = [
        f"{tally.rows:,} rows" + (f" ({tally.resumed:,} done before)" if tally.resumed else ""),
        f"{tally.failed:,} errors" + (f" ({kinds})" if kinds else ""),
        f"{tally.findings:,} findings in {tally.flagged:,} rows",
        f"{tally.rate:,.1f} rows/s",
    ]
    return f"{', '.join(parts)} → {target}"


def _bar() -> Progress:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[state]}"), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
