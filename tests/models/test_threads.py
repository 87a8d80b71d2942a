"""One chain, many threads: every call answered, and answered alike."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import pytest

import summarizer
from summarizer.chain import Chain
from summarizer.config import Config
from summarizer.models.protocol import Model, Options
from summarizer.stages.extractive import ExtractiveSummarizer
from summarizer.stages.translation import Translator
from tests import tiny

THREADS = 16
CALLS = 40  # of each thread; 250 were tried by hand (docs/performance.md) and take a minute
LINES = [german for german, _ in tiny.PAIRS]


@pytest.mark.parametrize("family", ["m2m100", "marian"])
def test_threads_of_one_chain_neither_fail_nor_differ(family: str, model_of: Callable[[str, str], Model]) -> None:
    """The tokenizer of m2m100 is a fast one, which threads may not share unguarded (transformers #47085)."""
    config = Config.load("default")
    translator = Translator(model_of("ct2", family), options=Options(max_tokens=6), repair=False)
    chain = Chain(ExtractiveSummarizer(), translator, config)
    expected = [chain.translate([line], to="en", source="de") for line in LINES]
    started = threading.Barrier(THREADS)

    def calls(number: int) -> bool:
        started.wait(60)
        turns = islice(cycle(zip(LINES, expected, strict=True)), number, number + CALLS)
        return all(chain.translate([line], to="en", source="de") == answer for line, answer in turns)

    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(calls, range(THREADS)))


def test_threads_share_the_bundled_chain() -> None:
    """Summary, translation, facts, language: nothing in the way of an article is one thread's alone."""
    texts = [f"Die Stadt baut {number} Brücken. Sie kosten {number} Millionen Euro." for number in range(2, 10)]
    with summarizer.load(device="cpu") as chain:
        expected = [chain(text).to_dict() | {"timings": None} for text in texts]
        with ThreadPoolExecutor(8) as pool:
            assert [result.to_dict() | {"timings": None} for result in pool.map(chain, texts)] == expected
