"""The fact guard: the facts of source, summary and translation side by side; what was lost, invented or changed.

A summary may leave facts out, so its lines are checked one way: what they say must be in the article. A translation
is checked both ways. Findings with a confidence of ``FLAGGED`` or more are meant for the reader; the others are
hints, to be shown on request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from summarizer.stages.form import length, looping, malformed
from summarizer.text.facts import Fact, Facts, Gap, completed, denied, facts, is_read, missing, paired, rounded
from summarizer.text.sentences import split
from summarizer.types import Document, Finding, Sentence, Span, Step

__all__ = ["SummaryGuard", "TranslationGuard", "check", "choose", "flagged", "looping"]

_QUIET = 0.2  # below this a finding is noise, and is not even kept as a hint
_ROUNDED = 0.3  # a number that the article has in full is no error, but worth a hint
_ALIKE = 0.6  # Jaccard overlap of words from which a line and a sentence are held to say the same
_AKIN = 0.2  # the same from which a sentence may be what a line was made from, and its facts be what was expected
_SHORTENED = 2.5  # a candidate with so much fewer words is a summary: what it lacks was left out on purpose
_WORD = re.compile(r"\w+")


def check(source: str, candidate: str, *, source_language: str, language: str) -> tuple[Finding, ...]:
    """Compare the facts of ``candidate`` with those of ``source``.

    In the same language, or where the candidate is much shorter, it is taken for a summary: only what it says beyond
    the source is found. Otherwise it is taken for a translation, and what it lost is found too. Languages are
    ISO 639-1 codes. Spans of the findings point into ``candidate`` and ``source`` as given. Never raises on any text.
    """
    shortened = length(source) > _SHORTENED * length(candidate)
    if source_language == language or shortened:
        return SummaryGuard(source, source_language).findings(candidate, language=language)
    return TranslationGuard(source, source_language).findings(candidate, language=language)


def flagged(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings sure enough to be shown to every reader."""
    return tuple(finding for finding in findings if finding.flagged)


def choose(source: str, hypotheses: Sequence[str], *, source_language: str, language: str) -> int:
    """The index of the best translation among ``hypotheses``, which come best-scoring first.

    The first without a flagged finding; where none is clean, the one whose findings weigh least.
    """
    guard = TranslationGuard(source, source_language)
    best, least = 0, float("inf")
    for index, hypothesis in enumerate(hypotheses):
        weight = sum(
            finding.confidence for finding in flagged(guard.findings(hypothesis, language=language, quick=True))
        )
        if weight < least:
            best, least = index, weight
        if weight == 0:
            break
    return best


class TranslationGuard:
    """The facts of one source line, read once and held against any number of translations."""

    def __init__(self, source: str, language: str) -> None:
        self.source = source
        self.language = language
        self._facts = facts(source, language)
        self._length = length(source)

    def findings(
        self, candidate: str, *, language: str, line: int | None = None, quick: bool = False
    ) -> tuple[Finding, ...]:
        """What the translation lost, invented or changed. ``quick`` leaves the question of its language out."""
        if candidate == self.source and language == self.language:
            return ()
        read = facts(candidate, language)
        known = is_read(self._facts.language) and is_read(read.language)
        lost, new = paired(missing(self._facts, read, final=True), missing(read, self._facts), read=known)
        lost, new = completed(lost, self._facts), completed(new, read)
        lost += denied(self._facts, read)
        new += denied(read, self._facts)
        shown = [_lost(gap, line, language) for gap in lost if gap.confidence >= _QUIET]
        told = {id(gap.other) for gap in lost if gap.confidence >= _QUIET}
        shown += [
            _invented(gap, "translation", line, language, _here(gap.other))
            for gap in new
            if gap.confidence >= _QUIET and id(gap.fact) not in told
        ]
        asked = self._length
        form = malformed(self.source, candidate, "translation", line=line, language=language, quick=quick, asked=asked)
        return (*shown, *form)


class _Passage(NamedTuple):
    """A sentence of the article: the words that carry it, its text, and what says where its characters stand."""

    words: frozenset[str]
    text: str
    place: int | Sentence  # an offset into the article, or a sentence that knows its span


