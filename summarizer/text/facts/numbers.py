"""Amounts: digits in any grouping, number words, scales, fractions, ordinals, scores, per cent and money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from summarizer.text.facts.fact import Fact, Kind
from summarizer.text.facts.lexicon import Lexicon, multiples, units
from summarizer.text.facts.spelled import Spelled, compound, sequence, stem
from summarizer.text.facts.tokens import DIGITS, WORD, Token, at

# How surely a number of this sort, missing on the other side, is an error. Tuned on newstest2017.
DIGIT, WORD_LARGE, WORD_SMALL, ORDINAL, ROUGH = 0.9, 0.8, 0.4, 0.3, 0.3
SMALL = 12  # number words up to here are freely put in other words: a pair, both, a handful
_MAX_DIGITS = 40  # longer runs are compared as they stand: int() of a megabyte of digits is refused by Python
_MONTHS_LIKE_YEARS = range(1100, 2101)


class Run:
    """A text under reading: its tokens, its lexicon, and facts made from stretches of tokens."""

    def __init__(self, text: str, found: list[Token], lexicon: Lexicon) -> None:
        self.text = text
        self.found = found
        self.lexicon = lexicon

    def at(self, index: int) -> Token:
        """The token at ``index``, or an empty one."""
        return at(self.found, index)

    def word(self, index: int) -> str:
        """The lower-case text at ``index``."""
        return at(self.found, index).lower

    def fact(self, kind: Kind, value: str, stretch: tuple[int, int], *needs: frozenset[str], confidence: float) -> Fact:
        """A fact over the tokens of ``stretch`` that proves all it needs."""
        start, end = self.found[stretch[0]].start, self.found[stretch[1] - 1].end
        keys = frozenset[str]().union(*needs)
        return Fact(kind, value, self.text[start:end], start, end, keys, needs if confidence else (), confidence)


def shown(value: Fraction) -> str:
    """``3.5``, ``1250000``, ``1/3``: exact, and the same in every language."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest > 1:
        return f"{value.numerator}/{value.denominator}"
    places = len(str(value.denominator)) + 20
    whole = value.numerator * 10**places // value.denominator
    return f"{whole // 10**places}.{whole % 10**places:0{places}d}".rstrip("0")


def key(value: Fraction | int) -> frozenset[str]:
    """The key a number proves and needs."""
    return frozenset((f"n:{value}",))


def amount(digits: str, decimal: str) -> Fraction | None:
    """``1.250.000,5`` as a number, by the language's marks; None for what is no amount (``192.168.0.1``)."""
    if digits.isdecimal():
        return Fraction(int(digits)) if len(digits) <= _MAX_DIGITS else None
    plain = "".join(char for char in digits if char.isdecimal() or char in ".,")
    marks = [char for char in plain if char in ".,"]
    if len(plain) > _MAX_DIGITS:
        return None
    mark = _decimal_mark(plain, marks, decimal)
    if mark is None:
        return None
    whole, _, part = plain.rpartition(mark) if mark else (plain, "", "")
    whole = whole.replace(".", "").replace(",", "")
    return Fraction(int(whole + part), 10 ** len(part))


def _decimal_mark(plain: str, marks: list[str], decimal: str) -> str | None:
    """The mark before the decimals, "" if there is none, None if the groups make no number."""
    if not marks:
        return ""
    kinds = set(marks)
    last = marks[-1]
    groups = plain.replace(",", ".").split(".")
    thousands = groups[0].strip("0") != "" and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(kinds) == 2:
        return last if marks.count(last) == 1 else None
    if len(marks) > 1:
        return "" if thousands else None
    return "" if thousands and last != decimal else last


