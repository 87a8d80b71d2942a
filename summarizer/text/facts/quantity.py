"""An amount with what belongs to it: scale words, per cent and money, years told in months."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from summarizer.text.facts.fact import Fact
from summarizer.text.facts.lexicon import multiples, units
from summarizer.text.facts.measures import converted, marks
from summarizer.text.facts.run import Run, key, shown
from summarizer.text.facts.spelled import LARGEST, Spelled

# How surely a number of this sort, missing on the other side, is an error. Tuned on newstest2017.
DIGIT, WORD_LARGE, WORD_SMALL, ORDINAL, ROUGH = 0.9, 0.8, 0.4, 0.3, 0.3


def quantity(run: Run, stretch: tuple[int, int], value: Fraction, confidence: float) -> Fact:
    """A number with its unit: what it proves, and all that would prove it."""
    fact = run.fact("number", shown(value), stretch, key(value), confidence=confidence)
    word = run.word(stretch[1] + (run.word(stretch[1]) in ("-", "°")))
    marked, same = marks(value, word)
    unit = unit_after(run, stretch[1]) or unit_before(run, stretch[0])
    fact = replace(fact, keys=fact.keys | (marked or {f"n:{value}|{unit or '?'}"}), needs=(*fact.needs, *same))
    times = multiples().get(run.word(stretch[1]))
    if times:
        other = key(value * times)
        return replace(fact, keys=fact.keys | other, needs=(*fact.needs, other))
    if unit is None:
        measured, near = converted(value, word)
        return replace(fact, keys=fact.keys | measured, needs=(*fact.needs, *near)) if measured else fact
    proofs, needs = _shared(value, unit)
    return replace(fact, value=f"{fact.value} {unit}", keys=fact.keys | proofs, needs=(*fact.needs, *needs))


def _shared(value: Fraction, unit: str) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """What per cent proves for a fraction, cents for euros and dollars, and what of these would prove it."""
    if unit == "%":
        return frozenset((f"p:{round(value)}",)), (frozenset((f"f:{round(value)}",)),)
    if unit in ("CENT", "EUR", "USD"):
        cents = shown(value if unit == "CENT" else value * 100)
        own, other = ("cent", "whole") if unit == "CENT" else ("whole", "cent")
        return frozenset((f"x:{own}:{cents}",)), (frozenset((f"x:{other}:{cents}",)),)
    return frozenset(), ()


def scale_up(run: Run, end: int, value: Fraction) -> Spelled | None:
    """``value`` times the scale words that follow: 1,25 Millionen, 5 Mrd., 5 hundred thousand."""
    scale = run.lexicon.scales.get(run.word(end))
    if scale is None and run.word(end) == "m" and run.word(end + 1) in ("€", "$", "£"):
        scale = Fraction(10**6)
    if scale is None and run.word(end) == "-":
        end += 1
        scale = run.lexicon.scales.get(run.word(end))
    if scale is None:
        return None
    again = scale_up(run, end + 1, value * scale) if scale < 10**6 and value < LARGEST else None
    return again or Spelled(value * scale, end + 1)


def unit_after(run: Run, end: int) -> str | None:
    word = run.word(end)
    if f"{word} {run.word(end + 1)}" in ("per cent", "pour cent", "por ciento", "per cento"):
        return "%"
    if word in run.lexicon.of:
        word, end = run.word(end + 1), end + 1
    word = word.removeprefix("d'")
    if word in ("-", "us", "u.s") or (word == "." and run.word(end - 1) in ("mio", "mrd", "mill", "tsd")):
        word = run.word(end + 1)
    if word in ("-", "us"):
        word = run.word(end + 1) if word == "us" else run.word(end + 2)
    return units().get(word) or ("%" if word.startswith("prozent") and run.lexicon.language == "de" else None)


def unit_before(run: Run, index: int) -> str | None:
    unit = units().get(run.word(index - 1)) if index else None
    return unit if unit != "%" else None
