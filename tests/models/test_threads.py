"""One chain, many threads: every call answered, and answered alike."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

import summarizer
from summarizer.chain import Chain
from summarizer.config import Config
from summarizer.models import registry
from summarizer.models.hub_tokenizer import HubTokenizer
from summarizer.models.languages import MBART
from summarizer.models.protocol import Options
from summarizer.models.settings import Settings
from summarizer.models.weights import locate
from summarizer.stages.extractive import ExtractiveSummarizer
from summarizer.stages.translation import Translator
from tests import tiny

THREADS = 16
LINES = [german for german, _ in tiny.PAIRS]
SPOKEN = sorted(set(MBART) - {"en"})  # what mBART-50 reads besides English


@pytest.fixture(autouse=True)
def _restless() -> Iterator[None]:
    """Threads take turns every 20 µs instead of every 5 ms: what they could do to each other they do."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(2e-5)
    yield
    sys.setswitchinterval(before)


@pytest.fixture(scope="session")
def opened(folder_of: Callable[[str], Path]) -> Callable[[str, str], Chain]:
    """A new chain around a tiny model that no thread has used yet."""

    def chain(wrapper: str, family: str) -> Chain:
        model = registry.load(wrapper, Settings((str(folder_of(family)),), precision="float32", threads=1))
        translator = Translator(model, options=Options(max_tokens=4), repair=False)
        return Chain(ExtractiveSummarizer(), translator, Config.load("default"))

    return chain


@pytest.mark.parametrize(
    ("wrapper", "family", "calls"), [("ct2", "mbart50", 250), ("seq2seq", "mbart50", 10), ("ct2", "marian", 250)]
)
def test_threads_of_one_chain_neither_fail_nor_differ(
    wrapper: str, family: str, calls: int, opened: Callable[[str, str], Chain]
) -> None:
    """mBART-50's tokenizer is a fast one, which is changed for every source language while others use it.

    Unguarded it hands out the tokens of another thread's language, or raises "Already borrowed" (transformers #47085).
    The answers expected are another chain's, so that the threads are the first to speak any language.
    """
    spoken = SPOKEN if family == "mbart50" else ["de"]
    asked = [(LINES[number % len(LINES)], language) for number, language in enumerate(spoken)]
    asked += [(line, "de") for line in LINES]

    def answer(chain: Chain, line: str, language: str) -> list[str]:
        return chain.translate([line], to="en", source=language)

    with opened(wrapper, family) as alone:
        expected = [answer(alone, *each) for each in asked]
    started = threading.Barrier(THREADS)

    def wrong(number: int) -> int:
        started.wait(60)
        turns = islice(cycle(zip(asked, expected, strict=True)), number, number + calls)
        return sum(answer(shared, *each) != rightly for each, rightly in turns)

    with opened(wrapper, family) as shared, ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(wrong, range(THREADS))) == 0
        assert [told(shared, language) for language in spoken] == [told(alone, language) for language in spoken]


def told(chain: Chain, language: str) -> list[str]:
    """The tokens that say the source language; they outlive the model."""
    model: Any = chain.translator and chain.translator.model
    return list(model._tokenizer.source(["x"], language, "en"))


@pytest.mark.parametrize("family", ["mbart50", "llama"])
def test_a_tokenizer_may_be_shared_while_it_is_changed(family: str, folder_of: Callable[[str], Path]) -> None:
    """Long texts are read outside of Python's own lock; a tokenizer changed meanwhile raises "Already borrowed".

    Another part of a program may set truncation on the tokenizer it shares: here every other call does, as a call with
    ``truncation=True`` would, under the lock that all of ours take.
    """
    tokenizer = HubTokenizer(locate(str(folder_of(family))))
    text = " ".join(LINES) * 5
    expected = tokenizer.encode(text)
    started = threading.Barrier(THREADS)

    def turns(number: int) -> bool:
        started.wait(60)
        return all(read(tokenizer, text, cut=bool((number + turn) % 2)) == expected for turn in range(5))

    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(turns, range(THREADS)))


def read(tokenizer: HubTokenizer, text: str, *, cut: bool) -> list[str]:
    if cut:
        with tokenizer._lock:
            tokenizer._inner(text, truncation=True, max_length=8)
    return tokenizer.encode(text)


def test_threads_share_the_bundled_chain() -> None:
    """Summary, translation, facts, language: nothing in the way of an article is one thread's alone."""
    texts = [f"Die Stadt baut {number} Brücken. Sie kosten {number} Millionen Euro." for number in range(2, 10)]
    with summarizer.load(device="cpu") as chain:
        expected = [chain(text).to_dict() | {"timings": None} for text in texts]
        with ThreadPoolExecutor(8) as pool:
            assert [result.to_dict() | {"timings": None} for result in pool.map(chain, texts)] == expected
