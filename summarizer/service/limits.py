"""How much one process takes on: bytes, places, threads, seconds. What is over a bound is refused at once and says so."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from summarizer.service.problems import DeadlineExceeded, QueueFull

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a service.

    ``body`` and ``batch_body`` bound a request in bytes, before it is parsed. ``workers`` requests run at once and
    ``queue`` more wait; ``deadline`` bounds each of them in seconds, waiting included. ``languages`` bounds the targets
    of one request, ``rows`` those of a batch; ``batch_size`` rows go through the chain together.
    """

    body: int = 8 * 2**20
    batch_body: int = 64 * 2**20
    workers: int = 1
    queue: int = 32
    deadline: float = 120.0
    languages: int = 16
    rows: int = 10_000
    batch_size: int = 8


class Desk:
    """Hands work to a few threads. Every request takes a place first, and there are only so many places."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.taken = 0
        self._pool = ThreadPoolExecutor(limits.workers, thread_name_prefix="summarizer")
        self._seconds = 1.0  # of one piece of work, a running mean; a guess until the first is done

    @property
    def places(self) -> int:
        """Requests that run or wait at most."""
        return self.limits.workers + self.limits.queue

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Take a place for one request.

        Raises:
            QueueFull: there is none; ``retry_after`` says when there should be.
        """
        if self.taken >= self.places:
            wait = math.ceil(self._seconds * self.taken / self.limits.workers)
            raise QueueFull(f"all {self.places} places are taken; try again later", retry_after=min(60, max(1, wait)))
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    async def run(self, work: Callable[[], T]) -> T:
        """Run ``work`` on a thread.

        Raises:
            DeadlineExceeded: it was not done in time. What waits is not begun any more; what runs ends unheard.
        """
        future = self._pool.submit(self._timed, work)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self.limits.deadline)
        except asyncio.TimeoutError:
            raise DeadlineExceeded(
                f"this took longer than {self.limits.deadline:g} s; send less text at a time, or try again later"
            ) from None

    def close(self) -> None:
        """Take no more work; what waits is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _timed(self, work: Callable[[], T]) -> T:
        start = time.perf_counter()
        try:
            return work()
        finally:
            self._seconds += 0.2 * (time.perf_counter() - start - self._seconds)
