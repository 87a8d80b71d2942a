"""A server's answer held to what local engines hold theirs: no longer than its bound, and no loop.

A server may pass over ``max_tokens``, and tells no tokens: text is measured by the same estimate as its prompt, and
loops are looked for in words, then in pieces of them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from summarizer.models.decoding import BOUND_EXTRA, BOUND_FACTOR
from summarizer.models.loops import cut_loops, loop_in
from summarizer.types import Generation

_BYTES_PER_TOKEN = 2
# A bound that somebody sets is in tokens of the server's, which have up to six bytes each where words are long: to cut at
# its estimate would cut honest answers. The bound that follows from the prompt is an estimate itself, and generous.
_LONG_WORDS = 3
_WORDS = re.compile(r"\s*(?:\w+|[^\w\s]|$)")
# Some four letters to a token, as vocabularies have them: "aaaa..." and text without spaces loop in these.
_PIECES = re.compile(r"\s*(?:\w{1,4}|[^\w\s]|$)")


def estimated(text: str) -> int:
    """Tokens a text may take: one for two bytes of UTF-8, and one for each digit.

    German and English take one for three to five letters in today's vocabularies, Greek or Russian at most one for a
    letter (two bytes), Chinese one and a half (three): rather too many than too few.
    """
    digits = sum(character.isdigit() for character in text)
    return digits + -(-(len(text.encode("utf-8", "replace")) - digits) // _BYTES_PER_TOKEN)


def bound_of(prompt: str, max_tokens: int | None) -> int:
    """The most tokens that a server is to say."""
    return max_tokens or BOUND_FACTOR * estimated(prompt) + BOUND_EXTRA


def bounded(said: Generation, prompt: str, max_tokens: int | None) -> Generation:
    """``said`` within its bound, ``truncated`` if it was not, and ``repeated`` if it looped more than the prompt."""
    text = _within(said.text, _LONG_WORDS * max_tokens if max_tokens else bound_of(prompt, None))
    truncated = said.truncated or text != said.text
    told = _unlooped(_unlooped(text, prompt, _WORDS), prompt, _PIECES)
    return replace(said, text=told, truncated=truncated, repeated=said.repeated or told != text)


def _within(text: str, bound: int) -> str:
    """Its longest beginning of at most so many tokens."""
    if estimated(text) <= bound:
        return text
    low, high = 0, min(len(text), _BYTES_PER_TOKEN * bound)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if estimated(text[:middle]) <= bound else (low, middle - 1)
    return text[:low].rstrip()


class _Token(str):
    """A word or a piece of one; ``written`` has the space before it, which is no part of a loop."""

    __slots__ = ("written",)
    written: str


def _unlooped(text: str, prompt: str, pattern: re.Pattern[str]) -> str:
    tokens = _tokens(text, pattern)
    if loop_in(tokens) is None:
        return text
    kept = cut_loops(tokens, loop_in(_tokens(prompt, pattern)))
    return text if kept == tokens else "".join(cast(_Token, token).written for token in kept).strip()


def _tokens(text: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(_token(found) for found in pattern.findall(text) if found.strip())


def _token(written: str) -> _Token:
    token = _Token(written.lstrip())
    token.written = written
    return token
