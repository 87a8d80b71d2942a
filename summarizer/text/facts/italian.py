"""Italian numbers in one word: ``ventitré``, ``centoventi``, ``duemilaventiquattro``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_SMALL = [
    "zero",
    "uno",
    "due",
    "tre",
    "quattro",
    "cinque",
    "sei",
    "sette",
    "otto",
    "nove",
    "dieci",
    "undici",
    "dodici",
    "tredici",
    "quattordici",
    "quindici",
    "sedici",
    "diciassette",
    "diciotto",
    "diciannove",
]
_TENS = ["venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"]
_THOUSANDS = re.compile(r"(?P<left>\w*?)(?P<mark>mille|mila)(?:e)?(?P<right>\w*)")
LONGEST = 60  # letters of a number word; longer words are not looked at
# The word "sei" is "six" and "you are"; with a capital "Ottocento" is the nineteenth century.
AMBIGUOUS = frozenset(("sei",))


@cache
def below_thousand() -> Mapping[str, int]:
    """Every word for 2 to 999, with and without the accent of ``ventitré``."""
    words = {word: number for number, word in enumerate(_SMALL) if number > 1}
    for tens, word in enumerate(_TENS, 2):
        words[word] = tens * 10
        for unit in range(1, 10):
            stem = word[:-1] if unit in (1, 8) else word
            words[stem + _SMALL[unit]] = words[stem + ("tré" if unit == 3 else _SMALL[unit])] = tens * 10 + unit
        words[word[:-1] + "un"] = tens * 10 + 1
    hundreds = {"cento": 100} | {_SMALL[number] + "cento": number * 100 for number in range(2, 10)}
    rest = {**words, "uno": 1, "tré": 3}
    for hundred, value in hundreds.items():
        words |= {hundred: value} | {hundred + word: value + number for word, number in rest.items()}
        words |= {hundred[:-1] + word: value + number for word, number in rest.items() if word.startswith("o")}
    return {word: number for word, number in words.items() if word not in AMBIGUOUS}


def number(word: str) -> int | None:
    """The number that a lower-case Italian word is, or None."""
    if len(word) > LONGEST:
        return None
    known = below_thousand().get(word)
    if known is not None:
        return known
    match = _THOUSANDS.fullmatch(word) if "mil" in word else None
    if match is None or not (match["left"] or match["right"]):
        return None
    left = _part(match["left"], 1)
    right = _part(match["right"], 0)
    if left is None or right is None or (match["mark"] == "mille") != (left == 1):
        return None
    return left * 1000 + right


def _part(word: str, empty: int) -> int | None:
    return {"": empty, "sei": 6, "uno": 1, "un": 1}.get(word, below_thousand().get(word))
