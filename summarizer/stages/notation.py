"""Numbers copied into a translation as they stood in the source, rewritten as the target language writes them.

Small translators copy "12,5" or "1.250.000" character by character. In English the one is an odd sight and the other
another number; only what stands on both sides letter by letter is touched.
"""

from __future__ import annotations

import re
from functools import cache

# 1.250.000, 12,5, 1.250,75: never a date (12.03.2024), a clock time (17.30) or part of a longer run.
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:([.,])\d{3})+(?:([.,])\d+)?|\d+([.,])\d+)(?![\w]|[.,]\d)")


def renotated(source_text: str, translation: str, *, source: str, target: str) -> str:
    """``translation`` with such numbers in the notation of ``target`` (languages as ISO 639-1 codes)."""
    decimal, wanted = _decimal(source), _decimal(target)
    if decimal == wanted:
        return translation
    swap = str.maketrans(".,", ",.")

    def rewrite(match: re.Match[str]) -> str:
        number = match.group()
        return number.translate(swap) if number in source_text and _is_written(match, decimal) else number

    return _NUMBER.sub(rewrite, translation)


def _is_written(match: re.Match[str], decimal: str) -> bool:
    """Whether the marks are those of a language whose decimal mark is ``decimal``: groups by the other, then the mark."""
    group, fraction, plain = match.groups()
    if plain:
        return plain == decimal
    return group != decimal and fraction in (None, decimal)


@cache
def _decimal(language: str) -> str:
    """The decimal mark a language writes; a point where CLDR knows no such language."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - its data load slowly

    try:
        mark = Locale.parse(language).number_symbols["latn"]["decimal"]
    except (UnknownLocaleError, ValueError, KeyError):
        return "."
    return "," if mark == "," else "."
