"""A file opened for reading: its bytes, unpacked where it is packed, and how far the reading has come."""

from __future__ import annotations

import sys

from summarizer.batch.packing import unpacked
from summarizer.batch.place import PIPE, Place


class Opened:
    """The bytes of a file, or of standard input for ``-``; ``.gz`` and ``.zst`` are unpacked."""

    def __init__(self, place: Place) -> None:
        piped = place.path == PIPE
        self._raw = sys.stdin.buffer if piped else place.open()
        self._size = 0 if piped else place.size()
        self.stream = unpacked(self._raw, place.name)

    def share(self) -> float | None:
        """The part of the file's bytes read so far, from 0 to 1; None for a pipe."""
        return min(1.0, self._raw.tell() / self._size) if self._size else None

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self._raw is not sys.stdin.buffer:
            self.stream.close()
            self._raw.close()
