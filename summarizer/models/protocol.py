"""What a stage may ask of a model: measure text honestly, and turn texts into texts. Nothing here imports a framework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from summarizer.types import Generation


@dataclass(frozen=True, slots=True)
class Options:
    """How to decode. Every model honours all of these or raises ``ModelFailed``.

    ``max_tokens`` bounds the output, special tokens not counted; None lets the model choose from the source length,
    and an output that reaches its bound is marked ``truncated``. ``hypotheses`` asks for that many outputs per text
    (at most ``beams``); fewer may come, since alternatives that loop are dropped. ``source`` and ``target`` are ISO 639-1 codes, for models that need them.
    """

    beams: int = 1
    hypotheses: int = 1
    min_tokens: int = 0
    max_tokens: int | None = None
    length_penalty: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0
    source: str | None = None
    target: str | None = None


@runtime_checkable
class Model(Protocol):
    """A model wrapper. Wrappers know tokens and nothing of articles, summaries or facts."""

    @property
    def name(self) -> str:
        """Weights, revision and precision in one word: what the signature prints."""

    @property
    def window(self) -> int:
        """The most tokens of text, as :meth:`count` counts them, that one input may hold. Special tokens are off."""

    def count(self, text: str) -> int:
        """Tokens that ``text`` takes up in the window, without special tokens. Exact for this model's tokenizer."""

    def supports(self, source: str, target: str) -> bool:
        """Whether the model turns text in ``source`` into text in ``target`` (ISO 639-1 codes; may be equal)."""

    def generate(self, texts: Sequence[str], options: Options) -> list[Generation]:
        """One generation per text, in order; the same text whatever the batch.

        Raises:
            InputTooLarge: a text is longer than ``window``; it is never cut.
            ModelFailed: the engine gave up; the message says what to change.
        """

    def close(self) -> None:
        """Free the weights. The model is not used afterwards; closing twice is no error."""
