"""CSV, in and out: comma, semicolon or tab, as Excel and others write it. A broken line becomes a bad row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from summarizer.batch.jsonl import plain, said
from summarizer.batch.opened import Opened
from summarizer.batch.packing import DAMAGED
from summarizer.batch.rows import Done, Fields, Outcome, Row, carried_columns, check_columns, told
from summarizer.errors import EmptyInput, InputError
from summarizer.text.csvrecords import SAMPLE, delimiter_of, header_of, records, too_many
from summarizer.text.decode import encoding_of
from summarizer.types import Result

MORE = "more"
LONGEST_CELL = 64 << 20  # characters of a cell or line; it is held in memory, in four bytes each

_SURROGATE = re.compile("[\ud800-\udfff]")


class CsvRows:
    """Rows of a CSV file with a header line."""

    def __init__(self, opened: Opened, fields: Fields, *, longest: int = LONGEST_CELL) -> None:
        """Read the header.

        Raises:
            EmptyInput: there is no header line.
            ConfigError: the text column is not in it, or a name stands in it twice.
            UndecodableInput: this is no text file.
        """
        csv.field_size_limit(longest)  # the default of 131,072 is less than a long article
        self._longest = longest
        self._opened = opened
        self._fields = fields
        self.encoding, self._text = _as_text(opened)
        header = _header(self._text)
        self._header_lines = header.count("\n") or 1
        self.delimiter = delimiter_of(header)
        self.columns: tuple[str, ...] = tuple(next(csv.reader(io.StringIO(header), delimiter=self.delimiter), ()))
        check_columns(self.columns, fields)

    def __iter__(self) -> Iterator[Row]:
        """The rows; the line number of a bad one stands in its message. Blank lines are passed over."""
        number = 0
        for line, cells in self._records():
            if cells:
                number += 1
                yield self._row(number, line, cells)

    def share(self) -> float | None:
        """How much of the file has been read."""
        return self._opened.share()

    def close(self) -> None:
        """Close the file."""
        self._opened.close()

    def _records(self) -> Iterator[tuple[int, list[str] | InputError]]:
        return records(
            _Lines(self._text, self._longest),
            delimiter=self.delimiter,
            before=self._header_lines,
            broken=(*DAMAGED, UnicodeDecodeError),
            told=lambda error: InputError(f"the input breaks off here: {error}"),
        )

    def _row(self, number: int, line: int, cells: list[str] | InputError) -> Row:
        if isinstance(cells, InputError):
            return Row(number, error=InputError(f"line {line}: {cells}"))
        padded = [*cells, *[""] * (len(self.columns) - len(cells))]
        columns = dict(zip(self.columns, padded, strict=False))
        if len(cells) > len(self.columns):
            message = too_many(cells, self.columns, line=line, delimiter=self.delimiter)
            return Row(number, columns, "", columns.get(self._fields.id, ""), InputError(message))
        return Row.of(number, columns, self._fields)


class CsvEncoder:
    """Each row as a line: the input's columns, then the result in cells of its own.

    Columns added: ``summary``, ``translation_LANG`` for each target, ``language``, ``findings`` (their number),
    ``error`` (``Type: message``) and ``signature``. Where rows bring their own columns, those of the first rows make
    the header, and what others bring besides stands as JSON under ``more``.
    """

    def __init__(
        self, columns: tuple[str, ...] | None, targets: Sequence[str], *, delimiter: str, marked: bool
    ) -> None:
        self._columns = columns
        self._added = (
            "summary",
            *(f"translation_{to}" for to in targets),
            "language",
            "findings",
            "error",
            "signature",
        )
        self._targets = targets
        self._delimiter = delimiter
        self._mark = "\ufeff" if marked else ""  # without it Excel takes UTF-8 for the local code page
        self._open = columns is None

    def prepare(self, head: Sequence[Row]) -> bytes:
        """The header line."""
        if self._columns is None:
            self._columns = tuple(dict.fromkeys(name for row in head for name in row.columns))
        self._known = frozenset(self._columns)
        added = (*self._added, MORE) if self._open else self._added
        header = (*carried_columns(dict.fromkeys(self._columns), added), *added)
        return (self._mark + self._written([map(cell, header)])).encode()

    def encode(self, done: Iterable[Done]) -> bytes:
        """One record per row."""
        return self._written(self._cells(row, outcome) for row, outcome in done).encode()

    def _cells(self, row: Row, outcome: Outcome) -> list[str]:
        assert self._columns is not None  # noqa: S101 - prepare() has been called
        carried = [cell(row.columns.get(name)) for name in self._columns]
        return [*carried, *self._outcome(outcome), *([self._others(row)] if self._open else [])]

    def _others(self, row: Row) -> str:
        others = {name: value for name, value in row.columns.items() if name not in self._known}
        return said(others, ascii_only=True) if others else ""

    def _outcome(self, outcome: Outcome) -> list[str]:
        if isinstance(outcome, Result):
            translations = [outcome.translations.get(to, "") for to in self._targets]
            findings = str(len(outcome.flagged))
            return [outcome.summary, *translations, outcome.language, findings, "", outcome.signature]
        error = told(outcome)
        return [*[""] * (len(self._added) - 2), f"{error['type']}: {error['message']}", ""]

    def _written(self, records: Iterable[Iterable[str]]) -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=self._delimiter, lineterminator="\n").writerows(records)
        return text.getvalue()


def cell(value: Any) -> str:
    """A value as a cell: text as it is, nothing for null, JSON for what has structure. Bad bytes show as U+FFFD."""
    value = plain(value) if hasattr(value, "as_py") else value
    if value is None:
        return ""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list | dict | bool):
        return _SURROGATE.sub("\ufffd", said(value))
    return str(plain(value))


class _Lines:
    """The lines of a file; one that is too long is an error of its own, and what follows it can still be read."""

    def __init__(self, text: io.TextIOWrapper, longest: int) -> None:
        self._text = text
        self._longest = longest

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._longest)
        if len(line) == self._longest and line[-1] not in "\r\n":
            while (more := self._text.readline(self._longest)) and more[-1] not in "\r\n":
                pass
            raise csv.Error(f"over {self._longest:,} characters in one line")
        if not line:
            raise StopIteration
        return line


def _as_text(opened: Opened) -> tuple[str, io.TextIOWrapper]:
    """The file as text. Bytes that are none become lone surrogates, which make the row they are in a bad row."""
    encoding = encoding_of(opened.stream.read(SAMPLE))
    opened.stream.seek(0)
    errors = "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return encoding, io.TextIOWrapper(opened.stream, encoding, errors, newline="")


def _header(text: io.TextIOWrapper) -> str:
    header = header_of(text.readline(), text)
    if not header.strip():
        raise EmptyInput("the CSV file has no header line; its first line must name the columns")
    return header
