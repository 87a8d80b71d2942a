"""What is remembered of words has an end, however many texts there are and whatever stands in them."""

from __future__ import annotations

import gc
import random
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from summarizer.text.facts import facts
from summarizer.text.facts.remembering import WORDS


def new_words(rng: random.Random) -> str:
    """Sixty words that no text had before."""
    made = ("".join(rng.choices("abdefghiklmnoprstu", k=9)) for _ in range(60))
    return " ".join(word.capitalize() if rng.random() < 0.5 else word for word in made)


def junk(rng: random.Random) -> str:
    """A word of ten thousand letters, as encoded pictures are."""
    return "Das Bild " + "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=10_000)) + " fehlt."


@pytest.fixture
def held() -> Iterator[Callable[[], int]]:
    """Bytes that Python objects take up now."""
    tracemalloc.start()

    def now() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    yield now
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "warm", "more", "most"),
    [(new_words, WORDS // 60 + 256, 150, 1_000_000), (junk, 20, 100, 300_000)],
    ids=["new words", "long words"],
)
def test_reading_on_and_on_takes_no_more_memory(
    text: Callable[[random.Random], str], warm: int, more: int, most: int, held: Callable[[], int]
) -> None:
    """Seven tables with room for 65,536 words held 20 MB more after 18,000 new ones, and every long word for good."""
    rng = random.Random(1)
    for _ in range(warm):
        facts(text(rng), "de")
    before = held()
    for _ in range(more):
        facts(text(rng), "de")
    assert held() - before < most
