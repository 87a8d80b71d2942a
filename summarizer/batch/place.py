"""Where a file or folder lies: on this machine, behind a URL that fsspec knows, or at the end of a pipe."""

from __future__ import annotations

import errno
import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from summarizer.errors import ConfigError, MissingDependency

PIPE = "-"
_LOCAL = ("file", "local")  # of which a URL names a path of this machine


@dataclass(frozen=True, slots=True)
class Place:
    """One file or folder: a path, a URL such as ``s3://bucket/in.jsonl``, or ``-``."""

    path: str

    @property
    def name(self) -> str:
        """The last part of it."""
        return self.path.rstrip("/").rsplit("/", 1)[-1] if is_url(self.path) else Path(self.path).name

    @property
    def suffix(self) -> str:
        """The ending of the name, in small letters."""
        return Path(self.name).suffix.lower()

    def local(self) -> str | None:
        """Its real path on this machine, links followed; None for a pipe and for what lies elsewhere."""
        if not is_url(self.path):
            return None if self.path == PIPE else os.path.realpath(self.path)
        scheme, _, _ = self.path.partition("://")
        return os.path.realpath(_reached(self.path)[1]) if scheme in _LOCAL else None

    def is_folder(self) -> bool:
        """Whether a folder is there."""
        if not is_url(self.path):
            return Path(self.path).is_dir()
        system, path = _reached(self.path)
        return bool(system.isdir(path))

    def open(self) -> BinaryIO:
        """The bytes.

        Raises:
            OSError: they cannot be had, or would be waited for: a named pipe in a folder or behind ``file://``.
        """
        local = self.local() if is_url(self.path) else self.path
        if local is not None and is_stream(Path(local)):
            raise OSError(errno.EINVAL, "neither a file nor a folder")
        if not is_url(self.path):
            return Path(self.path).open("rb")
        system, path = _reached(self.path)
        return cast("BinaryIO", system.open(path, "rb"))

    def size(self) -> int:
        """The number of bytes; 0 where nobody knows."""
        if not is_url(self.path):
            return Path(self.path).stat().st_size
        system, path = _reached(self.path)
        return int(system.size(path) or 0)

    def below(self) -> Iterator[tuple[str, Place]]:
        """The files of a folder and of those in it, in the order of their names; hidden ones are passed over."""
        if is_url(self.path):
            system, folder = _reached(self.path)
            for path in sorted(system.find(folder)):
                name = str(path).removeprefix(str(folder)).lstrip("/")
                if not any(part.startswith(".") for part in name.split("/")):
                    yield name, Place(system.unstrip_protocol(path))
            return
        for folder, below, files in os.walk(self.path):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for file in sorted(files):
                if not file.startswith("."):
                    path = Path(folder) / file
                    yield path.relative_to(self.path).as_posix(), Place(str(path))


def found(name: str) -> list[Place]:
    """The files that a path, URL or pattern (``articles/*.jsonl``, ``**`` for any folders) stands for, in order.

    Raises:
        ConfigError: there is none, or the URL is of a kind that needs another package.
        MissingDependency: fsspec is not installed.
    """
    if name == PIPE:
        return [Place(PIPE)]
    if is_url(name):
        system, path = _reached(name)
        places = [Place(system.unstrip_protocol(match)) for match in sorted(_asked(system, path, name))]
    elif Path(name).exists() or not glob.has_magic(name):
        places = [Place(name)] if Path(name).exists() else []
    else:
        matches = glob.glob(name, recursive=True)  # noqa: PTH207 - takes a pattern that begins at the root, too
        places = [Place(match) for match in sorted(matches) if Path(match).is_file()]
    if not places:
        matching = "file matches" if glob.has_magic(name) else "input"
        raise ConfigError(f"there is no {matching} {name!r}" if matching == "input" else f"no {matching} {name!r}")
    return places


def is_stream(path: Path) -> bool:
    """Whether it is a named pipe, a terminal or a device: what is read or written once only, and never gone on with."""
    return path.exists() and not (path.is_file() or path.is_dir())


def is_url(name: str) -> bool:
    """Whether it is a URL, such as ``s3://bucket/in.jsonl``."""
    return "://" in name


def url_of(path: Path) -> str:
    """The URL that was made a path, which takes its two strokes for one; nothing where it was none."""
    scheme, found, rest = path.as_posix().partition(":/")
    if not found or "/" in scheme or len(scheme) < 2:
        return ""
    return f"{scheme}://{'/' * (scheme in _LOCAL)}{rest.lstrip('/')}"


def _asked(system: Any, path: str, name: str) -> list[str]:
    try:
        if glob.has_magic(path):
            return [match for match in system.glob(path) if not system.isdir(match)]
        return [path] if system.exists(path) else []
    except Exception as error:
        # Each storage has errors of its own: no credentials, no network, no such bucket.
        raise ConfigError(f"{name!r} cannot be reached: {type(error).__name__}: {error}") from error


def _reached(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415
    except ImportError as error:
        raise MissingDependency("fsspec", "remote", "reading from a URL") from error
    try:
        return cast("tuple[Any, str]", url_to_fs(url))
    except (ImportError, ValueError) as error:
        raise ConfigError(f"{url!r} cannot be read: {error}") from error
