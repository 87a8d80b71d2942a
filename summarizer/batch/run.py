"""The batch job: rows in, outcomes out, in order and exactly once. Killed at any moment, the next run goes on where this one was."""

from __future__ import annotations

import itertools
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from summarizer.batch.journal import Keys, Mark
from summarizer.batch.rows import Done, Outcome, Row, Source
from summarizer.batch.store import Store
from summarizer.errors import ConfigError
from summarizer.types import Result

Stream: TypeAlias = Callable[[Iterable[str]], Iterator[Outcome]]
"""Texts into outcomes, in order and lazily: a chain's ``stream``, or a pool's."""

HEAD = 100  # rows looked at to learn the columns of an input that does not name them
UNIT = 16  # rows written at once: what a killed job does again at most, and a member of a gzip output


class InputChanged(ConfigError):
    """An unfinished output was begun with other rows."""


@dataclass(slots=True)
class Tally:
    """What has been done so far. ``resumed`` rows were done by an earlier run."""

    rows: int = 0
    findings: int = 0
    flagged: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    resumed: int = 0
    started: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        """Count one more row."""
        self.rows += 1
        if isinstance(outcome, Result):
            self.findings += len(outcome.flagged)
            self.flagged += bool(outcome.flagged)
        else:
            self.errors[type(outcome).__name__] += 1

    @property
    def failed(self) -> int:
        """Rows that became error rows."""
        return self.errors.total()

    @property
    def rate(self) -> float:
        """Rows per second in this run."""
        return (self.rows - self.resumed) / max(1e-9, time.monotonic() - self.started)

    def saved(self) -> dict[str, Any]:
        """What a journal keeps of it."""
        return {"rows": self.rows, "findings": self.findings, "flagged": self.flagged, "errors": dict(self.errors)}

    @classmethod
    def restored(cls, mark: Mark) -> Tally:
        """The state at a mark."""
        saved = {**mark.tally, "errors": Counter(mark.tally.get("errors", {}))}
        return cls(**{**saved, "resumed": mark.rows})


def run(source: Source, store: Store, stream: Stream, *, watch: Callable[[Tally], None] = lambda _: None) -> Tally:
    """Do the job and put the output in its place.

    ``watch`` is called after every batch of rows written.

    Raises:
        InputChanged: the store holds rows of another input.
        ConfigError: the output cannot be written.
        ModelFailed: a worker died.
    """
    rows = iter(source)
    head = list(itertools.islice(rows, HEAD))
    mark = _written(store.begin, head)
    keys = Keys()
    rows = itertools.chain(head, rows)
    _skip(rows, mark, keys)
    tally = Tally.restored(mark)
    watch(tally)
    done = outcomes(rows, stream)
    while unit := list(itertools.islice(done, UNIT)):
        for row, outcome in unit:
            keys.add(row)
            tally.add(outcome)
        _written(store.commit, unit, Mark(tally.rows, digest=keys.hex(), tally=tally.saved()))
        watch(tally)
    _written(store.finish)
    return tally


def outcomes(rows: Iterable[Row], stream: Stream) -> Iterator[Done]:
    """Each row with what came of it, in order. A bad row goes through the stream as an empty text, to keep its place."""
    waiting: deque[Row] = deque()

    def texts() -> Iterator[str]:
        for row in rows:
            waiting.append(row)
            yield row.text

    for outcome in stream(texts()):
        row = waiting.popleft()
        yield row, row.error or outcome


def _skip(rows: Iterator[Row], mark: Mark, keys: Keys) -> None:
    """Pass over the rows that are done, and make sure that they are the same as then."""
    passed = 0
    for row in itertools.islice(rows, mark.rows):
        keys.add(row)
        passed += 1
    if mark.rows and (passed, keys.hex()) != (mark.rows, mark.digest):
        raise InputChanged(
            f"the input has changed within its first {mark.rows:,} rows since this output was begun; "
            "name another output, or begin anew with --overwrite"
        )


def _written(write: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return write(*arguments)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ConfigError(
            f"the output cannot be written: {error.strerror or error}; what was done is kept, "
            "and the same command goes on from there"
        ) from error
