"""Whole sentences into windows of N tokens. Nothing is dropped.

A ruler (``count``) is taken as it is: the count of a joined text may be more or less than the sum of its parts. Every
chunk and every piece handed out has been measured.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeAlias

from summarizer.errors import ConfigError, InputTooLarge

Count: TypeAlias = Callable[[str], int]

# Where a sentence that is too long is cut, best first. Full stops are not here: one inside a sentence is no end of it.
_CLAUSE = re.compile(r"[;:…!?](?=\s)|[。！？；：]")
_COMMA = re.compile(r"[,–—)](?=\s)|[，、]")
_BLANK = re.compile(r"(?=\s)")
_GAP = re.compile(r"\s*")
_ROOM = 1.3  # how far over its even share a piece may go for a clause mark; the last is never under 0.7 for it


def chunks(texts: Sequence[str], *, window: int, count: Count, separator: str = " ") -> list[list[int]]:
    """Indices of ``texts`` in as few chunks as hold them, in order, evenly filled.

    Each chunk, joined by ``separator``, takes at most ``window`` tokens. ``count`` is called once per text and once
    or a little more per chunk.

    Raises:
        InputTooLarge: one text alone is over the window; pass it through :func:`split_to_fit` first.
    """
    sizes = [count(text) for text in texts]
    for index, size in enumerate(sizes):
        if size > window:
            raise InputTooLarge(
                f"text {index} takes {size} tokens and the window holds {window}; split it with split_to_fit() first"
            )
    glue = count(separator)
    packed = _even([size + glue for size in sizes], window + glue) if texts else []
    return [part for chunk in packed for part in _fitting(chunk, texts, window=window, measure=count, glue=separator)]


def _even(sizes: Sequence[int], window: int) -> list[list[int]]:
    """The fewest chunks, and of those the ones whose largest is smallest."""
    fewest = len(_greedy(sizes, window))
    low, high = max(sizes), window
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if len(_greedy(sizes, middle)) <= fewest else (middle + 1, high)
    return _greedy(sizes, high)


def _greedy(sizes: Sequence[int], window: int) -> list[list[int]]:
    packed: list[list[int]] = []
    filled = 0
    for index, size in enumerate(sizes):
        if not packed or filled + size > window:
            packed.append([])
            filled = 0
        packed[-1].append(index)
        filled += size
    return packed


def _fitting(chunk: list[int], texts: Sequence[str], *, window: int, measure: Count, glue: str) -> list[list[int]]:
    """The chunk, or its halves where the joined text takes more than the sum of its parts."""
    if len(chunk) == 1 or measure(glue.join(texts[index] for index in chunk)) <= window:
        return [chunk]
    half = len(chunk) // 2
    return [
        part
        for side in (chunk[:half], chunk[half:])
        for part in _fitting(side, texts, window=window, measure=measure, glue=glue)
    ]


def split_to_fit(text: str, *, window: int, count: Count) -> list[str]:
    """The text in pieces of at most ``window`` tokens; the text itself where it fits.

    Cut at clause marks, else between words, else between characters. The pieces, joined, give the text back up to
    white space. ``count`` is called once for the whole and mostly once per piece.

    Raises:
        ConfigError: the window is too small for one character.
    """
    size = count(text)
    if size <= window:
        return [text]
    density = size / len(text) if text else 0.0
    pieces: list[str] = []
    start, end = _gap(text, 0), len(text.rstrip())
    while start < end:
        # An even share of what is left, so that the last piece is no crumb.
        share = (end - start) / max(1, -(-density * (end - start) // max(1, window)))
        cut = _cut_that_fits(text, start, min(end, start + int(share * _ROOM) + 1), window=window, count=count)
        pieces.append(text[start:cut].rstrip())
        start = _gap(text, cut)
    return pieces


def _cut_that_fits(text: str, start: int, limit: int, *, window: int, count: Count) -> int:
    while True:
        cut = _best_cut(text, start, limit)
        size = count(text[start:cut].rstrip())
        if size <= window:
            return cut
        if cut - start == 1:
            raise ConfigError(
                f"a window of {window} tokens is too small for one character ({text[start:cut]!r} takes {size}); "
                "choose a model with a larger window or ask for less output"
            )
        # What should fit by this measure, and always less than what was tried.
        limit = start + max(1, min(int((cut - start) * 0.9), (cut - start) * window // size))


def _best_cut(text: str, start: int, limit: int) -> int:
    """The last clause mark in the second half of the stretch, else the last blank of an even share, else its end."""
    if _GAP.fullmatch(text, limit):
        return limit
    middle, even = (start + limit) // 2, start + max(1, int((limit - start) / _ROOM))
    for pattern, low, high in ((_CLAUSE, middle, limit), (_COMMA, middle, limit), (_BLANK, start, even)):
        ends = [match.end() for match in pattern.finditer(text, low + 1, high + 1) if match.end() <= high]
        if ends:
            return ends[-1]
    while even - start > 1 and unicodedata.combining(text[even]):
        even -= 1
    return even


def _gap(text: str, position: int) -> int:
    gap = _GAP.match(text, position)
    return gap.end() if gap else position
