"""Sentence-aligned translation: one line in, one line out. Nothing is cut, nothing is translated twice.

The hypothesis that keeps the line's facts is taken; where none does, the line is tried again in other ways. A line
already in the target language passes through. Where no model knows a pair, two steps lead through English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from summarizer.errors import LanguageNotSupported
from summarizer.models.protocol import Model, Options
from summarizer.stages.asking import Asking
from summarizer.stages.notation import renotated
from summarizer.stages.repair import Candidate, Choice, repair
from summarizer.text.chunks import split_to_fit
from summarizer.text.prompts import filled
from summarizer.text.sentences import split
from summarizer.types import Generation

PIVOT = "en"  # the language most models know best


@dataclass(frozen=True, slots=True)
class Translation:
    """One translated line. ``truncated``: an output stopped at its bound. ``pivot``: the language gone through.

    ``repeated``: a loop was cut from an output. ``restored``: names that the model lost and that were put back.
    """

    text: str
    truncated: bool = False
    pivot: str | None = None
    repeated: bool = False
    restored: tuple[str, ...] = ()


class Translator:
    """Translates lines with any :class:`~summarizer.models.protocol.Model` that says it supports the pair.

    ``template`` is what the model reads for one sentence: ``{text}`` alone, "translate {language} to {target}: {text}"
    for T5, a whole prompt for an instruction model. ``repair``: whether sentences with findings are tried again.
    """

    def __init__(
        self, model: Model, *, options: Options | None = None, template: str = "{text}", repair: bool = True
    ) -> None:
        self.model = model
        self.repair = repair
        self.template = template
        self.options = options or Options()

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    def supports(self, source: str, target: str) -> bool:
        """Whether a line in ``source`` can be turned into ``target``: the same, directly, or through English."""
        return source == target or bool(_way([self], source, target))

    def translate(self, lines: Sequence[str], *, source: str, target: str) -> list[Translation]:
        """One translation per line, in order; ``source`` and ``target`` are ISO 639-1 codes.

        Raises:
            LanguageNotSupported: the model knows no way from ``source`` to ``target``.
        """
        return _along([self], lines, source, target)

    def count(self, text: str, *, source: str, target: str) -> int:  # noqa: ARG002 - here one model wrote them all
        """Tokens of a translation from ``source`` into ``target``, as the model that wrote it counts them."""
        return self.model.count(text)

    def close(self) -> None:
        """Free the model."""
        self.model.close()

    def step(self, lines: Sequence[str], *, source: str, target: str) -> list[Translation]:
        """Lines to sentences that fit the window, each sentence once through the model, and back to lines."""

        def prompt(text: str) -> str:
            return filled(self.template, text, language=source, target=target)

        def ask(texts: Sequence[str], options: Options) -> list[Generation]:
            return self.model.generate([prompt(text) for text in texts], options) if texts else []

        asking = Asking(self.model, prompt)
        pieces = [_pieces(line, source, asking) for line in lines]
        unique = list(dict.fromkeys(piece for line in pieces for piece in line))
        options = replace(self.options, source=source, target=target)
        if not self.repair and options.hypotheses == 1:  # nothing to choose from: facts need not be read
            plain = {
                text: _plain(text, answer, source=source, target=target)
                for text, answer in zip(unique, ask(unique, options), strict=True)
            }
            return [_joined([plain[piece] for piece in line]) for line in pieces]
        chosen = {
            text: Choice(text, (answer, *answer.alternatives), source=source, target=target)
            for text, answer in zip(unique, ask(unique, options), strict=True)
        }
        if self.repair:
            repair(list(chosen.values()), ask, options, fits=lambda text: asking.count(text) <= asking.window)
        return [_joined([_told(chosen[piece].best) for piece in line]) for line in pieces]


class Translators:
    """Several of them, each with its model, options and template: the first that knows a pair translates it.

    Where none does, lines go through English, and from one model to another if need be.
    """

    def __init__(self, several: Sequence[Translator]) -> None:
        self.several = tuple(several)

    @property
    def name(self) -> str:
        """The models' names, in order."""
        return _names(self.several)

    def supports(self, source: str, target: str) -> bool:
        """As :meth:`Translator.supports`, for all of them together."""
        return source == target or bool(_way(self.several, source, target))

    def translate(self, lines: Sequence[str], *, source: str, target: str) -> list[Translation]:
        """As :meth:`Translator.translate`, for all of them together."""
        return _along(self.several, lines, source, target)

    def count(self, text: str, *, source: str, target: str) -> int:
        """As :meth:`Translator.count`; the model that wrote is the last on the way."""
        *_, last = _way(self.several, source, target) or [_Step(self.several[0], source, target)]
        return last.translator.count(text, source=last.source, target=target)

    def close(self) -> None:
        """Free all models."""
        for translator in self.several:
            translator.close()


class _Step(NamedTuple):
    translator: Translator
    source: str
    target: str


def _way(translators: Sequence[Translator], source: str, target: str) -> list[_Step]:
    """The step from ``source`` to ``target``, or two by way of English; nothing where there is no way."""

    def step(source: str, target: str) -> _Step | None:
        return next((_Step(one, source, target) for one in translators if one.model.supports(source, target)), None)

    if direct := step(source, target):
        return [direct]
    halves = [] if PIVOT in (source, target) else [step(source, PIVOT), step(PIVOT, target)]
    there = [half for half in halves if half]
    return there if len(there) == len(halves) else []


def _along(translators: Sequence[Translator], lines: Sequence[str], source: str, target: str) -> list[Translation]:
    """The lines, one step after the other; what happened at each is kept."""
    if source == target:
        return [Translation(line) for line in lines]
    way = _way(translators, source, target)
    if not way:
        raise LanguageNotSupported(f"{_names(translators)} does not translate {source} → {target}")
    done = [Translation(line, pivot=PIVOT if len(way) > 1 else None) for line in lines]
    for step in way:
        texts = step.translator.step([item.text for item in done], source=step.source, target=step.target)
        done = [_after(before, after) for before, after in zip(done, texts, strict=True)]
    return done


def _after(before: Translation, step: Translation) -> Translation:
    return replace(
        before,
        text=step.text,
        truncated=before.truncated or step.truncated,
        repeated=before.repeated or step.repeated,
        restored=before.restored + step.restored,
    )


def _names(translators: Sequence[Translator]) -> str:
    return "+".join(one.name for one in translators)


def _pieces(line: str, language: str, asking: Asking) -> list[str]:
    """The line's sentences, each in as many pieces as the window needs."""
    sentences = [line[start:end] for start, end in split(line, language)]
    return [piece for text in sentences for piece in split_to_fit(text, window=asking.window, count=asking.count)]


def _plain(text: str, answer: Generation, *, source: str, target: str) -> Translation:
    written = renotated(text, answer.text, source=source, target=target)
    return Translation(written, answer.truncated, repeated=answer.repeated)


def _told(best: Candidate) -> Translation:
    return Translation(best.text, best.truncated, repeated=best.repeated, restored=best.restored)


def _joined(parts: Sequence[Translation]) -> Translation:
    return Translation(
        " ".join(part.text for part in parts if part.text),
        any(part.truncated for part in parts),
        repeated=any(part.repeated for part in parts),
        restored=tuple(name for part in parts for name in part.restored),
    )
