"""Paths into sources and stores: what a name's ending means, and what may not be written over."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from summarizer.batch.folder import Folder, Page
from summarizer.batch.journal import Journal
from summarizer.batch.jsonl import JsonLines, JsonLinesEncoder
from summarizer.batch.opened import Opened
from summarizer.batch.parquet import ParquetEncoder, ParquetRows
from summarizer.batch.rows import Encoder, Fields, Source
from summarizer.batch.store import FileStore, FolderStore, Pipe, Store
from summarizer.batch.tables import CsvEncoder, CsvRows
from summarizer.errors import ConfigError

Kind: TypeAlias = Literal["jsonl", "csv", "parquet", "folder"]
Pages: TypeAlias = Literal["json", "markdown"]

ENDINGS: Mapping[str, Kind] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where a job reads and writes, and how. ``-`` is standard input and output, as JSON lines."""

    source: Path
    target: Path
    fields: Fields = field(default_factory=Fields)
    pages: Pages = "json"
    overwrite: bool = False

    def check(self) -> None:
        """Refuse what cannot work before any model is loaded.

        Raises:
            ConfigError: an ending nobody knows, no input, or an output that is there already.
        """
        kind_of(self.source)
        kind_of(self.target)
        if not _piped(self.source) and not self.source.exists():
            raise ConfigError(f"there is no input {str(self.source)!r}")
        if _piped(self.target) or not self.target.exists():
            return
        if self.source.exists() and self.target.samefile(self.source) and kind_of(self.source) != "folder":
            raise ConfigError(f"input and output are the same file {str(self.source)!r}; name another output")
        taken = any(self.target.iterdir()) if self.target.is_dir() else True
        if taken and not self.overwrite:
            raise ConfigError(f"{str(self.target)!r} is there already; name another output, or give --overwrite")


def kind_of(path: Path) -> Kind:
    """What a path holds, by its ending; one without an ending, or a folder that is there, is a folder."""
    if _piped(path):
        return "jsonl"
    if path.is_dir() or not path.suffix:
        return "folder"
    packed = path.suffix.lower() == ".gz"
    kind = ENDINGS.get(Path(path.stem).suffix.lower() if packed else path.suffix.lower())
    if kind is None or (packed and kind == "parquet"):
        raise ConfigError(
            f"{path.name!r} has no ending this job knows; use {', '.join(ENDINGS)} "
            "(.jsonl and .csv also with .gz), a folder, or - for JSON lines through a pipe"
        )
    return kind


def open_source(places: Places) -> Source:
    """The rows of the input.

    Raises:
        InputError: the file is damaged from its beginning, or empty where it may not be.
        ConfigError: it lacks the text column.
        MissingDependency: its format needs a package that is not installed.
    """
    path, fields = places.source, places.fields
    kind = kind_of(path)
    if kind == "folder":
        if not path.is_dir():
            raise ConfigError(f"{str(path)!r} is no folder, and a file must end in {', '.join(ENDINGS)}")
        return Folder(path, fields)
    if kind == "parquet":
        return ParquetRows(path, fields)
    opened = Opened(path)
    try:
        return CsvRows(opened, fields) if kind == "csv" else JsonLines(opened, fields)
    except BaseException:
        opened.close()
        raise


def open_store(places: Places, source: Source, *, targets: Sequence[str], job: Mapping[str, Any]) -> Store:
    """The output; ``job`` is what must be equal for a later run to go on with it."""
    path, kind = places.target, kind_of(places.target)
    if _piped(path):
        return Pipe(JsonLinesEncoder(places.fields))
    journal = Journal(_beside(path, "journal"), job, overwrite=places.overwrite)
    if kind == "folder":
        page = Page(places.pages, places.fields, mirrored=places.source if isinstance(source, Folder) else None)
        return FolderStore(path, page, journal)
    return FileStore(path, _encoder(places, kind, source, targets), journal)


def discard(places: Places) -> None:
    """Throw an unfinished output away."""
    _beside(places.target, "journal").unlink(missing_ok=True)
    partial = _beside(places.target, "partial")
    if partial.is_dir():
        shutil.rmtree(partial)
    partial.unlink(missing_ok=True)


def _encoder(places: Places, kind: Kind, source: Source, targets: Sequence[str]) -> Encoder:
    if kind == "parquet":
        return ParquetEncoder(source.columns, getattr(source, "schema", None))
    if kind == "jsonl":
        return JsonLinesEncoder(places.fields)
    tabs = ".tsv" in places.target.suffixes
    delimiter = "\t" if tabs else getattr(source, "delimiter", ",")
    marked = getattr(source, "encoding", "utf-8") != "utf-8"
    return CsvEncoder(source.columns, targets, delimiter=delimiter, marked=marked)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.{ending}")


def _piped(path: Path) -> bool:
    return str(path) == "-"
