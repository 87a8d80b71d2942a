"""Which facts of one text does another not hold, and which two are one fact changed into another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count

from summarizer.text.facts.fact import Fact, Facts
from summarizer.text.facts.measures import rivals
from summarizer.text.facts.names import are_rivals, fold, similar

# What a lost fact gains in confidence when the other side has a new one of the same kind: more from a sure one.
SWAPPED, PERHAPS_SWAPPED = 0.35, 0.04
_SURE = 0.45
# Whole books are compared as well: beyond so many pairs of names and words a name counts as held, and so many facts of
# the other side may be what stands in the place of one.
_COMPARISONS, _OTHERS = 5_000_000, 200
UNREAD = 0.4  # a number or date that the other side does not hold in a form that is read: a hint
_PARTS = frozenset(map(fold, ["points", "point", "punkte", "punkten", "punkt"]))


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact of one text that the other does not hold. ``other`` is what may stand there in its place."""

    fact: Fact
    confidence: float
    other: Fact | None = None


def missing(wanted: Facts, held: Facts, *, final: bool = False) -> tuple[Fact, ...]:
    """The facts of ``wanted`` that ``held`` does not prove, in text order.

    ``final`` says that ``held`` is what the reader gets: there "um 5 Uhr" does not stand for 5 p.m.
    """
    keys = held.keys
    left = count(_COMPARISONS // (1 + len(held.words)), -1)  # names that may still be looked for in another spelling
    return tuple(
        fact
        for fact in wanted.items
        if fact.confidence
        and fact.kind != "negation"
        and (
            _turned(fact, wanted, held)
            or _other_unit(fact, held)
            or not any(need <= keys for need in fact.needs if not (final and _open(need)))
        )
        and not (fact.kind == "name" and (next(left) < 0 or similar(fact, held.words, held.letters, held.language)))
    )


def _turned(fact: Fact, wanted: Facts, held: Facts) -> bool:
    """Whether a score stands turned round on the other side: 3:1 for 1-3.

    English says the higher number first ("lost 3-1" for "verlor 1:3"): beside it only the other way round is wrong.
    """
    first, mark, second = fact.value.partition(":")
    if not mark or fact.kind != "number" or wanted.language == held.language or not (first + second).isdecimal():
        return False
    if f"s:{first}:{second}" in held.keys or f"s:{second}:{first}" not in held.keys:
        return False
    higher = int(first) > int(second)
    return not (wanted.language == "en" and higher) and not (held.language == "en" and not higher)


def _open(need: frozenset[str]) -> bool:
    return any(key.startswith("o:") for key in need)


def _other_unit(fact: Fact, held: Facts) -> bool:
    """Whether the number stands on the other side with another unit only (5 Euro for 5 dollars), or lost its %."""
    if fact.kind != "number":
        return False
    marked = next((key for key in fact.keys if "|" in key and not key.endswith("|?")), None)
    if marked is None or marked in held.keys:
        return False
    number, _, unit = marked.partition("|")
    unread = f"{number}|?" in held.keys  # it may as well be the one beside which no unit was read
    if not unread and any(f"{number}|{other}" in held.keys for other in rivals()[unit]):
        return True
    return unit == "%" and number in held.keys and not any(key.endswith("|%") for key in held.keys) and _bare(held)


def _bare(held: Facts) -> bool:
    """Whether no word of ``held`` may stand for per cent: points, a rate, a part."""
    return _PARTS.isdisjoint(held.words)


def rounded(fact: Fact, held: Facts) -> bool:
    """Whether ``held`` has a number that rounds to this one: 1.3 million for 1,254,300. At least two digits must agree."""
    digits = fact.value.partition(" ")[0]
    if fact.kind != "number" or not digits.isdecimal() or len(digits) < 4:
        return False
    exact = max(2, len(digits.rstrip("0")))
    return digits in _roundings(held.keys, len(digits), exact)


@lru_cache(maxsize=64)  # of one article or two: a long one with a thousand numbers is asked a thousand times
def _roundings(keys: frozenset[str], length: int, places: int) -> frozenset[str]:
    """The whole numbers of so many digits among ``keys``, rounded to ``places`` digits."""
    numbers = (key[2:] for key in keys if key.startswith("n:") and len(key) == length + 2)
    return frozenset(_round(number, places) for number in numbers if number.isdecimal())


def _round(digits: str, places: int) -> str:
    return str(round(int(digits), places - len(digits)))


def paired(gone: tuple[Fact, ...], come: tuple[Fact, ...], *, read: bool = True) -> tuple[list[Gap], list[Gap]]:
    """Lost and invented facts with their confidence: a swap of one for another is surer than a loss alone.

    ``read`` says that the number words of both languages are known; if not, only digits for other digits are sure.
    """
    gaps = [_gap(fact, come) for fact in gone], [_gap(fact, gone) for fact in come]
    return gaps if read else ([*map(_unread, gaps[0])], [*map(_unread, gaps[1])])


def completed(new: Sequence[Gap], read: Facts) -> list[Gap]:
    """A name put before one that both sides hold (Barack Obama for Obama) is a hint; nothing was lost for it."""
    alone = {gap.fact.start for gap in new}
    held = {fact.start for fact in read.of("name") if fact.start not in alone}
    return [
        replace(gap, confidence=min(gap.confidence, _SURE))
        if gap.fact.kind == "name" and gap.other is None and gap.fact.end + 1 in held
        else gap
        for gap in new
    ]


def _unread(gap: Gap) -> Gap:
    """A number or date may stand on the other side in words or signs that are not read."""
    if gap.fact.kind not in ("number", "date"):
        return gap
    swapped = gap.other is not None and gap.fact.text[0].isdecimal() and gap.other.text[0].isdecimal()
    return gap if swapped else replace(gap, confidence=min(gap.confidence, UNREAD))


def _gap(fact: Fact, others: tuple[Fact, ...]) -> Gap:
    alike = [other for other in others[:_OTHERS] if _comparable(fact, other)]
    other = min(alike, key=lambda each: (each.kind != fact.kind, -each.confidence, each.start), default=None)
    if other is None:
        return Gap(fact, fact.confidence)
    perhaps = other.kind == "name" and other.confidence < _SURE and not are_rivals(fact, other)
    gain = PERHAPS_SWAPPED if perhaps else SWAPPED
    return Gap(fact, round(min(1.0, fact.confidence + gain), 2), other)


def _comparable(fact: Fact, other: Fact) -> bool:
    figures = ("number", "date")
    return fact.kind == other.kind or (fact.kind in figures and other.kind in figures)
