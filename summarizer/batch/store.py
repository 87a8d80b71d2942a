"""Where finished rows go. A file or folder appears under its name only when it is complete; until then it is ``NAME.partial``."""

from __future__ import annotations

import os
import shutil
import sys
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Protocol, TypeAlias

from summarizer.batch.folder import Page
from summarizer.batch.journal import Journal, Mark
from summarizer.batch.landing import named, placed, stored
from summarizer.batch.packing import packed
from summarizer.batch.rows import Done, Encoder, Row
from summarizer.errors import ConfigError

Note: TypeAlias = Callable[[Mark], None]


class Store(Protocol):
    """The output of a job."""

    def begin(self, head: Sequence[Row], note: Note) -> Mark:
        """Make ready, given the first rows of the input; the mark says how far an earlier run had come.

        ``note`` is told each mark on the way there.
        """

    def commit(self, done: Sequence[Done], mark: Mark) -> None:
        """Write rows; ``mark`` is the state of the job after them."""

    def page(self, row: Row) -> str:
        """The file that holds this row alone; nothing where one file holds them all."""

    def finish(self) -> None:
        """Put the complete output in its place."""

    def close(self) -> None:
        """Let go of it, finished or not."""


class Pipe:
    """Standard output: written as it comes, and nothing to go on with."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def begin(self, head: Sequence[Row], note: Note) -> Mark:  # noqa: ARG002 - the shape of a Store
        """Write what the format begins with."""
        self._write(self._encoder.prepare(head))
        return Mark()

    def commit(self, done: Sequence[Done], mark: Mark) -> None:  # noqa: ARG002 - the shape of a Store
        """Write rows and pass them on at once."""
        self._write(self._encoder.encode(done))

    def page(self, row: Row) -> str:  # noqa: ARG002 - the shape of a Store
        """None."""
        return ""

    def finish(self) -> None:
        """Nothing is left to do."""

    def close(self) -> None:
        """Standard output is not ours to close."""

    def _write(self, data: bytes) -> None:
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise ConfigError(
                f"standard output cannot be written: {error.strerror or error}; "
                "a job into a pipe begins anew, one into a file goes on where it was"
            ) from error


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
        self._journal = journal
        self._mark = Mark()
        self._file: BinaryIO | None = None

    def begin(self, head: Sequence[Row], note: Note) -> Mark:
        """Cut an earlier run's output back to its last sound mark, or begin anew."""
        start = packed(self._encoder.prepare(head), self._target.name)
        self._mark, keep = self._sound(start, note)
        self._journal.begin(keep)
        if self._mark.complete and not self._partial.is_file():
            return self._mark
        self._file = self._partial.open("r+b" if keep else "wb")
        self._file.truncate(self._mark.end)
        self._file.seek(self._mark.end)
        if not self._mark.rows:
            self._file.truncate(0)
            self._file.seek(0)
            self._file.write(start)
        return self._mark

    def commit(self, done: Sequence[Done], mark: Mark) -> None:
        """Add rows, then the mark."""
        assert self._file is not None  # noqa: S101 - begin() has been called
        data = packed(self._encoder.encode(done), self._target.name)
        self._file.write(data)
        self._file.flush()
        self._mark = replace(mark, end=self._file.tell(), checksum=zlib.crc32(data))
        self._journal.add(self._mark, self._file)

    def page(self, row: Row) -> str:  # noqa: ARG002 - the shape of a Store
        """None: all rows stand in one file."""
        return ""

    def finish(self) -> None:
        """Bring all to the disk, and give the file its name in one step."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._journal.complete(self._mark)
            named(self._encoder, self._partial, self._target)
        self._journal.remove()

    def close(self) -> None:
        """Close the files; a partial output stays for the next run."""
        if self._file is not None:
            with suppress(
                OSError
            ):  # of a full disk that was told of when it was met; finish() has closed what is whole
                self._file.close()
        self._journal.close()

    def _sound(self, start: bytes, note: Note) -> tuple[Mark, int]:
        """The last mark up to which the partial output holds the bytes it should, and where its journal line ends."""
        if not self._partial.is_file():
            return _complete(self._journal, note) if self._target.is_file() else (Mark(), 0)
        sound, keep = Mark(), 0
        with self._partial.open("rb") as file:
            for mark, end in self._journal.marks():
                if not mark.complete:
                    size = (mark.end if mark.rows else len(start)) - file.tell()
                    data = file.read(size) if size >= 0 else b""
                    if len(data) != size or zlib.crc32(data) != (mark.checksum if mark.rows else zlib.crc32(start)):
                        break
                    note(mark)
                sound, keep = mark, end
        return sound, keep


class FolderStore:
    """One file per row in an output folder; files of the same names in an older output are replaced at the end."""

    def __init__(self, target: Path, page: Page, journal: Journal) -> None:
        self._target = target
        self._partial = target.with_name(f"{target.name}.partial")
        self._page = page
        self._journal = journal
        self._mark = Mark()

    def begin(self, head: Sequence[Row], note: Note) -> Mark:  # noqa: ARG002 - the shape of a Store
        """Go on after the files that are there, or begin anew."""
        keep = 0
        if self._partial.is_dir():
            for mark, end in self._journal.marks():
                self._mark, keep = mark, end
                note(mark)
        elif self._target.is_dir():
            self._mark, keep = _complete(self._journal, note)
        if not keep:
            shutil.rmtree(self._partial, ignore_errors=True)
        if not self._mark.complete:
            self._partial.mkdir(parents=True, exist_ok=True)
        self._journal.begin(keep)
        return self._mark

    def commit(self, done: Sequence[Done], mark: Mark) -> None:
        """Write the files, each whole and on the disk, then the mark."""
        stored((self._partial / self._page.name(row), self._page.content(row, outcome)) for row, outcome in done)
        self._mark = mark
        self._journal.add(mark, None)

    def page(self, row: Row) -> str:
        """The row's file, below the folder."""
        return self._page.name(row)

    def finish(self) -> None:
        """Give the folder its name, or move its files into the folder that is there."""
        if not self._mark.complete:
            self._journal.complete(self._mark)
        if self._partial.is_dir():
            placed(self._partial, self._target)
        self._journal.remove()

    def close(self) -> None:
        """Close the journal; partial output stays for the next run."""
        self._journal.close()


def _complete(journal: Journal, note: Note) -> tuple[Mark, int]:
    """The last mark of a job that was killed after its output had got its name; nothing if that is not what happened."""
    last, keep = Mark(), 0
    marks = list(journal.marks())
    if marks and marks[-1][0].complete:
        for mark, _ in marks:
            note(mark)
        last, keep = marks[-1]
    return last, keep
