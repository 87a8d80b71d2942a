"""What of an output is finished: one line per batch of rows, written after the rows themselves. The ground for going on after a crash.

The first line says what job this is. Each further one says how many rows are done, where the output ends with them, a
checksum of the bytes added, and a hash of all rows so far. So a later run can tell whether the bytes are whole (a power
cut may lose some that were written) and whether the input is still the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from summarizer.batch.rows import Row
from summarizer.errors import ConfigError

SYNC_SECONDS = 1.0  # how much work a power cut may cost; a killed process loses nothing that is in the journal


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of a job after some rows."""

    rows: int = 0
    end: int = 0
    checksum: int = 0
    digest: str = ""
    tally: Mapping[str, Any] = field(default_factory=dict)


class Keys:
    """A running hash of everything the rows hold: equal for equal input, row by row."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=16)

    def add(self, row: Row) -> None:
        """Take in one more row."""
        said = (row.name, row.text, sorted(row.columns.items(), key=lambda item: item[0]), str(row.error))
        self._hash.update(repr(said).encode("utf-8", "backslashreplace"))

    def hex(self) -> str:
        """The hash of the rows so far."""
        return self._hash.hexdigest()


class Journal:
    """The file beside a partial output."""

    def __init__(self, path: Path, job: Mapping[str, Any], *, overwrite: bool) -> None:
        """``overwrite`` passes over the journal of another job instead of stopping at it."""
        self._overwrite = overwrite
        self._path = path
        self._job = json.loads(json.dumps(job))
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

    def close(self) -> None:
        """Close the file; it stays."""
        if self._file is not None:
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
        changed = [
            f"{name} was {job.get(name)!r} and is {self._job.get(name)!r}"
            for name in dict.fromkeys([*job, *self._job])
            if job.get(name) != self._job.get(name)
        ]
        if changed:
            raise ConfigError(
                f"{self._path} is from an unfinished job with other settings: {'; '.join(changed)}. "
                "Run it as it was begun, name another output, or begin anew with --overwrite"
            )


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
