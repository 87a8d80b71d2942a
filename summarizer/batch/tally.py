"""What a job has done so far, in numbers small enough to keep for a million rows: for the progress line and the report."""

from __future__ import annotations

import heapq
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from summarizer.batch.rows import Answer, Row
from summarizer.types import Result

WORST = 25  # rows with the most findings, and rows that failed, that a report names
BUCKETS = 128  # points of the throughput plot, at most twice as many
PER_DOUBLING = 4  # bars of the length plot from a length to twice that length

_TOLD = 200  # characters of a message kept
_NOTES = 5  # findings of a row kept


@dataclass(frozen=True, slots=True)
class Measure:
    """A finished row in numbers: characters read and written, tokens written by models, what was found or went wrong.

    ``kinds`` are those of the flagged findings, ``notes`` the messages of the first of them or of the error; ``page``
    is the row's file where the output is a folder.
    """

    number: int
    read: int = 0
    written: int = 0
    tokens: int = 0
    kinds: tuple[str, ...] = ()
    error: str = ""
    notes: tuple[str, ...] = ()
    name: str = ""
    page: str = ""

    @classmethod
    def of(cls, row: Row, answer: Answer, page: str = "") -> Measure:
        """The measure of a row; names and messages are kept only where there is something to look at."""
        outcome = answer.outcome
        if not isinstance(outcome, Result):
            said = str(outcome)[:_TOLD]
            return cls(row.number, error=type(outcome).__name__, notes=(said,), name=row.name[:_TOLD], page=page)
        flagged = outcome.flagged
        numbers = (row.number, outcome.coverage.read, len(outcome.summary), answer.tokens)
        if not flagged:
            return cls(*numbers)
        notes = tuple(f"{finding.kind}: {finding.message}"[:_TOLD] for finding in flagged[:_NOTES])
        return cls(*numbers, tuple(finding.kind for finding in flagged), "", notes, row.name[:_TOLD], page)

    def saved(self) -> list[Any]:
        """As a journal keeps it: without what is empty at its end."""
        fields = [getattr(self, name) for name in self.__slots__]
        while not fields[-1]:
            fields.pop()
        return fields

    @classmethod
    def restored(cls, saved: Sequence[Any]) -> Measure:
        """The inverse of :meth:`saved`."""
        fields: list[Any] = [tuple(value) if isinstance(value, list) else value for value in saved]
        return cls(*fields)


@dataclass(slots=True)
class Tally:
    """The sums over all rows. ``resumed`` rows were done by an earlier run, and their tokens too."""

    rows: int = 0
    findings: int = 0
    flagged: int = 0
    tokens: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    compression: Counter[int] = field(default_factory=Counter)
    pace: list[tuple[int, float]] = field(default_factory=list)
    failures: list[Measure] = field(default_factory=list)
    resumed: int = 0
    resumed_tokens: int = 0
    started: float = field(default_factory=time.monotonic)
    _worst: list[tuple[int, int, Measure]] = field(default_factory=list)
    _bucket: int = 1  # steps in one bucket of the pace
    _room: int = 0  # steps that the last bucket has room for

    def add(self, measures: Sequence[Measure], spent: float) -> None:
        """Count rows more, on which ``spent`` seconds of the clock were spent."""
        for measure in measures:
            self._count(measure)
        self._paced(len(measures), spent)

    def begin(self) -> None:
        """All so far was done by an earlier run; the clock starts now."""
        self.resumed, self.resumed_tokens, self.started = self.rows, self.tokens, time.monotonic()

    def earlier(self, measures: Sequence[Measure], spent: float) -> None:
        """Count rows that an earlier run has done."""
        self.add(measures, spent)
        self.resumed += len(measures)
        self.resumed_tokens += sum(measure.tokens for measure in measures)

    @property
    def failed(self) -> int:
        """Rows that became error rows."""
        return self.errors.total()

    @property
    def seconds(self) -> float:
        """How long this run has taken."""
        return max(1e-9, time.monotonic() - self.started)

    @property
    def rate(self) -> float:
        """Rows per second in this run."""
        return (self.rows - self.resumed) / self.seconds

    @property
    def token_rate(self) -> float:
        """Tokens written by models per second in this run."""
        return (self.tokens - self.resumed_tokens) / self.seconds

    @property
    def worst(self) -> list[Measure]:
        """The rows with the most findings, worst first."""
        return [measure for *_, measure in sorted(self._worst, key=lambda entry: entry[:2], reverse=True)]

    def _count(self, measure: Measure) -> None:
        self.rows += 1
        self.tokens += measure.tokens
        if measure.error:
            self.errors[measure.error] += 1
            if len(self.failures) < WORST:
                self.failures.append(measure)
            return
        self.lengths[_step(measure.read)] += 1
        self.compression[min(100, round(100 * measure.written / max(1, measure.read)))] += 1
        self.findings += len(measure.kinds)
        self.flagged += bool(measure.kinds)
        self.kinds.update(measure.kinds)
        if measure.kinds:
            entry = (len(measure.kinds), -self.rows, measure)  # no two are equal, and measures have no order
            (heapq.heappush if len(self._worst) < WORST else heapq.heappushpop)(self._worst, entry)

    def _paced(self, rows: int, spent: float) -> None:
        """Keep the pace in buckets of equally many steps; when there are too many, two become one."""
        if self._room:
            before = self.pace.pop()
            rows, spent, self._room = before[0] + rows, before[1] + spent, self._room - 1
        else:
            self._room = self._bucket - 1
        self.pace.append((rows, spent))
        if len(self.pace) == 2 * BUCKETS and not self._room:
            self.pace = [(one[0] + two[0], one[1] + two[1]) for one, two in zip(*[iter(self.pace)] * 2, strict=True)]
            self._bucket *= 2


def _step(characters: int) -> int:
    return math.floor(PER_DOUBLING * math.log2(max(1, characters)))
