"""Answers kept for those who ask the same again, bounded in bytes; the least recently used go first.

In memory, or in one SQLite file that outlives the process. The key is a hash: what was asked cannot be read from it.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import OrderedDict
from pathlib import Path
from typing import Protocol

_ROW = 120  # bytes that an entry takes beside its answer, in memory as measured and about as much in the file
_log = logging.getLogger(__name__)


class Cache(Protocol):
    """What the service asks of a cache."""

    def get(self, key: bytes) -> bytes | None:
        """The answer kept under a key, or None."""

    def put(self, key: bytes, answer: bytes) -> None:
        """Keep an answer; others make room for it."""

    def close(self) -> None:
        """Let go of what it holds."""


class MemoryCache:
    """Answers in memory, ``bound`` bytes at most."""

    def __init__(self, bound: int) -> None:
        self.bound, self.size = bound, 0
        self._answers: OrderedDict[bytes, bytes] = OrderedDict()

    def get(self, key: bytes) -> bytes | None:
        """The answer, which is then the last to go."""
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def put(self, key: bytes, answer: bytes) -> None:
        """Keep it; one that is larger than the whole cache is not kept."""
        if len(answer) + _ROW > self.bound or key in self._answers:
            return
        self._answers[key] = answer
        self.size += len(answer) + _ROW
        while self.size > self.bound:
            _, dropped = self._answers.popitem(last=False)
            self.size -= len(dropped) + _ROW

    def close(self) -> None:
        """Forget all."""
        self._answers.clear()
        self.size = 0


class DiskCache:
    """Answers in a SQLite file that only its owner may read, ``bound`` bytes at most.

    A cache must never be why a request fails: when something goes wrong with the file, that is logged once, and the
    service works on without it. A file that is no database is begun anew.
    """

    def __init__(self, path: Path, bound: int) -> None:
        self.bound, self.size = bound, 0
        self._file: sqlite3.Connection | None = None
        try:
            self._file = _opened(path)
            total, entries = self._file.execute("SELECT total(length(answer)), count(*) FROM answers").fetchone()
            self.size = int(total) + entries * _ROW
            self._make_room(self._file)
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def get(self, key: bytes) -> bytes | None:
        """The answer, which is then the last to go."""
        try:
            return _get(self._file, key) if self._file is not None else None
        except sqlite3.Error as error:
            self._give_up(error)
            return None

    def put(self, key: bytes, answer: bytes) -> None:
        """Keep it; one that is larger than the whole cache is not kept."""
        if self._file is None or len(answer) + _ROW > self.bound:
            return
        try:
            done = self._file.execute(
                "INSERT OR IGNORE INTO answers SELECT ?, ?, coalesce(max(used), 0) + 1 FROM answers", (key, answer)
            )
            self.size += (len(answer) + _ROW) * done.rowcount
            self._make_room(self._file)
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Close the file; what is in it stays."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _make_room(self, file: sqlite3.Connection) -> None:
        while self.size > self.bound:
            oldest = file.execute("SELECT key, length(answer) FROM answers ORDER BY used LIMIT 64").fetchall()
            if not oldest:
                self.size = 0
            for key, length in oldest:
                if self.size > self.bound:
                    file.execute("DELETE FROM answers WHERE key = ?", (key,))
                    self.size -= length + _ROW

    def _give_up(self, error: Exception) -> None:
        _log.warning("the cache file cannot be used (%s); going on without it", error)
        self._file = None


def _get(file: sqlite3.Connection, key: bytes) -> bytes | None:
    row = file.execute("SELECT answer FROM answers WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    file.execute("UPDATE answers SET used = (SELECT max(used) + 1 FROM answers) WHERE key = ?", (key,))
    return bytes(row[0])


def _opened(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    try:
        return _tables(path)
    except sqlite3.DatabaseError:  # no database, or a broken one: it held nothing that cannot be made again
        for part in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            part.unlink(missing_ok=True)
        path.touch(mode=0o600)
        return _tables(path)


def _tables(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1)
    try:
        # A lost answer is no loss, so nothing waits for the disk.
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("PRAGMA synchronous = OFF")
        file.execute("CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, answer BLOB NOT NULL, used INTEGER)")
        file.execute("CREATE INDEX IF NOT EXISTS by_use ON answers (used)")
    except sqlite3.Error:
        file.close()
        raise
    return file
