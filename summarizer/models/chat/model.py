"""The chat wrapper: an instruction model that is asked, not called. Its engine is transformers, CTranslate2 or a server.

The stage writes the prompt, the engine puts it into the model's chat template, and what comes back is stripped to the
answer: thinking aloud, preambles and quotes are gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from summarizer.errors import ModelFailed
from summarizer.models.chat.answer import answer_in
from summarizer.models.chat.bounds import bounded
from summarizer.models.chat.settings import ChatSettings
from summarizer.models.protocol import Model, Options
from summarizer.models.settings import Settings
from summarizer.models.weights import locate
from summarizer.types import Generation


class ChatModel:
    """Any language into any other, unless ``Settings.languages`` says which."""

    def __init__(self, settings: Settings) -> None:
        """Open the weights, or get ready to ask the server.

        Raises:
            ModelNotFound: the weights are not on disk.
            ModelFailed: they cannot be opened, or are no instruction model.
            ConfigError: the environment variable with the server's key is not set.
            MissingDependency: the engine is not installed.
        """
        self._declared = settings.languages
        told = ChatSettings.of(settings)
        self._far = told.server is not None  # the other engines keep to their bounds and cut their loops themselves
        self._engine = _engine(told)

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def window(self) -> int:
        return self._engine.window

    def count(self, text: str) -> int:
        return self._engine.count(text)

    def supports(self, source: str, target: str) -> bool:
        """What is declared; an instruction model has no tokens that would tell."""
        if not self._declared:
            return True
        return f"{source}-{target}" in self._declared or {source, target} <= set(self._declared)

    def generate(self, texts: Sequence[str], options: Options) -> list[Generation]:
        """See :meth:`summarizer.models.protocol.Model.generate`.

        Raises:
            ModelFailed: the model says nothing, or nothing but its thoughts in the whole room it was given.
        """
        found = self._engine.generate(texts, options)
        return [self._answer(text, generation, options) for text, generation in zip(texts, found, strict=True)]

    def close(self) -> None:
        self._engine.close()

    def _answer(self, prompt: str, said: Generation, options: Options) -> Generation:
        if not prompt.strip():
            return said
        answers = [_cleaned(each, prompt) for each in (said, *said.alternatives)]
        if self._far:
            answers = [bounded(each, prompt, options.max_tokens) for each in answers]
        told = [answer for answer in answers if answer.text]
        if not told:
            cure = "; raise max_tokens or turn its thinking off" if answers[0].truncated else ""
            raise ModelFailed(f"{self.name} gave no answer to a prompt of {len(prompt)} characters{cure}")
        return replace(told[0], alternatives=tuple(told[1:]))


def _cleaned(said: Generation, prompt: str) -> Generation:
    answer = answer_in(said.text, prompt)
    return replace(said, text=answer.text, truncated=said.truncated or answer.unfinished, alternatives=())


def _engine(settings: ChatSettings) -> Model:
    if settings.server is not None:
        from summarizer.models.chat.server import ServerModel  # noqa: PLC0415  # each engine needs its own framework

        return ServerModel(settings, settings.server)
    located = locate(settings.weights, settings.revision)
    if settings.engine == "ct2" or (settings.engine is None and located.kind == "ct2"):
        from summarizer.models.chat.ct2 import GeneratorModel  # noqa: PLC0415

        return GeneratorModel(settings, located)
    from summarizer.models.chat.causal import CausalModel  # noqa: PLC0415

    return CausalModel(settings, located)
