"""Each summary line back to the source sentences that hold it: verbatim, shortened, merged or reworded.

Support is the share of the line's words, rare ones counting more, that stand in the sentences named, and of its numbers,
dates and names that the source holds. A word stands in a sentence if it occurs there, or in part if a word of the same
family does ("Pauschale" in "Pendlerpauschale"). It tells where a line comes from, not whether it is true: that is
:mod:`summarizer.stages.checks`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from summarizer.stages.ranking import words
from summarizer.text.facts import Facts, facts, missing
from summarizer.types import Sentence, Span

MOST = 3  # sentences a reader is willing to look up for one line
LEAST = 0.1  # share of the line a sentence must add to be named
# Support from which a line is held to come from the article: of editors' lines 1.6 % (news) and 5.9 % (encyclopedia) are
# below it in their own article, 94 % and 31 % in another.
LEAST_SUPPORT = 0.2
KIN = 0.7  # share of letter groups from which two words are of one family
GROUP = 4  # letters in a group
# What the facts weigh beside the words: editors' lines against their own article and against another, area under the curve
# .994 without and .997 with them on 313 lines of news, .797 and .807 on 1,503 of an encyclopedia (best of 0.1 to 2).
FACTS = 0.2
REWORDED = 0.99  # the most for a line that is not taken word by word: it may have lost a "not"
FULL_LENGTH = 6  # letters from which a word counts in full: shorter ones are mostly articles and prepositions


class EvidenceIndex:
    """The sentences of one document, ready to be searched by many lines.

    With ``language`` (ISO 639-1) facts count beside words.
    """

    def __init__(self, sentences: Sequence[Sentence], language: str | None = None) -> None:
        self._sentences, self._language = sentences, language
        self._spans = [sentence.span for sentence in sentences]
        self._verbatim: dict[str, int] = {}
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for index, sentence in enumerate(sentences):
            self._verbatim.setdefault(_on_one_line(sentence.text), index)
            for word in set(words(sentence.text)):
                holders[word].append(index)
        self._holders = {word: np.array(rows) for word, rows in holders.items()}
        self._families: defaultdict[str, list[str]] = defaultdict(list)
        for word in holders:
            for group in _groups(word):
                self._families[group].append(word)
        self._kin: dict[str, dict[str, float]] = {}

    def link(self, line: str) -> tuple[tuple[Span, ...], float]:
        """The spans that hold ``line``, best first, at most three; and its support between 0 and 1.

        A line that stands in the source word by word gets that one span and 1.0; a line that shares next to nothing
        with any sentence gets ``()`` and 0.0.
        """
        same = self._verbatim.get(_on_one_line(line))
        if same is not None:
            return (self._spans[same],), 1.0
        counts = Counter(words(line))
        if not counts or not self._spans:
            return (), 0.0
        weights = np.array([self._weight(word) * count for word, count in counts.items()])
        credit = np.stack([self._credit(word) for word in counts])
        chosen, support = _cover(weights / weights.sum(), credit)
        support = min(REWORDED, round(self._with_facts(line, support), 4)) if chosen else 0.0
        return tuple(self._spans[index] for index in chosen), support

    def _with_facts(self, line: str, support: float) -> float:
        """``support`` and the share of the line's facts that the source holds, the surer ones counting more."""
        if self._facts is None or self._language is None:
            return support
        said = facts(line, self._language)
        asked = sum(fact.confidence for fact in said if fact.kind != "negation")
        if not asked:
            return support
        held = 1 - sum(fact.confidence for fact in missing(said, self._facts)) / asked
        return (support + FACTS * held) / (1 + FACTS)

    @cached_property
    def _facts(self) -> Facts | None:
        """What all sentences together say; read when the first line asks that is not taken word by word."""
        return facts("\n".join(item.text for item in self._sentences), self._language) if self._language else None

    def _weight(self, word: str) -> float:
        spread = len(self._holders.get(word, ()))
        rarity = float(np.log((len(self._spans) + 1) / (spread + 0.5)))
        return rarity if word.isdigit() else rarity * min(1.0, len(word) / FULL_LENGTH)

    def _credit(self, word: str) -> NDArray[np.float64]:
        """How much of ``word`` each sentence holds, from 0 to 1."""
        credit = np.zeros(len(self._spans))
        for other, likeness in self._family(word).items():
            rows = self._holders[other]
            credit[rows] = np.maximum(credit[rows], likeness)
        return credit

    def _family(self, word: str) -> dict[str, float]:
        """Words of the source like ``word``, itself first, with their likeness."""
        if word not in self._kin:
            groups = _groups(word)
            shared = Counter(other for group in groups for other in self._families.get(group, ()))
            alike = {other: count / min(len(groups), len(_groups(other))) for other, count in shared.items()}
            family = {other: likeness for other, likeness in alike.items() if likeness >= KIN}
            self._kin[word] = {**family, word: 1.0} if word in self._holders else family
        return self._kin[word]


def link(text: str, sentences: Sequence[Sentence]) -> tuple[tuple[Span, ...], float]:
    """One line against ``sentences``; for several lines build the :class:`EvidenceIndex` once."""
    return EvidenceIndex(sentences).link(text)


def _cover(weights: NDArray[np.float64], credit: NDArray[np.float64]) -> tuple[list[int], float]:
    """Greedily the sentences that add most to what is held of the line; the earlier one of equals."""
    held = np.zeros(len(weights))
    chosen: list[int] = []
    while len(chosen) < MOST:
        gains = weights @ np.maximum(credit - held[:, None], 0)
        best = int(np.argmax(gains.round(9)))
        if gains[best] < LEAST:
            break
        chosen.append(best)
        held = np.maximum(held, credit[:, best])
    return chosen, min(1.0, float(weights @ held))


def _groups(word: str) -> set[str]:
    """The letter groups of a word; none for numbers and short words, which have no family."""
    if len(word) <= GROUP or any(character.isdigit() for character in word):
        return set()
    return {word[start : start + GROUP] for start in range(len(word) - GROUP + 1)}


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