class SummaryGuard:
    """The facts of a whole article, read once and held against every line of its summary.

    Spans of the findings point into ``article``; with :meth:`of` into the text as the caller gave it.
    """

    def __init__(self, article: str, language: str, sentences: Sequence[Sentence] = ()) -> None:
        self.article = article
        self.language = language
        self.sentences = sentences
        self._facts: Facts = facts(article, language)
        self._passages: list[_Passage] | None = None

    @classmethod
    def of(cls, document: Document) -> SummaryGuard:
        """A guard for an article that is cleaned and split."""
        return cls("\n".join(item.text for item in document.sentences), document.language, document.sentences)

    def findings(self, summary: str, *, line: int | None = None, language: str | None = None) -> tuple[Finding, ...]:
        """What the line says and the article does not."""
        language = language or self.language
        if summary in self.article:
            return ()
        read = facts(summary, language)
        gaps = [
            Gap(fact, _ROUNDED if rounded(fact, self._facts) else fact.confidence)
            for fact in missing(read, self._facts)
        ]
        shown = [*self._new(gaps, summary, read, line, language), *self._turned(summary, read, line, language)]
        return (*shown, *malformed(self.article, summary, "summary", line=line, language=language, quick=False))

    def _new(self, gaps: list[Gap], summary: str, read: Facts, line: int | None, language: str) -> Iterator[Finding]:
        """What is in the line alone; what the sentence nearest to it has instead is what was expected."""
        gaps = [gap for gap in gaps if gap.confidence >= _QUIET]
        near = self._nearest(summary, _AKIN) if gaps else None
        others = missing(facts(near.text, self.language), read) if near else ()
        _, matched = paired(others, tuple(gap.fact for gap in gaps))
        for gap, match in zip(gaps, matched, strict=True):
            place = _there(near, match.other) if near else None
            yield _invented(Gap(gap.fact, gap.confidence, match.other), "summary", line, language, place)

    def _turned(self, summary: str, read: Facts, line: int | None, language: str) -> Iterator[Finding]:
        """Where the line says nearly what one sentence of the article says, one of them denying."""
        near = self._nearest(summary, _ALIKE) if language == self.language else None
        if near is None:
            return
        source = facts(near.text, self.language)
        for gap in denied(read, source):
            yield _invented(gap, "summary", line, language, None)
        for gap in denied(source, read):
            message = f"the article and the summary differ in “{gap.fact.text}”"
            place = _there(near, gap.fact)
            fact = gap.fact
            yield Finding("summary", fact.kind, "", message, line, language, fact.text, gap.confidence, None, place)

    def _nearest(self, summary: str, least: float) -> _Passage | None:
        """The sentence of the article that shares most words with the line, if it is that much alike."""
        if self._passages is None:
            self._passages = list(self._read())
        words = _content(summary)
        alike = [len(words & passage.words) / (len(words | passage.words) or 1) for passage in self._passages]
        best = max(alike, default=0.0)
        return self._passages[alike.index(best)] if best >= least else None

    def _read(self) -> Iterator[_Passage]:
        for sentence in self.sentences:
            yield _Passage(_content(sentence.text), sentence.text, sentence)
        for start, end in () if self.sentences else split(self.article, self.language):
            yield _Passage(_content(self.article[start:end]), self.article[start:end], start)


def _content(text: str) -> frozenset[str]:
    """The words that carry a sentence: those of four letters and more."""
    return frozenset(word.lower() for word in _WORD.findall(text) if len(word) > 3)


def _here(fact: Fact | None) -> Span | None:
    return Span(fact.start, fact.end, fact.text) if fact else None


def _there(passage: _Passage, fact: Fact | None) -> Span | None:
    """Where a fact of a passage stands in the article."""
    if fact is None:
        return None
    if isinstance(passage.place, int):
        return Span(passage.place + fact.start, passage.place + fact.end, fact.text)
    return _in_source(passage.place, fact)


def _in_source(sentence: Sentence, fact: Fact) -> Span:
    """Letter by letter, as white space was put in order; the whole sentence where markup stands inside."""
    span = sentence.span
    letters = [index for index, letter in enumerate(span.text) if not letter.isspace()]
    first = sum(not letter.isspace() for letter in sentence.text[: fact.start])
    last = first + sum(not letter.isspace() for letter in fact.text) - 1
    if len(span.text) != span.end - span.start or last >= len(letters):
        return span
    text = span.text[letters[first] : letters[last] + 1]
    return Span(span.start + letters[first], span.start + letters[last] + 1, text) if _same(text, fact.text) else span


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _lost(gap: Gap, line: int | None, language: str) -> Finding:
    fact, other = gap.fact, gap.other
    value = other.text if other else ""
    message = (
        f"the source says “{fact.text}”, the translation “{value}”"
        if other
        else f"“{fact.text}” is missing in the translation"
    )
    places = _here(other), _here(fact)
    return Finding("translation", fact.kind, value, message, line, language, fact.text, gap.confidence, *places)


def _invented(gap: Gap, step: Step, line: int | None, language: str, place: Span | None) -> Finding:
    fact = gap.fact
    where = "article" if step == "summary" else "source"
    message = f"“{fact.text}” is not in the {where}"
    if step == "summary" and fact.kind == "negation":
        message = f"the {where} and the {step} differ in “{fact.text}”"
    expected = gap.other.text if gap.other else None
    places = _here(fact), place
    return Finding(step, fact.kind, fact.text, message, line, language, expected, gap.confidence, *places)
