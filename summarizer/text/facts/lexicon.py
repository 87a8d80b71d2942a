"""What each language calls its numbers, months and days: our word lists and CLDR's calendar, read once per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from summarizer.text.facts import italian

Numbers = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Number and calendar words of one language, lower case.

    ``soft`` words prove a number and are never asked for. ``triggers`` are all words a number, date or time may begin
    with: every other word is passed over at once. ``of`` stands between an amount and what it counts, ``decade`` before
    a decade (``années 90``), ``century`` beside a Roman number.
    """

    language: str
    decimal: str
    joins: frozenset[str]
    numbers: Numbers
    scales: Numbers
    short_scales: Numbers
    soft: Numbers
    fractions: Numbers
    exact: Numbers
    several: Numbers
    ordinals: Numbers
    decades: Numbers
    months: Mapping[str, int]
    month_shorts: Mapping[str, int]
    weekdays: Mapping[str, int]
    triggers: frozenset[str]
    of: frozenset[str] = frozenset()
    decade: frozenset[str] = frozenset()
    century: frozenset[str] = frozenset()


@cache
def word_list(name: str) -> Any:
    """A YAML file of ``summarizer/data/facts``."""
    import yaml  # noqa: PLC0415 - not needed to import the package

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times faster, and not everywhere
    text = files("summarizer.data").joinpath("facts/" + name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=loader)  # noqa: S506 both loaders are safe ones


@cache
def units() -> Mapping[str, str]:
    """Word or sign -> unit, in any language."""
    return {word: unit for unit, words in word_list("numbers.yaml")["units"].items() for word in words}


@cache
def multiples() -> Mapping[str, int]:
    """Span of time -> how many of the next smaller one it holds, in any language."""
    table: Mapping[str, int] = word_list("numbers.yaml")["multiples"]
    return table


def is_read(language: str) -> bool:
    """Whether the number words of ``language`` are known; of all others digits, dates and scales are read."""
    return len(language) == 2 and language in word_list("numbers.yaml")


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of ``language`` (ISO 639-1); digits and CLDR's calendar where we have no word list."""
    lists = word_list("numbers.yaml")
    own = lists.get(language) if len(language) == 2 else None
    raw = own or lists["other"]
    tables = {name: _fractions(raw.get(name, {})) for name in _TABLES}
    if own is None:
        tables["scales"] |= _scales(language)
    if language == "it":
        tables["numbers"] |= {word: Fraction(value) for word, value in italian.below_thousand().items()}
    months, shorts, weekdays = _calendar(language)
    return Lexicon(
        language,
        raw["decimal"] if own else _decimal(language),
        frozenset(raw["joins"]),
        months=months,
        month_shorts=shorts,
        weekdays=weekdays,
        triggers=frozenset().union(_NOON, *tables.values(), months, shorts, weekdays),
        of=frozenset(raw.get("of", ())),
        decade=frozenset(raw.get("decade", ())),
        century=frozenset(raw.get("century", ())),
        **tables,
    )


_TABLES = ("numbers", "scales", "short_scales", "soft", "fractions", "exact", "several", "ordinals", "decades")
_NOON = ("noon", "midday", "mittag", "mitternacht", "midnight", "tens")


def _fractions(table: Mapping[Any, Any]) -> dict[str, Fraction]:
    return {_word(word): _fraction(value) for word, value in table.items()}


def _word(word: Any) -> str:
    return "null" if word is None else str(word)  # YAML reads a bare null as nothing


def _fraction(value: Any) -> Fraction:
    return Fraction(int(float(value))) if isinstance(value, str) and "e" in value else Fraction(str(value))


def _decimal(language: str) -> str:
    """The decimal mark of a language that we have no word list for."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 20 ms

    try:
        mark: str = Locale.parse(language).number_symbols["latn"]["decimal"]
    except (UnknownLocaleError, ValueError, TypeError, KeyError):
        return ","
    return mark if mark in (".", ",") else ","


def _scales(language: str) -> dict[str, Fraction]:
    """What CLDR writes after a large number: ``5 миллионов``, ``1200万``."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 20 ms

    try:
        formats = Locale.parse(language).compact_decimal_formats
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    found: dict[str, Fraction] = {}
    for forms in (form for length in formats.values() for form in length.values()):
        for size, pattern in forms.items():
            zeros = pattern.pattern.count("0")
            word = pattern.pattern.replace("0", "").strip(" .\u00a0\u200f'").lower()
            if word.isalpha() and zeros:
                found[word] = Fraction(int(size), 10 ** (zeros - 1))
    return found


def _calendar(language: str) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 20 ms, and 4 ms per language

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError):
        return {}, {}, {}
    months: dict[str, int] = {}
    shorts: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        months |= {name.lower(): number for number, name in locale.months[context]["wide"].items()}
        shorts |= {name.lower().rstrip("."): number for number, name in locale.months[context]["abbreviated"].items()}
        weekdays |= {name.lower(): number for number, name in locale.days[context]["wide"].items()}
    extra_months, extra_shorts, extra_days = _EXTRA.get(language, ({}, {}, {}))
    shorts = {name: number for name, number in shorts.items() if name.isalpha() and name not in months}
    return months | extra_months, shorts | extra_shorts, weekdays | extra_days


_GERMAN_WEEK = ("montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags", "sonntags")
_ENGLISH_WEEK = ("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")


# Forms that CLDR leaves out: Austrian months, the other Saturday, "on Mondays", short months without a mark.
_EXTRA: dict[str, tuple[dict[str, int], dict[str, int], dict[str, int]]] = {
    "de": (
        {"jänner": 1, "feber": 2},
        {"sept": 9, "jan": 1, "feb": 2, "aug": 8, "okt": 10, "nov": 11, "dez": 12},
        {"sonnabend": 5} | dict(zip(_GERMAN_WEEK, range(7), strict=True)),
    ),
    "en": ({}, {"sept": 9}, dict(zip(_ENGLISH_WEEK, range(7), strict=True))),
}
