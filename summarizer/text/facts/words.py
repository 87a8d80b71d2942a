"""Numbers in words: fractions, dozens, half a million, ordinals, and words that only prove a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from summarizer.text.facts import italian
from summarizer.text.facts.fact import Fact
from summarizer.text.facts.lexicon import multiples
from summarizer.text.facts.measures import marks
from summarizer.text.facts.quantity import ORDINAL, ROUGH, WORD_LARGE, WORD_SMALL, quantity, scale_up
from summarizer.text.facts.run import Matched, Run, key, shown
from summarizer.text.facts.spelled import Spelled, compound, sequence, stem
from summarizer.text.facts.tokens import WORD

SMALL = 12  # number words up to here are freely put in other words: a pair, both, a handful


def in_words(run: Run, index: int) -> Matched:
    """The number that begins with the word at ``index``, or None."""
    if run.word(index) in _CENT and run.word(index - 1) in _PER:
        return None
    for rule in (_roman, _half_of, _one_and_a_half, _fraction, _several, _cardinal, _ordinal):
        matched = rule(run, index)
        if matched:
            return matched
    soft = list(_proofs(run, index))
    return (soft, index + 1) if soft else None


_SPANS = frozenset(("hour", "hours", "year", "years", "month", "months"))
_PER, _CENT = frozenset(("per", "pour", "por")), frozenset(("cent", "cento", "ciento"))  # pour cent: a unit
_ROMAN = re.compile(r"(X{0,2})(IX|IV|V?I{0,3})(?:e|ème|th|º|\.)?")


def beside_century(run: Run, index: int) -> bool:
    """``XXe siècle``, ``siglo XX``."""
    near = {run.word(index - 1), run.word(index + 1), run.word(index + 2) if run.word(index + 1) == "." else ""}
    return bool(near & run.lexicon.century)


def _roman(run: Run, index: int) -> Matched:
    if not run.lexicon.century or run.found[index].text[0] not in "IVX" or not beside_century(run, index):
        return None
    match = _ROMAN.fullmatch(run.found[index].text)
    if match is None:
        return None
    tens, units = match.groups()
    value = 10 * len(tens) + {"IX": 9, "IV": 4}.get(units, 5 * ("V" in units) + units.count("I"))
    return [run.fact("number", str(value), (index, index + 1), key(value), confidence=WORD_LARGE)], index + 1


def _one_and_a_half(run: Run, index: int) -> Matched:
    """``an hour and a half``, ``une heure et demie``: 1.5, or half past one."""
    if run.lexicon.soft.get(run.word(index)) != 1 or run.word(index + 1) in run.lexicon.scales:
        return None
    end = half_after(run, index + 1)
    return ([with_half(run, (index, end), Fraction(1))], end) if end else None


def _last_scale(value: Fraction) -> int:
    """A million for two million: what ``deux millions et demi`` has half of."""
    scale = 1
    while value % (scale * 1000) == 0:
        scale *= 1000
    return scale


def half_after(run: Run, index: int) -> int | None:
    """The index after ``and a half``, hyphens or not, perhaps past the word for what is counted."""
    lexicon = run.lexicon
    counted = lexicon.language in ("fr", "es", "it") or run.word(index) in _SPANS
    for start in (index, index + 1)[: 1 + counted]:
        step = start + (run.word(start) == "-")
        if run.word(step) in lexicon.joins:
            step += 1 + (run.word(step + 1) == "-")
            step += lexicon.soft.get(run.word(step)) == 1
            step += run.word(step) == "-"
            if lexicon.fractions.get(run.word(step)) == Fraction(1, 2):
                return step + 1
        if run.at(start).kind != WORD:
            return None
    return None


def with_half(run: Run, stretch: tuple[int, int], whole: Fraction) -> Fact:
    """A number and a half; up to twelve it may be the hour as well (``las dos y media``)."""
    value = whole + Fraction(1, 2)
    needs = [key(value)]
    if whole <= 12 and run.lexicon.language not in ("de", "en"):
        needs += [frozenset((f"t:{hour:02}:30",)) for hour in (int(whole) % 24, (int(whole) + 12) % 24)]
    times = next((multiples()[run.word(at)] for at in range(*stretch) if run.word(at) in multiples()), None)
    needs += [key(value * times)] if times else []
    return run.fact("number", shown(value), stretch, *needs, confidence=WORD_LARGE)


def _cardinal(run: Run, index: int) -> Matched:
    lexicon = run.lexicon
    word = run.word(index)
    if word in lexicon.exact:
        return [quantity(run, (index, index + 1), lexicon.exact[word], WORD_LARGE)], index + 1
    spelled = sequence(run.found, index, lexicon) or _one_scale(run, index)
    if spelled is None:
        return _compound(run, index) if lexicon.language == "de" else None
    value, end = spelled.value, spelled.end
    half = half_after(run, end)
    if half:
        again = scale_up(run, half, value + Fraction(1, 2))
        if again is None and value < 1000:
            return [with_half(run, (index, half), value)], half
        value, end = (again.value, again.end) if again else (value + Fraction(_last_scale(value), 2), half)
    if run.word(index - 1) in lexicon.decade and value % 10 == 0 and value < 100:
        return _decade(run, (index, end), int(value))
    if value == 1:
        return [run.fact("number", "1", (index, end), key(1), confidence=0)], end
    fact = quantity(run, (index, end), value, WORD_SMALL if value <= SMALL else WORD_LARGE)
    return [_one_in(run, index, fact, value)], end


def _one_in(run: Run, index: int, fact: Fact, value: Fraction) -> Fact:
    """``one in five`` and ``einer von fünf`` are a fifth as well."""
    if run.word(index - 1) not in _OUT_OF or not value or run.lexicon.soft.get(run.word(index - 2)) != 1:
        return fact
    share = key(1 / value)
    keys = fact.keys.union(share, *_per_cent(1 / value, "f"))
    return replace(fact, keys=keys, needs=(*fact.needs, share, *_per_cent(1 / value, "p")))


_OUT_OF = frozenset(("in", "von"))


def _one_scale(run: Run, index: int) -> Spelled | None:
    """``eine Million``, ``a hundred``, ``ein Dutzend``, and a bare ``hundert``."""
    lexicon = run.lexicon
    word = run.word(index)
    six = word in italian.AMBIGUOUS and lexicon.language == "it"
    start = index + 1 if six or lexicon.soft.get(word) == 1 else index
    scaled = scale_up(run, start, Fraction(6 if six else 1))
    if scaled is None:
        return None
    rest = sequence(run.found, _past_join(run, scaled.end), lexicon)
    if rest and rest.value < scaled.value and scaled.value < 10**6:
        return Spelled(scaled.value + rest.value, rest.end)
    return scaled


def _past_join(run: Run, index: int) -> int:
    return index + 1 if run.word(index) in run.lexicon.joins else index


def _compound(run: Run, index: int) -> Matched:
    """German words built on a number: ``zweimal`` and ``erste`` prove, ``dreijährige`` is asked for."""
    spelled = compound(run.word(index))
    if spelled is None or spelled.value == 1 or not spelled.tail:
        return None
    tail, value = spelled.tail, spelled.value
    if tail in ("er", "ern", "erjahre", "erjahren", "erjahr") and value % 10 == 0 and value < 100:
        return _decade(run, (index, index + 1), int(value))
    unit = next((name for name in _TAILS if tail.startswith(name)), "")
    counted = tail not in ("mal", "er", "ern", "stel") and not tail.startswith(("te", "ste"))
    confidence = (WORD_SMALL if value <= SMALL else WORD_LARGE) if counted else ORDINAL
    fact = run.fact("number", shown(value), (index, index + 1), key(value), confidence=confidence)
    mark = {f"n:{value}|%"} if tail.startswith("prozentig") else marks(value, unit)[0]
    return [replace(fact, keys=fact.keys | mark)], index + 1


_TAILS = ("jährig", "tägig", "stündig", "minütig", "sekündig", "monatig", "wöchig")


def _half_of(run: Run, index: int) -> Matched:
    """``half a million``, ``halbes Dutzend``."""
    if run.lexicon.fractions.get(run.word(index)) != Fraction(1, 2):
        return None
    start = index + 1
    while run.word(start) in ("a", "-"):
        start += 1
    scaled = scale_up(run, start, Fraction(1, 2))
    return ([quantity(run, (index, scaled.end), scaled.value, WORD_LARGE)], scaled.end) if scaled else None


def _fraction(run: Run, index: int) -> Matched:
    """``ein Drittel``, ``two thirds``, ``three-quarters``."""
    fractions = run.lexicon.fractions
    word = run.word(index)
    if word in fractions:
        value = fractions[word]
        needs = [key(value)] + ([key(run.lexicon.ordinals[word])] if word in run.lexicon.ordinals else [])
        times = multiples().get(run.word(index + 1))
        needs += [key(value * times)] if times else []  # half a year is six months
        needs += _per_cent(value, "p")
        asked = ROUGH * (run.lexicon.language in ("de", "en"))  # "media" and "quarto" are other words as well
        fact = run.fact("number", shown(value), (index, index + 1), *needs, confidence=asked)
        keys = (fact.keys | key(value)).union(*_per_cent(value, "f")) if asked else key(value)
        return [replace(fact, keys=keys)], index + 1
    part = index + 2 if run.word(index + 1) == "-" else index + 1
    if run.word(part) not in fractions:
        return None
    counted = sequence(run.found, index, run.lexicon)
    one = run.lexicon.soft.get(word) == 1
    if one and (run.word(part) in run.lexicon.ordinals or fractions[run.word(part)] == Fraction(1, 2)):
        return None  # "a third man", "a half": too free to ask for
    if not one and (counted is None or counted.value > 20 or counted.end > part):
        return None
    value = fractions[run.word(part)] * (counted.value if counted else 1)
    scaled = _of_a_scale(run, part + 1, value)
    if scaled:
        return [quantity(run, (index, scaled.end), scaled.value, WORD_LARGE)], scaled.end
    per_cent = _per_cent(value, "p")
    fact = run.fact("number", shown(value), (index, part + 1), key(value), *per_cent, confidence=WORD_LARGE)
    return [replace(fact, keys=key(value).union(*_per_cent(value, "f")))], part + 1


def _per_cent(value: Fraction, mark: str) -> list[frozenset[str]]:
    """A half is 50 per cent, two thirds 66 or 67: a fraction proves ``f:50`` and is proved by ``p:50``."""
    return (
        [frozenset((f"{mark}:{each}",)) for each in sorted({int(value * 100), round(value * 100)})] if value < 1 else []
    )


def _of_a_scale(run: Run, index: int, value: Fraction) -> Spelled | None:
    """A quarter ``of a million``."""
    if run.word(index) not in run.lexicon.of:
        return None
    return scale_up(run, index + 1 + (run.lexicon.soft.get(run.word(index + 1)) == 1), value)


def _several(run: Run, index: int) -> Matched:
    """``Hunderte``, ``tens of thousands``: an order of magnitude."""
    several = run.lexicon.several
    word = run.word(index)
    value = Fraction(10) if word == "tens" else several.get(word)
    if value is None:
        return None
    end = index + 1
    after = end + 1 if run.word(end) in ("of", "von", "de", "di") else end
    times = several.get(run.word(after)) or run.lexicon.scales.get(run.word(after))
    if times and times >= 1000:
        value, end = value * times, after + 1
    elif word == "tens":
        return None
    needs = frozenset((f"~{value}",))
    return [run.fact("number", f"{shown(value)}s", (index, end), needs, confidence=ROUGH)], end


def _ordinal(run: Run, index: int) -> Matched:
    value = run.lexicon.ordinals.get(run.word(index))
    if value is not None:
        return [run.fact("number", shown(value), (index, index + 1), key(value), confidence=ORDINAL)], index + 1
    decade = run.lexicon.decades.get(run.word(index))
    return _decade(run, (index, index + 1), int(decade)) if decade is not None else None


def _decade(run: Run, stretch: tuple[int, int], value: int) -> Matched:
    """``the nineties``, ``neunziger``, ``anni Novanta``."""
    needs = (frozenset((f"decade:{value}",)), key(value))
    return [run.fact("date", f"{value}s", stretch, *needs, confidence=ROUGH)], stretch[1]


def _proofs(run: Run, index: int) -> Iterator[Fact]:
    """Words that prove a number without saying it: ``beide``, ``twice``, ``Dreikampf``."""
    word = run.word(index)
    value = run.lexicon.soft.get(word)
    if value is None and run.lexicon.language == "de":
        number = stem(word)
        value = Fraction(number) if number and number != 1 else None
    if value is not None:
        needs = key(value) | {f"~{value}"}
        yield run.fact("number", shown(value), (index, index + 1), needs, confidence=0)
