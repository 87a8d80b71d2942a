"""Text to tokens and back, with the special tokens each family wants. One tokenizer serves both engines.

A folder with ``source.spm`` (OPUS-MT, the bundled model) is read by SentencePiece alone, so that the bundled chain
starts without transformers. Every other folder is read by transformers' own tokenizer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from summarizer.errors import ModelFailed
from summarizer.models.checkpoint import languages_of
from summarizer.models.languages import Languages
from summarizer.models.weights import Located


class Tokenizer(Protocol):
    """Tokens are strings; an engine that wants numbers asks ``ids`` and ``tokens``. Threads may share one."""

    languages: Languages
    special: int  # how many tokens ``source`` adds
    window: int | None  # what the tokenizer's own files state
    unknown: str | None  # the token that stands for what the vocabulary lacks; never generated

    def encode(self, text: str) -> list[str]:
        """The tokens of the text alone, without special tokens: what the ruler counts."""

    def source(self, tokens: Sequence[str], source: str | None, target: str | None) -> list[str]:
        """``tokens`` as the encoder wants them, special tokens and language tokens included."""

    def prefix(self, target: str | None) -> list[str]:
        """The tokens the output must begin with, after the decoder's start token."""

    def decode(self, tokens: Sequence[str]) -> str:
        """The text of output tokens; special and language tokens leave no trace."""

    def ids(self, tokens: Sequence[str]) -> list[int]:
        """Numbers of tokens in the checkpoint's embedding."""

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The inverse of ``ids``."""


def open_tokenizer(located: Located, declared: tuple[str, ...] = ()) -> Tokenizer:
    """The tokenizer that belongs to the weights in a folder.

    Raises:
        ModelFailed: the folder has no tokenizer, or a broken one.
    """
    declared = declared or languages_of(located)
    if (located.path / "source.spm").is_file():
        return SentencePieceTokenizer(located, declared)
    from summarizer.models.hub_tokenizer import HubTokenizer  # noqa: PLC0415  # transformers only where it is needed

    return HubTokenizer(located, declared)


class SentencePieceTokenizer:
    """Marian layout: ``source.spm``, ``target.spm`` and a vocabulary of their pieces. Every source ends in ``</s>``.

    Unlike transformers' MarianTokenizer it never takes ``>> ... <<`` in the text itself for a language token.
    """

    window: int | None = None
    unknown: str | None = "<unk>"

    def __init__(self, located: Located, declared: tuple[str, ...] = ()) -> None:
        folder = located.path
        self._source = _sentencepiece(folder / "source.spm")
        self._target = _sentencepiece(folder / "target.spm") if (folder / "target.spm").is_file() else self._source
        self._ids = _vocabulary(folder, "vocab.json", "shared_vocabulary.json", "source_vocabulary.json")
        outputs = _vocabulary(folder, "target_vocab.json", "target_vocabulary.json") or self._ids
        self._tokens = {index: token for token, index in outputs.items()}
        self.languages = Languages(self._ids, located.name, declared)
        self.special = 1 if self.languages.habit == "none" else 2

    def encode(self, text: str) -> list[str]:
        return list(self._source.encode(text, out_type=str))

    def source(self, tokens: Sequence[str], source: str | None, target: str | None) -> list[str]:
        del source
        if self.languages.habit == "none":
            return [*tokens, "</s>"]
        return [self.languages.required(target, "target"), *tokens, "</s>"]

    def prefix(self, target: str | None) -> list[str]:
        del target
        return []

    def decode(self, tokens: Sequence[str]) -> str:
        return str(self._target.decode([token for token in tokens if token not in ("</s>", "<pad>")])).strip()

    def ids(self, tokens: Sequence[str]) -> list[int]:
        if "<unk>" not in self._ids:
            raise ModelFailed(f"{self.languages.name} has no vocabulary beside its source.spm; fetch the model again")
        unknown = self._ids["<unk>"]
        return [self._ids.get(token, unknown) for token in tokens]

    def tokens(self, ids: Sequence[int]) -> list[str]:
        return [self._tokens.get(index, "<unk>") for index in ids]


def _sentencepiece(file: Path) -> Any:
    from sentencepiece import SentencePieceProcessor  # noqa: PLC0415

    try:
        return SentencePieceProcessor(model_file=str(file))
    except (OSError, RuntimeError) as error:
        raise ModelFailed(f"{file} is no SentencePiece model; fetch the model again") from error


def _vocabulary(folder: Path, *names: str) -> dict[str, int]:
    """The first of these vocabulary files: transformers writes an object, CTranslate2 a list."""
    file = next((folder / name for name in names if (folder / name).is_file()), None)
    if file is None:
        return {}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelFailed(f"{file} is no JSON; fetch the model again") from error
    if isinstance(content, list):
        return {token: i for i, token in enumerate(content)}
    if not isinstance(content, dict):
        raise ModelFailed(f"{file} is no vocabulary; fetch the model again")
    return content
