"""The lines of a batch: JSON in, JSON out, in order, a few of them at work at a time."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from summarizer.errors import SummarizerError
from summarizer.service.problems import BadShape, ServiceError, encoded, problem
from summarizer.service.schema import BatchRow

_log = logging.getLogger(__name__)

Row = BatchRow | tuple[str | int | None, ServiceError]


def read_row(line: bytes) -> Row:
    """A line as it must be, or its ``id``, as far as it has one, and what is wrong with it."""
    try:
        return BatchRow.model_validate_json(line)
    except ValidationError as error:
        said = explained(error.errors(include_url=False, include_input=False, include_context=False))
        return named(line), BadShape(said)


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


def answered(row: Row, outcome: bytes | Exception) -> bytes:
    """The line that goes back."""
    name = row.id if isinstance(row, BatchRow) else row[0]
    body = encoded(problem(outcome)) if isinstance(outcome, Exception) else outcome
    told = b"" if name is None else b'"id":' + encoded(name) + b","
    return b"{" + told + body[1:] + b"\n"


def named(line: bytes) -> str | int | None:
    """The ``id`` of a row that is otherwise not as it must be, so that its sender finds it again."""
    try:
        name = from_json(line).get("id")
    except (ValueError, AttributeError):
        return None
    return name if isinstance(name, str | int) and not isinstance(name, bool) else None


def explained(errors: Sequence[Any]) -> str:
    """What is wrong with the shape, by dotted path; what was sent is not repeated."""
    shown = (f"{_path(error['loc'])}: {error['msg']}" for error in errors[:5])
    more = f"; and {len(errors) - 5} more" if len(errors) > 5 else ""
    return "; ".join(shown) + more


async def _outcome(row: Row, work: Callable[[BatchRow], Awaitable[bytes]]) -> bytes | Exception:
    if not isinstance(row, BatchRow):
        return row[1]
    try:
        return await work(row)
    except Exception as error:  # noqa: BLE001 - one row's failure; the others go on
        if not isinstance(error, SummarizerError | ServiceError):
            _log.error("unforeseen %s in a batch", type(error).__name__)  # the message may quote the text
        return error


def _path(location: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in location if part != "body")[:80] or "body"
