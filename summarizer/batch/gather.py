"""A job on a cluster, seen from the machine that asked for it: parts are kept as they come, and put together at the end."""

from __future__ import annotations

import itertools
import os
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

from summarizer.batch.cluster import Cluster, prepared
from summarizer.batch.cutting import Made
from summarizer.batch.folder import Page, unbundled
from summarizer.batch.formats import Places, beside, files_apart, form, kind_of, page
from summarizer.batch.landing import named, placed, stored
from summarizer.batch.parts import Name, Parts
from summarizer.batch.place import PIPE
from summarizer.batch.rows import Row
from summarizer.batch.run import InputChanged, written
from summarizer.batch.tally import Measure, Tally
from summarizer.batch.work import Load, Task
from summarizer.errors import ConfigError, ModelFailed

Watch = Callable[[Tally, float | None], None]


def check(places: Places) -> None:
    """Refuse what a cluster cannot do.

    Raises:
        ConfigError: a pipe, or an output that was begun without a cluster.
    """
    if PIPE in (str(places.source), str(places.target)):
        raise ConfigError(
            "with --cluster, IN and OUT must be files: other processes read the input, and finished parts are kept "
            "beside the output; save what comes through the pipe to a file first, or leave --cluster out"
        )
    if beside(places.target, "journal").exists() and not places.overwrite:
        raise ConfigError(
            f"{places.target} was begun without --cluster; go on so, name another output, or begin anew with --overwrite"
        )


def gather(places: Places, task: Task, load: Load, watch: Watch) -> tuple[Tally, str]:
    """Do the job, or go on with it; the tally, and the signature of the results.

    Raises:
        ConfigError, MissingDependency, ModelNotFound, ModelFailed: as ``job.do`` does.
    """
    with closing(Cluster(load, task)) as cluster:
        identity = cluster.identity()
        job = {**asdict(identity), **form(places), "rows in a part": str(task.spread.rows)}
        job["batch size"] = str(task.batch_size)
        parts = written(lambda: Parts(beside(places.target, "parts"), job, overwrite=places.overwrite))
        known, began = parts.names(), time.monotonic()
        if parts.complete and places.target.exists() and not beside(places.target, "partial").exists():
            names = sorted(map(Name.of, known), key=_place)
        else:
            with closing(cluster.parts(places, job, known)) as made:
                names = _Gathering(parts, known, places, watch).all(made)
            written(_put_together, names, parts, places, task)
    tally = _tally(names, parts, resumed=known, paged=_paged(places))
    tally.started = began
    written(parts.remove)
    return tally, identity.signature


class _Gathering:
    """Takes parts in as they come, in any order."""

    def __init__(self, parts: Parts, known: Iterable[str], places: Places, watch: Watch) -> None:
        self._parts = parts
        self._before = {_place(name): name for name in map(Name.of, known)}
        self._places = places
        self._watch = watch
        self._names: dict[tuple[int, int], Name] = {}
        self._ends: dict[int, int] = {}
        self._share = 0.0
        self._tally = Tally()

    def all(self, made: Iterable[Made]) -> list[Name]:
        """The names of all parts, in the order of the input.

        Raises:
            InputChanged: parts of an earlier run are of other rows.
            ModelFailed: the cluster has lost a part.
        """
        files = files_apart(self._places)
        self._watch(self._tally, 0.0)
        for part in made:
            self._take(part)
            self._share += part.share / files
            self._watch(self._tally, self._done(files))
        for stale in [name for place, name in self._before.items() if place not in self._names]:
            self._changed(stale)
        wanted = {(file, number) for file, end in self._ends.items() for number in range(1, end)}
        if wanted != set(self._names) or len(self._ends) != files:
            raise ModelFailed("the cluster has lost a part; the same command goes on from what is there")
        return [self._names[place] for place in sorted(self._names)]

    def _done(self, files: int) -> float | None:
        """How much of the input is done: all of it when no part is missing, whatever its files say."""
        whole = len(self._ends) == files and len(self._names) == sum(end - 1 for end in self._ends.values())
        return 1.0 if whole else min(self._share, 1.0) or None

    def _take(self, part: Made) -> None:
        place = _place(part.name)
        if part.last:
            self._ends[part.name.file] = part.name.number
            return
        if part.data is None:
            head = self._parts.head(part.name)
            self._tally.earlier([*map(Measure.restored, head.measures)], head.spent)
        else:
            if place in self._before and self._before[place] != part.name:
                self._changed(self._before[place])
            written(self._keep, part)
            self._tally.add([*map(Measure.restored, part.measures)], part.spent)
        self._names[place] = part.name

    def _keep(self, part: Made) -> None:
        self._parts.keep(part.name, part.measures, part.data or b"", spent=part.spent)

    def _changed(self, stale: Name) -> None:
        if not self._places.overwrite:
            raise InputChanged(
                f"the input has changed in part {stale.number} of its file {stale.file + 1} since this output was "
                "begun; name another output, or begin anew with --overwrite"
            )
        self._parts.drop(stale)


def _put_together(names: Sequence[Name], parts: Parts, places: Places, task: Task) -> None:
    partial = beside(places.target, "partial")
    if kind_of(places.target) == "folder":
        _unbundle(names, parts, partial, page(places))
        parts.done()
        placed(partial, places.target)
        return
    output, start = prepared(places, task)
    with partial.open("wb") as file:
        file.write(start)
        parts.copy(names, file)
        file.flush()
        os.fsync(file.fileno())
    parts.done()
    named(output.encoder, partial, places.target)


def _unbundle(names: Sequence[Name], parts: Parts, partial: Path, pages: Page) -> None:
    """The files of a folder, under the names that they have among the rows of the whole input."""
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    number = itertools.count(1)
    for part in names:
        with parts.content(part) as file:
            rows = ((Row(next(number), name=name), content) for name, content in unbundled(file))
            stored((partial / pages.name(row), content) for row, content in rows)


def _tally(names: Sequence[Name], parts: Parts, *, resumed: set[str], paged: Callable[[Measure], Measure]) -> Tally:
    """The sums over all parts, in the order of the input and numbered through."""
    tally = Tally()
    for name in names:
        head = parts.head(name)
        measures = [
            paged(replace(Measure.restored(saved), number=tally.rows + at)) for at, saved in enumerate(head.measures, 1)
        ]
        (tally.earlier if str(name) in resumed else tally.add)(measures, head.spent)
    return tally


def _paged(places: Places) -> Callable[[Measure], Measure]:
    """What says for a row to look at in which file of an output folder it is; its whole name came in that place."""
    if kind_of(places.target) != "folder":
        return lambda measure: replace(measure, page="")
    pages = page(places)
    return lambda measure: (
        replace(measure, page=pages.name(Row(measure.number, name=measure.page)))
        if measure.kinds or measure.error
        else measure
    )


def _place(name: Name) -> tuple[int, int]:
    return name.file, name.number
