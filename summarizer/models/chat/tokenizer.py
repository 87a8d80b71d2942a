"""The tokenizer of an instruction model: every text stands in one turn of the model's own chat template.

The template is rendered once, around a mark; from then on prompt and text are tokenised as one string, as the model
saw it in training. Text is only ever text: what looks like a control token in an article is taken apart, so that an
article cannot end the user's turn and speak for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from summarizer.errors import ModelFailed
from summarizer.models.chat.answer import THINKING
from summarizer.models.checkpoint import config_of
from summarizer.models.hub_tokenizer import HubTokenizer
from summarizer.models.weights import Located

_MARK, _REPLY = "MARK OF THE TEXT", "MARK OF THE REPLY"
_PROBES = ("a b", "Über 7", "“z”")


class ChatTokenizer(HubTokenizer):
    """``source`` is the whole prompt, up to where the model's turn begins; ``encode`` is what the text adds to it."""

    def __init__(self, located: Located, system: str = "") -> None:
        super().__init__(located)
        if not self._inner.chat_template:
            raise ModelFailed(
                f"{located.name} has no chat template, so it is a base model and not made for instructions; "
                "take its -Instruct or -Chat sibling"
            )
        self._control = _control_tokens(self._inner)
        self._before, self._after = self._turn(located.name, system)
        self._front, self._back = self._around_text()
        self.special = len(self._front) + len(self._back)
        self.ends = self._end_tokens(located)

    def encode(self, text: str) -> list[str]:
        if not text.strip():
            return []
        whole = self._prompt(text)
        front, back = len(self._front), len(whole) - len(self._back)
        if whole[:front] == self._front and whole[back:] == self._back and front <= back:
            return whole[front:back]
        with self._lock:  # the text grew together with the template
            return self._tokens_of(self._plain(text), special=False)

    def source(self, tokens: Sequence[str], source: str | None, target: str | None) -> list[str]:
        del source, target  # the prompt says it
        return [*self._front, *tokens, *self._back]

    def prefix(self, target: str | None) -> list[str]:
        del target
        return []

    def decode(self, tokens: Sequence[str]) -> str:
        """The text; marks of thoughts stay in it, special or not: the wrapper takes out what stands between them."""
        ids = self.ids([token for token in tokens if token not in self._control or THINKING.fullmatch(token)])
        with self._lock:
            return str(self._inner.decode(ids, skip_special_tokens=False)).strip()

    def _prompt(self, text: str) -> list[str]:
        with self._lock:
            ids = self._inner(self._before + self._plain(text) + self._after, add_special_tokens=False, verbose=False)
            return list(self._inner.convert_ids_to_tokens(ids["input_ids"]))

    def _plain(self, text: str) -> str:
        """The text, without the power to be a control token."""
        text = text.strip()
        for token in self._control:
            if token in text:
                text = text.replace(token, f"{token[0]} {token[1:]}")
        return text

    def _around_text(self) -> tuple[list[str], list[str]]:
        """The tokens every prompt begins and ends with."""
        whole = [self._prompt(probe) for probe in _PROBES]
        front = _common(whole)
        back = _common([tokens[len(front) :][::-1] for tokens in whole])[::-1]
        return front, back

    def _turn(self, name: str, system: str) -> tuple[str, str]:
        """What the template writes before and after a text. A model without a system role is told it in the turn."""
        told = [{"role": "system", "content": system}] if system else []
        try:
            return self._rendered(name, [*told, {"role": "user", "content": _MARK}])
        except ModelFailed:
            if not system:
                raise
            before, after = self._rendered(name, [{"role": "user", "content": f"{system}\n\n{_MARK}"}])
            return before, after

    def _rendered(self, name: str, messages: list[dict[str, str]], mark: str = _MARK) -> tuple[str, str]:
        try:
            # Models that can think are asked not to; templates of the others pass the word over.
            text = self._inner.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=messages[-1]["role"] == "user", enable_thinking=False
            )
        except Exception as error:  # templates are programs, and raise what they like
            raise ModelFailed(f"{name}: the chat template cannot be filled: {error}") from error
        before, found, after = str(text).partition(mark)
        if not found or mark in after:
            raise ModelFailed(f"{name}: the chat template does not show the user's text exactly once")
        return before, after

    def _end_tokens(self, located: Located) -> list[str]:
        """All that ends an answer: what the checkpoint says, and what the template writes after a model's turn."""
        stated = [config_of(located, file).get("eos_token_id") for file in ("generation_config.json", "config.json")]
        ids = [number for each in stated for number in (each if isinstance(each, list) else [each])]
        ends = [self._inner.eos_token, *self.tokens([number for number in ids if isinstance(number, int)])]
        try:
            messages = [{"role": "user", "content": _MARK}, {"role": "assistant", "content": _REPLY}]
            _, after = self._rendered(located.name, messages, _REPLY)
        except ModelFailed:  # some templates rewrite what a model said
            after = ""
        turn = min((token for token in self._control if token in after), key=after.index, default=None)
        return list(dict.fromkeys(token for token in (*ends, turn) if token))


def _common(rows: Sequence[list[str]]) -> list[str]:
    """What all rows begin with."""
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*rows, strict=False))
    return [column[0] for column in alike]


def _control_tokens(tokenizer: Any) -> list[str]:
    """Special tokens, longest first, so that none is taken apart inside another."""
    added = [str(token) for token in tokenizer.added_tokens_decoder.values() if token.special]
    return sorted({*tokenizer.all_special_tokens, *added} - {""}, key=len, reverse=True)
