"""What a stream holds in memory after more and more texts, no two with the same words.

The words are made up, three of them new in every text, as names and compounds are in the news: whatever is remembered
by the word then grows, and a bound that is missing shows.
"""

from __future__ import annotations

import gc
import os
import random
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import summarizer
from summarizer.config import Config
from summarizer.testing import fake_config

BATCH = 64
_SYLLABLES = (
    "be",
    "dra",
    "fel",
    "gor",
    "hin",
    "ka",
    "lum",
    "mat",
    "nor",
    "pel",
    "ris",
    "sche",
    "tau",
    "ur",
    "wen",
    "zo",
)
_HEADS = ("kosten", "zahlen", "anlage", "brücke", "leitung", "steuer", "schule", "versammlung", "preise", "gebühr")
_SHAPES = (
    "Die {compound} in {place} sind um {n} Prozent gestiegen, sagte {name} am {d}. Mai {y}.",
    "{name} hat die {compound} in {place} am {d}. März nicht bestätigt.",
    "Nach Angaben von {name} kostet die {compound} bei {place} {n},{d} Millionen Euro.",
    "Seit {y} wartet {place} auf die {compound}, wie {name} mitteilte.",
)


def held(numbers: Sequence[int], preset: str = "fake") -> dict[int, tuple[float, float]]:
    """Megabytes this process holds after so many texts of one sentence, and the seconds since the first.

    ``fake``: all but the model, a fake translates. ``greedy``: the default preset with its model, one beam.
    """
    found = {}
    began = time.perf_counter()
    with summarizer.load(_config(preset)) as chain:
        done = chain.stream(texts(), batch_size=BATCH, language="de")
        for number, before in zip(numbers, (0, *numbers), strict=False):
            for _ in islice(done, number - before):
                pass
            gc.collect()
            found[number] = round(resident(), 1), round(time.perf_counter() - began, 1)
    return found


def texts(seed: int = 1) -> Iterator[str]:
    """One text of one sentence after another, without end and without remembering any."""
    rng = random.Random(seed)
    while True:
        yield rng.choice(_SHAPES).format(
            compound=_word(rng).capitalize() + rng.choice(_HEADS), place=_word(rng).capitalize(), name=f"Eva {_word(rng).capitalize()}",
            n=rng.randint(2, 98), d=rng.randint(2, 9), y=rng.randint(1990, 2030),
        )  # fmt: skip


def short(rng: random.Random, number: int) -> str:
    """A sentence of seven words, of which two made-up ones and the number are in no other."""
    compound = _word(rng).capitalize() + rng.choice(_HEADS)
    return f"Die {compound} in {_word(rng).capitalize()} kostet {number} Euro."


def resident(process: int | str = "self") -> float:
    """Megabytes of memory a process holds now."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(3, 5)))


def _config(preset: str) -> Config:
    if preset == "fake":
        return fake_config()
    default = Config.load("default", device="cpu").model_dump()
    return Config.parse(
        {**default, "translation": default["translation"] | {"beams": 1, "hypotheses": 1}}, origin="memory"
    )
