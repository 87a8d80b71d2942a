"""What a batch is sent as and what its answer is wanted as: lines of JSON, or a table."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from starlette.datastructures import Headers

from summarizer.service.core import Service
from summarizer.service.media import media_type
from summarizer.service.rows import Lines, Rows, as_line
from summarizer.service.schema import BatchQuery
from summarizer.service.tables import Cells, Table

NDJSON, CSV = "application/x-ndjson", "text/csv"
_TABLES = frozenset({CSV, "application/csv", "text/tab-separated-values"})


def sent(body: bytes, headers: Headers, query: BatchQuery, *, longest: int) -> Rows:
    """The rows of a body, by its content type; what is called no table is read as lines of JSON, each up to ``longest``.

    Raises:
        BadShape: a table without the columns that the query names.
        UndecodableInput: a table that is no text.
    """
    kind, charset = media_type(headers.get("content-type", ""))
    return Table(body, query, charset=charset) if kind in _TABLES else Lines(body, query, longest)


def wants_table(headers: Headers) -> bool:
    """Whether the answer is to be CSV: when ``Accept`` names it, and does not name JSON before it."""
    named = [part.partition(";")[0].strip().lower() for part in headers.get("accept", "").split(",")]
    return next((kind == CSV for kind in named if kind in (CSV, NDJSON, "application/json")), False)


async def as_lines(service: Service, rows: Rows) -> AsyncGenerator[bytes, None]:
    """The answer as lines of JSON."""
    async with aclosing(service.batch(rows)) as outcomes:
        async for row, outcome in outcomes:
            yield as_line(row, outcome)


async def as_table(service: Service, rows: Rows, targets: Sequence[str]) -> AsyncGenerator[bytes, None]:
    """The answer as CSV, a column for each target; where a table was sent, with its delimiter and byte order mark."""
    like = (rows.delimiter, rows.marked) if isinstance(rows, Table) else (",", False)
    cells = Cells(targets, delimiter=like[0], marked=like[1])
    yield cells.header()
    async with aclosing(service.batch(map(cells.fits, rows))) as outcomes:
        async for row, outcome in outcomes:
            yield cells.row(row, outcome)
