"""Sentences whose translation lost or changed a fact, translated again in other ways; the best of all is kept.

The ways: in parts, cut at clauses; with the names it loses put aside; with another beam. Only sentences with findings
are tried again, all of them together in at most three calls of the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from summarizer.models.protocol import Options
from summarizer.stages.checks import TranslationGuard
from summarizer.stages.notation import renotated
from summarizer.stages.placeholders import Aside, names_aside
from summarizer.text.facts.names import common
from summarizer.types import Finding, Generation

Ask = Callable[[Sequence[str], Options], list[Generation]]

# Words of a part. First long parts, which read better, then short ones, which keep more: of 152 sentences of newstest2017
# with findings 70 and 81 came out clean (chrF +1.3 and +1.0), with a second beam of sixteen 45, greedily 42.
LONG_PART, SHORT_PART = 7, 4
BEAMS = 4  # for a second try: a choice for speed; the figures above were taken with eight
SHORTEST = 0.75  # of the words of what it replaces: a clean sentence that leaves out half is no repair; not tuned
_JOINTS = {
    "de": "und oder aber doch sondern denn",
    "en": "and or but",
    "es": "y o pero",
    "fr": "et ou mais",
    "it": "e o ma",
}
_END = re.compile(r"[.!?…][\"'“”»)]*$")
_STOP = re.compile(r"\.([\"'“”»)]*)$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One translation of a sentence. ``weight``: what its flagged findings weigh; ``lost``: names it lacks.

    ``restored`` are the names that were put aside and put back.
    """

    text: str
    weight: float
    lost: int
    score: float
    truncated: bool = False
    repeated: bool = False
    restored: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[float, int, float]:
        """Smaller is better: findings first, then names lost, then the model's own score."""
        return (self.weight, self.lost, -self.score)


class Choice:
    """One sentence and the best of its translations seen so far."""

    def __init__(self, text: str, hypotheses: Iterable[Generation], *, source: str, target: str) -> None:
        self.text, self.source, self.target = text, source, target
        self._guard = TranslationGuard(text, source)
        self.best, self.findings = self._first(list(hypotheses))
        self.aside = names_aside(text, self.findings, source=source, target=target)
        if self.aside:
            self.best = replace(self.best, lost=len(self.aside.missing(self.best.text)))
            self._correct(self.aside)

    @property
    def flawed(self) -> bool:
        """Whether the best so far has a flagged finding."""
        return self.best.weight > 0

    def offer(self, generation: Generation, restored: tuple[str, ...] = ()) -> None:
        """Take another translation if it is better, and not so short that something else must be missing."""
        if len(generation.text.split()) < SHORTEST * len(self.best.text.split()):
            return
        candidate, _ = self._judged(generation)
        lost = len(self.aside.missing(candidate.text)) if self.aside else 0
        candidate = replace(candidate, lost=lost, restored=restored)
        if candidate.key < self.best.key:
            self.best = candidate

    def _correct(self, aside: Aside) -> None:
        """Offer the best with names in the place of their garbled forms, which leaves the rest as it is."""
        text = aside.corrected(self.best.text)
        if text is not None:
            best = self.best
            self.offer(Generation(text, best.score, truncated=best.truncated, repeated=best.repeated), aside.names)

    def _first(self, hypotheses: Sequence[Generation]) -> tuple[Candidate, tuple[Finding, ...]]:
        """The first without a flagged finding; where none is clean, the one whose findings weigh least."""
        found: list[tuple[Candidate, tuple[Finding, ...]]] = []
        for hypothesis in hypotheses:
            found.append(self._judged(hypothesis))
            if not found[-1][0].weight:
                return found[-1]
        return min(found, key=lambda one: one[0].weight)

    def _judged(self, generation: Generation) -> tuple[Candidate, tuple[Finding, ...]]:
        text = renotated(self.text, generation.text, source=self.source, target=self.target)
        findings = self._guard.findings(text, language=self.target, quick=True)
        weight = round(sum(finding.confidence for finding in findings if finding.flagged), 2)
        score = generation.score or 0.0
        return Candidate(text, weight, 0, score, generation.truncated, generation.repeated), findings


