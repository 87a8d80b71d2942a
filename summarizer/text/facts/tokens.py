"""Text into words, digit groups and signs, each with its place. Linear in the length of the text."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

# Thin and no-break spaces part thousands; a plain space does so only between groups of exactly three.
_TOKEN = re.compile(
    r"(?P<d>(?<!\d)\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)|\d+(?:[.,'’]\d+)*)"
    r"|(?P<w>[^\W\d][\w\u0300-\u036f]*(?:['’][^\W\d]\w*)*)"
    r"|(?P<s>[^\w\s])"
)
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


def tokens(text: str) -> list[Token]:
    """The tokens of ``text`` in order."""
    found: list[Token] = []
    last = -1
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = match.group()
        lower = word.lower()
        if not lower.isascii():
            lower = unicodedata.normalize("NFC", lower).replace("’", "'")
        lower = lower.removesuffix("'s")  # July's
        found.append(Token(match.lastgroup or SIGN, word, lower, start, end, start == last))
        last = end
    return found


def at(found: list[Token], index: int) -> Token:
    """The token at ``index``, or an empty one beyond either end."""
    return found[index] if 0 <= index < len(found) else END
