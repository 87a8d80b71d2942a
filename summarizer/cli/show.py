"""Results on standard output, remarks on standard error. rich is loaded only where a terminal is looked at."""

from __future__ import annotations

import json
import sys

import typer

from summarizer import render
from summarizer.cli.ends import ReaderGone
from summarizer.types import Result

_STYLES = {"title": "bold", "heading": "bold cyan", "body": "", "item": ""}
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
    from rich.console import Console  # noqa: PLC0415 - 60 ms, for terminals only
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    for index, block in enumerate(render.blocks(result)):
        if index and block.kind != "item":
            console.print()
        console.print(Text(block.text, _STYLES[block.kind]))
