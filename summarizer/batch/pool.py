"""The same stream from several processes, each with a chain of its own. In order, and never far ahead of who reads."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from summarizer.batch.rows import Outcome
from summarizer.chain import Chain
from summarizer.errors import ModelFailed

AHEAD = 2  # batches per worker that are under way or waiting: one being done, one to go on with

_chain: Chain | None = None  # in a worker process, its own


class Pool:
    """``workers`` processes that do what ``chain.stream(texts, **options)`` does.

    ``load`` makes the chain in each and must be picklable: ``partial(summarizer.load, "default", threads=1)``.
    """

    def __init__(
        self, load: Callable[[], Chain], workers: int, *, threads: int, batch_size: int, options: dict[str, Any]
    ) -> None:
        self._workers = workers
        self._batch_size = batch_size
        self._options = {**options, "batch_size": batch_size}
        self._waiting: deque[Future[list[Outcome]]] = deque()
        self._processes: set[Any] = set()
        # Spawned, not forked: a fork would copy the locks and threads of frameworks in whatever state they are.
        self._executor = ProcessPoolExecutor(
            workers, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(load, threads)
        )

    def stream(self, texts: Iterable[str]) -> Iterator[Outcome]:
        """One outcome per text, in order.

        Raises:
            ModelFailed: a worker died.
        """
        remaining = iter(texts)
        waiting = self._waiting
        try:
            while True:
                while len(waiting) < AHEAD * self._workers:
                    batch = list(itertools.islice(remaining, self._batch_size))
                    if not batch:
                        break
                    waiting.append(self._submit(batch))
                if not waiting:
                    return
                yield from waiting.popleft().result()
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

    def _submit(self, batch: list[str]) -> Future[list[Outcome]]:
        before = set(multiprocessing.active_children())
        with _uninterrupted():
            future = self._executor.submit(_work, batch, self._options)
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


def _begin(load: Callable[[], Chain], threads: int) -> None:
    global _chain  # noqa: PLW0603 - what a process of a pool keeps between batches
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OMP_NUM_THREADS"] = str(threads)  # read by NumPy, torch and CTranslate2 when they are imported
    _chain = load()


def _work(texts: list[str], options: dict[str, Any]) -> list[Outcome]:
    assert _chain is not None  # noqa: S101 - _begin() ran before
    return list(_chain.stream(texts, **options, on_error="return"))
