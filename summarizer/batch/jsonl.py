"""JSON lines, in and out. A line that is no JSON object becomes a bad row; the rest of the file is read all the same."""

from __future__ import annotations

import base64
import codecs
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO

from summarizer.batch.opened import Opened
from summarizer.batch.packing import DAMAGED, looks_packed
from summarizer.batch.rows import Done, Fields, Outcome, Row, nested, told
from summarizer.errors import InputError, InputTooLarge, UndecodableInput

LONGEST_LINE = 256 << 20  # bytes; one line is held in memory, and a file without line breaks must not fill it


class JsonLines:
    """Rows from a file of JSON objects, one a line. Blank lines are passed over."""

    columns: tuple[str, ...] | None = None

    def __init__(self, opened: Opened, fields: Fields, *, longest: int = LONGEST_LINE) -> None:
        self._opened = opened
        self._fields = fields
        self._longest = longest

    def __iter__(self) -> Iterator[Row]:
        """The rows; the line number of a bad one stands in its message."""
        number = 0
        for line, data in enumerate(self._lines(), 1):
            if isinstance(data, bytes) and not data.removeprefix(codecs.BOM_UTF8).strip():
                continue
            number += 1
            try:
                yield Row.of(number, _parsed(data, line), self._fields)
            except InputError as error:
                yield Row(number, error=error)

    def share(self) -> float | None:
        """How much of the file has been read."""
        return self._opened.share()

    def close(self) -> None:
        """Close the file."""
        self._opened.close()

    def _lines(self) -> Iterator[bytes | InputError]:
        """Each line, or why it cannot be had; after damage to the file itself nothing more comes."""
        stream, first = self._opened.stream, True
        try:
            while data := stream.readline(self._longest):
                if first and (ending := looks_packed(data)):
                    yield _packed_after_all(ending)
                    return
                first = False
                if len(data) == self._longest and not data.endswith(b"\n"):
                    _skip_line(stream, self._longest)
                    yield InputTooLarge(f"over {self._longest:,} bytes, the most that one line may have")
                else:
                    yield data
        except DAMAGED as error:
            yield InputError(f"the input breaks off here: {error}")


class JsonLinesEncoder:
    """Each row as a JSON object on its own line: the input's columns, then ``result`` or ``error``."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def prepare(self, head: Sequence[Row]) -> bytes:  # noqa: ARG002 - the shape of an Encoder
        """JSON lines begin with nothing."""
        return b""

    def encode(self, done: Iterable[Done]) -> bytes:
        """One line per row."""
        return b"".join(self._line(row, outcome) + b"\n" for row, outcome in done)

    def _line(self, row: Row, outcome: Outcome) -> bytes:
        try:
            return dumped(nested(row, outcome, self._fields))
        except RecursionError:  # it could be read, and is one level too deep to be written again
            error = InputError(f"row {row.number}: nested too deeply to be carried to the output")
            return dumped({self._fields.id: row.name or None, "error": told(error)})


def dumped(record: Any) -> bytes:
    """JSON in UTF-8. Lone surrogates, which UTF-8 cannot hold, stay the escapes they were."""
    try:
        return said(record).encode()
    except UnicodeEncodeError:
        return said(record, ascii_only=True).encode()


def said(value: Any, *, ascii_only: bool = False) -> str:
    """A value in JSON. NaN and infinity, which JSON does not have, become null."""
    try:
        return json.dumps(value, ensure_ascii=ascii_only, default=plain, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=ascii_only, default=plain, allow_nan=False)


def plain(value: Any) -> Any:
    """A value of a table as JSON can say it: dates in ISO 8601, bytes in base 64, anything else in its own words."""
    if hasattr(value, "as_py"):  # an Arrow scalar
        return _unpacked(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return str(value)


def _unpacked(scalar: Any) -> Any:
    if scalar.is_valid and str(scalar.type).startswith("timestamp[ns"):  # finer than Python's own dates
        return str(scalar.cast("string")).replace(" ", "T")
    try:
        return scalar.as_py()
    except ValueError:  # other kinds of nanoseconds
        return str(scalar)


def _finite(value: Any) -> Any:
    if hasattr(value, "as_py"):
        value = plain(value)
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _packed_after_all(ending: str) -> InputError:
    program = {".gz": "gzip", ".zst": "zstd"}[ending]
    return InputError(
        f"packed with {program}, not JSON lines: give the name the ending {ending}, "
        f"or unpack it on its way into the pipe with {program} -dc"
    )


def _parsed(data: bytes | InputError, line: int) -> dict[str, Any]:
    if isinstance(data, InputError):
        raise type(data)(f"line {line}: {data}")
    try:
        record = json.loads(data.rstrip().decode("utf-8-sig" if line == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise UndecodableInput(f"line {line}: byte {error.start} (0x{data[error.start]:02x}) is not UTF-8") from error
    except RecursionError:
        raise InputError(f"line {line}: not JSON that can be read: nested too deeply") from None
    except json.JSONDecodeError as error:
        raise InputError(f"line {line}, column {error.colno}: not JSON: {error.msg}") from error
    except ValueError as error:  # a number of thousands of digits
        raise InputError(f"line {line}: not JSON that can be read: {error}") from error
    if not isinstance(record, dict):
        raise InputError(f'line {line}: a JSON {_KINDS[type(record)]}, not an object such as {{"text": "..."}}')
    return record


_KINDS = {list: "list", str: "string", int: "number", float: "number", bool: "truth value", type(None): "null"}


def _skip_line(stream: BinaryIO, step: int) -> None:
    while (data := stream.readline(step)) and not data.endswith(b"\n"):
        pass
