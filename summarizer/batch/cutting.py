"""The input of a job on a cluster, cut into parts where it is read: each file by a task of its own."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

from summarizer.batch.formats import Places, open_source
from summarizer.batch.journal import Keys
from summarizer.batch.parts import Name
from summarizer.batch.place import is_url
from summarizer.batch.rows import Row
from summarizer.batch.share import Shares

LARGEST = 32 << 20  # characters in a part: what an object store passes on without trouble


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a reader must know: the input, what was agreed on, the parts that are there, and the rows in one and in a unit.

    Relative paths of the input are those of ``folder``.
    """

    places: Places
    job: Mapping[str, str]
    known: frozenset[str]
    rows: int
    unit: int
    folder: str


@dataclass(frozen=True, slots=True)
class Made:
    """A part that came back. ``data`` is None for one that was there already; ``last`` closes the list of a file's parts.

    ``share`` is how much of its file the part is, from 0 to 1; 0 where nobody knows.
    """

    name: Name
    share: float
    data: bytes | None = None
    measures: Sequence[Sequence[Any]] = ()
    spent: float = 0.0
    last: bool = False


def cut(rows: Iterable[Row], size: int, unit: int) -> Iterator[list[Row]]:
    """Rows into parts of ``size``, fewer where they are large; always whole units of the output, but for the last."""
    size = max(unit, size // unit * unit)
    part: list[Row] = []
    characters = 0
    for row in rows:
        if part and len(part) % unit == 0 and (len(part) >= size or characters >= LARGEST):
            yield part
            part, characters = [], 0
        part.append(row)
        characters += len(row.text)
    if part:
        yield part


def read(recipe: Recipe, file: int) -> Iterator[tuple[Made, list[Row]]]:
    """The parts of one file of the input; without their rows where they are known."""
    number, rows, passed = 0, 0, 0.0
    if not is_url(str(recipe.places.source)):
        os.chdir(
            recipe.folder
        )  # of the machine that asked, where this runs too, and where Ray may have begun elsewhere
    with closing(open_source(recipe.places, only=file)) as source:
        shares = Shares(source)
        for number, part in enumerate(cut(shares, recipe.rows, recipe.unit), 1):
            rows += len(part)
            before, passed = passed, shares.of(rows) or 0.0
            keys = Keys(recipe.job)
            for row in part:
                keys.add(row)
            name = Name(file, number, keys.hex())
            yield Made(name, passed - before), [] if str(name) in recipe.known else part
    yield Made(Name(file, number + 1, ""), 0.0, last=True), []


def datasource(recipe: Recipe, files: int) -> Any:
    from ray.data.block import BlockMetadata  # noqa: PLC0415
    from ray.data.datasource import Datasource, ReadTask  # noqa: PLC0415

    class Input(Datasource):  # type: ignore[misc]
        """One read task for each file."""

        def estimate_inmemory_data_size(self) -> int | None:
            return None

        def get_read_tasks(self, *_: Any, **__: Any) -> list[Any]:
            unknown = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
            return [ReadTask(partial(_blocks, recipe, file), unknown) for file in range(files)]

    return Input()


def _blocks(recipe: Recipe, file: int) -> Iterator[Any]:
    import pyarrow  # noqa: ICN001, PLC0415 - Ray Data needs it

    for part in read(recipe, file):
        yield pyarrow.table({"part": pyarrow.array([pickle.dumps(part)], pyarrow.large_binary())})
