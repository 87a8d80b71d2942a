"""Words that deny: ``nicht``, ``kein``, ``weder ... noch``; ``not``, ``no``, ``without``. Counted, not translated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from summarizer.text.facts.compare import Gap
from summarizer.text.facts.fact import Fact, Facts
from summarizer.text.facts.lexicon import word_list
from summarizer.text.facts.names import fold
from summarizer.text.facts.remembering import remembered
from summarizer.text.facts.run import Run
from summarizer.text.facts.tokens import SIGN, WORD

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
    language = run.lexicon.language
    words = (
        index
        for index, token in enumerate(run.found)
        if token.kind == WORD and not _says_nothing(token.lower, language)
    )
    return [fact for index in words if (fact := _negation(run, index, lists))]


@remembered
def _says_nothing(word: str, language: str) -> bool:
    """Whether a word denies nothing, whatever stands around it: nearly all of them."""
    pattern = _OUT.get(language)
    return (
        _weight(word, language) is None
        and not (pattern is not None and pattern.fullmatch(word))
        and word not in _AROUND
        and word not in _SHUTS
        and word not in _RULES
    )


def _negation(run: Run, index: int, lists: Denials) -> Fact | None:
    """What the word at ``index`` denies."""
    word, language = run.word(index), run.lexicon.language
    weight = _weight(word, language)
    value = _NO
    if _excludes(run, index):
        value, weight = OUT, 0
    elif word == "noch" and language == "de" and _before(run, index, _NEITHER, _FAR):
        value, weight = AGAIN, 0
    elif weight == ABSENT and word in _SECOND.get(language, ()):
        value = AGAIN if _before(run, index, lists.strong, _CLAUSE, clause=True) else _NO
        weight = 0 if value == AGAIN else weight
    confidence = _in_phrase(run, index, lists, weight) if weight is not None else None
    if confidence is None:
        return None
    return run.fact("negation", value, (index, index + 1), _NOT, confidence=confidence)


_NO = "not"
_NOT = frozenset(("not",))
AGAIN = "not again"  # the value of a second word for one denial: it answers, and takes no answer from the first
OUT = "ruled out"  # the value of what rules out: by itself a denial, and one that "not" turns round
_OUT = {
    "de": re.compile(r"aus(?:zu|ge|zuge)?schl(?:ie(?:ß|ss)|(?:oss|oß)(?=en$|e?$|t$))(?:e|en|end|t|est)?"),
    "en": re.compile(r"exclud(?:e|es|ed|ing)|preclud(?:e|es|ed|ing)"),
}
_SHUTS = frozenset(["schließe", "schließt", "schließen", "schloss", "schloß", "schlossen", "schliesst", "schliessen"])
_RULES = frozenset(["rule", "rules", "ruled", "ruling"])
_FAR = 30  # words between "schloss" and its "aus"
_STOPS = frozenset((".", "!", "?", ";", ""))
_AFTER_OUT = frozenset(
    ["und", "oder", "aber", "sowie", "sondern", "dass"]
)  # "aus" before any other word is no part of a verb


def _excludes(run: Run, index: int) -> bool:
    """Whether a verb that rules something out begins here: ``schließt … aus``, ``ausgeschlossen``, ``ruled it out``."""
    word, language = run.word(index), run.lexicon.language
    pattern = _OUT.get(language)
    if pattern is not None and word[:2] in ("au", "ex", "pr") and pattern.fullmatch(word):
        return True
    if language == "de" and word in _SHUTS:
        return _shut_out(run, index)
    return language == "en" and word in _RULES and "out" in (run.word(index + 1), run.word(index + 2))


_AROUND = frozenset(("noch",))  # denies after "weder"
_NEITHER = frozenset(("weder",))
_CLAUSE = 7  # words between "no" and the second word that denies the same thing once
# Words that after another denying one of their clause deny nothing more: "no vino nadie", "ne … pas", "non … niente".
_SECOND = {
    "fr": frozenset(["pas", "jamais", "aucun", "aucune", "rien", "personne", "ni"]),
    "es": frozenset(["nunca", "jamás", "nadie", "nada", "ningún", "ninguno", "ninguna", "ni", "tampoco"]),
    "it": frozenset(["mai", "nessuno", "nessun", "nessuna", "niente", "nulla", "né", "neanche", "nemmeno", "neppure"]),
}


def _before(run: Run, index: int, words: frozenset[str], far: int, *, clause: bool = False) -> bool:
    """Whether one of ``words`` stands shortly before ``index``, in the same sentence or clause."""
    for place in range(index - 1, max(-1, index - far - 1), -1):
        token = run.at(place)
        if token.text in _STOPS or (clause and token.kind == SIGN and token.text != "'"):
            return False
        if token.lower in words:
            return True
    return False


def _shut_out(run: Run, index: int) -> bool:
    for place in range(index + 1, index + _FAR):
        token = run.at(place)
        if token.text in _STOPS:
            return False
        after = run.at(place + 1)
        if token.lower == "aus" and (after.kind == SIGN or after.lower in _AFTER_OUT):
            return True
    return False


_PHRASE = -1.0  # a word that denies in a phrase only


@remembered
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
    first = [fact for fact in wanted.of("negation") if fact.value != AGAIN]
    if not first:
        return ()
    asked, answers, double = _without_pairs(first, held.of("negation"))
    if double and not answers and not _POSSIBLE.isdisjoint(held.words):
        return ()
    left = [fact for fact in _unanswered(wanted, held, asked, answers) if fact.confidence > (FIRM if answers else 0)]
    return (Gap(left[0], min(left[0].confidence, FEWER) if answers else left[0].confidence),) if left else ()


_POSSIBLE = frozenset(  # what "nicht ausgeschlossen" is in other words
    fold(word)
    for word in [
        "possible",
        "possibly",
        "possibility",
        "may",
        "might",
        "could",
        "conceivable",
        "open",
        "möglich",
        "möglicherweise",
        "denkbar",
        "könnte",
        "könnten",
        "offen",
    ]
)


def _without_pairs(asked: Sequence[Fact], answers: Sequence[Fact]) -> tuple[Sequence[Fact], Sequence[Fact], bool]:
    """What rules out on both sides answers each other; and whether more does so on the asking side, where "nicht
    ausgeschlossen" may be "possible".
    """
    one, other = (sum(fact.value == OUT for fact in side) for side in (asked, answers))
    both = min(one, other)
    return _less(asked, both), _less(answers, both), one > other


def _less(side: Sequence[Fact], most: int) -> Sequence[Fact]:
    """``side`` without the first ``most`` that rule out."""
    drop = {id(fact) for fact in [fact for fact in side if fact.value == OUT][:most]}
    return [fact for fact in side if id(fact) not in drop]


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
