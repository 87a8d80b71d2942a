"""Whether a sentence ends at a full stop. German first, and English; for the rest it says where it does not know.

The word lists stand in ``summarizer/data/abbreviations.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

OPENERS = "„“”‚‘’»«›‹\"'([{¿¡–—-•*"
CLOSERS = "“”‘’«»‹›\"')]}"
# A run of marks is matched once, from its first mark: without the look-behind 10 MB of full stops would take hours. It
# stands after that mark, so that ``re`` can skip to the next one at once.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_END = re.compile(rf"(?P<mark>[.!?…](?<![.!?…][.!?…])[.!?…]*)(?P<closed>[{re.escape(CLOSERS)}]*)[{_UNSEEN}]* +")
_NO_UNSEEN = str.maketrans("", "", _UNSEEN)

# What is quoted or in brackets stays in one piece up to this length; a longer quotation is split into its sentences.
# F1 on newstest2017 for 60, 160, 300: 0.9957, 0.9959, 0.9961; on newstest2018, whose translators split every quotation,
# 0.9949, 0.9906, 0.9812. Half a quotation makes a poor summary line, so not the least.
_TOGETHER = 100
_PAIRS = re.compile(
    '(?=[„“»«‚"(])(?:'
    + "|".join(
        (
            rf"„[^„“”\"]{{1,{_TOGETHER}}}[“”\"]",
            rf"“[^„“”]{{1,{_TOGETHER}}}”",
            rf"»[^»«]{{1,{_TOGETHER}}}«",
            rf"«[^»«]{{1,{_TOGETHER}}}»",
            rf"‚[^‚‘]{{1,{_TOGETHER}}}‘",
            rf"(?<![^\s(])\"(?=\S)[^\"]{{1,{_TOGETHER}}}\"(?!\w)",
            rf"\([^()]{{1,{_TOGETHER}}}\)",
        )
    )
    + ")"
)

_OPENING = re.compile('[„“»«‚"(]')
_WORD = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile(r"(?=.)X{0,3}(?:IX|IV|V?I{0,3})")
_ORDINAL = re.compile(r"\d{1,3}")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}")
_GOES_ON = frozenset("§=+/&%,;:)")
_VOWEL = re.compile("[aeiouyäöüáéíóúàèìòùâêîôûå]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of one language; empty where none are known."""

    never: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    number: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    article: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Place:
    """A mark and what stands around it: two words before, the word after."""

    earlier: str
    word: str
    mark: str
    closed: str
    after: str
    lead: str


def verdicts(text: str, language: str) -> Iterator[tuple[int, bool]]:
    """For marks followed by a space: where the next sentence would start, and whether one does start there.

    ``text`` has no white space but single blanks and runs of them. Marks that the rules know nothing of are left out.
    """
    words = _lists().get(language, Words())
    together = _inside(text)
    span = next(together, None)
    for match in _END.finditer(text):
        start = match.end()
        if start == len(text):
            return
        while span and span[1] <= start:
            span = next(together, None)
        verdict = False if span and span[0] < start else _ends(_place(text, match), words)
        if verdict is not None:
            yield start, verdict


def _inside(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _PAIRS.finditer(text)) if _OPENING.search(text) else iter(())


def _place(text: str, match: re.Match[str]) -> _Place:
    before = ["", "", *_seen(text[max(0, match.start() - 60) : match.start()]).rsplit(" ", 2)]
    follows = _seen(text[match.end() : match.end() + 40])
    bare = follows.lstrip(OPENERS + " ")
    after = _WORD.match(bare)
    return _Place(
        earlier=before[-2],
        word=before[-1].lstrip(OPENERS),
        mark=match["mark"],
        closed=match["closed"],
        after=after.group() if after else bare[:1],
        lead=follows[:1],
    )


def _seen(text: str) -> str:
    return text if text.isprintable() else text.translate(_NO_UNSEEN)


def _ends(place: _Place, words: Words) -> bool | None:
    if place.after[:1].islower() or place.after[:1] in _GOES_ON:
        return False
    if place.mark != ".":
        return _ends_loudly(place, words)
    if _ORDINAL.fullmatch(place.word) or _ROMAN.fullmatch(place.word):
        return _ends_in_ordinal(place, words)
    return _ends_in_word(place, words)


def _ends_in_word(place: _Place, words: Words) -> bool | None:
    opens = place.after in words.openers
    if place.word.rpartition("-")[2] in words.never:
        return False
    if place.word in words.number and (len(place.word) > 1 or place.after[:1].isdigit()):
        return not place.after[:1].isdigit()
    if place.word in words.maybe or place.word.lower().endswith("str"):  # "Hauptstr. 5"
        return opens or bool(place.closed)
    if _is_initial(place):
        return (opens and place.earlier[-1:] != ".") if words.openers else None
    if not words.openers or not place.after:
        return None
    # A word without a vowel ("Bhf") may be an abbreviation nobody listed.
    is_plain = opens or _VOWEL.search(place.word) or not place.word.isalpha()
    return True if is_plain else None


def _ends_loudly(place: _Place, words: Words) -> bool | None:
    """Exclamation and question marks and dots of omission."""
    if place.mark.strip(".…"):
        return True if place.after and words.openers else None
    if place.after in words.openers:
        return True
    return False if not place.word else (True if words.openers and not place.closed else None)


def _is_initial(place: _Place) -> bool:
    return (len(place.word) == 1 and place.word.isalpha()) or bool(_DOTTED.fullmatch(place.word))


def _ends_in_ordinal(place: _Place, words: Words) -> bool | None:
    noun = place.after.capitalize() if place.after.isupper() else place.after  # "AM 18. JULI"
    if place.after[:1].isdigit() or place.after in words.nouns or noun in words.nouns:
        return False
    if place.earlier.lower().endswith("str.") and words.openers:  # a house number
        return True
    if not words.openers:
        return None
    if place.after in words.openers or not words.article:  # English writes no full stop after an ordinal
        return bool(place.earlier)
    # "beim insolventen 1. FC": a small word before it is more likely to speak of the noun than to end the sentence.
    hangs = not place.earlier or place.earlier[-1] in ".!?…:" or (place.earlier[0].islower() and len(place.word) < 3)
    return False if hangs or place.earlier in words.article or not place.word.isdigit() else None


@cache
def _lists() -> Mapping[str, Words]:
    table: dict[str, dict[str, frozenset[str]]] = {}
    lines = files("summarizer.data").joinpath("abbreviations.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            language, kind, *entries = line.split()
            known = table.setdefault(language, {})
            known[kind] = known.get(kind, frozenset()) | frozenset(entries)
    return {language: Words(**kinds) for language, kinds in table.items()}
