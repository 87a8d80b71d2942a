"""Around the models: equal texts once, threads that run ahead, and numbers that stay small."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.batch.once import once
from summarizer.batch.prefetch import Prefetch
from summarizer.batch.rows import Answer
from summarizer.batch.run import unit_of
from summarizer.batch.tally import BUCKETS, WORST, Measure, Tally
from summarizer.errors import InputError


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=40), max_size=12))
def test_every_text_is_answered_in_order(pieces: list[list[str]]) -> None:
    """Each place gets the answer to its own text; a piece is asked for by itself, each text once, and paid for once."""
    asked: list[list[str]] = []

    def echo(texts: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        for piece in texts:
            asked.append(list(piece))
            yield [Answer(InputError(text), 7) for text in piece]

    answers = list(once(echo)(pieces))
    assert [[str(answer.outcome) for answer in piece] for piece in answers] == pieces
    assert asked == [list(dict.fromkeys(piece)) for piece in pieces]
    assert sum(answer.tokens for piece in answers for answer in piece) == 7 * sum(map(len, asked))


@pytest.mark.parametrize(("batch_size", "rows"), [(1, 16), (4, 16), (5, 20), (16, 16), (17, 17), (64, 64)])
def test_a_unit_is_whole_batches(batch_size: int, rows: int) -> None:
    """At least sixteen rows are written together, and no batch is written in two pieces."""
    assert unit_of(batch_size) == rows


def test_prefetch_gives_all_in_order_and_raises_in_place() -> None:
    """What the iterator gives comes out, then what it raises."""

    def numbers() -> Iterator[int]:
        yield from range(50)
        raise InputError("broken")

    seen: list[int] = []
    with closing(Prefetch(numbers(), 3)) as fetched, pytest.raises(InputError, match="broken"):
        seen.extend(fetched)
    assert seen == list(range(50))


def test_prefetch_is_bounded_and_stops() -> None:
    """It runs no further ahead than told, however slow its reader is, and ``close`` leaves no thread."""
    made = []

    def numbers() -> Iterator[int]:
        for number in range(10_000):
            made.append(number)
            yield number

    fetched = Prefetch(numbers(), 5)
    for number in itertools.islice(fetched, 500):
        assert len(made) <= number + 1 + 5 + 1  # what is taken, what waits, and the one that finds no room
        if number % 100 == 0:
            while len(made) < number + 7:  # as far as it gets
                time.sleep(0.001)
    assert fetched._thread.is_alive()
    fetched.close()
    assert not fetched._thread.is_alive()


def test_a_measure_comes_back_from_the_journal() -> None:
    """What is empty is not written, and nothing is lost."""
    for measure in (
        Measure(3),
        Measure(4, 10, 2, 5),
        Measure(5, 1, 1, 1, ("number",), "", ("number: 3",), "a", "a.json"),
    ):
        assert Measure.restored(measure.saved()) == measure
    assert Measure(4, 10, 2).saved() == [4, 10, 2]


def test_a_tally_stays_small() -> None:
    """A hundred thousand rows fit in a few hundred numbers, and none of the sums is lost."""
    tally = Tally()
    for step in range(2000):
        rows = [Measure(16 * step + n, 2000 + n, 200, 30, ("number",) * (n % 3)) for n in range(16)]
        tally.add([*rows, Measure(0, error="InputError")], 0.5)
    assert len(tally.pace) <= 2 * BUCKETS
    assert sum(rows for rows, _ in tally.pace) == tally.rows == 2000 * 17
    assert sum(seconds for _, seconds in tally.pace) == pytest.approx(1000)
    assert len(tally.worst) == len(tally.failures) == WORST
    assert [len(measure.kinds) for measure in tally.worst] == [2] * WORST
    assert tally.worst[0].number == 2
    assert (tally.failed, tally.flagged, tally.findings) == (2000, 20_000, 30_000)


def test_rows_of_equal_number_are_no_trouble() -> None:
    """The parts of several files are counted as they come, each numbered from 1."""
    tally = Tally()
    for _ in range(2 * WORST):
        tally.add([Measure(1, 10, 1, 1, ("name",), "", ("name: x",))], 0.1)
    assert len(tally.worst) == WORST