def in_digits(run: Run, index: int) -> tuple[list[Fact], int]:
    """The number that begins with the digits at ``index``; always moves on."""
    token = run.found[index]
    value = amount(token.text, run.lexicon.decimal)
    if value is None:
        return [_code(run, index, index + 1)], index + 1
    for rule in (_chain, _score, _decade, _ratio):
        matched = rule(run, index, value)
        if matched:
            return matched
    end = index + 1
    suffix = run.at(end)
    if suffix.glued and suffix.kind == WORD:
        end += 1
        scale = run.lexicon.short_scales.get(suffix.lower) or run.lexicon.scales.get(suffix.lower)
        if scale and not (suffix.lower == "m" and _unit_before(run, index) is None and suffix.text == "m"):
            value *= scale
    scaled = _scaled(run, end, value)
    if scaled is None and end == index + 1 and _is_year(run, index, value):
        return [_year(run, index, value)], end
    return [_quantity(run, (index, scaled.end if scaled else end), scaled.value if scaled else value, DIGIT)], (
        scaled.end if scaled else end
    )


def _quantity(run: Run, stretch: tuple[int, int], value: Fraction, confidence: float) -> Fact:
    fact = run.fact("number", shown(value), stretch, key(value), confidence=confidence)
    times = multiples().get(run.word(stretch[1]))
    if times:
        other = key(value * times)
        return replace(fact, keys=fact.keys | other, needs=(*fact.needs, other))
    unit = _unit_after(run, stretch[1]) or _unit_before(run, stretch[0])
    if unit is None:
        return fact
    marked = f"n:{value}|{unit}"
    return replace(fact, value=f"{fact.value} {unit}", keys=fact.keys | {marked})


def _unit_after(run: Run, end: int) -> str | None:
    word = run.word(end)
    if word == "per" and run.word(end + 1) == "cent":
        return "%"
    if word in ("-", "us", "u.s") or (word == "." and run.word(end - 1) in ("mio", "mrd", "mill", "tsd")):
        word = run.word(end + 1)
    if word in ("-", "us"):
        word = run.word(end + 1) if word == "us" else run.word(end + 2)
    return units().get(word) or ("%" if word.startswith("prozent") and run.lexicon.language == "de" else None)


def _unit_before(run: Run, index: int) -> str | None:
    unit = units().get(run.word(index - 1)) if index else None
    return unit if unit != "%" else None


def _scaled(run: Run, end: int, value: Fraction) -> Spelled | None:
    """``value`` times the scale words that follow: 1,25 Millionen, 5 Mrd., 5 hundred thousand."""
    scale = run.lexicon.scales.get(run.word(end))
    if scale is None and run.word(end) == "-":
        end += 1
        scale = run.lexicon.scales.get(run.word(end))
    if scale is None:
        return None
    again = _scaled(run, end + 1, value * scale) if scale < 10**6 else None
    return again or Spelled(value * scale, end + 1)


def _is_year(run: Run, index: int, value: Fraction) -> bool:
    plain = len(run.found[index].text) == 4 and value.denominator == 1 and int(value) in _MONTHS_LIKE_YEARS
    return plain and _unit_after(run, index + 1) is None and _unit_before(run, index) is None


def _year(run: Run, index: int, value: Fraction) -> Fact:
    return run.fact("date", shown(value), (index, index + 1), key(value), confidence=DIGIT)


def _code(run: Run, start: int, end: int) -> Fact:
    """Telephone numbers, versions, addresses: digits that are no amount, compared digit by digit."""
    stretch = run.text[run.found[start].start : run.found[end - 1].end]
    digits = "".join(char for char in stretch if char.isdecimal())
    return run.fact("number", digits, (start, end), frozenset((f"c:{digits}",)), confidence=DIGIT)


def _linked(run: Run, index: int, signs: str) -> bool:
    """Whether a sign of ``signs`` at ``index`` joins two digit groups without a space."""
    sign, after = run.at(index), run.at(index + 1)
    return sign.text != "" and sign.text in signs and sign.glued and after.kind == DIGITS and after.glued


