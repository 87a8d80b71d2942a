"""Packed files, in and out: gzip and Zstandard. What is written can be cut back to the end of any piece and gone on with."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import Any, BinaryIO, cast

from summarizer.errors import MissingDependency

BEGINNINGS = {".gz": b"\x1f\x8b", ".zst": b"\x28\xb5\x2f\xfd"}
ENDINGS = tuple(BEGINNINGS)
DAMAGED = (OSError, EOFError, zlib.error)  # what reading a file may raise that is cut off or broken


def packing(name: str) -> str:
    """``.gz`` or ``.zst`` where the name ends so, else nothing."""
    return next((ending for ending in ENDINGS if name.lower().endswith(ending)), "")


def unpacked(raw: BinaryIO, name: str) -> BinaryIO:
    """The content of a file; one that is cut off raises one of ``DAMAGED`` where it ends."""
    kind = packing(name)
    if kind == ".zst":
        return cast("BinaryIO", io.BufferedReader(_Zstandard(raw), 1 << 16))
    return cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if kind else raw


def looks_packed(data: bytes) -> str:
    """``.gz`` or ``.zst`` where a file begins so, else nothing; no text does."""
    return next((ending for ending, magic in BEGINNINGS.items() if data.startswith(magic)), "")


def packed(data: bytes, name: str) -> bytes:
    """A piece of a file. Pieces one after the other read like one, and no time stamp makes two runs differ."""
    kind = packing(name)
    if not data or not kind:
        return data
    return bytes(zstandard().compress(data)) if kind == ".zst" else gzip.compress(data, mtime=0)


def zstandard() -> Any:
    """The Zstandard module: the standard library's, or its twin for Pythons before 3.14."""
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415
    except ImportError:
        try:
            from backports import zstd  # noqa: PLC0415
        except ImportError as error:
            raise MissingDependency("backports.zstd", "zst", "reading and writing .zst files") from error
    return zstd


class _Zstandard(io.RawIOBase):
    """A Zstandard file whose damage is an ``OSError``, as that of other files is."""

    def __init__(self, raw: BinaryIO) -> None:
        module = zstandard()
        self._raw = raw
        self._broken = module.ZstdError
        self._file = module.ZstdFile(raw)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def readinto(self, buffer: Any) -> int:
        try:
            return int(self._file.readinto(buffer))
        except self._broken as error:
            raise OSError(str(error)) from error
        except EOFError:
            if self._raw.tell():
                raise
            return 0  # no bytes are no pieces, as in a gzip file, and not one that is cut off

    def close(self) -> None:
        self._file.close()
        super().close()
