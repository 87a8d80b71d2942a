"""Which sentence pairs are worth learning from. Every refusal names its reason, so that the counts can be shown."""

# ruff: noqa: SIM905  (word lists read best as running text)
import re

MAX_CHARACTERS = 700  # about 170 pieces; the trainer's rows hold 128
MAX_RATIO = 2.2  # German is 5-15 % longer than English; beyond this the pair is rarely a translation
RATIO_SLACK = 15  # characters forgiven, so that "Ja." - "Yes, I do." passes

_MARKUP = re.compile(
    r"[<>{}|\\]|\]\(|\[!|::|`|\*\*|https?://\S+\S*\)|&[a-z]+;|#PRS|\(\)|\$\w+|%[sd]\b|--\w|_\w+_|\w\.\w+\.\w+\."
)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN = re.compile(r"[^\x00-\u024f\u1e00-\u1eff\u2000-\u2bff]")
GERMAN = frozenset(
    "der die das und ist nicht ein eine zu den mit von für auf dem sich des auch werden wird sind ich sie es".split()
)
ENGLISH = frozenset(
    "the of and to is that not with for are be this it as was on you have will from by an or they".split()
)


def refusal(german: str, english: str) -> str | None:
    """Why this pair is left out, or None where it is kept."""
    checks = (
        ("empty", not german or not english),
        ("long", max(len(german), len(english)) > MAX_CHARACTERS),
        ("ratio", _lopsided(german, english)),
        ("markup", bool(_MARKUP.search(german) or _MARKUP.search(english))),
        ("script", bool(_FOREIGN.search(german) or _FOREIGN.search(english))),
        ("letters", _letter_share(german) < 0.5 or _letter_share(english) < 0.5),
        ("copy", _untranslated(german, english)),
        ("language", _leans(german, ENGLISH, GERMAN) or _leans(english, GERMAN, ENGLISH)),
    )
    return next((reason for reason, hit in checks if hit), None)


def _lopsided(german: str, english: str) -> bool:
    longer, shorter = max(len(german), len(english)), min(len(german), len(english))
    return longer > MAX_RATIO * shorter + RATIO_SLACK


def _letter_share(text: str) -> float:
    dense = text.replace(" ", "")
    return len(_LETTER.findall(dense)) / max(1, len(dense))


def _untranslated(german: str, english: str) -> bool:
    """Same text on both sides; names and numbers of up to three words are honest copies."""
    return german.casefold() == english.casefold() and len(german.split()) > 3


def _leans(text: str, wrong: frozenset[str], right: frozenset[str]) -> bool:
    """More function words of the wrong language than of the right one."""
    words = [word.casefold() for word in _WORD.findall(text)]
    strange = sum(word in wrong for word in words)
    return strange >= 2 and strange > sum(word in right for word in words)
