"""Words that deny: ``nicht``, ``kein``, ``weder ... noch``; ``not``, ``no``, ``without``. Counted, not translated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

from summarizer.text.facts.compare import Gap
from summarizer.text.facts.fact import Fact, Facts
from summarizer.text.facts.lexicon import word_list
from summarizer.text.facts.run import Run
from summarizer.text.facts.tokens import WORD

ABSENT, FEWER = 0.6, 0.5  # one side denies and the other nowhere; both deny, one more often
FIRM = 0.55  # a word such as "unmöglich": asked for only where the other side has no denying word at all
# A word that only proves counts near the place where the other side denies: in shares of the text, and at least so
# many characters. 0.2 finds 3 % more lost negations in 13,900 WMT news pairs than counting does.
_NEAR, _NEAR_CHARACTERS = 0.25, 25
_MANY = 10_000  # pairs of negations; texts with more are compared by their number


Phrases: TypeAlias = Mapping[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class Denials:
    """What denies in one language.

    ``strong`` words are asked for, ``firm`` ones where the other side denies nowhere, ``soft`` ones only prove, and so
    do ``phrases``. In ``idle`` phrases a strong word is not asked for. Phrases are found by their words.
    """

    strong: frozenset[str]
    endings: tuple[str, ...]
    firm: re.Pattern[str]
    soft: re.Pattern[str]
    idle: Phrases
    phrases: Phrases


@cache
def denials(language: str) -> Denials | None:
    """The lists of ``language``, or None where we have none: then negation is not checked."""
    raw = word_list("negation.yaml").get(language)
    if raw is None:
        return None
    endings = tuple(word[1:] for word in raw["strong"] if word.startswith("*"))
    strong = frozenset(raw["strong"])
    firm, soft = (re.compile("|".join(raw.get(name, ())) or "(?!)") for name in ("firm", "soft"))
    return Denials(strong, endings, firm, soft, _phrases(raw["idle"], 9), _phrases(raw.get("phrases", ()), 1))


def _phrases(listed: Iterable[str], most: int) -> Phrases:
    """Each phrase under each of its words, ``most`` of them."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in listed:
        words = tuple(phrase.split())
        for word in set(words[:most]):
            table.setdefault(word, []).append(words)
    return {word: tuple(phrases) for word, phrases in table.items()}


def negations(run: Run) -> list[Fact]:
    """Strong negations with a confidence, soft ones without."""
    lists = denials(run.lexicon.language)
    if lists is None:
        return []
    found = []
    for index, token in enumerate(run.found):
        weight = _weight(token.lower, run.lexicon.language) if token.kind == WORD else None
        if weight is None:
            continue
        confidence = _in_phrase(run, index, lists, weight)
        if confidence is not None:
            found.append(run.fact("negation", "not", (index, index + 1), _NOT, confidence=confidence))
    return found


_NOT = frozenset(("not",))
_PHRASE = -1.0  # a word that denies in a phrase only


@lru_cache(maxsize=1 << 16)
def _weight(word: str, language: str) -> float | None:
    """How surely a word by itself must be answered; 0 if it only proves, None if it denies nothing."""
    lists = denials(language)
    if lists is None:
        return None
    if word in lists.strong or (lists.endings and word.endswith(lists.endings)):
        return ABSENT
    if len(word) > 2 and lists.firm.fullmatch(word):
        return FIRM
    if len(word) > 2 and lists.soft.fullmatch(word):
        return 0
    return _PHRASE if word in lists.phrases else None


def _in_phrase(run: Run, index: int, lists: Denials, weight: float) -> float | None:
    """The same with the words around it: 0 in an idle phrase, and in one that only proves."""
    word = run.word(index)
    if weight == ABSENT and any(_stands(run, index, phrase) for phrase in lists.idle.get(word, ())):
        return 0
    if weight == _PHRASE:
        return 0 if any(_stands(run, index, phrase) for phrase in lists.phrases[word]) else None
    return weight


def _stands(run: Run, index: int, phrase: tuple[str, ...]) -> bool:
    """Whether the phrase stands around ``index``, its strong word at that place."""
    word = run.word(index)
    return any(
        part == word and all(run.word(index - place + step) == other for step, other in enumerate(phrase))
        for place, part in enumerate(phrase)
    )


def denied(wanted: Facts, held: Facts) -> tuple[Gap, ...]:
    """The negations of ``wanted`` that ``held`` has no word for; at most one, as one is enough to turn a sentence."""
    if denials(wanted.language) is None or denials(held.language) is None:
        return ()
    asked, answers = wanted.of("negation"), held.of("negation")
    if not asked:
        return ()
    left = [fact for fact in _unanswered(wanted, held, asked, answers) if fact.confidence > (FIRM if answers else 0)]
    return (Gap(left[0], min(left[0].confidence, FEWER) if answers else left[0].confidence),) if left else ()


def _unanswered(wanted: Facts, held: Facts, asked: Sequence[Fact], answers: Sequence[Fact]) -> Sequence[Fact]:
    """What is left of ``asked`` when each has taken one answer: a strong one anywhere, another near its own place."""
    if len(asked) * len(answers) > _MANY:
        return asked[len(answers) :]
    near = max(_NEAR, _NEAR_CHARACTERS / max(1, min(wanted.size, held.size)))
    pairs = []
    for row, one in enumerate(asked):
        for column, other in enumerate(answers):
            apart = abs(one.start / wanted.size - other.start / held.size)
            weak = min(one.confidence, other.confidence) <= FIRM
            if apart <= near or not weak:
                pairs.append((weak, apart, row, column))
    rows: set[int] = set()
    columns: set[int] = set()
    for _, _, row, column in sorted(pairs):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
    return [fact for row, fact in enumerate(asked) if row not in rows]
