"""The input of a command: a file or standard input, within bounds, as text; of a Word or PDF file, what it says."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import BinaryIO

import typer

from summarizer.errors import InputTooLarge
from summarizer.text.files import read_file
from summarizer.text.filetext import Bounds

_URL = re.compile(r"https?://", re.IGNORECASE)
MAX_BYTES_PER_CHARACTER = 4  # in UTF-8, UTF-16 and UTF-32


def read(file: str, *, limit: int) -> str:
    """The text of ``file``, or of standard input for ``-``; at most ``limit`` characters are let in.

    Raises:
        InputTooLarge: there are more, which is found out without reading them all.
        InputError: it is of no kind that is read, damaged or empty.
        MissingDependency: a Word or PDF file wants the extra ``documents``.
        OSError: there is no such file, or it cannot be read.
    """
    if _URL.match(file):
        raise typer.BadParameter("this program works offline and reads files; save the page and name its FILE")
    if file == "-":
        if sys.stdin.isatty():
            raise typer.BadParameter("nothing to read: name a FILE, or pipe text in, as in: summarizer run - < FILE")
        data = _bounded(sys.stdin.buffer, limit)
    else:
        with Path(file).open("rb") as opened:
            data = _bounded(opened, limit)
    found = read_file(data, "" if file == "-" else file, bounds=Bounds(size=len(data)))
    for note in found.notes:
        typer.echo(f"warning: {'standard input' if file == '-' else file}: {note.message}", err=True)
    return found.text


def lines(text: str) -> list[str]:
    """The lines of a file as an editor counts them; no line after the last line break."""
    found = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return found[:-1] if found[-1] == "" else found


def _bounded(opened: BinaryIO, limit: int) -> bytes:
    most = limit * MAX_BYTES_PER_CHARACTER
    data = opened.read(most + 1)
    if len(data) > most:
        raise InputTooLarge(f"the input has over {most:,} bytes; the limit is {limit:,} characters (max_characters)")
    return data
