"""The fact guard: the facts of source, summary and translation side by side; what was lost, invented or changed.

A summary may leave facts out, so its lines are checked one way: what they say must be in the article. A translation
is checked both ways. Findings with a confidence of ``FLAGGED`` or more are meant for the reader; the others are
hints, to be shown on request.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from summarizer.text.facts import Facts, Gap, denied, facts, missing, paired, rounded
from summarizer.text.language import foreign
from summarizer.types import Finding, Step

__all__ = ["SummaryGuard", "TranslationGuard", "check", "check_lines", "choose", "flagged", "looping"]

_QUIET = 0.2  # below this a finding is noise, and is not even kept as a hint
_ROUNDED = 0.3  # a number that the article has in full is no error, but worth a hint
_ALIKE = 0.6  # Jaccard overlap of words from which a line and a sentence are held to say the same
_SHORTENED = 2.5  # a candidate with so much fewer words is a summary: what it lacks was left out on purpose
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[^.!?…\n]+")
_LOOP_WORDS, _LOOP_TIMES, _LOOP_LONGEST = (
    4,
    3,
    12,
)  # four words three times in a row: what stuck decoders write and people do not
_LINE, _LONG_WORD = 80, 5  # words of a line; letters of a word that is no "one of the"
# A translation with so few of the source's words lacks something: of 6,002 German-English pairs by people
# (newstest2017 and 2018) none is that short, and 11 are below 0.65.
_SOME_WORDS, _FEWEST = 10, 0.55
_REPEATED_SENTENCE = 5  # words; "Yes. Yes." is style


def check(source: str, candidate: str, *, source_language: str, language: str) -> tuple[Finding, ...]:
    """Compare the facts of ``candidate`` with those of ``source``.

    In the same language, or where the candidate is much shorter, it is taken for a summary: only what it says beyond
    the source is found. Otherwise it is taken for a translation, and what it lost is found too. Languages are
    ISO 639-1 codes. Never raises on any text.
    """
    shortened = len(_WORD.findall(source)) > _SHORTENED * len(_WORD.findall(candidate))
    if source_language == language or shortened:
        return SummaryGuard(source, source_language).findings(candidate, language=language)
    return TranslationGuard(source, source_language).findings(candidate, language=language)


def check_lines(
    article: str, lines: Sequence[str], translations: Mapping[str, Sequence[str]], *, language: str
) -> tuple[Finding, ...]:
    """Check summary lines against the article, and each translation of a line against that line.

    ``translations`` maps a language to one text per line.
    """
    guard = SummaryGuard(article, language)
    found = [finding for number, line in enumerate(lines) for finding in guard.findings(line, line=number)]
    guards = [TranslationGuard(line, language) for line in lines]
    for target, texts in translations.items():
        for number, (line_guard, text) in enumerate(zip(guards, texts, strict=True)):
            found += line_guard.findings(text, language=target, line=number)
    return tuple(found)


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

    def findings(
        self, candidate: str, *, language: str, line: int | None = None, quick: bool = False
    ) -> tuple[Finding, ...]:
        """What the translation lost, invented or changed. ``quick`` leaves the question of its language out."""
        if candidate == self.source and language == self.language:
            return ()
        read = facts(candidate, language)
        lost, new = paired(missing(self._facts, read), missing(read, self._facts))
        lost += denied(self._facts, read)
        new += denied(read, self._facts)
        shown = [_lost(gap, line, language) for gap in lost if gap.confidence >= _QUIET]
        told = {id(gap.other) for gap in lost if gap.confidence >= _QUIET}
        shown += [
            _invented(gap, "translation", line, language)
            for gap in new
            if gap.confidence >= _QUIET and id(gap.fact) not in told
        ]
        return (*shown, *_form(self.source, candidate, "translation", line, language, quick=quick))


class SummaryGuard:
    """The facts of a whole article, read once and held against every line of its summary."""

    def __init__(self, article: str, language: str) -> None:
        self.article = article
        self.language = language
        self._facts: Facts = facts(article, language)
        self._sentences: list[tuple[frozenset[str], str]] | None = None

    def findings(self, summary: str, *, line: int | None = None, language: str | None = None) -> tuple[Finding, ...]:
        """What the line says and the article does not."""
        language = language or self.language
        if summary in self.article:
            return ()
        read = facts(summary, language)
        new = [
            Gap(fact, _ROUNDED if rounded(fact, self._facts) else fact.confidence)
            for fact in missing(read, self._facts)
        ]
        if language == self.language:
            new += self._turned(summary, read)
        shown = [_invented(gap, "summary", line, language) for gap in new if gap.confidence >= _QUIET]
        return (*shown, *_form(self.article, summary, "summary", line, language, quick=False))

    def _turned(self, summary: str, read: Facts) -> list[Gap]:
        """Where the line says nearly what one sentence of the article says, one of them denying."""
        words = _content(summary)
        if self._sentences is None:
            self._sentences = [(_content(sentence), sentence) for sentence in _SENTENCE.findall(self.article)]
        alike, sentence = max(
            ((len(words & other) / (len(words | other) or 1), text) for other, text in self._sentences),
            default=(0.0, ""),
        )
        if alike < _ALIKE:
            return []
        source = facts(sentence, self.language)
        return [*denied(read, source), *denied(source, read)]


def _content(text: str) -> frozenset[str]:
    """The words that carry a sentence: those of four letters and more."""
    return frozenset(word.lower() for word in _WORD.findall(text) if len(word) > 3)


def looping(text: str) -> str | None:
    """The words that ``text`` repeats without end, or None: four words three times in a row, or a sentence twice."""
    words = [word.lower() for word in _WORD.findall(text)]
    seen: dict[tuple[str, ...], int] = {}
    for index in range(len(words) - _LOOP_WORDS + 1):
        gram = tuple(words[index : index + _LOOP_WORDS])
        size = index - seen.get(gram, -_LOOP_LONGEST - 1)
        seen[gram] = index
        rest = max(size, _LOOP_WORDS) * (_LOOP_TIMES - 1)
        if size <= _LOOP_LONGEST and words[index : index + rest] == words[index - size : index - size + rest]:
            return " ".join(words[index : index + max(size, _LOOP_WORDS)])
    phrase = _overused(words)
    if phrase is not None:
        return phrase
    sentences = [" ".join(_WORD.findall(part)).lower() for part in _SENTENCE.findall(text)]
    sentences = [sentence for sentence in sentences if sentence]
    return next(
        (one for one, two in pairwise(sentences) if one == two and one.count(" ") >= _REPEATED_SENTENCE - 1), None
    )


def _overused(words: Sequence[str]) -> str | None:
    """Three words, one of them long, that stand three times in a line of ordinary length, in a row or not."""
    if len(words) > _LINE:
        return None
    grams = Counter(zip(words, words[1:], words[2:], strict=False))
    often = (gram for gram, times in grams.items() if times >= _LOOP_TIMES and max(map(len, gram)) >= _LONG_WORD)
    return next((" ".join(gram) for gram in often), None)


def _form(source: str, candidate: str, step: Step, line: int | None, language: str, *, quick: bool) -> list[Finding]:
    """Findings that are no facts: words without end, far too few of them, the wrong language."""
    found = []
    asked, given = len(_WORD.findall(source)), len(_WORD.findall(candidate))
    if step == "translation" and asked >= _SOME_WORDS and given < _FEWEST * asked:
        message = f"the translation has {given} words for {asked}; something may be missing"
        found.append(Finding(step, "omission", candidate[-40:], message, line, language, None, 0.7))
    loop = looping(candidate)
    if loop is not None and (looping(source) is None or step == "summary"):
        found.append(Finding(step, "repetition", loop, f"the {step} repeats “{loop}”", line, language, None, 0.9))
    other = None if quick or not candidate.strip() else foreign([candidate], language)[0]
    if other is not None:
        message = f"the {step} is in “{other}” where “{language}” was asked for"
        found.append(Finding(step, "language", other, message, line, language, language, 0.8))
    return found


def _lost(gap: Gap, line: int | None, language: str) -> Finding:
    fact, other = gap.fact, gap.other
    if other is None:
        message = f"“{fact.text}” is missing in the translation"
        return Finding("translation", fact.kind, "", message, line, language, fact.text, gap.confidence)
    message = f"the source says “{fact.text}”, the translation “{other.text}”"
    return Finding("translation", fact.kind, other.text, message, line, language, fact.text, gap.confidence)


def _invented(gap: Gap, step: Step, line: int | None, language: str) -> Finding:
    where = "article" if step == "summary" else "source"
    message = f"“{gap.fact.text}” is not in the {where}"
    if step == "summary" and gap.fact.kind == "negation":
        message = f"the {where} and the {step} differ in “{gap.fact.text}”"
    expected = gap.other.text if gap.other else None
    return Finding(step, gap.fact.kind, gap.fact.text, message, line, language, expected, gap.confidence)
