"""What page and API share: a chain behind a desk, its metrics, and whether it is ready. Texts pass through, none stays."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from summarizer.chain import Chain
from summarizer.errors import SummarizerError
from summarizer.service.limits import Desk, Limits
from summarizer.service.metrics import Metrics
from summarizer.service.problems import BadShape, NotReady, ServiceError, encoded, problem
from summarizer.service.schema import BatchRow, SummarizeRequest
from summarizer.types import Result

WARM_UP = (
    "Der Gemeinderat hat am Montag 18 neue Bäume für den Stadtpark bewilligt. "
    "Die Arbeiten beginnen nach Angaben der Stadt im Oktober und kosten 12.500 Euro."
)

_log = logging.getLogger(__name__)


class Service:
    """One chain, many clients."""

    def __init__(self, chain: Chain, limits: Limits) -> None:
        self.chain = chain
        self.limits = limits
        self.desk = Desk(limits)
        self.metrics = Metrics(lambda: self.desk.taken)
        self._not_ready: str | None = "no sentence went through yet; ask again in a moment"

    async def warm_up(self) -> None:
        """Send a real sentence through; from then on the service is ready. A failure stays readable."""
        try:
            await self.desk.run(lambda: self.chain(WARM_UP, _warm_up_target(self.chain), sentences=1))
            self._not_ready = None
        except Exception as error:  # noqa: BLE001 - whatever it is, the service is up and not ready
            self._not_ready = f"the first sentence failed: {type(error).__name__}: {error}"
            _log.warning("not ready: %s", self._not_ready)

    def check_ready(self) -> None:
        """Raises:
        NotReady: no sentence went through yet.
        """
        if self._not_ready:
            raise NotReady(self._not_ready)

    async def summarize(self, request: SummarizeRequest) -> Result:
        """One article.

        Raises:
            SummarizerError, ServiceError: as the chain and the desk say.
        """
        self._check(request)
        async with self.desk.place():
            result = await self.desk.run(lambda: self.chain(request.text, request.targets, **request.options))
        self.metrics.observe(result)
        return result

    async def steps(self, request: SummarizeRequest) -> AsyncIterator[Result]:
        """One article, its result as it grows: the summary first, the whole last. Leaving off midway frees the place.

        Raises:
            SummarizerError, ServiceError: as the chain and the desk say.
        """
        self._check(request)
        async with self.desk.place():
            growing = self.chain.steps(request.text, request.targets, **request.options)
            whole = None
            while (result := await self.desk.run(lambda: next(growing, None))) is not None:
                yield result
                whole = result
        if whole is not None:
            self.metrics.observe(whole)

    async def batch(self, lines: Sequence[bytes]) -> AsyncIterator[bytes]:
        """One line of JSON per line given, in order; a line that fails carries its error. Holds a place throughout."""
        size = self.limits.batch_size
        for start in range(0, len(lines), size):
            unit = lines[start : start + size]
            rows = [self._row(line) for line in unit]
            try:
                outcomes = await self.desk.run(lambda rows=rows: self._outcomes(rows))  # type: ignore[misc]
            except ServiceError as error:
                outcomes = [error] * len(rows)
            for line, row, outcome in zip(unit, rows, outcomes, strict=True):
                yield self._answer(row.id if isinstance(row, BatchRow) else named(line), outcome)

    def close(self) -> None:
        """Take no more work and free the models."""
        self.desk.close()
        self.chain.close()

    def _row(self, line: bytes) -> BatchRow | ServiceError:
        try:
            row = BatchRow.model_validate_json(line)
            self._check(row)
        except ValidationError as error:
            return BadShape(explained(error.errors(include_url=False, include_input=False, include_context=False)))
        except ServiceError as error:
            return error
        return row

    def _check(self, request: SummarizeRequest) -> None:
        if len(request.targets) > self.limits.languages:
            raise BadShape(f"to: {len(request.targets)} languages are over the limit of {self.limits.languages}")

    def _outcomes(self, rows: Sequence[BatchRow | ServiceError]) -> list[Result | Exception]:
        """What becomes of each row; rows that ask for the same go through the chain together."""
        alike: dict[Any, list[int]] = {}
        for index, row in enumerate(rows):
            if isinstance(row, BatchRow):
                alike.setdefault((row.targets, *row.options.values()), []).append(index)
        outcomes: dict[int, Result | Exception] = {}
        for indexes in alike.values():
            outcomes.update(zip(indexes, self._together([rows[index] for index in indexes]), strict=True))  # type: ignore[misc]
        return [row if isinstance(row, ServiceError) else outcomes[index] for index, row in enumerate(rows)]

    def _together(self, rows: Sequence[BatchRow]) -> list[Result | SummarizerError]:
        first = rows[0]
        try:
            texts = [row.text for row in rows]
            return list(self.chain.stream(texts, first.targets, **first.options, on_error="return"))
        except SummarizerError as error:  # an option all of them share
            return [error] * len(rows)

    def _answer(self, row: str | int | None, outcome: Result | Exception) -> bytes:
        told = {} if row is None else {"id": row}
        if isinstance(outcome, Result):
            self.metrics.observe(outcome)
            return encoded({**told, **outcome.to_dict()}) + b"\n"
        return encoded({**told, **problem(outcome)}) + b"\n"


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


def _path(location: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in location if part != "body")[:80] or "body"


def _warm_up_target(chain: Chain) -> str | None:
    translation = chain.config.translation
    if translation is None:
        return None
    targets = translation.languages.target
    return "en" if "en" in targets or "*" in targets else targets[0]
