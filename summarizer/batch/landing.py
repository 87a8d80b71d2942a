"""How output comes to lie on the disk under its name: whole, in one step, and still there after a power cut."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from summarizer.batch.parquet import ParquetEncoder
from summarizer.batch.rows import Encoder


def stored(files: Iterable[tuple[Path, bytes]]) -> None:
    """Write files, each whole and on the disk, and so are their names."""
    folders = set()
    for path, content in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        _sync(path)
        folders.add(path.parent)
    for folder in folders:
        sync_folder(folder)


def placed(partial: Path, target: Path) -> None:
    """Give a folder its name, or move its files into the folder that is there."""
    if not target.is_dir():
        partial.replace(target)
    else:
        for path in sorted(partial.rglob("*")):
            place = target / path.relative_to(partial)
            if path.is_dir():
                place.mkdir(exist_ok=True)
            else:
                _moved(path, place)
        shutil.rmtree(partial)
    sync_folder(target.parent)


def _moved(path: Path, place: Path) -> None:
    """Rename; where the folder is a disk of its own, such as a volume of a container, copy beside and rename there."""
    try:
        path.replace(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        near = place.with_name(f".{place.name}.partial")
        shutil.copyfile(path, near)
        _sync(near)
        near.replace(place)


def named(encoder: Encoder, partial: Path, target: Path) -> None:
    """Give a complete output its name, in one step."""
    if isinstance(encoder, ParquetEncoder):
        whole = target.with_name(f"{target.name}.finishing")
        encoder.finish(partial, whole)
        _sync(whole)
        whole.replace(target)
        partial.unlink()
    else:
        partial.replace(target)
    sync_folder(target.parent)


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Bring the names in a folder to the disk; a rename is not there after a power cut without it."""
    with suppress(OSError):  # not every system lets one open a folder
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
