"""One spelling per sign: spaces, quotes and dashes. Pure functions of str; words are never touched."""

import re
import unicodedata

DOUBLE_QUOTES = "„“”‟«»″"
SINGLE_QUOTES = "‚‘’‛‹›`´′"
DASHES = "–—―−"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"

_DROP_INVISIBLE = str.maketrans("", "", INVISIBLE)
_STRAIGHT = str.maketrans(dict.fromkeys(DOUBLE_QUOTES, '"') | dict.fromkeys(SINGLE_QUOTES, "'") | {"…": "..."})
_SPACE = re.compile(r"\s+")
_DASH = re.compile(f"\\s*[{DASHES}]\\s*")
_DASH_IN_NUMBERS = re.compile(rf"(?<=\d)\s?[{DASHES}]\s?(?=\d)")
_SPACED_HYPHEN = re.compile(r"\s+-\s+")


def tidy(text: str) -> str:
    """Composed characters, no invisible ones, single spaces: what both sides of every pair go through."""
    text = unicodedata.normalize("NFC", text).translate(_DROP_INVISIBLE)
    return _SPACE.sub(" ", text).strip()


def plain_english(text: str) -> str:
    """The one style the translator writes: straight quotes, "..." and spaced hyphens, as news agencies type."""
    text = tidy(text).translate(_STRAIGHT).replace("''", '"')
    text = _DASH_IN_NUMBERS.sub("-", text)
    text = _DASH.sub(" - ", text)
    return _SPACED_HYPHEN.sub(" - ", text).strip()


def comparable(text: str) -> str:
    """Lower-case words and digits only, for telling duplicates and near copies."""
    return " ".join(re.findall(r"\w+", text.casefold()))
