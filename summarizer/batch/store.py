"""Where finished rows go. A file or folder appears under its name only when it is complete; until then it is ``NAME.partial``."""

from __future__ import annotations

import gzip
import os
import shutil
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Protocol

from summarizer.batch.folder import Page
from summarizer.batch.journal import Journal, Mark
from summarizer.batch.parquet import ParquetEncoder
from summarizer.batch.rows import Done, Encoder, Row
from summarizer.errors import ConfigError


class Store(Protocol):
    """The output of a job."""

    def begin(self, head: Sequence[Row]) -> Mark:
        """Make ready, given the first rows of the input; the mark says how far an earlier run had come."""

    def commit(self, done: Sequence[Done], mark: Mark) -> None:
        """Write rows; ``mark`` is the state of the job after them."""

    def finish(self) -> None:
        """Put the complete output in its place."""

    def close(self) -> None:
        """Let go of it, finished or not."""


class Pipe:
    """Standard output: written as it comes, and nothing to go on with."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def begin(self, head: Sequence[Row]) -> Mark:
        """Write what the format begins with."""
        sys.stdout.buffer.write(self._encoder.prepare(head))
        return Mark()

    def commit(self, done: Sequence[Done], mark: Mark) -> None:  # noqa: ARG002 - the shape of a Store
        """Write rows and pass them on at once."""
        sys.stdout.buffer.write(self._encoder.encode(done))
        sys.stdout.buffer.flush()

    def finish(self) -> None:
        """Nothing is left to do."""

    def close(self) -> None:
        """Standard output is not ours to close."""


class Claim:
    """The sole right to write one output, held by a lock file that a dying process lets go of."""

    def __init__(self, target: Path) -> None:
        """Take it.

        Raises:
            ConfigError: another process has it, or the folder cannot be written to.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415

        self._path = target.with_name(f"{target.name}.lock")
        self._lock = FileLock(self._path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise ConfigError(f"another job is writing {target}; wait for it, or name another output") from error
        except OSError as error:
            raise ConfigError(f"{target.parent} cannot be written to: {error.strerror}") from error

    def release(self) -> None:
        """Let it go."""
        self._path.unlink(missing_ok=True)
        self._lock.release()


class FileStore:
    """One output file. Its bytes are only ever added to, and the journal says where they are whole."""

    def __init__(self, target: Path, encoder: Encoder, journal: Journal) -> None:
        self._target = target
        self._partial = target.with_name(f"{target.name}.partial")
        self._encoder = encoder
        self._packed = target.suffix == ".gz"
        self._journal = journal
        self._file: BinaryIO | None = None

    def begin(self, head: Sequence[Row]) -> Mark:
        """Cut an earlier run's output back to its last sound mark, or begin anew."""
        start = self._pack(self._encoder.prepare(head))
        mark, keep = self._sound(start)
        self._journal.begin(keep)
        self._file = self._partial.open("r+b" if keep else "wb")
        self._file.truncate(mark.end)
        self._file.seek(mark.end)
        if not mark.rows:
            self._file.truncate(0)
            self._file.seek(0)
            self._file.write(start)
        return mark

    def commit(self, done: Sequence[Done], mark: Mark) -> None:
        """Add rows, then the mark."""
        assert self._file is not None  # noqa: S101 - begin() has been called
        data = self._pack(self._encoder.encode(done))
        self._file.write(data)
        self._file.flush()
        self._journal.add(replace(mark, end=self._file.tell(), checksum=zlib.crc32(data)), self._file)

    def finish(self) -> None:
        """Bring all to the disk, and give the file its name in one step."""
        assert self._file is not None  # noqa: S101 - begin() has been called
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if isinstance(self._encoder, ParquetEncoder):
            whole = self._target.with_name(f"{self._target.name}.finishing")
            self._encoder.finish(self._partial, whole)
            _sync(whole)
            whole.replace(self._target)
            self._partial.unlink()
        else:
            self._partial.replace(self._target)
        self._journal.remove()

    def close(self) -> None:
        """Close the files; a partial output stays for the next run."""
        if self._file is not None:
            self._file.close()
        self._journal.close()

    def _pack(self, data: bytes) -> bytes:
        # A file of gzip members reads like one; members can be cut back to, and no time stamp makes two runs differ.
        return gzip.compress(data, mtime=0) if self._packed and data else data

    def _sound(self, start: bytes) -> tuple[Mark, int]:
        """The last mark up to which the partial output holds the bytes it should, and where its journal line ends."""
        sound, keep = Mark(), 0
        if not self._partial.is_file():
            return sound, keep
        with self._partial.open("rb") as file:
            for mark, end in self._journal.marks():
                size = (mark.end if mark.rows else len(start)) - file.tell()
                data = file.read(size) if size >= 0 else b""
                if len(data) != size or zlib.crc32(data) != (mark.checksum if mark.rows else zlib.crc32(start)):
                    break
                sound, keep = mark, end
        return sound, keep


class FolderStore:
    """One file per row in an output folder; files of the same names in an older output are replaced at the end."""

    def __init__(self, target: Path, page: Page, journal: Journal) -> None:
        self._target = target
        self._partial = target.with_name(f"{target.name}.partial")
        self._page = page
        self._journal = journal

    def begin(self, head: Sequence[Row]) -> Mark:  # noqa: ARG002 - the shape of a Store
        """Go on after the files that are there, or begin anew."""
        sound, keep = Mark(), 0
        if self._partial.is_dir():
            for sound, keep in self._journal.marks():  # noqa: B007 - the last of them
                pass
        if not keep:
            shutil.rmtree(self._partial, ignore_errors=True)
        self._partial.mkdir(parents=True, exist_ok=True)
        self._journal.begin(keep)
        return sound

    def commit(self, done: Sequence[Done], mark: Mark) -> None:
        """Write the files, each whole and on the disk, then the mark."""
        for row, outcome in done:
            path = self._partial / self._page.name(row)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self._page.content(row, outcome))
            _sync(path)
        self._journal.add(mark, None)

    def finish(self) -> None:
        """Give the folder its name, or move its files into the folder that is there."""
        if self._target.is_dir():
            for path in sorted(self._partial.rglob("*")):
                place = self._target / path.relative_to(self._partial)
                if path.is_dir():
                    place.mkdir(exist_ok=True)
                else:
                    path.replace(place)
            shutil.rmtree(self._partial)
        else:
            self._partial.replace(self._target)
        self._journal.remove()

    def close(self) -> None:
        """Close the journal; partial output stays for the next run."""
        self._journal.close()


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())
