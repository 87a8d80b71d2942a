"""What the bundled chain costs beside its model, when it starts, and as texts grow longer and more."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import summarizer
from benchmarks.speed_texts import article
from benchmarks.start import once
from summarizer.models.protocol import Options
from summarizer.types import Generation

WORDS = 650  # of a German news article
_FIRST = """
import summarizer, sys
with summarizer.load() as chain:
    chain(open(sys.argv[1], encoding="utf-8").read())
"""


class Timed:
    """A model, and the seconds its answers took."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def generate(self, texts: Sequence[str], options: Options) -> list[Generation]:
        """What the model generates."""
        began = time.perf_counter()
        found: list[Generation] = self._model.generate(texts, options)
        self.seconds += time.perf_counter() - began
        return found


def overhead(articles: int = 24) -> dict[str, float]:
    """Articles of ``WORDS`` words, each new: seconds, and the share of all that is not the model. Warm; sums.

    **The model** is the translation model: the seconds within its ``generate``, tokenizing and the guard against loops
    included. ``overhead_share`` is strict, so that the ranking of the sentences, which is the summarising model of a
    preset without another, counts as overhead; ``overhead_share_but_ranking`` counts it as a model.
    ``overhead_share_again`` is of one article read over and over, whose facts are remembered.
    """
    with summarizer.load() as chain:
        translator: Any = chain.translator
        translator.model = timed = Timed(translator.model)
        for seed in range(3):
            chain(article(WORDS, seed=10_000 + seed))
        total, model, steps = _timed(chain, timed, [article(WORDS, seed=seed) for seed in range(articles)])
        again, again_model, _ = _timed(chain, timed, [article(WORDS, seed=5)] * articles)
    return {
        "article_s": round(total, 4),
        "overhead_s": round(total - model, 4),
        "overhead_share": round(1 - model / total, 3),
        "overhead_share_but_ranking": round(1 - (model + steps["summary"]) / total, 3),
        "overhead_share_again": round(1 - again_model / again, 3),
        **{f"{name}_s": round(seconds, 4) for name, seconds in steps.items()},
    }


def _timed(chain: Any, timed: Timed, texts: Sequence[str]) -> tuple[float, float, dict[str, float]]:
    """Seconds for one of the texts in the mean: all, of these the model, and by step."""
    timed.seconds, steps, began = 0.0, Counter[str](), time.perf_counter()
    for text in texts:
        steps.update(chain(text).timings)
    spent = time.perf_counter() - began
    return spent / len(texts), timed.seconds / len(texts), {name: sum_ / len(texts) for name, sum_ in steps.items()}


def starts(file: str, rounds: int = 5) -> dict[str, float]:
    """Whole processes, interpreter and all: the command on an article, and the same from Python; peak memory."""
    command = [sys.executable, "-m", "summarizer", "run", file, "--to", "en"]
    library = [sys.executable, "-c", _FIRST, file]
    found = {}
    for name, program in (("cold_start_s", library), ("cold_start_command_s", command)):
        once(program)  # warms the disk
        seconds, memory = zip(*(once(program) for _ in range(rounds)), strict=True)
        found[name] = round(statistics.median(seconds), 3)
        found[name.replace("cold_start", "peak_memory").removesuffix("_s") + "_mb"] = round(max(memory))
    return found


def lengths(words: Sequence[int]) -> tuple[dict[int, float], float]:
    """Seconds for one article of so many words, and the exponent that fits them best."""
    seconds = {}
    with summarizer.load() as chain:
        chain(article(200))
        for count in words:
            text = article(count, seed=count)
            runs = []
            for _ in range(3 if count <= 10_000 else 1):
                began = time.perf_counter()
                chain(text)
                runs.append(time.perf_counter() - began)
            seconds[count] = round(min(runs), 3)
    return seconds, exponent(seconds)


def exponent(seconds: dict[int, float]) -> float:
    """The slope in logarithms, from the two longest: what is spent once per call hides the growth of short ones."""
    (shorter, quick), (longer, slow) = sorted(seconds.items())[-2:]
    return round(math.log(slow / quick) / math.log(longer / shorter), 3)


def counts(numbers: Sequence[int], words: int = 200) -> dict[int, float]:
    """Seconds for so many articles of ``words`` words, as a stream."""
    with summarizer.load() as chain:
        chain(article(words))
        seconds = {}
        for number in numbers:
            texts = [article(words, seed=seed) for seed in range(number)]
            began = time.perf_counter()
            for _ in chain.stream(texts):
                pass
            seconds[number] = round(time.perf_counter() - began, 3)
    return seconds


def alone(expression: str, module: str = "speed_chain") -> str:
    """What an expression over a module gives in a process of its own: memory there is nobody else's."""
    program = f"from benchmarks import {module}; print({module}.{expression})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]
