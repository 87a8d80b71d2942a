"""The same stream from several processes, each with a chain of its own. In order, and never far ahead of who reads."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from summarizer.batch.rows import Answer
from summarizer.batch.work import Identity, Load, Task, Worker
from summarizer.errors import ModelFailed, SummarizerError
from summarizer.models.settings import available_cores

T = TypeVar("T")

AHEAD = 2  # pieces per worker that are under way or waiting: one being done, one to go on with

_worker: Worker | SummarizerError | None = None  # in a worker process, its own, or why there is none


class Pool:
    """``task.workers`` processes that do what one :class:`Worker` does. Only they load the models, not this process.

    ``load`` makes the chain in each and must be picklable: ``partial(summarizer.load, "default")``.
    """

    def __init__(self, load: Load, task: Task) -> None:
        self._task = task
        self._waiting: deque[Future[list[Answer]]] = deque()
        self._processes: set[Any] = set()
        # Spawned, not forked: a fork would copy the locks and threads of frameworks in whatever state they are.
        self._executor = ProcessPoolExecutor(
            task.workers,
            multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(load, task, task.threads or max(1, available_cores() // task.workers)),
        )

    def identity(self) -> Identity:
        """What the first worker to be up says of itself.

        Raises:
            SummarizerError: the chain cannot be loaded.
        """
        try:
            return self._submit(_identity).result()
        except BrokenProcessPool as error:
            raise ModelFailed("a worker process died while it loaded the models; try fewer --workers") from error

    def stream(self, pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        """One answer per text, in order; a piece is never divided between processes.

        Raises:
            ModelFailed: a worker died.
        """
        remaining = iter(pieces)
        waiting = self._waiting
        try:
            while True:
                while len(waiting) < AHEAD * self._task.workers:
                    piece = next(remaining, None)
                    if piece is None:
                        break
                    waiting.append(self._submit(_work, piece))
                if not waiting:
                    return
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise ModelFailed(
                "a worker process died, most likely for want of memory; what was done is kept, "
                "and the same command goes on from there; try fewer --workers"
            ) from error

    def close(self) -> None:
        """Stop the processes; where somebody broke the stream off, without waiting for what they are at."""
        if self._waiting:
            for process in self._processes:
                process.terminate()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, work: Callable[..., T], *arguments: Any) -> Future[T]:
        before = set(multiprocessing.active_children())
        with _uninterrupted():
            future = self._executor.submit(work, *arguments)
        self._processes |= set(multiprocessing.active_children()) - before
        return future


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C is for the parent alone: processes started in here never see it, not even while they import."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # only the main thread may; elsewhere nobody presses keys
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin(load: Load, task: Task, threads: int) -> None:
    global _worker  # noqa: PLW0603 - what a process of a pool keeps between batches
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    os.environ["OMP_NUM_THREADS"] = str(threads)  # read by NumPy, torch and CTranslate2 when they are imported
    try:
        _worker = Worker(load(threads=threads), task)
    except SummarizerError as error:  # raised in here it would be lost, and the pool only be said to be broken
        _worker = error


def _die_with_parent() -> None:
    """A parent that was killed cannot stop its workers; without this they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _loaded() -> Worker:
    assert _worker is not None  # noqa: S101 - _begin() ran before
    if isinstance(_worker, SummarizerError):
        raise _worker
    return _worker


def _identity() -> Identity:
    return _loaded().identity()


def _work(texts: Sequence[str]) -> list[Answer]:
    return _loaded().answers(texts)
