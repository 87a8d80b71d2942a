"""Kilometres told in miles, degrees Celsius in Fahrenheit: the same quantity in the other system is no other number."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from summarizer.text.facts.lexicon import word_list

_STEP = math.log(1.06)  # translators round: 100 km become 60 or 62 miles
_LARGEST = 10**15


@cache
def measures() -> Mapping[str, tuple[str, str, float]]:
    """Word -> system, dimension, and how many of the smallest unit it is. Any language."""
    listed = word_list("numbers.yaml")["measures"]
    return {
        str(word): (system, dimension, float(size))
        for system, dimensions in listed.items()
        for dimension, sizes in dimensions.items()
        for size, words in sizes.items()
        for word in words
    }


_INFLECTED = re.compile(r"ige[nrsm]?$")  # 24-stündige, 12-Jähriger


class Unit(NamedTuple):
    """A unit, its kind, and how many of the kind's first unit it is; 0 where it has no exact size."""

    name: str
    kind: str
    size: Fraction


@cache
def kinds() -> Mapping[str, Unit]:
    """Word -> unit of a kind, in any language."""
    listed = word_list("numbers.yaml")["kinds"]
    return {
        word: Unit(name, kind, Fraction(str(size)))
        for kind, names in listed.items()
        for name, (size, words) in names.items()
        for word in words
    }


@cache
def rivals() -> Mapping[str, tuple[str, ...]]:
    """Unit -> the other units of its kind; per cent and money are one kind."""
    listed = [tuple(names) for names in word_list("numbers.yaml")["kinds"].values()]
    return {name: names for names in (*listed, tuple(word_list("numbers.yaml")["units"])) for name in names}


def marks(value: Fraction, word: str) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """What so much of a unit proves about its unit, and what in another unit of the kind would prove it."""
    unit = kinds().get(word) or kinds().get(_INFLECTED.sub("ig", word))
    if unit is None:
        return frozenset(), ()
    keys = frozenset((f"n:{value}|{unit.name}",))
    same = (frozenset((f"x:{unit.kind}:{value * unit.size}",)),) if unit.size else ()
    return keys.union(*same), same


def converted(value: Fraction, word: str) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """What so much of a unit proves for the other system, and what there would prove it."""
    known = measures().get(word)
    if known is None or not 0 < value < _LARGEST:
        return frozenset(), ()
    system, dimension, size = known
    other = "imperial" if system == "metric" else "metric"
    step = _step(float(value), dimension, size)
    near = tuple(frozenset((f"q:{other}:{dimension}:{each}",)) for each in (step - 1, step, step + 1))
    return frozenset((f"q:{system}:{dimension}:{step}",)), near


def _step(value: float, dimension: str, size: float) -> int:
    if dimension == "temperature":
        return round(value if size == 1 else (value - 32) * 5 / 9)
    return round(math.log(value * size) / _STEP)
