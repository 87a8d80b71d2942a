"""Words that deny: ``nicht``, ``kein``, ``weder ... noch``; ``not``, ``no``, ``without``. Counted, not translated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from summarizer.text.facts.compare import Gap
from summarizer.text.facts.fact import Fact, Facts
from summarizer.text.facts.lexicon import word_list
from summarizer.text.facts.run import Run
from summarizer.text.facts.tokens import WORD

ABSENT, FEWER = 0.6, 0.5  # one side denies and the other nowhere; both deny, one more often


@dataclass(frozen=True, slots=True)
class Denials:
    """What denies in one language: words asked for, a pattern of words that only prove, and idle phrases."""

    strong: frozenset[str]
    endings: tuple[str, ...]
    soft: re.Pattern[str]
    idle: tuple[tuple[str, ...], ...]


@cache
def denials(language: str) -> Denials | None:
    """The lists of ``language``, or None where we have none: then negation is not checked."""
    raw = word_list("negation.yaml").get(language)
    if raw is None:
        return None
    endings = tuple(word[1:] for word in raw["strong"] if word.startswith("*"))
    strong = frozenset(raw["strong"])
    soft = re.compile("|".join(raw["soft"]))
    return Denials(strong, endings, soft, tuple(tuple(phrase.split()) for phrase in raw["idle"]))


def negations(run: Run) -> list[Fact]:
    """Strong negations with a confidence, soft ones without."""
    lists = denials(run.lexicon.language)
    if lists is None:
        return []
    found = []
    for index, token in enumerate(run.found):
        if token.kind != WORD:
            continue
        word = token.lower
        if word in lists.strong or (lists.endings and word.endswith(lists.endings)):
            idle = any(_stands(run, index, phrase) for phrase in lists.idle)
            found.append(run.fact("negation", "not", (index, index + 1), _NOT, confidence=0 if idle else ABSENT))
        elif len(word) > 2 and _is_soft(word, run.lexicon.language):
            found.append(run.fact("negation", "not", (index, index + 1), _NOT, confidence=0))
    return found


_NOT = frozenset(("not",))


@cache
def _is_soft(word: str, language: str) -> bool:
    lists = denials(language)
    return lists is not None and lists.soft.fullmatch(word) is not None


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
    asked = [fact for fact in wanted.items if fact.kind == "negation" and fact.confidence]
    all_wanted, all_held = (sum(fact.kind == "negation" for fact in side.items) for side in (wanted, held))
    strong = sum(fact.kind == "negation" and fact.confidence > 0 for fact in held.items)
    # A soft word stands for the other side's strong one only if it is not spoken for by a soft one already.
    if len(asked) <= strong or all_wanted <= all_held:
        return ()
    return (Gap(asked[strong], FEWER if all_held else ABSENT),)
