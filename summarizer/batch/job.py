"""A whole batch job from what it is told: open, claim, load, run, and let go of everything whatever happens."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from itertools import chain, islice
from typing import Protocol

from summarizer.batch.formats import Places, beside, discard, form, open_source, open_store
from summarizer.batch.once import Stream, once
from summarizer.batch.place import PIPE
from summarizer.batch.pool import Pool
from summarizer.batch.prefetch import Prefetch
from summarizer.batch.rows import Answer, Row, check_text
from summarizer.batch.run import HEAD, InputChanged, run, unit_of
from summarizer.batch.share import Shares
from summarizer.batch.store import Claim
from summarizer.batch.tally import Tally
from summarizer.batch.work import Identity, Load, Task, Worker
from summarizer.errors import ConfigError
from summarizer.request import Request

__all__ = ["Load", "Report", "Task", "Watch", "do"]

Watch = Callable[[Tally, float | None], None]

READ_AHEAD = 64  # rows read while others are worked on


class Crew(Protocol):
    """Who does the work: a worker, or a pool of them."""

    def identity(self) -> Identity:
        """What makes a text come out as it does."""

    def stream(self, pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        """One answer per text, in order; each piece is worked on by itself."""

    def close(self) -> None:
        """Free the models."""


@dataclass(frozen=True, slots=True)
class Report:
    """How it went, and the signature of the results."""

    tally: Tally
    signature: str


def do(places: Places, task: Task, load: Load, watch: Watch = lambda _tally, _share: None) -> Report:
    """Do a batch job, or go on with one that was broken off.

    ``watch`` is told the tally and the share of the input that is done, after every unit of rows written.

    Raises:
        ConfigError: a place, a column or an option is not as it must be, or the output belongs to another job.
        InputError: the input as a whole cannot be read.
        MissingDependency, ModelNotFound, ModelFailed: as loading the preset does; a worker died.
    """
    if task.batch_size < 1 or task.workers < 1:
        raise ConfigError(f"batch size and workers must be 1 or more, not {task.batch_size} and {task.workers}")
    places.check()
    _check_how(places, task)
    with ExitStack() as held:
        _check_input(places)
        if str(places.target) != PIPE:
            held.callback(Claim(places.target).release)
            _clear(places, task)
        if task.cluster is not None:
            from summarizer.batch.gather import gather  # noqa: PLC0415 - most jobs need none of it

            return Report(*gather(places, task, load, watch))
        crew = held.enter_context(closing(_crew(task, load)))
        identity = crew.identity()
        # A model in 8 bits with several beams may choose another word in a batch of another size.
        job = {**asdict(identity), **form(places), "batch size": str(task.batch_size)}
        stream = once(crew.stream) if task.workers > 1 or places.piped else _overlapped(once(crew.stream))
        try:
            return Report(_run(places, task, job, stream, watch), identity.signature)
        except InputChanged:
            if not places.overwrite:
                raise
        discard(places)
        return Report(_run(places, task, job, stream, watch), identity.signature)


def _check_input(places: Places) -> None:
    """An input that cannot be opened, or that lacks the text, is found before a model is loaded; a pipe cannot be tried."""
    with closing(open_source(places)) as source:
        if not places.piped and source.columns is None:
            check_text(list(islice(source, HEAD)), places.fields)


def _with_text(source: Iterable[Row], places: Places) -> Iterator[Row]:
    rows = iter(source)
    head = list(islice(rows, HEAD))
    check_text(head, places.fields)
    yield from chain(head, rows)


def _check_how(places: Places, task: Task) -> None:
    if task.cluster is not None:
        from summarizer.batch.gather import check  # noqa: PLC0415 - most jobs need none of it

        check(places)
    elif str(places.target) != PIPE and beside(places.target, "parts").exists() and not places.overwrite:
        raise ConfigError(
            f"{places.target} was begun with --cluster; go on so, name another output, or begin anew with --overwrite"
        )


def _clear(places: Places, task: Task) -> None:
    """With overwrite, what a job with or without a cluster has begun is not gone on with by one of the other kind."""
    if places.overwrite and task.cluster is None:
        shutil.rmtree(beside(places.target, "parts"), ignore_errors=True)
    elif places.overwrite and beside(places.target, "journal").exists():
        discard(places)


def _crew(task: Task, load: Load) -> Crew:
    return Worker(load(), task) if task.workers == 1 else Pool(load, task)


def _run(places: Places, task: Task, job: dict[str, str], stream: Stream, watch: Watch) -> Tally:
    with ExitStack() as held:
        source = held.enter_context(closing(open_source(places)))
        targets = Request.of(task.to).to
        store = held.enter_context(closing(open_store(places, source, targets=targets, job=job)))
        shares = Shares(source)
        rows = _with_text(shares, places) if places.piped else held.enter_context(closing(Prefetch(shares, READ_AHEAD)))
        unit = unit_of(task.batch_size)
        return run(rows, store, stream, job=job, unit=unit, watch=lambda tally: watch(tally, shares.of(tally.rows)))


def _overlapped(stream: Stream) -> Stream:
    """The same stream, made by a thread of its own while what it made is being written.

    Not where standard input is read: a thread that waits there cannot be stopped. Nor for a pool: it works by itself.
    """

    def answers(pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        with closing(Prefetch(stream(pieces), 1)) as made:
            yield from made

    return answers
