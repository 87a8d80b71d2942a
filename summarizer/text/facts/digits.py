"""Numbers in digits: any grouping, scales, years, decades, scores, ratios, codes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from summarizer.text.facts.fact import Fact
from summarizer.text.facts.quantity import DIGIT, quantity, scale_up, unit_after, unit_before
from summarizer.text.facts.run import Matched, Run, amount, key, shown
from summarizer.text.facts.tokens import DIGITS, WORD

_UNSPACED = "\u3040"  # from here on stand the scripts that put no space between words
_YEARS = range(1100, 2101)


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
    if suffix.glued and suffix.kind == WORD and suffix.text[0] < _UNSPACED:
        end += 1
        scale = run.lexicon.short_scales.get(suffix.lower) or run.lexicon.scales.get(suffix.lower)
        if scale and not (suffix.lower == "m" and unit_before(run, index) is None and suffix.text == "m"):
            value *= scale
    scaled = scale_up(run, end, value)
    if scaled is None and end == index + 1 and _is_year(run, index, value):
        return [_year(run, index, value)], end
    return [quantity(run, (index, scaled.end if scaled else end), scaled.value if scaled else value, DIGIT)], (
        scaled.end if scaled else end
    )


def _is_year(run: Run, index: int, value: Fraction) -> bool:
    plain = len(run.found[index].text) == 4 and value.denominator == 1 and int(value) in _YEARS
    return plain and unit_after(run, index + 1) is None and unit_before(run, index) is None


def _year(run: Run, index: int, value: Fraction) -> Fact:
    return run.fact("date", shown(value), (index, index + 1), key(value), confidence=DIGIT)


def _code(run: Run, start: int, end: int) -> Fact:
    """Telephone numbers, versions, addresses: digits that are no amount, compared digit by digit."""
    stretch = run.text[run.found[start].start : run.found[end - 1].end]
    digits = "".join(str(int(char)) for char in stretch if char.isdecimal())
    return run.fact("number", digits, (start, end), frozenset((f"c:{digits}",)), confidence=DIGIT)


def _linked(run: Run, index: int, signs: str) -> bool:
    """Whether a sign of ``signs`` at ``index`` joins two digit groups without a space."""
    sign, after = run.at(index), run.at(index + 1)
    return sign.text != "" and sign.text in signs and sign.glued and after.kind == DIGITS and after.glued


def _chain(run: Run, index: int, value: Fraction) -> Matched:
    """Three and more digit groups tied by signs: 089/1234-56, 1:23:45."""
    del value
    end = index + 1
    while _linked(run, end, "-/:–"):
        end += 2
    return ([_code(run, index, end)], end) if end - index >= 5 else None


def _score(run: Run, index: int, value: Fraction) -> Matched:
    """3:1 and 3-1, also ranges such as 10-12: the two numbers together, or each by itself."""
    if not _linked(run, index + 1, ":-–") or value.denominator != 1 or value > 999:
        return None
    other = amount(run.found[index + 2].text, run.lexicon.decimal)
    if other is None or other.denominator != 1 or other > 999:
        return None
    pair = frozenset((f"s:{value}:{other}",))
    both = key(value) | key(other)
    fact = run.fact("number", f"{value}:{other}", (index, index + 3), pair, both, confidence=DIGIT)
    percent = unit_after(run, index + 3) == "%"
    marked = {f"n:{value}|%", f"n:{other}|%"} if percent else set()
    return [replace(fact, keys=fact.keys | marked)], index + 3


def _decade(run: Run, index: int, value: Fraction) -> Matched:
    """1990er, 90er-Jahre, 1990s, '90s, années 90."""
    suffix = run.at(index + 1)
    number = value.numerator
    if value.denominator != 1 or number % 10 or not 20 <= number <= 2100:
        return None
    end = index + 1
    if suffix.glued and suffix.lower.split("'")[0] in ("er", "ern", "s"):
        end += 1
    elif not _is_named_decade(run, index):
        return None
    short = number % 100
    needs = (frozenset((f"decade:{short}",)), key(value))
    return [run.fact("date", f"{value}s", (index, end), *needs, confidence=DIGIT)], end


def _is_named_decade(run: Run, index: int) -> bool:
    """``années 1990``, ``anni '90``."""
    before = run.word(index - 1)
    return (run.word(index - 2) if before in ("'", "’", "‘") else before) in run.lexicon.decade


def _ratio(run: Run, index: int, value: Fraction) -> Matched:
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
