"""py3langid's model, walked with NumPy: the same numbers in a quarter of the time.

Its automaton reads a text byte by byte. What it holds after a byte depends on the last few bytes alone, as no feature is
longer than these, so all places of a text are read at once.
"""

from __future__ import annotations

import lzma
import os
import shutil
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from summarizer.folders import cache_folder

_SIGN_AND_VALUE = np.int32(0x8FFFE000 - (1 << 32))
_EXPONENTS = np.float32(2.0**112)
_LONGEST = 6  # bytes of a feature; the tests hold the walk against py3langid's own


class NGrams(LanguageIdentifier):  # type: ignore[misc]  # py3langid has no types
    """``LanguageIdentifier`` with another way through the automaton.

    The two large tables, 68 MB, stay in an unpacked file, of which memory holds what is looked up.
    """

    def __init__(self, file: IO[bytes]) -> None:
        tables = Tables(file)
        super().__init__(
            None, tables.read("pc"), tables.read("classes").tolist(), None, None, norm_probs=True, tk_row=()
        )
        self._next = np.require(tables.mapped("nextmove"), requirements=["ALIGNED"])
        self._halves = tables.mapped("ptc").view(np.uint8)  # bytes: they may stand at an odd place
        # In four bytes each: after a model has run they come from far memory, which takes most of the time.
        self._row = tables.read("nextmove_row").astype(np.int32) << 8
        self._feature = tables.read("out_feat").astype(np.int32)

    @classmethod
    def opened(cls) -> NGrams:
        """The model that comes with py3langid. Unpacking takes half a second and is done once, into the user's cache;
        where nothing can be kept, into a file without a name.
        """
        packed = MODEL_DIR / MODEL_FILE
        with (
            suppress(OSError, RuntimeError, ValueError, KeyError, zipfile.BadZipFile),
            _kept(packed).open("rb") as file,
        ):
            return cls(file)
        with TemporaryFile() as scratch:
            _unpack(packed, scratch)
            return cls(scratch)

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
        features, counts = _counted(walked, len(self._halves))
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
        bits = self._halves[features].view(np.int16).astype(np.int32)
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


def _kept(packed: Path) -> Path:
    """The unpacked file in the user's cache, made if it is not there. Several processes may come first at once."""
    kept = cache_folder() / "languages" / f"{zlib.crc32(packed.read_bytes()):08x}.npz"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=kept.parent, delete=False) as scratch:
            try:
                _unpack(packed, scratch)
                scratch.flush()
                os.fsync(scratch.fileno())  # or a power cut could leave the name without the numbers
                scratch.close()  # Windows renames no open file
                Path(scratch.name).replace(kept)
            finally:
                Path(scratch.name).unlink(missing_ok=True)
    return kept


def _unpack(packed: Path, into: IO[bytes]) -> None:
    with lzma.open(packed) as unpacked:
        shutil.copyfileobj(unpacked, into, 1 << 20)


class Tables:
    """The arrays of an ``.npz`` file that is not compressed, read or left where they stand."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        with zipfile.ZipFile(file) as archive:
            self._starts = {info.filename.removesuffix(".npy"): info.header_offset for info in archive.infolist()}

    def read(self, name: str) -> NDArray[Any]:
        """The array, in memory."""
        return np.array(self.mapped(name))

    def mapped(self, name: str) -> NDArray[Any]:
        """The array, in the file; it may stand at any place there."""
        file = self._file
        file.seek(self._starts[name] + _NAME_LENGTH)
        named, extra = np.frombuffer(file.read(4), dtype="<u2").tolist()
        file.seek(named + extra, 1)
        np.lib.format.read_magic(file)
        shape, _, kind = np.lib.format.read_array_header_1_0(file)
        return np.asarray(np.memmap(file, dtype=kind, mode="r", offset=file.tell(), shape=shape))


_NAME_LENGTH = 26  # where the header of a member of a zip file says how long its name is
