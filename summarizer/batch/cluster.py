"""The same job on a Ray cluster: read tasks cut the input into parts, actors do them, and this process keeps them.

A part is some hundred rows. It is named after the keys of its rows, so a finished one is known and skipped, whoever
made it; it is stored whole or not at all. What is lost with an actor or a machine is done again by another.
"""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any, TypeVar

from summarizer.batch.connection import connected, mapped, one_part_each, ray, retried
from summarizer.batch.cutting import Made, Recipe, datasource
from summarizer.batch.folder import Bundle
from summarizer.batch.formats import Places, encoder, files_apart, kind_of, open_source
from summarizer.batch.once import once
from summarizer.batch.packing import packed
from summarizer.batch.place import is_url
from summarizer.batch.rows import Done, Encoder, Row
from summarizer.batch.run import HEAD, answers, unit_of, units
from summarizer.batch.tally import Measure
from summarizer.batch.work import Identity, Load, Task, Worker
from summarizer.errors import ConfigError
from summarizer.request import Request

T = TypeVar("T")

RETRIES = (
    3  # of a part whose actor died: machines are lost now and then, a text that kills its actor would do so for ever
)
LONGEST_NAME = 4096  # of a file, with its path
READERS = 8  # files read at once; one gives some thousand rows a second


class Cluster:
    """A connection to a Ray cluster for one job."""

    def __init__(self, load: Load, task: Task) -> None:
        """Connect, or start one on this machine for ``local``.

        Raises:
            ConfigError: there is no cluster at the address.
            MissingDependency: Ray is not installed.
        """
        self._ray = ray()
        self._load = load
        self._task = task
        self._held = ExitStack()
        self._held.enter_context(connected(self._ray, str(task.cluster)))

    def identity(self) -> Identity:
        """What a chain on some machine of the cluster says of itself.

        Raises:
            ConfigError: no machine is large enough.
            SummarizerError: the chain cannot be loaded there.
        """
        self._fits()
        with mapped(self._ray):
            remote = self._ray.remote(**self._share())(_identity)
            return _of(Identity, self._ray.get(remote.remote(self._load, self._task)))

    def parts(self, places: Places, job: Mapping[str, str], known: Iterable[str]) -> Generator[Made, None, None]:
        """The parts of the whole input, as they are finished; those in ``known`` without being done again.

        Raises:
            ModelFailed: the cluster gave up.
            SummarizerError: an actor cannot do its work.
        """
        from ray.data import ActorPoolStrategy, read_datasource  # noqa: PLC0415

        spread = self._task.spread
        unit = unit_of(self._task.batch_size)
        recipe = Recipe(places, job, frozenset(known), spread.rows, unit, os.getcwd())  # noqa: PTH109 - as text
        output, _ = prepared(places, self._task)
        files = files_apart(places)
        with mapped(self._ray), one_part_each():
            blocks = read_datasource(
                datasource(recipe, files),
                override_num_blocks=files,
                concurrency=min(files, READERS),
                **self._reader(places),
            )
            made = retried(
                blocks.map_batches,
                Actor,
                fn_constructor_args=(self._load, self._task, output, job),
                batch_size=1,
                batch_format="pyarrow",
                compute=ActorPoolStrategy(min_size=spread.actors, max_size=max(spread.actors, spread.most or 0)),
                **self._share(),
            )
            for batch in made.iter_batches(batch_size=1, batch_format="pyarrow"):
                yield from (_of(Made, pickle.loads(cell)) for cell in batch["made"].to_pylist())  # noqa: S301 - ours

    def close(self) -> None:
        """Leave the cluster; one that was started for the job is stopped."""
        self._held.close()

    def _fits(self) -> None:
        """Refuse to wait for ever for a machine that is not there."""
        wanted = {"CPU": self._task.spread.cpus, "GPU": self._task.spread.gpus}
        machines = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        if not any(all(machine.get(kind, 0) >= number for kind, number in wanted.items()) for machine in machines):
            raise ConfigError(
                f"no machine of the cluster has the {wanted['CPU']:g} CPUs and {wanted['GPU']:g} GPUs that one copy of "
                "the models is to have; change cluster.cpus and cluster.gpus in the preset, or start such a machine"
            )

    def _reader(self, places: Places) -> dict[str, Any]:
        """Where to read: a URL anywhere, a path on this machine, which may be the only one that has it."""
        # No CPUs: a machine that only asks may offer none. And Ray makes one task of two steps with equal shares.
        if is_url(str(places.source)):
            return {"num_cpus": 0}
        return {"num_cpus": 0, "label_selector": {"ray.io/node-id": self._ray.get_runtime_context().get_node_id()}}

    def _share(self) -> dict[str, float]:
        spread = self._task.spread
        return {"num_cpus": spread.cpus, "num_gpus": spread.gpus}


