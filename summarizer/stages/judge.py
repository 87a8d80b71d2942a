"""A second opinion on written lines: a classifier reads the article and says whether it backs each of them.

A line is read against its evidence first, then against the whole article, window by window; its best reading counts.
Lines taken word by word are not judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from summarizer.text.chunks import chunks, split_to_fit
from summarizer.types import Document, Draft, Finding, Line


class Backer(Protocol):
    """What a judge asks of a classifier."""

    @property
    def name(self) -> str:
        """Weights and revision."""

    @property
    def window(self) -> int:
        """The most tokens that both texts together may take."""

    def count(self, text: str) -> int:
        """Tokens of one text."""

    def backed(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """For each (premise, hypothesis) the probability that the premise backs the hypothesis."""

    def close(self) -> None:
        """Free the weights."""


class Drafter(Protocol):
    """A summariser stage."""

    @property
    def name(self) -> str:
        """What the signature prints."""

    def summarize(self, documents: Sequence[Document], *, sentences: int) -> list[Draft]:
        """One draft per document, in order."""

    def close(self) -> None:
        """Free what it holds."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A line to be judged."""

    document: int
    place: int
    text: str


class JudgedSummarizer:
    """A summariser whose written lines are judged; what the judge does not believe is an ``unsupported`` finding.

    ``threshold`` is the probability of being backed under which a line is doubted.
    """

    def __init__(self, summarizer: Drafter, judge: Backer, *, threshold: float = 0.5) -> None:
        self.summarizer = summarizer
        self.judge = judge
        self.threshold = threshold

    @property
    def name(self) -> str:
        """The summariser, the judge and its threshold."""
        return f"{self.summarizer.name}+{self.judge.name}<{self.threshold:g}"

    def summarize(self, documents: Sequence[Document], *, sentences: int) -> list[Draft]:
        """The drafts of the summariser with the judge's findings; all lines of a batch are judged together."""
        drafts = self.summarizer.summarize(documents, sentences=sentences)
        cases = [
            _Case(index, place, line.text)
            for index, draft in enumerate(drafts)
            for place, line in enumerate(draft.lines)
            if line.support < 1.0
        ]
        near = self._best(cases, [_evidence(documents[case.document], _line(drafts, case)) for case in cases])
        doubted = [case for case in cases if near[case] < self.threshold]
        wide = self._best(doubted, [[item.text for item in documents[case.document].body] for case in doubted])
        for case in doubted:
            chance = max(near[case], wide[case])
            if chance < self.threshold:
                draft = drafts[case.document]
                drafts[case.document] = replace(draft, findings=(*draft.findings, self._finding(case, chance)))
        return drafts

    def close(self) -> None:
        """Free both."""
        self.summarizer.close()
        self.judge.close()

    def _best(self, cases: Sequence[_Case], sources: Sequence[Sequence[str]]) -> dict[_Case, float]:
        """For each line its best reading among the windows of its source."""
        asked = [
            (case, premise)
            for case, source in zip(cases, sources, strict=True)
            for premise in self._premises(source, case.text)
        ]
        chances = self.judge.backed([(premise, case.text) for case, premise in asked]) if asked else []
        best = dict.fromkeys(cases, 0.0)
        for (case, _), chance in zip(asked, chances, strict=True):
            best[case] = max(best[case], chance)
        return best

    def _premises(self, source: Sequence[str], line: str) -> list[str]:
        """Whole sentences in as many windows as they need, the line's own tokens taken off.

        A line so long that it leaves no room for a premise is backed by nothing that can be read.
        """
        room = self.judge.window - self.judge.count(line)
        if room < self.judge.window // 4:
            return []
        count = self.judge.count
        fitting = [piece for text in source for piece in split_to_fit(text, window=room, count=count)]
        return [" ".join(fitting[index] for index in chunk) for chunk in chunks(fitting, window=room, count=count)]

    def _finding(self, case: _Case, chance: float) -> Finding:
        message = f"{self.judge.name} holds that the article does not say this (probability {1 - chance:.2f})."
        return Finding("summary", "unsupported", case.text, message, case.place, confidence=round(1 - chance, 4))


def _line(drafts: Sequence[Draft], case: _Case) -> Line:
    return drafts[case.document].lines[case.place]


def _evidence(document: Document, line: Line) -> list[str]:
    """The sentences the line rests on, in reading order."""
    return [item.text for item in document.sentences if item.span in line.evidence]
