"""The rows of a batch: lines of JSON in, a few of them at work at a time, answers in order."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from pydantic_core import from_json

from summarizer.errors import SummarizerError
from summarizer.service.problems import BadShape, BodyTooLarge, ServiceError, encoded, problem
from summarizer.service.schema import BatchQuery, BatchRow
from summarizer.service.shape import of_shape

MOST_NAMES = 20  # columns that a message names

_LINE = re.compile(rb"\S[^\r\n]*")  # passes over blank lines, of which a body can have millions
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not as it must be, under the name its sender finds it by."""

    id: str | int | None
    error: SummarizerError | ServiceError


Row = BatchRow | BadRow


class Rows(Protocol):
    """What was sent as a batch, in whatever form."""

    def sizes(self, most: int) -> list[int]:
        """About how many characters each row has, of those up to the first that is over ``most``; blank ones are none.

        Raises:
            BadShape: there is nearly nothing but blank ones.
        """

    def __iter__(self) -> Iterator[Row]:
        """The rows in order, read as they are asked for; as often as one likes."""


class Lines:
    """Rows as lines of JSON; blank lines are passed over. One over ``longest`` bytes is not read: that would hold all up."""

    def __init__(self, body: bytes, query: BatchQuery, longest: int) -> None:
        self._body, self._query, self._longest = body, query, longest

    def sizes(self, most: int) -> list[int]:
        """The bytes of each row, which nearly all are its article's characters."""
        return [found.end() - found.start() for found in islice(_LINE.finditer(self._body), most + 1)]

    def __iter__(self) -> Iterator[Row]:
        """The rows in order."""
        return (self._row(found[0]) for found in _LINE.finditer(self._body))

    def _row(self, line: bytes) -> Row:
        if len(line) > self._longest:
            return BadRow(None, BodyTooLarge(f"the row is over the limit of {self._longest:,} bytes for one article"))
        return read_row(line, self._query)


def read_row(line: bytes, query: BatchQuery) -> Row:
    """A line as it must be, or its ``id``, as far as it has one, and what is wrong with it."""
    try:
        said = from_json(line)
    except ValueError as error:
        return BadRow(None, BadShape(f"body: Invalid JSON: {error}; a table is sent with 'Content-Type: text/csv'"))
    if not isinstance(said, dict):
        return BadRow(None, BadShape("body: a row is a JSON object"))
    if query.text_field or query.id_field:
        return picked(said, query)
    defaults = query.options
    if said.keys() & {"sentences", "length"}:  # one takes the place of the other
        defaults = {name: value for name, value in defaults.items() if name not in ("sentences", "length")}
    return checked({**defaults, **said}, said.get("id"))


def picked(columns: Mapping[str, Any], query: BatchQuery) -> Row:
    """A row out of the two columns that the query names; the others are not read."""
    text, name = query.text_field or "text", columns.get(query.id_field or "id")
    if text not in columns:
        return BadRow(_sound(name), BadShape(f"there is no {text!r:.60}; this row has {listed(columns)} (text_field)"))
    return checked({**query.options, "text": columns[text], "id": name}, name)


def checked(said: Mapping[str, Any], name: object) -> Row:
    """The row, if it is of the right shape."""
    try:
        return of_shape(BatchRow, said)
    except BadShape as error:
        return BadRow(_sound(name), error)


def listed(names: Iterable[str]) -> str:
    """Names for a message, not all of them where there are very many."""
    shown = [f"{name:.40}" for name in names]
    more = f" and {len(shown) - MOST_NAMES} more" if len(shown) > MOST_NAMES else ""
    return (", ".join(shown[:MOST_NAMES]) or "none") + more


async def in_order(
    rows: Iterable[Row], work: Callable[[BatchRow], Awaitable[bytes]], *, most: int
) -> AsyncGenerator[tuple[Row, bytes | Exception], None]:
    """Each row with its answer, ``most`` of them at work. When the reader leaves, what is under way is dropped."""
    begun: deque[tuple[Row, asyncio.Task[bytes | Exception]]] = deque()
    try:
        for row in rows:
            begun.append((row, asyncio.create_task(_outcome(row, work))))
            if len(begun) >= most:
                first, task = begun.popleft()
                yield first, await task
        while begun:
            first, task = begun.popleft()
            yield first, await task
    finally:
        for _, task in begun:
            task.cancel()


def as_line(row: Row, outcome: bytes | Exception) -> bytes:
    """The line that goes back."""
    body = encoded(problem(outcome)) if isinstance(outcome, Exception) else outcome
    told = b"" if row.id is None else b'"id":' + encoded(row.id) + b","
    return b"{" + told + body[1:] + b"\n"


async def _outcome(row: Row, work: Callable[[BatchRow], Awaitable[bytes]]) -> bytes | Exception:
    if isinstance(row, BadRow):
        return row.error
    try:
        return await work(row)
    except Exception as error:  # noqa: BLE001 - one row's failure; the others go on
        if not isinstance(error, SummarizerError | ServiceError):
            _log.error("unforeseen %s in a batch", type(error).__name__)  # the message may quote the text
        return error


def _sound(name: object) -> str | int | None:
    return name if isinstance(name, str | int) and not isinstance(name, bool) else None
