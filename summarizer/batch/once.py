"""Equal texts of a piece are worked on once: agencies send the same article to many papers.

Never across pieces: what a model is asked together must follow from the rows of the piece alone, so that a job that
was broken off asks it the same. A model in 8 bits with several beams may choose another word in other company.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TypeAlias

from summarizer.batch.rows import Answer

Stream: TypeAlias = Callable[[Iterable[Sequence[str]]], Iterator[list[Answer]]]
"""Pieces of texts into pieces of answers, in order and lazily: a chain's, or a pool's."""


def once(stream: Stream) -> Stream:
    """The same stream, asked once for texts that are equal within a piece; the copies cost no tokens."""

    def answers(pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        waiting: deque[Sequence[str]] = deque()

        def distinct() -> Iterator[list[str]]:
            for piece in pieces:
                waiting.append(piece)
                yield list(dict.fromkeys(piece))

        with closing(stream(distinct())) as done:  # type: ignore[type-var]  # streams are generators
            for made in done:
                yield _spread(waiting.popleft(), made)

    return answers


def _spread(texts: Sequence[str], made: Sequence[Answer]) -> list[Answer]:
    """The answer to each text; its tokens are counted for the first that asks."""
    known = dict(zip(dict.fromkeys(texts), made, strict=True))
    spread = []
    for text in texts:
        spread.append(known[text])
        known[text] = replace(known[text], tokens=0)
    return spread
