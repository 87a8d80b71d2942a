"""Any folder whose tokenizer transformers can read: M2M100, NLLB, mBART, T5, BART, Pegasus, BERT pairs ...

Special tokens are learnt from the tokenizer itself, by comparing a probe with and without them, so no family is spelt
out here. Text is only ever text: ``</s>`` or ``__en__`` in an article is read as characters.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import Any

from summarizer.errors import MissingDependency, ModelFailed
from summarizer.models.checkpoint import config_of
from summarizer.models.languages import Languages
from summarizer.models.quiet import quiet_libraries
from summarizer.models.weights import Located

# Tokenizers that know no limit state 1e30.
_NO_LIMIT = 1_000_000
# The first character of what would ask for a language in the middle of a text: <2fr>, >>fra<<.
_ASKS = re.compile(r"<(?=2\w+>)|>(?=>\w+<<)")


class HubTokenizer:
    """transformers' tokenizer of a folder. Locked: fast tokenizers raise "Already borrowed" between threads."""

    def __init__(self, located: Located, declared: tuple[str, ...] = ()) -> None:
        self._lock = threading.Lock()
        self._inner = _load(located)
        # M2M100 keeps its language tokens apart.
        vocabulary = {**self._inner.get_vocab(), **getattr(self._inner, "lang_token_to_id", {})}
        self.languages = Languages(vocabulary, located.name, declared)
        if hasattr(self._inner, "set_src_lang_special_tokens") and self.languages.habit != "both":
            raise ModelFailed(f"{located.name}: the tokenizer lost its language tokens; is tokenizer.json missing?")
        self._forced = _forced_first(located)
        self._around: dict[str | None, tuple[list[str], list[str]]] = {}
        limit = self._inner.model_max_length
        self.window: int | None = int(limit) if limit and limit < _NO_LIMIT else None
        self.unknown: str | None = self._inner.unk_token
        self.special = sum(map(len, self._specials(self._any_language()))) + (self.languages.habit == "target")

    def encode(self, text: str) -> list[str]:
        if self.languages.habit == "target":
            text = _ASKS.sub(r"\g<0> ", text)
        with self._lock:
            return self._tokens_of(text, special=False)

    def source(self, tokens: Sequence[str], source: str | None, target: str | None) -> list[str]:
        habit = self.languages.habit
        front, back = self._specials(self.languages.required(source, "source") if habit == "both" else None)
        asked = [self.languages.required(target, "target")] if habit == "target" else []
        return [*asked, *front, *tokens, *back]

    def prefix(self, target: str | None) -> list[str]:
        if self.languages.habit == "both":
            return [self.languages.required(target, "target")]
        return [] if self._forced is None else self.tokens([self._forced])

    def decode(self, tokens: Sequence[str]) -> str:
        ids = self.ids(tokens)
        with self._lock:
            return str(self._inner.decode(ids, skip_special_tokens=True)).strip()

    def ids(self, tokens: Sequence[str]) -> list[int]:
        with self._lock:
            return list(self._inner.convert_tokens_to_ids(list(tokens)))

    def tokens(self, ids: Sequence[int]) -> list[str]:
        with self._lock:
            # Embeddings are often padded beyond the vocabulary: those rows have no name.
            return [token or self.unknown or "" for token in self._inner.convert_ids_to_tokens(list(ids))]

    def _tokens_of(self, text: str, *, special: bool) -> list[str]:
        ids = self._inner(text, add_special_tokens=special, split_special_tokens=True, verbose=False)["input_ids"]
        return list(self._inner.convert_ids_to_tokens(ids))

    def _any_language(self) -> str | None:
        return self.languages.token("en") if self.languages.habit == "both" else None

    def _specials(self, language: str | None) -> tuple[list[str], list[str]]:
        """The tokens put before and after a text in this language, found once per language."""
        with self._lock:
            if language not in self._around:
                self._around[language] = self._probe(language)
            return self._around[language]

    def _probe(self, language: str | None) -> tuple[list[str], list[str]]:
        if language is not None and hasattr(self._inner, "src_lang"):
            # M2M100 wants "de" for its token "__de__"; the others want the token itself.
            self._inner.src_lang = language.strip("_")
        bare, full = self._tokens_of("a b", special=False), self._tokens_of("a b", special=True)
        for start in range(len(full) - len(bare) + 1):
            if full[start : start + len(bare)] == bare:
                return full[:start], full[start + len(bare) :]
        raise ModelFailed(f"the tokenizer {type(self._inner).__name__} changes a text when it adds special tokens")


def _load(located: Located) -> Any:
    try:
        from transformers import AutoTokenizer  # noqa: PLC0415
    except ImportError as error:
        raise MissingDependency("transformers", "models", "this model's tokenizer") from error
    try:
        with quiet_libraries():
            return AutoTokenizer.from_pretrained(str(located.path), local_files_only=True, trust_remote_code=False)
    except Exception as error:
        raise ModelFailed(f"{located.name}: the tokenizer in {located.path} cannot be read: {error}") from error


def _forced_first(located: Located) -> int | None:
    """The token some checkpoints force at the start of every output (BART's ``<s>``)."""
    forced = config_of(located, "generation_config.json").get("forced_bos_token_id")
    if forced is None:
        forced = config_of(located).get("forced_bos_token_id")
    return forced if isinstance(forced, int) else None
