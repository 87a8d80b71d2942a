"""Sentences as sparse vectors of terms, for any script: what is central, and what says the same again.

Plain NumPy over coordinate lists; time and memory grow with the words, never with the square of the sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, pairwise

import numpy as np
from numpy.typing import NDArray

# A crude stem that every language with endings has in common: "Städte", "Städten" and "Städtebau" share one term.
STEM = 6

# Scripts that put no space between words: Thai, Lao, Myanmar, Khmer, kana, Han and its extensions. Hangul has spaces.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"[{_SPACELESS}]+|(?:(?![{_SPACELESS}])[^\W_])+")
_WORD = re.compile(r"[^\W_]+")
_SPACELESS_START = re.compile(rf"[{_SPACELESS}]")


def words(text: str) -> list[str]:
    """Lower-case words of ``text`` in order; where words have no spaces between them, pairs of characters."""
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()
    if not _SPACELESS_START.search(plain):
        return _WORD.findall(plain)  # the same in a third of the time
    found: list[str] = []
    for run in _RUN.findall(plain):
        if _SPACELESS_START.match(run) and len(run) > 1:
            found.extend(left + right for left, right in pairwise(run))
        else:
            found.append(run)
    return found


def terms(text: str) -> list[str]:
    """The stems of :func:`words`."""
    return [word[:STEM] for word in words(text)]


@dataclass(frozen=True)
class Vectors:
    """One unit vector per text over the terms of all of them, as coordinates: ``(rows, columns, weights)``."""

    vocabulary: Mapping[str, int]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    weights: NDArray[np.float64]
    rarity: NDArray[np.float64]
    size: int

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> Vectors:
        """Weigh the stems of texts, each given as its :func:`words`, by their rarity, and bring every text to length 1."""
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        columns: list[int] = []
        counts: list[int] = []
        sizes: list[int] = []
        for text in texts:
            counted = Counter([word[:STEM] for word in text])
            columns += map(numbers.__getitem__, counted)
            counts += counted.values()
            sizes.append(len(counted))
        vocabulary = dict(numbers)
        row = np.repeat(np.arange(len(texts)), sizes)
        column = np.array(columns, dtype=np.int64)
        spread = np.bincount(column, minlength=len(vocabulary))
        rarity = np.log((len(texts) + 1) / (spread + 0.5))
        weights = (1 + np.log(np.array(counts, dtype=np.float64))) * rarity[column]
        lengths = np.sqrt(_sums(row, weights**2, len(texts)))
        return cls(vocabulary, row, column, weights / np.maximum(lengths, 1e-12)[row], rarity, len(texts))

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        return np.searchsorted(self.rows, np.arange(self.size + 1))

    def profile(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """A unit vector for texts from outside, as dense weights over the vocabulary; zeros if no term is known."""
        dense = np.zeros(len(self.vocabulary))
        for text in texts:
            for term in terms(text):
                column = self.vocabulary.get(term)
                if column is not None:
                    dense[column] += self.rarity[column]
        length = float(np.sqrt(dense @ dense))
        return dense / length if length else dense

    def row(self, index: int) -> NDArray[np.float64]:
        """One text as dense weights over the vocabulary."""
        dense = np.zeros(len(self.vocabulary))
        part = slice(self._starts[index], self._starts[index + 1])
        dense[self.columns[part]] = self.weights[part]
        return dense

    def likeness(self, dense: NDArray[np.float64]) -> NDArray[np.float64]:
        """The product of every text with a dense vector: cosines where that has length 1. One pass over the words."""
        return _sums(self.rows, self.weights * dense[self.columns], self.size)

    def centrality(self) -> NDArray[np.float64]:
        """How much each text has in common with all the others; 1 is the average.

        The sum of a text's cosines with all texts is its product with the sum of all vectors, so no matrix of
        pairs is needed.
        """
        if not self.size:
            return np.zeros(0)
        degree = self.likeness(_sums(self.columns, self.weights, len(self.vocabulary)))
        return degree / max(float(degree.mean()), 1e-12)


def _sums(keys: NDArray[np.int64], values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    return np.bincount(keys, values, minlength=size).astype(np.float64, copy=False)
