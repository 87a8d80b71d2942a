"""Sentence-aligned translation: one line in, one line out. Nothing is cut, nothing is translated twice.

The hypothesis that keeps the line's facts is taken; where none does, the line is tried again in other ways. A line
already in the target language passes through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
        return source == target or self._route(source, target) is not None

    def translate(self, lines: Sequence[str], *, source: str, target: str) -> list[Translation]:
        """One translation per line, in order; ``source`` and ``target`` are ISO 639-1 codes.

        Raises:
            LanguageNotSupported: the model knows no way from ``source`` to ``target``.
        """
        if source == target:
            return [Translation(line) for line in lines]
        route = self._route(source, target)
        if route is None:
            raise LanguageNotSupported(f"{self.name} does not translate {source} → {target}")
        done = [Translation(line, pivot=route[0] if len(route) > 1 else None) for line in lines]
        for step, goal in zip((source, *route), route, strict=False):
            texts = self._translate([item.text for item in done], source=step, target=goal)
            done = [
                replace(
                    before,
                    text=after.text,
                    truncated=before.truncated or after.truncated,
                    repeated=before.repeated or after.repeated,
                    restored=before.restored + after.restored,
                )
                for before, after in zip(done, texts, strict=True)
            ]
        return done

    def close(self) -> None:
        """Free the model."""
        self.model.close()

    def _route(self, source: str, target: str) -> tuple[str, ...] | None:
        if self.model.supports(source, target):
            return (target,)
        if PIVOT not in (source, target) and self.model.supports(source, PIVOT) and self.model.supports(PIVOT, target):
            return (PIVOT, target)
        return None

    def _translate(self, lines: Sequence[str], *, source: str, target: str) -> list[Translation]:
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
