"""A folder of articles in, a folder of results out: one file each, names kept."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from summarizer import render
from summarizer.batch.jsonl import dumped
from summarizer.batch.rows import Fields, Outcome, Row, nested, told
from summarizer.errors import InputError, InputTooLarge
from summarizer.text.decode import decode
from summarizer.types import Result

SUFFIXES = (".txt", ".html", ".htm")
LARGEST = 256 << 20  # bytes; one file is held in memory

_UNSAFE = re.compile(r"[^\w.-]+")


class Folder:
    """Each ``.txt`` and ``.html`` file below a folder, in the order of their names; hidden ones are passed over.

    ``id`` is the path below the folder, ``text`` the decoded content.
    """

    def __init__(self, folder: Path, fields: Fields) -> None:
        self._folder = folder
        self._fields = fields
        self._read = 0
        self._total: int | None = None
        self.columns: tuple[str, ...] = (fields.id, fields.text)

    def __iter__(self) -> Iterator[Row]:
        """The files as rows; one that cannot be read or decoded is a bad row."""
        for number, path in enumerate(self._paths(), 1):
            self._read = number
            name = path.relative_to(self._folder).as_posix()
            try:
                columns = {self._fields.id: name, self._fields.text: _content(path)}
                yield Row(number, columns, columns[self._fields.text], name)
            except InputError as error:
                yield Row(number, {self._fields.id: name, self._fields.text: None}, "", name, error)

    def share(self) -> float | None:
        """The part of the files read."""
        if self._total is None:
            self._total = sum(1 for _ in self._paths())
        return self._read / max(1, self._total)

    def close(self) -> None:
        """Nothing is held open."""

    def _paths(self) -> Iterator[Path]:
        for folder, below, files in os.walk(self._folder):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for name in sorted(files):
                if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                    yield Path(folder) / name


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
            return (row.name if self._twin(self._mirrored / row.name) else str(Path(row.name).with_suffix(""))) + suffix
        safe = _UNSAFE.sub("_", row.name).strip("._")[:80]
        return f"{row.number:07d}{'-' if safe else ''}{safe}{suffix}"

    @staticmethod
    def _twin(path: Path) -> bool:
        """Whether ``report.html`` has a ``report.txt`` beside it: both then keep their whole names."""
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


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise InputTooLarge(f"{path.name} has over {LARGEST:,} bytes, the most that one article may have")
        return decode(path.read_bytes()).text
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}") from error
