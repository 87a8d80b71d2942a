"""Requests of many clients, merged into batches for one chain. The queue is bounded, a request has its deadline, and
nothing is done for a client that has left before its turn. Work that nobody waits for any more stops between two of its
parts.

All of it lives on the event loop and needs no lock; only the chain's work runs on a thread.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar, cast

from summarizer.progress import Stage, heard_by
from summarizer.service.limits import Limits
from summarizer.service.problems import DeadlineExceeded, Draining, QueueFull
from summarizer.types import Length, Result

T = TypeVar("T")

CHARACTERS_PER_TOKEN = 4  # German news through SentencePiece: 650 words are 4,400 characters and 900 to 1,200 tokens


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a text. Texts with equal wishes go through the models together."""

    to: tuple[str, ...]
    sentences: int | None = None
    length: Length | None = None
    language: str | None = None
    preset: str = ""


Work = Callable[[Wish, Sequence[str]], Sequence[Result | Exception]]


class Abandoned(BaseException):
    """Nobody waits for this work any more. No ``Exception``, which somebody on the way might take for an article's own."""


@dataclass(slots=True, eq=False)
class _Ticket:
    """A place in the queue. ``alone`` is work that goes with no other; its wish is one that no other has."""

    wish: object
    text: str
    answer: asyncio.Future[Any]
    alone: Callable[[], Any] | None = None
    deadline: float | None = None  # seconds
    since: float = field(default_factory=time.monotonic)
    context: Context = field(default_factory=copy_context)

    @property
    def wanted(self) -> bool:
        """Whether anybody still waits. The clock is asked too: under load its timer may be due and not have run yet."""
        late = self.deadline is not None and time.monotonic() >= self.since + self.deadline
        return not (late or self.answer.done())

    @property
    def tokens(self) -> int:
        return len(self.text) // CHARACTERS_PER_TOKEN + 1


