"""CSV, in and out: comma, semicolon, tab or bar, as Excel and others write it. A broken line becomes a bad row."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import islice

from summarizer.errors import ConfigError, InputError, UndecodableInput
from summarizer.request import language_code
from summarizer.service.problems import BadShape, problem
from summarizer.service.rows import BadRow, Row, listed, picked
from summarizer.service.schema import BatchQuery, BatchRow
from summarizer.text.csvrecords import DELIMITERS, SAMPLE, delimiter_of, header_of, records, too_many
from summarizer.text.decode import encoding_of
from summarizer.types import Result

LONGEST_HEADER = 2**18  # characters; the widest sheet of Excel has 16,384 columns
MOST_BLANK = 10_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")

_CHARSET = re.compile(r"utf-?8|utf-?16(le|be)?|us-ascii|latin-?1|iso-8859-\d{1,2}|windows-125\d|cp125\d", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SEPARATOR = re.compile(rf"\ufeff?sep=([{DELIMITERS}])\r?\n?", re.IGNORECASE)


class Table:
    """Rows of a CSV body with a header line.

    ``charset`` is what its content type says, if anything; a byte order mark knows better. ``marked`` is whether it has
    one, as Excel writes and wants it.
    """

    def __init__(self, body: bytes, query: BatchQuery, *, charset: str = "") -> None:
        """Read the header.

        Raises:
            BadShape: there is no header, or not the columns that the query names.
            UndecodableInput: this is no text.
        """
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # the default of 131,072 is less than a long article
        self._body, self._query = body, query
        self.encoding = _encoding(body, charset)
        self.marked = body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
        self._head, header, self.delimiter = self._header()
        self.columns = _names(header, self.delimiter)
        self._check()
        names = (self._query.text_field or "text", self._query.id_field or "id")
        self._wanted = {name: self.columns.index(name) for name in names if name in self.columns}

    def sizes(self, most: int) -> list[int]:
        """The characters of each article; nothing for a row that is broken."""
        text = self.columns.index(self._query.text_field or "text")
        records = list(islice((_size(cells, text) for _, cells in self._records()), most + MOST_BLANK))
        if len(records) == most + MOST_BLANK:
            raise BadShape(f"over {MOST_BLANK:,} rows are blank; leave them out")
        return [size for size in records if size is not None]

    def __iter__(self) -> Iterator[Row]:
        """The rows in order; the line number of a bad one stands in its message."""
        return (self._row(line, cells) for line, cells in self._records() if cells)

    def _opened(self) -> io.TextIOWrapper:
        """The body as text. Bytes that are none become lone surrogates, which make the row they are in a bad row."""
        wide = self.encoding.startswith("utf-16")
        return io.TextIOWrapper(
            io.BytesIO(self._body), self.encoding, "surrogatepass" if wide else "surrogateescape", newline=""
        )

    def _header(self) -> tuple[int, str, str]:
        """Lines before the first row, the one with the names, and the delimiter."""
        text = self._opened()
        header, before = text.readline(), 0
        if said := _SEPARATOR.fullmatch(header):  # how Excel is told the delimiter
            header, before = text.readline(), 1
        header = header_of(header, text, longest=LONGEST_HEADER)
        if len(header) > LONGEST_HEADER:
            raise BadShape(f"the first line has over {LONGEST_HEADER:,} characters; it must name the columns")
        if not header.strip("\ufeff \t\r\n"):
            raise BadShape("the table is empty; its first line must name the columns")
        return before + (header.count("\n") or 1), header, said[1] if said else delimiter_of(header)

    def _check(self) -> None:
        wanted = {"text_field": self._query.text_field or "text", "id_field": self._query.id_field}
        for option, name in wanted.items():
            if name is not None and self.columns.count(name) != 1:
                wrong = "two columns are called" if name in self.columns else "there is no column"
                raise BadShape(f"{wrong} {name!r:.60}; choose with {option} from: {listed(self.columns)}")

    def _records(self) -> Iterator[tuple[int, list[str] | InputError]]:
        text = self._opened()
        for _ in range(self._head):
            text.readline()
        return records(
            text, delimiter=self.delimiter, before=self._head, broken=(UnicodeDecodeError,), told=self._breaks_off
        )

    @staticmethod
    def _breaks_off(error: Exception) -> InputError:
        reason = getattr(error, "reason", error)
        return UndecodableInput(f"the table breaks off here: {reason}; save it as UTF-8")

    def _row(self, line: int, cells: list[str] | InputError) -> Row:
        if isinstance(cells, InputError):
            return BadRow(None, type(cells)(f"line {line}: {cells}"))
        columns = {name: cells[index] if index < len(cells) else "" for name, index in self._wanted.items()}
        name = columns.get(self._query.id_field or "id")
        if len(cells) > len(self.columns):
            message = too_many(cells, self.columns, line=line, delimiter=self.delimiter)
            return BadRow(name, BadShape(message))
        if any(map(_SURROGATE.search, columns.values())):
            return BadRow(name, UndecodableInput(f"line {line}: bytes that are no {self.encoding}; save it as UTF-8"))
        return picked(columns, self._query)


class Cells:
    """Answers as CSV: ``id``, ``summary``, ``translation_LANG`` for each target, ``findings`` (their number), ``error``.

    Who opens it in a spreadsheet must not run what an article says: a cell that begins as a formula does and is no
    number gets an apostrophe before it. The JSON form has every text as it is.
    """

    def __init__(self, targets: Sequence[str], *, delimiter: str = ",", marked: bool = False) -> None:
        self._targets, self._delimiter, self._mark = targets, delimiter, "\ufeff" if marked else ""

    def header(self) -> bytes:
        """The first line."""
        named = ["id", "summary", *(f"translation_{to}" for to in self._targets), "findings", "error"]
        return (self._mark + self._written(named)).encode()

    def row(self, row: Row, outcome: bytes | Exception) -> bytes:
        """The line that goes back."""
        name = "" if row.id is None else str(row.id)
        if isinstance(outcome, Exception):
            said = problem(outcome)["error"]
            return self._encoded([name, *[""] * (len(self._targets) + 2), f"{said['type']}: {said['message']}"])
        result = Result.from_dict(json.loads(outcome))
        translations = [result.translations.get(to, "") for to in self._targets]
        return self._encoded([name, result.summary, *translations, str(len(result.flagged)), ""])

    def fits(self, row: Row) -> Row:
        """The row, unless it wants a language that has no column: that would be lost in silence."""
        others = set(map(_code, row.targets)) - {*self._targets, ""} if isinstance(row, BatchRow) else ()
        if not others:
            return row
        message = f"to: there is no column for {listed(sorted(others))}; name every language in the address"
        return BadRow(row.id, BadShape(message))

    def _encoded(self, cells: Sequence[str]) -> bytes:
        return self._written([_harmless(cell) for cell in cells]).encode("utf-8", "replace")

    def _written(self, cells: Sequence[str]) -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=self._delimiter, lineterminator="\r\n").writerow(cells)
        return text.getvalue()


def _size(cells: list[str] | InputError, text: int) -> int | None:
    if not cells:
        return None
    return len(cells[text]) if isinstance(cells, list) and text < len(cells) else 0


def _names(header: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader(io.StringIO(header, newline=""), delimiter=delimiter), ()))
    except csv.Error as error:
        raise BadShape(f"the first line names no columns ({error}); is this CSV?") from None


def _code(target: str) -> str:
    """The language as results name it; nothing for what is none, which the chain refuses in its own words."""
    try:
        return language_code(target, "to")
    except ConfigError:
        return ""


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) and not _NUMBER.fullmatch(cell) else cell


def _encoding(body: bytes, charset: str) -> str:
    if not body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) and charset:
        if not _CHARSET.fullmatch(charset):
            raise BadShape(f"the charset {charset!r:.40} is not read here; send UTF-8")
        return charset.lower()
    encoding = encoding_of(body[:SAMPLE])
    return "utf-16" if encoding.startswith("utf-16") else encoding
