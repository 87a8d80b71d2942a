"""The finished pieces of a job on a cluster: files that are there whole or not at all, named after what they are made of."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from summarizer.batch.journal import compare
from summarizer.errors import ConfigError

JOB, COMPLETE = "job.json", "complete"


@dataclass(frozen=True, slots=True)
class Name:
    """Which piece of the input a part is: the number of its file, its own number in there, and the hash of its rows' keys."""

    file: int
    number: int
    key: str

    def __str__(self) -> str:
        return f"{self.file:05d}-{self.number:08d}-{self.key}.part"

    @classmethod
    def of(cls, name: str) -> Name:
        """The inverse of ``str``."""
        file, number, key = name.removesuffix(".part").split("-")
        return cls(int(file), int(number), key)


@dataclass(frozen=True, slots=True)
class Part:
    """What stands in the first line of a part: the rows in numbers, the seconds they took, and how to know it is whole."""

    measures: Sequence[Sequence[Any]]
    spent: float
    size: int
    checksum: int


class Parts:
    """The folder of parts beside an output."""

    def __init__(self, folder: Path, job: Mapping[str, str], *, overwrite: bool) -> None:
        """Make the folder, or go on with it.

        Raises:
            ConfigError: it belongs to another job; the message names what differs.
        """
        self._folder = folder
        before = _job(folder / JOB)
        if before is not None and before != job:
            if not overwrite:
                compare(folder, before, job)
            before = None
        if before is None:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            _write(folder / JOB, json.dumps(job).encode())

    @property
    def complete(self) -> bool:
        """Whether all parts are there and have been put together."""
        return (self._folder / COMPLETE).is_file()

    def names(self) -> set[str]:
        """The parts that are whole; those that a power cut has damaged are removed."""
        names = set()
        for path in self._folder.glob("*.part"):
            if _whole(path):
                names.add(path.name)
            else:
                path.unlink()
        return names

    def keep(self, name: Name, measures: Sequence[Sequence[Any]], data: bytes, *, spent: float) -> Part:
        """Store a part. It is on the disk under its name when this returns."""
        part = Part(measures, round(spent, 4), len(data), zlib.crc32(data))
        _write(self._folder / str(name), json.dumps(asdict(part)).encode() + b"\n" + data)
        return part

    def drop(self, name: Name) -> None:
        """Remove a part."""
        (self._folder / str(name)).unlink(missing_ok=True)

    def head(self, name: Name) -> Part:
        """The first line of a part."""
        with (self._folder / str(name)).open("rb") as file:
            return Part(**json.loads(file.readline()))

    @contextmanager
    def content(self, name: Name) -> Iterator[BinaryIO]:
        """What a part holds, after its first line."""
        with (self._folder / str(name)).open("rb") as file:
            file.readline()
            yield file

    def copy(self, names: Sequence[Name], target: BinaryIO) -> None:
        """Write the content of these parts, one after the other."""
        for name in names:
            with self.content(name) as file:
                shutil.copyfileobj(file, target, 1 << 20)

    def done(self) -> None:
        """Note that the parts have been put together and the output is about to get its name."""
        _write(self._folder / COMPLETE, b"")

    def remove(self) -> None:
        """Throw all away."""
        shutil.rmtree(self._folder)


def complete(folder: Path) -> bool:
    """Whether the parts in there were put together by a job that was killed before it could tidy up."""
    return (folder / COMPLETE).is_file()


def _whole(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            part = Part(**json.loads(file.readline()))
            checksum, size = 0, 0
            for data in _pieces(file):
                checksum, size = zlib.crc32(data, checksum), size + len(data)
    except (OSError, ValueError, TypeError):
        return False
    return (checksum, size) == (part.checksum, part.size)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while data := file.read(1 << 20):
        yield data


def _job(path: Path) -> dict[str, str] | None:
    try:
        job = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ConfigError(f"{path} is damaged; remove its folder, or give --overwrite") from error
    return job if isinstance(job, dict) else {}


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing, and on the disk."""
    partial = path.with_name(f".{path.name}")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