def _chain(run: Run, index: int, value: Fraction) -> tuple[list[Fact], int] | None:
    """Three and more digit groups tied by signs: 089/1234-56, 1:23:45."""
    del value
    end = index + 1
    while _linked(run, end, "-/:–"):
        end += 2
    return ([_code(run, index, end)], end) if end - index >= 5 else None


def _score(run: Run, index: int, value: Fraction) -> tuple[list[Fact], int] | None:
    """3:1 and 3-1, also ranges such as 10-12: the two numbers together, or each by itself."""
    if not _linked(run, index + 1, ":-–") or value.denominator != 1 or value > 999:
        return None
    other = amount(run.found[index + 2].text, run.lexicon.decimal)
    if other is None or other.denominator != 1 or other > 999:
        return None
    pair = frozenset((f"s:{value}:{other}",))
    both = key(value) | key(other)
    return [run.fact("number", f"{value}:{other}", (index, index + 3), pair, both, confidence=DIGIT)], index + 3


def _decade(run: Run, index: int, value: Fraction) -> tuple[list[Fact], int] | None:
    """1990er, 90er-Jahre, 1990s, '90s."""
    suffix = run.at(index + 1)
    if (
        not suffix.glued
        or suffix.lower.split("'")[0] not in ("er", "ern", "s")
        or value < 20
        or value % 10
        or value > 2100
    ):
        return None
    short = int(value) % 100
    needs = (frozenset((f"decade:{short}",)), key(value))
    return [run.fact("date", f"{value}s", (index, index + 2), *needs, confidence=DIGIT)], index + 2


def _ratio(run: Run, index: int, value: Fraction) -> tuple[list[Fact], int] | None:
    """1/3, and seasons such as 2016/17 where the second year is told by the first."""
    if not _linked(run, index + 1, "/"):
        if _linked(run, index + 1, "-–") and _is_year(run, index, value) and len(run.at(index + 2).text) == 2:
            return _season(run, index, value)
        return None
    if _is_year(run, index, value):
        return _season(run, index, value)
    other = amount(run.found[index + 2].text, run.lexicon.decimal)
    if not other or value.denominator != 1 or other.denominator != 1:
        return None
    needs = (key(value / other), key(value) | key(other))
    return [run.fact("number", f"{value}/{other}", (index, index + 3), *needs, confidence=DIGIT)], index + 3


def _season(run: Run, index: int, value: Fraction) -> tuple[list[Fact], int]:
    second = run.fact("date", run.word(index + 2), (index + 2, index + 3), _digits_key(run, index + 2), confidence=0)
    return [_year(run, index, value), second], index + 3


def _digits_key(run: Run, index: int) -> frozenset[str]:
    value = amount(run.found[index].text, run.lexicon.decimal)
    return key(value) if value is not None else frozenset()


def in_words(run: Run, index: int) -> tuple[list[Fact], int] | None:
    """The number that begins with the word at ``index``, or None."""
    for rule in (_half_of, _fraction, _several, _cardinal, _ordinal):
        matched = rule(run, index)
        if matched:
            return matched
    soft = list(_proofs(run, index))
    return (soft, index + 1) if soft else None


def _cardinal(run: Run, index: int) -> tuple[list[Fact], int] | None:
    lexicon = run.lexicon
    word = run.word(index)
    if word in lexicon.exact:
        return [_quantity(run, (index, index + 1), lexicon.exact[word], WORD_LARGE)], index + 1
    spelled = sequence(run.found, index, lexicon) or _one_scale(run, index)
    if spelled is None:
        return _compound(run, index) if lexicon.language == "de" else None
    value, end = spelled.value, spelled.end
    half = _and_a_half(run, end)
    if half:
        value, end = value + Fraction(1, 2), half
        again = _scaled(run, end, value)
        value, end = (again.value, again.end) if again else (value, end)
    if value == 1:
        return [run.fact("number", "1", (index, end), key(1), confidence=0)], end
    return [_quantity(run, (index, end), value, WORD_SMALL if value <= SMALL else WORD_LARGE)], end


