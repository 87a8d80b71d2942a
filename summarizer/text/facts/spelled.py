"""Numbers written as words: German compounds by rule, the other languages word by word."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from summarizer.text.facts import italian
from summarizer.text.facts.lexicon import Lexicon
from summarizer.text.facts.tokens import WORD, Token, at

_UNITS = {
    "ein": 1, "eins": 1, "eine": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "fünf": 5, "fuenf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "zwoelf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15,
    "fuenfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
}  # fmt: skip
_TENS = {
    "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "fuenfzig": 50, "sechzig": 60,
    "siebzig": 70, "achtzig": 80, "neunzig": 90,
}  # fmt: skip
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_TEN = "|".join(_TENS)
_BELOW_100 = rf"(?:(?:(?:{_UNIT})und)?(?:{_TEN})|{_UNIT})"
_BELOW_1000 = rf"(?:(?:{_UNIT})?hundert(?:und)?(?:{_BELOW_100})?|{_BELOW_100})"
_COUNTED = (
    r"jährig|tägig|stündig|minütig|sekündig|monatig|wöchig|köpfig|stellig|teilig|prozentig|malig|fach|sitzig|seitig|"
    r"stöckig|gleisig|spurig|beinig|türig|geschossig|sprachig|jahres|tages|meter|kilometer"
)
_GERMAN = re.compile(
    rf"(?P<number>(?:{_BELOW_1000})?tausend(?:und)?(?:{_BELOW_1000})?|{_BELOW_1000})"
    rf"(?P<tail>einhalb|mal|er|ern|erjahren?|s?te[nrsm]?|stel|(?:{_COUNTED})\w{{0,8}})?"
)
_PART = re.compile(rf"{_TEN}|{_UNIT}|hundert|tausend|und")
_STEM = re.compile(rf"(?:{_TEN}|{_UNIT}|zweit|dritt|viert|million|milliarde)")
_STEMS = {"zweit": 2, "dritt": 3, "viert": 4, "million": 10**6, "milliarde": 10**9} | _UNITS | _TENS
# How a German word that holds a number, a month or a weekday begins, whatever follows.
GERMAN_START = re.compile(
    _STEM.pattern + "|hundert|tausend|eintausend|erst|siebt|nacht$|montag|dienstag|mittwoch|donnerstag|freitag|samstag|"
    "sonntag|sonnabend|januar|februar|märz|april|juni|juli|august|september|oktober|november|dezember"
)
_FIRST = frozenset("ezdvfsanthm")  # letters a German number word may begin with
LARGEST = 10**18  # what is beyond is no number of the news, and must not grow without end
LONGEST = 60  # characters; "neunhundertneunundneunzigtausendneunhundertneunundneunzig" has 56


class Spelled(NamedTuple):
    """A number in words: its value, the index after it, and what sort of number word it is."""

    value: Fraction
    end: int
    tail: str = ""


def compound(word: str) -> Spelled | None:
    """A German number word, in one piece: ``dreiundzwanzig``, ``zweihundert``, ``fünfte``, ``dreijährige``."""
    if word[:1] not in _FIRST or len(word) > LONGEST:
        return None
    match = _GERMAN.fullmatch(word)
    if match is None:
        return None
    tail = match["tail"] or ""
    value = Fraction(_sum(match["number"])) + (Fraction(1, 2) if tail == "einhalb" else 0)
    return Spelled(value, 0, tail)


def stem(word: str) -> int | None:
    """The number a German word begins with (``Dreikampf``, ``zweitgrößte``): proof, never a demand."""
    match = _STEM.match(word) if word[:1] in _FIRST else None
    return _STEMS[match.group()] if match else None


def _sum(word: str) -> int:
    total = current = 0
    for match in _PART.finditer(word):
        part = match.group()
        if part == "tausend":
            total, current = (total + current or 1) * 1000, 0
        elif part == "hundert":
            current = (current or 1) * 100
        elif part != "und":
            current += _UNITS.get(part) or _TENS[part]
    return total + current


def cardinal(found: list[Token], index: int, lexicon: Lexicon) -> Spelled | None:
    """One word that is a plain number, or None: ``zwei``, ``dreiundzwanzig``, ``twenty``. Not ``ein``, not ``one``."""
    token = at(found, index)
    if token.kind != WORD:
        return None
    if lexicon.language == "it":
        return _italian(token, index)
    if token.lower == "quatre" and at(found, index + 2).lower in ("vingt", "vingts"):
        return Spelled(Fraction(80), index + 3)
    if token.lower in lexicon.numbers:
        return Spelled(lexicon.numbers[token.lower], index + 1)
    spelled = compound(token.lower) if lexicon.language == "de" else None
    if spelled is None or spelled.tail not in ("", "einhalb") or (spelled.value == 1):
        return None
    return spelled._replace(end=index + 1)


def _italian(token: Token, index: int) -> Spelled | None:
    value = italian.number(token.lower)
    century = value and value % 100 == 0 and 400 <= value <= 900 and token.text[0].isupper()
    return None if value is None or century else Spelled(Fraction(value), index + 1)


def sequence(found: list[Token], index: int, lexicon: Lexicon) -> Spelled | None:
    """Number words in a row: ``two hundred and fifty thousand``, ``zwei Millionen``, ``twenty-three``."""
    first = cardinal(found, index, lexicon)
    if first is None:
        return None
    total, current, end = Fraction(0), first.value, first.end
    while True:
        step = _after_join(found, end, lexicon)
        word = at(found, step).lower
        if word in lexicon.scales and total + current < LARGEST:
            if 0 < total < lexicon.scales[word]:  # dos mil millones
                total, current = Fraction(0), total + current
            current = (current or Fraction(1)) * lexicon.scales[word]
            if lexicon.scales[word] >= 1000:
                total, current = total + current, Fraction(0)
            end = step + 1
            continue
        following = cardinal(found, step, lexicon)
        if following is None and step > end and lexicon.soft.get(word) == 1 and lexicon.language in ("fr", "es"):
            following = Spelled(Fraction(1), step + 1)  # vingt et un
        joined = step > end
        if following is None or not (
            _fits(current, following.value, joined=joined, scaled=bool(total))
            or (joined and lexicon.language == "fr" and _fits_in_french(current, following.value))
        ):
            return Spelled(total + current, end)
        current, end = current + following.value, following.end


def _after_join(found: list[Token], end: int, lexicon: Lexicon) -> int:
    """The index of the next number word: past a hyphen or an ``and``."""
    token = at(found, end)
    joined = token.text == "-" or token.lower in lexicon.joins
    return end + 1 if joined else end


def _fits(current: Fraction, value: Fraction, *, joined: bool, scaled: bool) -> bool:
    """Whether ``value`` goes on the number (twenty-three, hundred and five) or begins another (ten twenty)."""
    if value == 0 or value.denominator != 1:
        return False
    if current and current % 100 == 0:
        return value < 100
    if current and current % 10 == 0 and 20 <= current % 100 <= 90:
        return value < 10
    return current == 0 and scaled and value < 1000 and not (joined and value >= 100)


def _fits_in_french(current: Fraction, value: Fraction) -> bool:
    """``soixante-dix``, ``quatre-vingt-onze``, ``dix-sept``; and ``soixante-dix-sept``."""
    tens = current % 100
    return (tens in (60, 80) and 10 <= value <= 16) or (tens in (10, 70, 90) and 7 <= value <= 9)
