"""A folder of articles in, a folder of results out: one file each, names kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Literal

from summarizer import render
from summarizer.batch.jsonl import dumped
from summarizer.batch.place import Place
from summarizer.batch.rows import Done, Fields, Outcome, Row, nested, told
from summarizer.errors import ConfigError, InputError, InputTooLarge
from summarizer.text.decode import decode
from summarizer.types import Result

SUFFIXES = (".txt", ".html", ".htm")
LARGEST = 256 << 20  # bytes; one file is held in memory

_UNSAFE = re.compile(r"[^\w.-]+")


class Folder:
    """Text and HTML files, each a row: those below a folder, or those given with their names.

    ``id`` is the path below the folder, ``text`` the decoded content.
    """

    def __init__(self, files: Callable[[], Iterable[tuple[str, Place]]], fields: Fields) -> None:
        """``files`` gives names and places, each time it is called; files with other endings are passed over.

        Raises:
            ConfigError: there are files, and none with such an ending: a job of nothing would be no good news.
        """
        self._files = files
        if next(self._texts(), None) is None and (other := next(iter(files()), None)) is not None:
            raise ConfigError(
                f"the folder has no {', '.join(SUFFIXES)} file, but {other[0]!r}; "
                "for other files name one, or a pattern in quotes such as 'folder/*.jsonl'"
            )
        self._fields = fields
        self._read = 0
        self._total: int | None = None
        self.columns: tuple[str, ...] = (fields.id, fields.text)

    def __iter__(self) -> Iterator[Row]:
        """The files as rows; one that cannot be read or decoded is a bad row."""
        for number, (name, place) in enumerate(self._texts(), 1):
            self._read = number
            try:
                columns = {self._fields.id: name, self._fields.text: _content(place)}
                yield Row(number, columns, columns[self._fields.text], name)
            except InputError as error:
                yield Row(number, {self._fields.id: name, self._fields.text: None}, "", name, error)

    def share(self) -> float | None:
        """The part of the files read."""
        if self._total is None:
            self._total = sum(1 for _ in self._texts())
        return self._read / max(1, self._total)

    def close(self) -> None:
        """Nothing is held open."""

    def _texts(self) -> Iterator[tuple[str, Place]]:
        return ((name, place) for name, place in self._files() if place.suffix in SUFFIXES)


class Page:
    """The file of one row in an output folder: ``.json`` as a JSON line has it, or ``.md`` to be read."""

    def __init__(self, form: Literal["json", "markdown"], fields: Fields, *, mirrored: Path | None) -> None:
        """``mirrored`` is the input folder, where the rows are files of one."""
        self._form = form
        self._fields = fields
        self._mirrored = mirrored

    def name(self, row: Row) -> str:
        """Where the row's file lies: as the input file with another suffix, or by its number and id."""
        suffix = ".md" if self._form == "markdown" else ".json"
        if self._mirrored is not None:
            return (row.name if self._kept(self._mirrored / row.name) else str(Path(row.name).with_suffix(""))) + suffix
        safe = _UNSAFE.sub("_", row.name).strip("._")[:80]
        return f"{row.number:07d}{'-' if safe else ''}{safe}{suffix}"

    @staticmethod
    def _kept(path: Path) -> bool:
        """Whether the whole name is kept, or two files would give one of the same name.

        So where ``report.html`` has a ``report.txt`` beside it, and for ``report.html.txt`` and ``report.TXT``.
        """
        if path.suffix not in SUFFIXES or Path(path.stem).suffix.lower() in SUFFIXES:
            return True
        others = (path.with_suffix(suffix) for suffix in SUFFIXES if suffix != path.suffix)
        return any(other.is_file() for other in others)

    def content(self, row: Row, outcome: Outcome) -> bytes:
        """What stands in it."""
        if self._form == "json":
            return dumped(nested(row, outcome, self._fields)) + b"\n"
        if isinstance(outcome, Result):
            return render.markdown(outcome).encode()
        error = told(outcome)
        return f"# Not summarised\n\n{error['type']}: {error['message']}\n".encode("utf-8", "replace")


class Bundle:
    """The files of an output folder one after the other, on their way to the machine that gives them their names.

    Only there is known how many rows came before, and what lies in the input folder.
    """

    def __init__(self, page: Page) -> None:
        self._page = page

    def prepare(self, head: Sequence[Row]) -> bytes:  # noqa: ARG002 - the shape of an Encoder
        """Nothing."""
        return b""

    def encode(self, done: Iterable[Done]) -> bytes:
        """Each row's name and size on a line, then its content."""
        return b"".join(_framed(row.name, self._page.content(row, outcome)) for row, outcome in done)


def unbundled(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Name and content of each row, out of what a :class:`Bundle` made."""
    while line := file.readline():
        name, size = json.loads(line)
        yield name, file.read(size)


def _framed(name: str, content: bytes) -> bytes:
    return json.dumps([name, len(content)]).encode() + b"\n" + content


def _content(place: Place) -> str:
    try:
        if place.size() > LARGEST:
            raise InputTooLarge(f"{place.name} has over {LARGEST:,} bytes, the most that one article may have")
        with place.open() as file:
            return decode(file.read()).text
    except OSError as error:
        raise InputError(f"{place.name} cannot be read: {error.strerror or error}") from error