def repair(choices: Sequence[Choice], ask: Ask, options: Options, *, fits: Callable[[str], bool]) -> None:
    """Try again what has findings, until it has none or the ways are used up; each choice keeps its best.

    ``ask`` is the model; ``fits`` says whether it reads a text as a whole.
    """
    again = replace(options, beams=min(options.beams, BEAMS), hypotheses=min(options.hypotheses, BEAMS))
    other = replace(options, beams=1 if options.beams > 1 else BEAMS, hypotheses=1)
    flawed = [choice for choice in choices if choice.flawed]
    first = [
        *map(_in_parts(LONG_PART), flawed),
        *(_put_aside(choice) for choice in choices if choice.best.lost or choice.flawed),
    ]
    _try(_fitting(first, fits), ask, again)
    flawed = [choice for choice in flawed if choice.flawed]
    _try(_fitting(map(_in_parts(SHORT_PART), flawed), fits), ask, again)
    _try([_whole(choice) for choice in flawed if choice.flawed], ask, other)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Texts to be translated, and what to do with the answers."""

    texts: tuple[str, ...]
    take: Callable[[Sequence[Generation]], None]


def _try(attempts: Sequence[_Attempt], ask: Ask, options: Options) -> None:
    """All attempts in one call of the model, each text once."""
    texts = list(dict.fromkeys(chain.from_iterable(attempt.texts for attempt in attempts)))
    answers = dict(zip(texts, ask(texts, options), strict=True))
    for attempt in attempts:
        attempt.take([answers[text] for text in attempt.texts])


def _fitting(attempts: Iterable[_Attempt | None], fits: Callable[[str], bool]) -> list[_Attempt]:
    return [attempt for attempt in attempts if attempt is not None and all(map(fits, attempt.texts))]


def _whole(choice: Choice) -> _Attempt:
    return _Attempt((choice.text,), lambda answers: choice.offer(answers[0]))


def _put_aside(choice: Choice) -> _Attempt | None:
    aside = choice.aside
    return _Attempt((aside.text,), lambda answers: _put_back(choice, aside, answers[0])) if aside else None


def _put_back(choice: Choice, aside: Aside, answer: Generation) -> None:
    for generation in (answer, *answer.alternatives):
        text = aside.put_back(generation.text)
        if text is not None:
            choice.offer(replace(generation, text=text, alternatives=()), aside.names)


def _in_parts(least: int) -> Callable[[Choice], _Attempt | None]:
    def attempt(choice: Choice) -> _Attempt | None:
        texts = parts(choice.text, choice.source, least=least)
        return _Attempt(tuple(texts), lambda answers: choice.offer(_joined(choice, texts, answers))) if texts else None

    return attempt


def parts(text: str, language: str, *, least: int) -> list[str]:
    """The sentence cut at commas, semicolons, dashes and before conjunctions, ``least`` words or more in a part.

    An empty list where there is nothing to cut.
    """
    found = [""]
    for piece in _cut(language).split(text):
        if len(found[-1].split()) >= least:
            found.append("")
        found[-1] = f"{found[-1]} {piece}".strip()
    if len(found) > 1 and len(found[-1].split()) < least:
        rest = found.pop()
        found[-1] = f"{found[-1]} {rest}"
    return found if len(found) > 1 else []


@cache
def _cut(language: str) -> re.Pattern[str]:
    joints = _JOINTS.get(language, "").split()
    before = rf"|\s+(?=(?:{'|'.join(joints)})\s)" if joints else ""
    return re.compile(r"(?<=[,;:–—])\s+|\s+(?=[–—-]\s)" + before)


def _joined(choice: Choice, texts: Sequence[str], answers: Sequence[Generation]) -> Generation:
    """The best translation of each part, put together as one sentence."""
    best = [
        Choice(text, (answer, *answer.alternatives), source=choice.source, target=choice.target).best
        for text, answer in zip(texts, answers, strict=True)
    ]
    written = [
        _fitted(text, part.text, choice.target, opens=place == 0, closes=place == len(texts) - 1)
        for place, (text, part) in enumerate(zip(texts, best, strict=True))
    ]
    words = [max(1, len(part.split())) for part in written]
    score = sum(count * part.score for count, part in zip(words, best, strict=True)) / sum(words)
    return Generation(
        " ".join(filter(None, written)),
        score,
        truncated=any(part.truncated for part in best),
        repeated=any(part.repeated for part in best),
    )


def _fitted(source: str, written: str, language: str, *, opens: bool, closes: bool) -> str:
    """A part as it stands inside a sentence: no full stop of its own, the mark of its source, no capital of its own."""
    if not closes and not _END.search(source):
        written = _STOP.sub(r"\1", written)
    if not closes and written and source[-1] in ",;:–—" and written[-1] not in ",;:–—.!?":
        written += source[-1]
    first = written.partition(" ")[0]
    lowered = first.lower()
    # Only English has a list of words that are no names.
    if not opens and language == "en" and first[1:].islower() and first not in source and lowered in common("en"):
        written = lowered + written[len(first) :]
    return written
