"""Paths into sources and stores: what a name's ending means, and what may not be written over."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias

from summarizer.batch.files import Files
from summarizer.batch.folder import SUFFIXES, Bundle, Folder, Page
from summarizer.batch.journal import Journal, finished
from summarizer.batch.jsonl import JsonLines, JsonLinesEncoder
from summarizer.batch.opened import Opened
from summarizer.batch.packing import DAMAGED, packing, zstandard
from summarizer.batch.parquet import ParquetEncoder, ParquetRows
from summarizer.batch.parts import complete
from summarizer.batch.place import PIPE, Place, found, is_stream, is_url, url_of
from summarizer.batch.rows import Encoder, Fields, Source
from summarizer.batch.store import FileStore, FolderStore, Pipe, Store
from summarizer.batch.tables import CsvEncoder, CsvRows
from summarizer.errors import ConfigError, InputError

Kind: TypeAlias = Literal["jsonl", "csv", "parquet", "folder"]
Pages: TypeAlias = Literal["json", "markdown"]

ENDINGS: Mapping[str, Kind] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}


BESIDE = ("partial", "journal", "lock", "finishing", "parts")
"""What a job lays beside its output while that is not complete."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a job reads and writes, and how.

    ``source`` is a path, a pattern such as ``articles/*.jsonl``, a URL that fsspec knows (``s3://bucket/in.parquet``),
    or ``-``; ``target`` a path or ``-``. ``-`` is standard input and output, as JSON lines. A target that is a link is
    what it leads to: the file there is written, and what belongs to it lies beside it, on the same disk.
    """

    source: str | Path
    target: Path
    fields: Fields = field(default_factory=Fields)
    pages: Pages = "json"
    overwrite: bool = False

    def __post_init__(self) -> None:
        if self.target.is_symlink() and not is_stream(self.target):
            object.__setattr__(self, "target", Path(os.path.realpath(self.target)))

    @property
    def piped(self) -> bool:
        """Whether the input is standard input."""
        return str(self.source) == PIPE

    def inputs(self) -> list[Place]:
        """The files of the input, or its folder; what this job lays beside its output is none, whatever a pattern says.

        Raises:
            ConfigError: there is none.
        """
        places = found(str(self.source))
        ours = {os.path.realpath(beside(self.target, ending)) for ending in BESIDE}
        return [place for place in places if place.local() not in ours] or places

    def check(self) -> None:
        """Refuse what cannot work before any model is loaded.

        Raises:
            ConfigError: an ending nobody knows, no input, or an output that is there already.
        """
        if not is_url(str(self.source)) and not glob.has_magic(str(self.source)):
            kind_of(Path(self.source))
        kind_of(self.target)
        inputs = self.inputs()
        if _piped(self.target) or not self.target.exists():
            return
        if any(_same(place, self.target) for place in inputs):
            raise ConfigError(f"input and output are the same file {str(self.target)!r}; name another output")
        taken = any(self.target.iterdir()) if self.target.is_dir() else True
        if taken and not self.overwrite and not self._complete():
            raise ConfigError(f"{str(self.target)!r} is there already; name another output, or give --overwrite")

    def _complete(self) -> bool:
        """Whether the output is there because an earlier run was killed after it had got its name."""
        return finished(beside(self.target, "journal")) or complete(beside(self.target, "parts"))


def kind_of(path: Path) -> Kind:
    """What a path holds, by its ending; one without an ending, or a folder that is there, is a folder."""
    if _piped(path):
        return "jsonl"
    if url := url_of(path):
        raise ConfigError(f"{url!r}: an output is written to a local path; copy it to its storage when it is done")
    if is_stream(path):
        raise ConfigError(f"{str(path)!r} is neither a file nor a folder; a pipe is read and written as -, with < or >")
    if path.is_dir() or not path.suffix:
        return "folder"
    return _kind(path.name)


def _kind(name: str) -> Kind:
    packed = packing(name)
    if packed == ".zst":
        zstandard()
    kind = ENDINGS.get(Path(name.lower().removesuffix(packed)).suffix)
    if kind is None or (packed and kind == "parquet"):
        raise ConfigError(
            f"{name!r} has no ending this job knows; use {', '.join(ENDINGS)} "
            "(.jsonl and .csv also with .gz or .zst), a folder (one that is there, or a name without an ending), or - for JSON lines"
        )
    return kind


def open_source(places: Places, only: int | None = None) -> Source:
    """The rows of the input; of its file number ``only``, where that is given.

    Raises:
        InputError: the file is damaged from its beginning, or empty where it may not be.
        ConfigError: it lacks the text column.
        MissingDependency: its format needs a package that is not installed.
    """
    inputs, fields = places.inputs(), places.fields
    if len(inputs) == 1 and inputs[0].is_folder():
        return Folder(inputs[0].below, fields)
    if len(inputs) == 1 and not places.piped and not inputs[0].suffix:
        raise ConfigError(f"{inputs[0].path!r} is no folder, and a file must end in {', '.join(ENDINGS)}")
    if all(place.suffix in SUFFIXES for place in inputs):
        return Folder(lambda: ((place.path, place) for place in inputs), fields)
    kinds = {_kind(place.name) if place.path != PIPE else "jsonl" for place in inputs}
    if len(kinds) > 1:
        raise ConfigError(f"{str(places.source)!r} matches files of several kinds: {', '.join(sorted(kinds))}")
    if len(inputs) == 1:
        return _opened(inputs[0], fields)
    return Files([(place.name, partial(_opened, place, fields)) for place in inputs], only=only)


def _opened(place: Place, fields: Fields) -> Source:
    kind = "jsonl" if place.path == PIPE else _kind(place.name)
    try:
        if kind == "parquet":
            return ParquetRows(place, fields)
        opened = Opened(place)
    except OSError as error:
        raise InputError(f"{place.path} cannot be read: {error.strerror or error}") from error
    try:
        return CsvRows(opened, fields) if kind == "csv" else JsonLines(opened, fields)
    except BaseException as error:
        opened.close()
        if isinstance(error, DAMAGED):
            raise InputError(f"{place.path} cannot be read: {error}") from error
        raise


def files_apart(places: Places) -> int:
    """The files of the input that ``only`` tells apart; a folder is one, and so are the text files of a pattern."""
    inputs = places.inputs()
    return 1 if all(place.suffix in SUFFIXES for place in inputs) else len(inputs)


def open_store(places: Places, source: Source, *, targets: Sequence[str], job: Mapping[str, Any]) -> Store:
    """The output; ``job`` is what must be equal for a later run to go on with it."""
    path, kind = places.target, kind_of(places.target)
    if _piped(path):
        return Pipe(JsonLinesEncoder(places.fields))
    journal = Journal(beside(path, "journal"), job, overwrite=places.overwrite)
    if kind == "folder":
        return FolderStore(path, page(places), journal)
    return FileStore(path, encoder(places, source, targets), journal)


def page(places: Places) -> Page:
    """The files of an output folder."""
    folder = Path(str(places.source))
    return Page(places.pages, places.fields, mirrored=folder if folder.is_dir() else None)


def form(places: Places) -> dict[str, str]:
    """What of the places decides how rows come out."""
    fields = places.fields
    return {
        "text_field": fields.text,
        "id_field": fields.id,
        "format": f"{kind_of(places.target)} {packing(places.target.name)} {places.pages}",
    }


def discard(places: Places) -> None:
    """Throw an unfinished output away."""
    beside(places.target, "journal").unlink(missing_ok=True)
    begun = beside(places.target, "partial")
    if begun.is_dir():
        shutil.rmtree(begun)
    begun.unlink(missing_ok=True)
    beside(places.target, "finishing").unlink(missing_ok=True)


def encoder(places: Places, source: Source, targets: Sequence[str]) -> Encoder:
    """What makes the bytes of the output, for files; for a folder, those of its files one after the other."""
    kind = kind_of(places.target)
    if kind == "folder":
        return Bundle(page(places))
    if kind == "parquet":
        return ParquetEncoder(source.columns, getattr(source, "schema", None), getattr(source, "groups", ()))
    if kind == "jsonl":
        return JsonLinesEncoder(places.fields)
    tabs = ".tsv" in places.target.suffixes
    delimiter = "\t" if tabs else getattr(source, "delimiter", ",")
    marked = getattr(source, "encoding", "utf-8") != "utf-8"
    return CsvEncoder(source.columns, targets, delimiter=delimiter, marked=marked)


def beside(path: Path, ending: str) -> Path:
    """The file or folder next to an output that belongs to it while it is not complete."""
    return path.with_name(f"{path.name}.{ending}")


def _piped(path: Path) -> bool:
    return str(path) == "-"


def _same(place: Place, target: Path) -> bool:
    local = place.local()
    return local is not None and Path(local).is_file() and target.samefile(local)
