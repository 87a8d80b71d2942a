"""One pass over a text that collects its facts."""

from __future__ import annotations

from functools import lru_cache

from summarizer.text.facts import cjk, clock, days, digits, words
from summarizer.text.facts.fact import Fact, Facts
from summarizer.text.facts.lexicon import lexicon
from summarizer.text.facts.names import fold, names, words_of
from summarizer.text.facts.negation import negations
from summarizer.text.facts.remembering import forget_if_longer, remembered
from summarizer.text.facts.run import Run
from summarizer.text.facts.spelled import GERMAN_START
from summarizer.text.facts.tokens import DIGITS, WORD, tokens

_REMEMBERED = 2000  # characters; a line of a summary is read again for each hypothesis and once more in the end


def facts(text: str, language: str) -> Facts:
    """Read the facts of ``text``, written in ``language`` (ISO 639-1; unknown ones are read as digits and names)."""
    return _again(text, language) if len(text) <= _REMEMBERED else _read(text, language)


@lru_cache(maxsize=256)
def _again(text: str, language: str) -> Facts:
    return _read(text, language)


def _read(text: str, language: str) -> Facts:
    language = language.lower().split("-")[0]
    run = Run(text, tokens(text, language), lexicon(language))
    items = sorted((*figures(run), *names(run), *negations(run)), key=lambda fact: fact.start)
    held, places = words_of(run)
    keys = places.union(*(fact.keys for fact in items), (f"N:{word}" for word in held))
    spoken = [token.lower for token in run.found if token.kind == WORD]
    forget_if_longer(max(map(len, spoken), default=0))
    return Facts(run.lexicon.language, tuple(items), keys, held, len(spoken), len(text), "".join(map(fold, spoken)))


def figures(run: Run) -> list[Fact]:
    """Numbers and dates, each stretch of text read once."""
    items: list[Fact] = []
    index, end = 0, len(run.found)
    language = run.lexicon.language
    while index < end:
        token = run.found[index]
        matched = None
        if token.kind == DIGITS:
            signed = cjk.in_digits(run, index) if language in cjk.LANGUAGES else None
            matched = signed or days.in_digits(run, index) or clock.clock(run, index) or digits.in_digits(run, index)
        elif _begins(token.lower, language) or (token.text[0] in "IVX" and words.beside_century(run, index)):
            matched = days.in_words(run, index) or clock.spoken(run, index) or words.in_words(run, index)
        if matched is None:
            index += 1
        else:
            items += matched[0]
            index = matched[1]
    return items


@remembered
def _begins(word: str, language: str) -> bool:
    """Whether a number or date may begin with a word: one that a list holds, or a compound."""
    return (
        word in lexicon(language).triggers
        or (language == "de" and GERMAN_START.match(word) is not None)
        or (language == "it" and "mil" in word)
    )