class Desk:
    """Takes requests in and hands them to ``work`` in batches, the oldest first.

    ``work`` gives a result or an error for each text, in order. ``seen`` is told the size of every batch of texts.
    """

    def __init__(
        self, work: Work, limits: Limits, seen: Callable[[Wish, int], None] = lambda _wish, _size: None
    ) -> None:
        self.limits = limits
        self.taken = 0
        self.draining = False
        self._work, self._seen = work, seen
        self._waiting: deque[_Ticket] = deque()
        self._arrived, self._left = asyncio.Event(), asyncio.Event()
        self._servers: list[asyncio.Task[None]] = []
        self._pool = ThreadPoolExecutor(limits.workers, thread_name_prefix="summarizer")
        self._seconds = 1.0  # of one article, a running mean; a guess until the first is done

    @property
    def places(self) -> int:
        """Requests that run or wait at most."""
        return self.limits.workers + self.limits.queue

    @property
    def waiting(self) -> int:
        """Articles that no batch has taken yet."""
        return len(self._waiting)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Take a place for one request.

        Raises:
            QueueFull: there is none; ``retry_after`` says when there should be.
            Draining: the service is about to end.
        """
        if self.draining:
            raise Draining("the service is about to end and takes no more work; ask again in a moment", retry_after=5)
        if self.taken >= self.places:
            wait = math.ceil(self._seconds * max(self.taken, len(self._waiting)) / self.limits.workers)
            raise QueueFull(f"all {self.places} places are taken; try again later", retry_after=min(60, max(1, wait)))
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
            self._left.set()

    async def ask(self, wish: Wish, text: str, *, deadline: float | None) -> Result:
        """The result for one text. Whoever asks holds a place; a caller that is cancelled leaves the queue.

        Raises:
            DeadlineExceeded: it was not done in time. What waits is not begun any more; what runs stops at its next part.
            SummarizerError: as the chain says.
        """
        result: Result = await self._answered(_Ticket(wish, text, _future(), deadline=deadline))
        return result

    async def run(self, work: Callable[[], T], *, deadline: float | None) -> T:
        """What ``work`` returns, run by itself when its turn comes; as :meth:`ask` else."""
        ticket = _Ticket(object(), "", _future(), work, deadline)
        result: T = await self._answered(ticket)
        return result

    async def _answered(self, ticket: _Ticket) -> Any:
        self._open()
        self._waiting.append(ticket)
        self._arrived.set()
        try:
            return await asyncio.wait_for(ticket.answer, ticket.deadline)
        except asyncio.TimeoutError:
            raise DeadlineExceeded(
                f"this took longer than {ticket.deadline:g} s; send less text at a time, or try again later"
            ) from None
        finally:
            if ticket in self._waiting:
                self._waiting.remove(ticket)

    async def idle(self) -> None:
        """Return when nobody holds a place."""
        while self.taken:
            self._left.clear()
            await self._left.wait()

    async def close(self) -> None:
        """Take no more work; what waits is dropped, what runs is waited for."""
        self.draining = True
        for server in self._servers:
            server.cancel()
        for ticket in self._waiting:
            ticket.answer.cancel()
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    def _open(self) -> None:
        """The tasks that serve begin with the first request: an app is often made before there is an event loop."""
        if all(server.done() for server in self._servers):
            self._arrived = asyncio.Event()
            self._servers = [asyncio.create_task(self._serve()) for _ in range(self.limits.workers)]

    async def _serve(self) -> None:
        while True:
            if batch := await self._gathered():
                await self._answer(batch)

    async def _gathered(self) -> list[_Ticket]:
        """The oldest request and those like it, up to the size of a batch, when they are enough or waited enough."""
        while not self._waiting:
            await self._next_arrival(None)
        while self._waiting:
            self._waiting = deque(ticket for ticket in self._waiting if ticket.wanted)
            if not self._waiting:
                break
            batch, full = self._alike()
            left = batch[0].since + self.limits.patience - time.monotonic()
            if full or left <= 0:
                taken = set(map(id, batch))
                self._waiting = deque(ticket for ticket in self._waiting if id(ticket) not in taken)
                return batch
            await self._next_arrival(left)
        return []

    async def _next_arrival(self, seconds: float | None) -> None:
        self._arrived.clear()
        try:
            await asyncio.wait_for(self._arrived.wait(), seconds)
        except asyncio.TimeoutError:
            return

    def _alike(self) -> tuple[list[_Ticket], bool]:
        """What would go together now, and whether the batch is full. One article is a batch whatever its size."""
        batch, tokens = [self._waiting[0]], self._waiting[0].tokens
        if batch[0].alone is not None:
            return batch, True
        for ticket in list(self._waiting)[1:]:
            if len(batch) >= self.limits.batch_size:
                return batch, True
            if ticket.wish != batch[0].wish:
                continue
            if tokens + ticket.tokens > self.limits.batch_tokens:
                return batch, True
            batch.append(ticket)
            tokens += ticket.tokens
        return batch, len(batch) >= self.limits.batch_size or tokens >= self.limits.batch_tokens

    async def _answer(self, batch: Sequence[_Ticket]) -> None:
        if isinstance(wish := batch[0].wish, Wish):
            self._seen(wish, len(batch))
        begun = time.monotonic()
        try:
            outcomes = await self._outcomes(batch)
        except Abandoned:
            return
        self._seconds += 0.2 * ((time.monotonic() - begun) / len(batch) - self._seconds)
        for ticket, outcome in zip(batch, outcomes, strict=True):
            if ticket.answer.done():
                continue  # its client has left
            if isinstance(outcome, Exception):
                ticket.answer.set_exception(outcome)
            else:
                ticket.answer.set_result(outcome)

    async def _outcomes(self, batch: Sequence[_Ticket]) -> Sequence[Any]:
        first, loop = batch[0], asyncio.get_running_loop()
        try:
            if first.alone is not None:
                run = first.context.run  # the work tells of its progress to whoever asked for it, too
                return [await loop.run_in_executor(self._pool, run, _while_wanted, batch, first.alone)]
            work = partial(self._work, cast("Wish", first.wish), [ticket.text for ticket in batch])
            return await loop.run_in_executor(self._pool, _while_wanted, batch, work)
        except Exception as error:  # noqa: BLE001 - each client is told; the desk goes on
            return [error] * len(batch)


def _while_wanted(batch: Sequence[_Ticket], work: Callable[[], T]) -> T:
    """What ``work`` returns, on a thread. Whenever it tells its progress, somebody must still wait for one of the batch."""

    def check(_stage: Stage) -> None:
        if not any(ticket.wanted for ticket in batch):
            raise Abandoned

    with heard_by(check):
        return work()


def _future() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()
