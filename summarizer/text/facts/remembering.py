"""What is found out about a word, remembered for the next time; for so many words, and no longer than they are short."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

# Words in each table. 20,000 sentences of news hold 51,000 words: with room for all of them reading takes a tenth less
# time and 46 MB more, which a stream would go on filling.
WORDS = 1 << 12
LONGEST = 200  # letters; no real word is longer, and thousands of such as junk holds would fill gigabytes

_FORGETTING: list[Callable[[], None]] = []


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """A function of a word whose answers are kept."""
    table = lru_cache(maxsize=WORDS)(function)
    _FORGETTING.append(table.cache_clear)
    return cast("Callable[P, T]", table)  # which says nothing of the parameters


def forget_if_longer(longest: int) -> None:
    """Empty all tables if a text had words of more than ``LONGEST`` letters."""
    if longest > LONGEST:
        for forget in _FORGETTING:
            forget()
