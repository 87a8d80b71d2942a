"""Results on standard output, remarks on standard error. rich is loaded only where a terminal is looked at."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import typer

from summarizer import render
from summarizer.cli.ends import ReaderGone
from summarizer.types import Result

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_STYLES = {"title": "bold", "heading": "bold cyan", "body": "", "item": "", "note": "dim"}
_WIDEST = 100  # columns; longer lines are hard to read


def emit(text: str) -> None:
    """Write to standard output.

    Raises:
        ReaderGone: the other end of the pipe was closed.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise ReaderGone from None


def emit_result(result: Result, form: str) -> None:
    """Print a result as ``text``, ``json`` or ``markdown``."""
    if form == "json":
        emit(json.dumps(result.to_dict(), ensure_ascii=False, indent=2) + "\n")
    elif form == "markdown":
        emit(render.markdown(result))
    elif sys.stdout.isatty():
        _emit_wrapped(result)
    else:
        emit(render.plain(result))


def announce(address: str) -> None:
    """Say where the page is, as soon as it answers."""
    sys.stderr.write(f"Summarizer is at {address}  (Ctrl+C ends it)\n")
    sys.stderr.flush()


def warn_of_draft(signature: str) -> None:
    """Say once that the bundled translator did the work, and how to get the better one."""
    if "bundled:" in signature:
        typer.echo(
            "note: translated by the small bundled model, which is of draft quality; "
            "get the better one once with: summarizer pull default",
            err=True,
        )


def _emit_wrapped(result: Result) -> None:
    """Set for reading: marks stand back, items hang."""
    from rich.console import Console  # noqa: PLC0415 - 60 ms, for terminals only

    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    before = None
    for block in render.blocks(result):
        if before and (before, block.kind) != ("item", "item"):
            console.print()
        console.print(_hanging(block) if block.kind == "item" else _set(block))
        before = block.kind


def _set(block: render.Block) -> Text:
    from rich.text import Text  # noqa: PLC0415

    line = Text(style=_STYLES[block.kind])
    for number, part in enumerate(block.parts):
        line.append(" " * bool(number) + part.text).append(f" {part.mark}" if part.mark else "", "dim cyan")
    return line


def _hanging(block: render.Block) -> Table:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = Table.grid(padding=(0, 1, 0, 0))
    for part in block.parts:
        grid.add_row(Text(part.mark, "cyan", no_wrap=True), Text(part.text))
    return grid
