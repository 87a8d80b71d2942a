"""Text into words, digit groups and signs, each with its place. Linear in the length of the text."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from summarizer.text.facts.remembering import remembered

# Thin and no-break spaces part thousands; a plain space does so only between groups of exactly three.
_DIGITS = r"(?P<d>(?<!\d)\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,'’٫٬]\d+)*)"
_WORD = r"|(?P<w>[^\W\d][\w\u0300-\u036f]*(?:['’][^\W\d]\w*)*)"
_SIGN = r"|(?P<s>[^\w\s])"
_TOKEN = re.compile(_DIGITS + _WORD + _SIGN)
# French and Italian: l'Allemagne, un'ora. Chinese, Japanese and Korean: digits stand between signs without a space.
_ELIDED = re.compile(_DIGITS + r"|(?P<e>(?<!\w)[^\W\d]{1,5}['’])(?=[^\W\d])" + _WORD + _SIGN)
_UNSPACED = re.compile(_DIGITS + r"|(?P<w>[^\W\d]+)" + _SIGN)
_OF_LANGUAGE = {"fr": _ELIDED, "it": _ELIDED, "zh": _UNSPACED, "ja": _UNSPACED, "ko": _UNSPACED}
DIGITS, WORD, SIGN = "d", "w", "s"


class Token(NamedTuple):
    """``lower`` is composed (NFC) and without the genitive ``'s``; ``glued`` says that no space stands before it."""

    kind: str
    text: str
    lower: str
    start: int
    end: int
    glued: bool


END = Token(SIGN, "", "", -1, -1, glued=False)


def tokens(text: str, language: str = "") -> list[Token]:
    """The tokens of ``text`` in order."""
    found: list[Token] = []
    last = -1
    new, lowered = tuple.__new__, _lowered  # a third less time than by name and keyword: most of a reading is this loop
    for match in _OF_LANGUAGE.get(language, _TOKEN).finditer(text):
        start, end = match.span()
        word = match.group()
        kind = match.lastgroup or SIGN
        found.append(new(Token, (WORD if kind == "e" else kind, word, lowered(word), start, end, start == last)))
        last = end
    return found


@remembered
def _lowered(word: str) -> str:
    lower = word.lower()
    if not lower.isascii():
        lower = unicodedata.normalize("NFC", lower).replace("’", "'")
    return lower.removesuffix("'s")  # July's


def at(found: list[Token], index: int) -> Token:
    """The token at ``index``, or an empty one beyond either end."""
    return found[index] if 0 <= index < len(found) else END
