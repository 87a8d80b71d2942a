"""The batch job: rows in, outcomes out, in order and exactly once. Killed at any moment, the next run goes on where this one was."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

from summarizer.batch.journal import Keys, Mark
from summarizer.batch.once import Stream
from summarizer.batch.rows import Answer, Row
from summarizer.batch.store import Store
from summarizer.batch.tally import Measure, Tally
from summarizer.errors import ConfigError

HEAD = 100  # rows looked at to learn the columns of an input that does not name them
UNIT = 16  # rows written at once: what a killed job does again at most, and a member of a gzip output


class InputChanged(ConfigError):
    """An unfinished output was begun with other rows."""


def run(
    source: Iterable[Row],
    store: Store,
    stream: Stream,
    *,
    job: Mapping[str, Any],
    watch: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Do the job and put the output in its place.

    ``job`` is what makes rows come out as they do, beside their content. ``watch`` is called after every batch of rows
    written, and once more when all is in its place.

    Raises:
        InputChanged: the store holds rows of another input.
        ConfigError: the output cannot be written.
        ModelFailed: a worker died.
    """
    rows = iter(source)
    head = list(itertools.islice(rows, HEAD))
    tally, keys = Tally(), Keys(job)
    mark = written(store.begin, head, lambda mark: tally.add([*map(Measure.restored, mark.measures)], mark.spent))
    rows = itertools.chain(head, rows)
    _skip(rows, mark, keys)
    tally.begin()
    watch(tally)
    with closing(answers(rows, stream)) as done:
        _store(units(done), store, tally, keys, watch)
    written(store.finish)
    return tally


def answers(rows: Iterable[Row], stream: Stream) -> Generator[tuple[Row, Answer], None, None]:
    """Each row with what came of it, in order. A bad row goes through the stream as an empty text, to keep its place."""
    waiting: deque[Row] = deque()

    def texts() -> Iterator[str]:
        for row in rows:
            waiting.append(row)
            yield row.text

    with closing(stream(texts())) as done:  # type: ignore[type-var]  # streams are generators
        for answer in done:
            row = waiting.popleft()
            yield row, Answer(row.error) if row.error else answer


def units(done: Iterable[tuple[Row, Answer]]) -> Iterator[list[tuple[Row, Answer]]]:
    """The rows in pieces of ``UNIT``; a new file begins a new piece."""
    unit: list[tuple[Row, Answer]] = []
    for row, answer in done:
        if unit and (len(unit) == UNIT or unit[0][0].file != row.file):
            yield unit
            unit = []
        unit.append((row, answer))
    if unit:
        yield unit


def _store(
    pieces: Iterable[list[tuple[Row, Answer]]], store: Store, tally: Tally, keys: Keys, watch: Callable[[Tally], None]
) -> None:
    before = time.monotonic()
    for unit in pieces:
        for row, _ in unit:
            keys.add(row)
        measures = [Measure.of(row, answer, store.page(row)) for row, answer in unit]
        now = time.monotonic()
        tally.add(measures, now - before)
        saved = [measure.saved() for measure in measures]
        mark = Mark(tally.rows, digest=keys.hex(), measures=saved, spent=round(now - before, 4))
        before = now
        written(store.commit, [(row, answer.outcome) for row, answer in unit], mark)
        watch(tally)


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
    if mark.complete and next(rows, None) is not None:
        raise InputChanged(
            f"the input has more than the {mark.rows:,} rows it had when this output was completed; "
            "name another output, or begin anew with --overwrite"
        )


def written(write: Callable[..., Any], *arguments: Any) -> Any:
    """What ``write`` gives; where it cannot write, an error that says what to do."""
    try:
        return write(*arguments)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ConfigError(
            f"the output cannot be written: {error.strerror or error}; what was done is kept, "
            "and the same command goes on from there"
        ) from error