def _one_scale(run: Run, index: int) -> Spelled | None:
    """``eine Million``, ``a hundred``, ``ein Dutzend``, and a bare ``hundert``."""
    lexicon = run.lexicon
    start = index + 1 if lexicon.soft.get(run.word(index)) == 1 else index
    scaled = _scaled(run, start, Fraction(1))
    if scaled is None:
        return None
    rest = sequence(run.found, _past_join(run, scaled.end), lexicon)
    if rest and rest.value < scaled.value and scaled.value < 10**6:
        return Spelled(scaled.value + rest.value, rest.end)
    return scaled


def _past_join(run: Run, index: int) -> int:
    return index + 1 if run.word(index) in run.lexicon.joins else index


def _and_a_half(run: Run, end: int) -> int | None:
    """The index after ``and a half``, hyphens or not."""
    words: list[str] = []
    while len(words) < 3 and end < len(run.found):
        if run.word(end) != "-":
            words.append(run.word(end))
        end += 1
        if words == ["and", "half"]:
            return end
    return end if words == ["and", "a", "half"] else None


def _compound(run: Run, index: int) -> tuple[list[Fact], int] | None:
    """German words built on a number: ``zweimal`` and ``erste`` prove, ``dreijährige`` is asked for."""
    spelled = compound(run.word(index))
    if spelled is None or spelled.value == 1 or not spelled.tail:
        return None
    tail, value = spelled.tail, spelled.value
    if tail in ("er", "ern") and value % 10 == 0 and value < 100:
        needs = (frozenset((f"decade:{value}",)), key(value))
        return [run.fact("date", f"{value}s", (index, index + 1), *needs, confidence=ROUGH)], index + 1
    counted = tail not in ("mal", "er", "ern", "stel") and not tail.startswith(("te", "ste"))
    confidence = (WORD_SMALL if value <= SMALL else WORD_LARGE) if counted else ORDINAL
    return [run.fact("number", shown(value), (index, index + 1), key(value), confidence=confidence)], index + 1


def _half_of(run: Run, index: int) -> tuple[list[Fact], int] | None:
    """``half a million``, ``halbes Dutzend``."""
    if run.lexicon.fractions.get(run.word(index)) != Fraction(1, 2):
        return None
    start = index + 1
    while run.word(start) in ("a", "-"):
        start += 1
    scaled = _scaled(run, start, Fraction(1, 2))
    return ([_quantity(run, (index, scaled.end), scaled.value, WORD_LARGE)], scaled.end) if scaled else None


def _fraction(run: Run, index: int) -> tuple[list[Fact], int] | None:
    """``ein Drittel``, ``two thirds``, ``three-quarters``."""
    fractions = run.lexicon.fractions
    word = run.word(index)
    if word in fractions:
        value = fractions[word]
        needs = [key(value)] + ([key(run.lexicon.ordinals[word])] if word in run.lexicon.ordinals else [])
        return [run.fact("number", shown(value), (index, index + 1), *needs, confidence=ROUGH)], index + 1
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
    return [run.fact("number", shown(value), (index, part + 1), key(value), confidence=WORD_LARGE)], part + 1


def _several(run: Run, index: int) -> tuple[list[Fact], int] | None:
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


def _ordinal(run: Run, index: int) -> tuple[list[Fact], int] | None:
    value = run.lexicon.ordinals.get(run.word(index))
    if value is not None:
        return [run.fact("number", shown(value), (index, index + 1), key(value), confidence=ORDINAL)], index + 1
    decade = run.lexicon.decades.get(run.word(index))
    if decade is None:
        return None
    needs = (frozenset((f"decade:{decade}",)), key(decade))
    return [run.fact("date", f"{decade}s", (index, index + 1), *needs, confidence=ROUGH)], index + 1


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
