"""Written lines that the article does not back give way: to another wording of the model, else to the article's own.

Every replacement is an ``unsupported`` finding that names the sentence dropped. No two lines are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from rapidfuzz import fuzz

from summarizer.stages.checks import SummaryGuard
from summarizer.stages.evidence import LEAST_SUPPORT, EvidenceIndex
from summarizer.stages.extractive import ExtractiveSummarizer
from summarizer.types import Document, Finding, Line

_FACTS = ("number", "date", "name", "negation")
_REWORDED, _REPLACED = 0.3, 0.6  # confidence: another wording is a hint, another sentence is shown to every reader
_LIKE = 50  # of 100, rapidfuzz ratio: under this another hypothesis says something else; not tuned


class Backing:
    """One article, ready to back the lines of its summary."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._index = EvidenceIndex(document.sentences, document.language)

    @cached_property
    def _guard(self) -> SummaryGuard:
        return SummaryGuard.of(self.document)

    def line(self, text: str) -> Line:
        """The line with its evidence."""
        evidence, support = self._index.link(text)
        return Line(text, {}, evidence, support)

    def doubt(self, line: Line) -> str | None:
        """Why the article does not back the line; None where it does."""
        if line.support == 1.0:  # taken word by word
            return None
        if line.support < LEAST_SUPPORT:
            return "the article hardly says it"
        found = self._guard.findings(line.text)
        return next((finding.message for finding in found if finding.flagged and finding.kind in _FACTS), None)

    def mended(self, texts: Sequence[str], others: Sequence[str] = ()) -> tuple[list[Line], list[Finding]]:
        """The lines, each backed where that can be had. ``others`` are sentences of the model's other hypotheses."""
        lines: list[Line] = []
        findings: list[Finding] = []
        for text in texts:
            line = self.line(text)
            why = self.doubt(line)
            if why is not None:
                taken = {*texts, *(kept.text for kept in lines)}
                line, finding = self._instead(line, why, taken, others, place=len(lines))
                findings += [finding] if finding else []
            if line.text not in (kept.text for kept in lines):
                lines.append(line)
        return lines, findings

    def _instead(
        self, line: Line, why: str, taken: set[str], others: Sequence[str], *, place: int
    ) -> tuple[Line, Finding | None]:
        """What stands in place of a line, and the finding that says so; the line itself where there is nothing."""
        said = f"The model wrote “{line.text}”, but {why};"
        reworded = self._reworded(line.text, [other for other in others if other not in taken])
        if reworded is not None:
            return reworded, _unsupported(
                line, reworded, f"{said} another of its wordings was taken.", place, _REWORDED
            )
        sentence = self._sentence(line, taken)
        if sentence is not None:
            message = f"{said} a sentence of the article stands in its place."
            return sentence, _unsupported(line, sentence, message, place, _REPLACED)
        return line, None  # the checks of the chain say what is wrong with it

    def _reworded(self, text: str, others: Sequence[str]) -> Line | None:
        """The backed hypothesis most like ``text``."""
        alike = sorted(((fuzz.ratio(text, other), other) for other in others), key=lambda pair: -pair[0])
        lines = (self.line(other) for likeness, other in alike if likeness >= _LIKE)
        return next((line for line in lines if self.doubt(line) is None), None)

    def _sentence(self, line: Line, taken: set[str]) -> Line | None:
        """The article's own: the line's best evidence, else what an extractive summary would say first."""
        body = {sentence.span: sentence.text for sentence in self.document.body}
        near = [body[span] for span in line.evidence if span in body]
        first = ExtractiveSummarizer().summarize([self.document], sentences=len(taken) + 1)[0].lines
        texts = (text for text in (*near, *(one.text for one in first)) if text not in taken)
        text = next(texts, None)
        return None if text is None else self.line(text)


def _unsupported(dropped: Line, kept: Line, message: str, place: int, confidence: float) -> Finding:
    return Finding("summary", "unsupported", dropped.text, message, place, expected=kept.text, confidence=confidence)
