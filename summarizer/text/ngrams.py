"""py3langid's model, walked with NumPy: the same numbers in a quarter of the time.

Its automaton reads a text byte by byte. What it holds after a byte depends on the last few bytes alone, as no feature is
longer than these, so all places of a text are read at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

_SIGN_AND_VALUE = np.int32(0x8FFFE000 - (1 << 32))
_EXPONENTS = np.float32(2.0**112)
_LONGEST = 6  # bytes of a feature; the tests hold the walk against py3langid's own


class NGrams(LanguageIdentifier):  # type: ignore[misc]  # py3langid has no types
    """``LanguageIdentifier`` with another way through the automaton."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._next = np.frombuffer(self.tk_nextmove, dtype=f"u{self.tk_nextmove.itemsize}")
        # In four bytes each: after a model has run they come from far memory, which takes most of the time.
        self._row = np.array(self.tk_row, dtype=np.int32) << 8
        self._feature = np.array(self.tk_output, dtype=np.int32)
        self._weights = self.nb_ptc.view(np.int16)

    @classmethod
    def opened(cls) -> NGrams:
        """The model that comes with py3langid."""
        found: NGrams = cls.from_model_file(MODEL_FILE, norm_probs=True)
        return found

    def likely(self, text: str, least: float) -> list[tuple[int, float]]:
        """The languages with a probability of ``least`` and more, as places in ``nb_classes``, the likeliest first."""
        chances = self._decide(text)
        found = np.flatnonzero(chances >= least)
        found = found[np.argsort(-chances[found], kind="stable")]
        return list(zip(found.tolist(), chances[found].tolist(), strict=True))

    def _raw_score(self, text: bytes) -> NDArray[np.float32]:
        walked = self._walked(text)
        if not len(walked):
            return np.zeros(len(self.nb_classes), dtype=np.float32)
        features, counts = _counted(walked, len(self.nb_ptc))
        score: NDArray[np.float32] = np.log1p(counts) @ self._rows(features) + self.nb_pc
        return score

    def _walked(self, text: bytes) -> NDArray[np.int32]:
        """The features of a text in the order they end."""
        letters = np.frombuffer(text, dtype=np.uint8).astype(np.int64)
        states = np.zeros(len(letters), dtype=np.int64)
        for back in range(min(_LONGEST, len(letters)) - 1, -1, -1):
            states[back:] = self._next.take(self._row.take(states[back:]) + letters[: len(letters) - back])
        found = self._feature.take(states)
        return found[found >= 0]

    def _rows(self, features: NDArray[np.int32]) -> NDArray[np.float32]:
        """The weights of features from half to single precision, bit by bit: as ``astype`` in a quarter of its time,
        which is more than that of all the rest. Sign, exponent and fraction go to their places, and the exponents,
        counted from -15 there and from -127 here, are set right by a product. None of the weights is infinite.
        """
        bits = self._weights[features].astype(np.int32)
        bits <<= 13
        bits &= _SIGN_AND_VALUE
        weights = bits.view(np.float32)
        weights *= _EXPONENTS
        return weights


def _counted(found: NDArray[np.int32], size: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Each feature once, in the order of its first place, and how often it stands. The order decides the last digit."""
    places = np.arange(len(found), dtype=np.int32)
    first = np.empty(size, dtype=np.int32)
    first[found[::-1]] = places[::-1]  # of places written twice the last one stays
    at = first[found]
    distinct = np.flatnonzero(at == places)
    return found[distinct], np.bincount(at)[distinct].astype(np.float32)