class Actor:
    """One copy of the models, on some machine."""

    def __init__(self, load: Load, task: Task, output: Output, job: Mapping[str, str]) -> None:
        self._worker = _worker(load, task)
        self._unit = unit_of(task.batch_size)
        self._output = output
        identity = asdict(self._worker.identity())
        if different := {name: value for name, value in identity.items() if job[name] != value}:
            name, value = next(iter(different.items()))
            raise ConfigError(
                f"the machines of the cluster do not hold the same models: {name} is {value!r} on one and "
                f"{job[name]!r} on another; install and pull the same on all"
            )

    def __call__(self, batch: Any) -> Any:
        """Part by part: rows in, the bytes of the output out."""
        import pyarrow  # noqa: ICN001, PLC0415 - Ray Data needs it

        made = [self._done(*pickle.loads(cell)) for cell in batch["part"].to_pylist()]  # noqa: S301 - our own reader's
        return pyarrow.table({"made": pyarrow.array([pickle.dumps(part) for part in made], pyarrow.large_binary())})

    def _done(self, made: Made, rows: Sequence[Row]) -> Made:
        if not rows:
            return made
        began = time.monotonic()
        data, measures = [], []
        for unit in answers(units(rows, self._unit), once(self._worker.stream)):
            measures += [Measure.of(row, answer, self._output.page(row)).saved() for row, answer in unit]
            data.append(self._output.of([(row, answer.outcome) for row, answer in unit]))
        return replace(made, data=b"".join(data), measures=measures, spent=time.monotonic() - began)


@dataclass(frozen=True, slots=True)
class Output:
    """What makes the bytes of the output; ``name`` ends as that of a packed file does."""

    encoder: Encoder
    name: str

    def of(self, done: Iterable[Done]) -> bytes:
        """The bytes of these rows."""
        return packed(self.encoder.encode(done), self.name)

    def page(self, row: Row) -> str:
        """The whole name of a row that gets a file of its own, by which that is named later."""
        return row.name[:LONGEST_NAME] if isinstance(self.encoder, Bundle) else ""


def prepared(places: Places, task: Task) -> tuple[Output, bytes]:
    """The output, ready to write rows like the first of the input, and what it begins with."""
    with closing(open_source(places)) as source:
        made = encoder(places, source, Request.of(task.to).to)
        start = made.prepare(list(islice(source, HEAD)))
    name = "" if kind_of(places.target) == "folder" else places.target.name
    return Output(made, name), packed(start, name)


def _worker(load: Load, task: Task) -> Worker:
    threads = task.threads or max(1, int(task.spread.cpus))
    os.environ["OMP_NUM_THREADS"] = str(threads)
    return Worker(load(threads=threads), task)


def _identity(load: Load, task: Task) -> Identity:
    with closing(_worker(load, task)) as worker:
        return worker.identity()


def _of(kind: type[T], value: Any) -> T:
    assert isinstance(value, kind)  # noqa: S101 - it came over the wire from our own code
    return value
