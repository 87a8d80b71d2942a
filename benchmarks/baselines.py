"""Extractive baselines after their papers: Lead, Luhn (1958), LexRank (Erkan and Radev 2004), and a greedy oracle.

Each takes the sentences of one article and gives the indices it would choose. They see body sentences only, as ours
does, and none of our rules of form.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+")


def tokens(text: str) -> list[str]:
    """Lower-case words with their umlauts, no stemming: the tokenizer of every score here."""
    return _WORD.findall(text.lower())


def lead(sentences: Sequence[str], count: int) -> list[int]:
    """The first ones."""
    return list(range(min(count, len(sentences))))


def luhn(sentences: Sequence[str], count: int, common: AbstractSet[str] = frozenset()) -> list[int]:
    """The densest cluster of significant words, at most four others between two of them, squared over its length.

    Significant are words that occur at least twice and are not ``common``; they are matched by their first six
    letters, as Luhn matched words that begin alike.
    """
    stems = [[word[:6] for word in tokens(text) if word not in common] for text in sentences]
    frequent = {stem for stem, times in Counter(stem for row in stems for stem in row).items() if times > 1}
    flags = [[word[:6] in frequent and word not in common for word in tokens(text)] for text in sentences]
    return _best(np.array([_densest(row) for row in flags]), count)


def _densest(flags: Sequence[bool], gap: int = 4) -> float:
    best = 0.0
    members: list[int] = []
    for place in (index for index, flag in enumerate(flags) if flag):
        members = [*members, place] if members and place - members[-1] <= gap + 1 else [place]
        best = max(best, len(members) ** 2 / (members[-1] - members[0] + 1))
    return best


def lexrank(sentences: Sequence[str], count: int, *, threshold: float = 0.1, damping: float = 0.85) -> list[int]:
    """PageRank over the graph that joins sentences with a TF-IDF cosine of at least ``threshold``."""
    edges = _cosines(sentences) >= threshold
    np.fill_diagonal(edges, val=True)
    walk = edges / edges.sum(axis=1, keepdims=True)
    rank = np.full(len(sentences), 1 / len(sentences))
    for _ in range(100):
        after = (1 - damping) / len(sentences) + damping * walk.T @ rank
        if np.abs(after - rank).sum() < 1e-6:
            break
        rank = after
    return _best(rank, count)


def _cosines(sentences: Sequence[str]) -> NDArray[np.float64]:
    counts = [Counter(tokens(text)) for text in sentences]
    vocabulary = {word: column for column, word in enumerate(dict.fromkeys(word for row in counts for word in row))}
    matrix = np.zeros((len(sentences), len(vocabulary)))
    for index, row in enumerate(counts):
        for word, times in row.items():
            matrix[index, vocabulary[word]] = times
    matrix *= np.log(len(sentences) / (matrix > 0).sum(axis=0))
    return (unit := matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)) @ unit.T


def oracle(sentences: Sequence[str], count: int, reference: str) -> list[int]:
    """Greedily the sentences that raise the F1 of words and pairs of words together most: what choosing could reach."""
    wanted = _grams(reference)
    size = sum(wanted.values())
    totals = [sum(_grams(text).values()) for text in sentences]
    useful = [{gram: times for gram, times in _grams(text).items() if gram in wanted} for text in sentences]
    chosen: list[int] = []
    overlap, length, best = 0, 0, 0.0
    while len(chosen) < count:
        gains = [sum(min(times, wanted[gram]) for gram, times in grams.items()) for grams in useful]
        scores = [
            2 * (overlap + gain) / max(length + total + size, 1) for gain, total in zip(gains, totals, strict=True)
        ]
        index = max(set(range(len(scores))) - set(chosen), key=lambda at: (scores[at], -at), default=-1)
        if index < 0 or scores[index] <= best:
            break
        best = scores[index]
        overlap, length = overlap + gains[index], length + totals[index]
        wanted.subtract({gram: min(times, wanted[gram]) for gram, times in useful[index].items()})
        chosen.append(index)
    return chosen


def _grams(text: str) -> Counter[str]:
    """Words and pairs of words."""
    found = tokens(text)
    return Counter(found) + Counter(f"{left} {right}" for left, right in pairwise(found))


def _best(scores: NDArray[np.float64], count: int) -> list[int]:
    return [int(index) for index in np.argsort(-scores, kind="stable")[:count]]
