"""What of an output is finished: one line per batch of rows, written after the rows themselves. The ground for going on after a crash.

The first line says what job this is. Each further one says how many rows are done, where the output ends with them, a
checksum of the bytes added, a hash of the keys of all rows so far, and the rows in numbers. So a later run can tell
whether the bytes are whole (a power cut may lose some that were written) and whether the input is still the same. The
last line says that the output is complete and about to get its name.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from summarizer.batch.rows import Row
from summarizer.errors import ConfigError

FORM = "2"  # of this file; a journal of another form cannot be gone on with
SYNC_SECONDS = 1.0  # how much work a power cut may cost; a killed process loses nothing that is in the journal


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of a job after some rows."""

    rows: int = 0
    end: int = 0
    checksum: int = 0
    digest: str = ""
    measures: Sequence[Sequence[Any]] = ()
    spent: float = 0.0
    complete: bool = False


class Keys:
    """A running hash of the keys of rows. A key is a hash of all that makes a row's output.

    That is its text and other columns, the options, and the preset's signature with the models and their revisions.
    """

    def __init__(self, job: Mapping[str, Any]) -> None:
        self._job = json.dumps(job, sort_keys=True).encode()
        self._hash = hashlib.blake2b(digest_size=16)

    def add(self, row: Row) -> None:
        """Take in one more row."""
        said = (row.name, row.text, sorted(row.columns.items(), key=lambda item: item[0]), str(row.error))
        key = hashlib.blake2b(self._job, digest_size=16)
        key.update(repr(said).encode("utf-8", "backslashreplace"))
        self._hash.update(key.digest())

    def hex(self) -> str:
        """The hash of the rows so far."""
        return self._hash.hexdigest()


class Journal:
    """The file beside a partial output."""

    def __init__(self, path: Path, job: Mapping[str, Any], *, overwrite: bool) -> None:
        """``overwrite`` passes over the journal of another job instead of stopping at it."""
        self._overwrite = overwrite
        self._path = path
        self._job = json.loads(json.dumps({**job, "journal": FORM}))
        self._file: BinaryIO | None = None
        self._synced = 0.0

    def marks(self) -> Iterator[tuple[Mark, int]]:
        """The marks of an earlier run, each with where its line ends; nothing where there was none.

        Raises:
            ConfigError: the earlier run was another job; the message names what differs.
        """
        lines = _whole_lines(self._path)
        job, end = next(lines, (None, 0))
        if job is None or (self._overwrite and job != self._job):
            return
        self._compare(job)
        yield Mark(), end
        for record, end in lines:
            yield Mark(**record), end

    def begin(self, keep: int) -> None:
        """Open for writing after the first ``keep`` bytes; 0 begins anew."""
        self._file = self._path.open("r+b" if keep else "wb")
        self._file.truncate(keep)
        self._file.seek(keep)
        if not keep:
            self._write(self._job)

    def add(self, mark: Mark, output: BinaryIO | None) -> None:
        """Note that ``mark`` is reached; ``output`` has been written and is brought to the disk first, now and then."""
        now = time.monotonic()
        if output is not None and now - self._synced >= SYNC_SECONDS:
            os.fsync(output.fileno())
            self._synced = now
        self._write(asdict(mark))

    def complete(self, mark: Mark) -> None:
        """Note that nothing is left to do but to give the output its name. This is on the disk when it returns."""
        self._write(asdict(replace(mark, measures=(), spent=0.0, complete=True)))
        assert self._file is not None  # noqa: S101 - begin() has been called
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; it stays."""
        if self._file is not None:
            with suppress(OSError):  # of a full disk, told of when it was met: a line that is cut off is none
                self._file.close()
            self._file = None

    def remove(self) -> None:
        """The job is complete."""
        self.close()
        self._path.unlink(missing_ok=True)

    def _write(self, record: Any) -> None:
        assert self._file is not None  # noqa: S101 - begin() has been called
        line = json.dumps(record).encode()
        self._file.write(b"%08x %s\n" % (zlib.crc32(line), line))
        self._file.flush()

    def _compare(self, job: Any) -> None:
        if not isinstance(job, dict):
            raise ConfigError(f"{self._path} is no journal of a batch job; remove it, or give --overwrite")
        compare(self._path, job, self._job)


def compare(path: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Refuse to go on with what another job has begun.

    Raises:
        ConfigError: the two differ; the message names in what.
    """
    changed = [
        f"{name} was {before.get(name)!r} and is {now.get(name)!r}"
        for name in dict.fromkeys([*before, *now])
        if before.get(name) != now.get(name)
    ]
    if changed:
        raise ConfigError(
            f"{path} is from an unfinished job with other settings: {'; '.join(changed)}. "
            "Run it as it was begun, name another output, or begin anew with --overwrite"
        )


def finished(path: Path) -> bool:
    """Whether the journal there says that the output beside it is complete."""
    last: Any = None
    for last, _ in _whole_lines(path):  # noqa: B007 - the last of them
        pass
    return isinstance(last, dict) and last.get("complete") is True


def _whole_lines(path: Path) -> Iterator[tuple[Any, int]]:
    """Each sound line's content and where it ends, up to the first that is cut off or damaged."""
    end = 0
    if not path.is_file():
        return
    with path.open("rb") as file:
        for line in file:
            checksum, _, content = line.rstrip(b"\n").partition(b" ")
            if not line.endswith(b"\n") or checksum != b"%08x" % zlib.crc32(content):
                return
            end += len(line)
            yield json.loads(content), end
