"""A whole batch job from what it is told: open, claim, load, run, and let go of everything whatever happens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from summarizer.batch.formats import Places, discard, kind_of, open_source, open_store
from summarizer.batch.pool import Pool
from summarizer.batch.run import InputChanged, Stream, Tally, run
from summarizer.batch.store import Claim
from summarizer.chain import Chain
from summarizer.errors import ConfigError
from summarizer.models.settings import available_cores
from summarizer.request import Request
from summarizer.types import Length

Watch = Callable[[Tally, float | None], None]


class Load(Protocol):
    """Makes a chain; keywords replace settings of its preset. Pickled where there are workers."""

    def __call__(self, **overrides: Any) -> Chain:
        """The chain."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done with each row, and by how many processes."""

    to: tuple[str, ...] = ("en",)
    sentences: int | None = None
    length: Length | None = None
    batch_size: int = 16
    workers: int = 1

    def options(self) -> dict[str, Any]:
        """The keywords of ``chain.stream`` that decide what comes out."""
        return {"to": self.to, "sentences": self.sentences, "length": self.length}


@dataclass(frozen=True, slots=True)
class Report:
    """How it went, and the signature of the results."""

    tally: Tally
    signature: str


def do(places: Places, task: Task, load: Load, watch: Watch = lambda _tally, _share: None) -> Report:
    """Do a batch job, or go on with one that was broken off.

    ``watch`` is told the tally and the share of the input read, after every batch of rows written.

    Raises:
        ConfigError: a place, a column or an option is not as it must be, or the output belongs to another job.
        InputError: the input as a whole cannot be read.
        MissingDependency, ModelNotFound, ModelFailed: as loading the preset does; a worker died.
    """
    if task.batch_size < 1 or task.workers < 1:
        raise ConfigError(f"batch size and workers must be 1 or more, not {task.batch_size} and {task.workers}")
    places.check()
    with ExitStack() as held:
        open_source(places).close()  # an input that cannot be opened is found before a model is loaded
        if str(places.target) != "-":
            held.callback(Claim(places.target).release)
        signature, job, stream = held.enter_context(_streaming(task, places, load))
        try:
            return Report(_run(places, task, job, stream, watch), signature)
        except InputChanged:
            if not places.overwrite:
                raise
        discard(places)
        return Report(_run(places, task, job, stream, watch), signature)


def _run(places: Places, task: Task, job: dict[str, str], stream: Stream, watch: Watch) -> Tally:
    with closing(open_source(places)) as source:
        store = open_store(places, source, targets=Request.of(task.to).to, job=job)
        with closing(store):
            return run(source, store, stream, watch=lambda tally: watch(tally, source.share()))


@contextmanager
def _streaming(task: Task, places: Places, load: Load) -> Iterator[tuple[str, dict[str, str], Stream]]:
    """The signature of the results, what else must be equal to go on with an output, and the stream itself."""
    with load() as chain:
        signature = chain.signature(**task.options())
        job = {"signature": signature, "settings": _settings(chain), **_form(places)}
        if task.workers == 1:
            yield signature, job, partial(chain.stream, **task.options(), batch_size=task.batch_size, on_error="return")
            return
        threads = chain.config.threads or max(1, available_cores() // task.workers)
    pool = Pool(
        partial(load, threads=threads),
        task.workers,
        threads=threads,
        batch_size=task.batch_size,
        options=task.options(),
    )
    with closing(pool):
        yield signature, job, pool.stream


def _settings(chain: Chain) -> str:
    """A hash of everything in the preset that bears on the text that comes out."""
    said = chain.config.model_dump_json(exclude={"device", "threads", "description"})
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _form(places: Places) -> dict[str, str]:
    fields = places.fields
    return {"text_field": fields.text, "id_field": fields.id, "format": f"{kind_of(places.target)} {places.pages}"}
