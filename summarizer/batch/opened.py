"""A file opened for reading: its bytes, unpacked where it is packed, and how far the reading has come."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import BinaryIO, cast


class Opened:
    """The bytes of a file, or of standard input for ``-``; ``.gz`` is unpacked."""

    def __init__(self, path: Path) -> None:
        piped = str(path) == "-"
        self._raw = sys.stdin.buffer if piped else path.open("rb")
        self._size = 0 if piped else path.stat().st_size
        packed = path.suffix == ".gz"
        self.stream = cast("BinaryIO", gzip.GzipFile(fileobj=self._raw)) if packed else self._raw

    def share(self) -> float | None:
        """The part of the file's bytes read so far, from 0 to 1; None for a pipe."""
        return min(1.0, self._raw.tell() / self._size) if self._size else None

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self._raw is not sys.stdin.buffer:
            self.stream.close()
            self._raw.close()
