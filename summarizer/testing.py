"""A public fake that behaves like a model: it measures, translates word by word, summarises, stops at bounds, never loads anything.

config = fake_config()                       # a preset in which fakes do both steps
chain = summarizer.load(config)
chain("Der Hund schläft. Die Katze wacht.", to="en").translation   # '«en» Der Hund schläft. «en» Die Katze wacht.'
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from summarizer.config import Config
from summarizer.errors import InputTooLarge, ModelFailed
from summarizer.models.protocol import Options
from summarizer.progress import done
from summarizer.types import Generation

Reply = Callable[[str, Options], str]


def translated(text: str, options: Options) -> str:
    """The text behind a mark of the target language: every fact survives, and the language can be told."""
    return f"«{options.target}» {text}"


def first_sentences(text: str, options: Options) -> str:  # noqa: ARG001 - the shape of a Reply
    """The first two sentences, as an abstractive summariser that copies would write."""
    return " ".join(part.strip() + "." for part in text.split(".")[:2] if part.strip())


class FakeModel:
    """A model whose tokens are words and whose answer is ``reply(text, options)``.

    ``window`` bounds the input in words; ``generated`` counts the texts answered, ``largest_batch`` the most at once.
    ``alternatives`` are further hypotheses made by functions of the same shape. ``settings`` is what a preset passes
    and is looked at by nobody.
    """

    def __init__(
        self,
        settings: Any = None,
        *,
        reply: Reply = translated,
        alternatives: Sequence[Reply] = (),
        window: int = 512,
        pairs: Callable[[str, str], bool] = lambda _source, _target: True,
    ) -> None:
        self.settings = settings
        self.name = "fake"
        self.window = window
        self.generated = 0
        self.largest_batch = 0
        self.closed = False
        self._replies = (reply, *alternatives)
        self._pairs = pairs
        self._lock = threading.Lock()

    def count(self, text: str) -> int:
        """Words in the text."""
        return len(text.split())

    def supports(self, source: str, target: str) -> bool:
        """Whatever ``pairs`` says; all pairs unless told otherwise."""
        return self._pairs(source, target)

    def generate(self, texts: Sequence[str], options: Options) -> list[Generation]:
        """One reply per text, cut at ``options.max_tokens`` words and marked so."""
        if self.closed:
            raise ModelFailed("the model is closed; load it again")
        for text in texts:
            if self.count(text) > self.window:
                raise InputTooLarge(f"{self.count(text)} words are over the window of {self.window}; split the text")
        with self._lock:
            self.generated += len(texts)
            self.largest_batch = max(self.largest_batch, len(texts))
        found = []
        for number, text in enumerate(texts, start=1):
            found.append(self._hypotheses(text, options))
            done(number, len(texts))
        return found

    def close(self) -> None:
        """Mark as closed."""
        self.closed = True

    def _hypotheses(self, text: str, options: Options) -> Generation:
        best, *others = (
            _bounded(reply(text, options), options.max_tokens) for reply in self._replies[: options.hypotheses]
        )
        return Generation(best.text, -0.1, best.truncated, best.tokens, tuple(others))


class FakeSummarizer(FakeModel):
    """A fake that shortens: the summary half of :func:`fake_config`."""

    def __init__(self, settings: Any = None, *, reply: Reply = first_sentences, window: int = 512) -> None:
        super().__init__(settings, reply=reply, window=window)


def fake_config(**overrides: Any) -> Config:
    """A preset in which the extractive summariser works for real and a fake translates between all languages."""
    preset = {
        "name": "fake",
        "summary": {"model": "extractive"},
        "translation": {"model": "summarizer.testing:FakeModel", "licence": "Apache-2.0"},
    }
    return Config.parse({**preset, **overrides}, origin="fake_config")


def _bounded(text: str, max_tokens: int | None) -> Generation:
    words = text.split()
    kept = words if max_tokens is None else words[:max_tokens]
    cut = len(kept) < len(words)
    return Generation(" ".join(kept) if cut else text, -0.2, cut, len(kept))
