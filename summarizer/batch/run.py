"""The batch job: rows in, outcomes out, in order and exactly once. Killed at any moment, the next run goes on where this one was."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from summarizer.batch.journal import Keys, Mark
from summarizer.batch.once import Stream
from summarizer.batch.rows import Answer, Row
from summarizer.batch.store import Store
from summarizer.batch.tally import Measure, Tally
from summarizer.errors import ConfigError

HEAD = 100  # rows looked at to learn the columns of an input that does not name them
UNIT = (
    16  # rows written at once, or the next multiple of a batch: what a killed job does again, a member of a gzip file
)


class InputChanged(ConfigError):
    """An unfinished output was begun with other rows."""


def run(
    source: Iterable[Row],
    store: Store,
    stream: Stream,
    *,
    job: Mapping[str, Any],
    unit: int = UNIT,
    watch: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Do the job and put the output in its place.

    ``job`` is what makes rows come out as they do, beside their content. ``unit`` is how many rows are worked on and
    written together. ``watch`` is called at the beginning and after every unit.

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
    with closing(answers(units(rows, unit), stream)) as done:
        _store(done, store, tally, keys, watch)
    written(store.finish)
    return tally


def units(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in pieces of ``size``; a new file begins a new piece.

    A job goes on at the beginning of a piece, so the pieces, and what models are asked together, are the same then.
    """
    unit: list[Row] = []
    for row in rows:
        if unit and (len(unit) == size or unit[0].file != row.file):
            yield unit
            unit = []
        unit.append(row)
    if unit:
        yield unit


def unit_of(batch_size: int) -> int:
    """How many rows make a piece: whole batches, and ``UNIT`` of them at least."""
    return -(-UNIT // batch_size) * batch_size


def answers(pieces: Iterable[Sequence[Row]], stream: Stream) -> Generator[list[tuple[Row, Answer]], None, None]:
    """Each row with what came of it, in order. A bad row goes through the stream as an empty text, to keep its place."""
    waiting: deque[Sequence[Row]] = deque()

    def texts() -> Iterator[list[str]]:
        for piece in pieces:
            waiting.append(piece)
            yield [row.text for row in piece]

    with closing(stream(texts())) as done:  # type: ignore[type-var]  # streams are generators
        for made in done:
            rows = waiting.popleft()
            yield [(row, Answer(row.error) if row.error else answer) for row, answer in zip(rows, made, strict=True)]


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
