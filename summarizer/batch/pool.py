"""The same stream from several processes, each with a chain of its own. In order, and never far ahead of who reads.

Each process has a pipe to itself: one that dies in the middle of a message ends its own pipe and harms no other.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from summarizer.batch.rows import Answer
from summarizer.batch.work import Identity, Load, Task, Worker
from summarizer.errors import ModelFailed
from summarizer.models.settings import available_cores

AHEAD = 2  # pieces per worker that are under way or waiting: one being done, one to go on with
PATIENCE = 10.0  # seconds for a process that has nothing left to do


class Pool:
    """``task.workers`` processes that do what one :class:`Worker` does. Only they load the models, not this process.

    ``load`` makes the chain in each and must be picklable: ``partial(summarizer.load, "default")``.
    """

    def __init__(self, load: Load, task: Task) -> None:
        threads = task.threads or max(1, available_cores() // task.workers)
        self._asked: deque[Member] = deque()  # who does the pieces that are under way, in the order of the pieces
        self._members: list[Member] = []
        try:
            for _ in range(task.workers):
                self._members.append(Member(load, task, threads))
        except BaseException:
            self.close()
            raise

    def identity(self) -> Identity:
        """What the first worker says of itself.

        Raises:
            SummarizerError: the chain cannot be loaded.
        """
        first = self._members[0]
        try:
            first.ask("identity")
            said = self._said(first)
        except (EOFError, OSError) as error:
            raise ModelFailed("a worker process died while it loaded the models; try fewer --workers") from error
        identity: Identity = said.value()
        return identity

    def stream(self, pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        """One answer per text, in order; a piece is never divided between processes.

        Raises:
            ModelFailed: a worker died.
        """
        remaining = iter(pieces)
        while True:
            while len(self._asked) < AHEAD * len(self._members) and (piece := next(remaining, None)) is not None:
                self._give(piece)
            if not self._asked:
                return
            yield self._next()

    def close(self) -> None:
        """Stop the processes; where somebody broke the stream off, without waiting for what they are at."""
        for member in self._members:
            member.close(at_once=bool(self._asked))

    def _give(self, piece: Sequence[str]) -> None:
        member = min(self._members, key=lambda member: member.owed)
        with _death_told():
            member.ask("answers", piece)
        self._asked.append(member)

    def _next(self) -> list[Answer]:
        with _death_told():
            said = self._said(self._asked[0])
        made: list[Answer] = said.value()
        self._asked.popleft()
        return made

    def _said(self, member: Member) -> Said:
        """The next answer of one; what others have ready meanwhile is taken in, so that they can go on."""
        while not member.said:
            ready = wait([other.pipe for other in self._members if other.owed])
            for other in self._members:
                if other.pipe in ready:
                    other.take()
        return member.said.popleft()


@dataclass(frozen=True, slots=True)
class Said:
    """What a process answers, or the error it met."""

    answer: Any = None
    error: Exception | None = None

    def value(self) -> Any:
        """The answer."""
        if self.error is not None:
            raise self.error
        return self.answer


class Member:
    """One process of a pool, and what it was asked and has answered."""

    def __init__(self, load: Load, task: Task, threads: int) -> None:
        # Spawned, not forked: a fork would copy the locks and threads of frameworks in whatever state they are.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, load, task, threads), daemon=True)
        with _uninterrupted():
            self.process.start()
        theirs.close()  # the process alone holds it now, so its death is the end of the pipe
        self.owed = 0
        self.said: deque[Said] = deque()

    def ask(self, what: str, *arguments: Any) -> None:
        """Have a method of the worker called. Never waits long: the process listens while it works."""
        self.pipe.send((what, arguments))
        self.owed += 1

    def take(self) -> None:
        """Take in an answer that is ready.

        Raises:
            EOFError, OSError: the process has died.
        """
        self.said.append(self.pipe.recv())
        self.owed -= 1

    def close(self, *, at_once: bool) -> None:
        """Stop the process."""
        if at_once:
            self.process.terminate()
        self.pipe.close()  # to a process that listens this is the end
        self.process.join(PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


@contextmanager
def _death_told() -> Iterator[None]:
    try:
        yield
    except (EOFError, ConnectionError, OSError) as error:
        raise ModelFailed(
            "a worker process died, most likely for want of memory; what was done is kept, "
            "and the same command goes on from there; try fewer --workers"
        ) from error


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


def _serve(pipe: Connection, load: Load, task: Task, threads: int) -> None:
    """The whole life of a process: load the models, and answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked: queue.SimpleQueue[tuple[str, tuple[Any, ...]]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, asked), daemon=True).start()
    os.environ["OMP_NUM_THREADS"] = str(threads)  # read by NumPy, torch and CTranslate2 when they are imported
    worker: Worker | Exception
    try:
        worker = Worker(load(threads=threads), task)
    except Exception as error:  # noqa: BLE001 - it belongs to who asks
        worker = error
    while True:
        what, arguments = asked.get()
        _tell(pipe, _answer(worker, what, arguments))


def _answer(worker: Worker | Exception, what: str, arguments: tuple[Any, ...]) -> Said:
    if isinstance(worker, Exception):
        return Said(error=worker)
    try:
        return Said(getattr(worker, what)(*arguments))
    except Exception as error:  # noqa: BLE001 - it belongs to who asked
        return Said(error=error)


def _tell(pipe: Connection, said: Said) -> None:
    try:
        pipe.send(said)
    except OSError:  # nobody is there to hear it
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - what cannot be pickled is not sent at all
        pipe.send(Said(error=ModelFailed(f"a worker process cannot send what it has: {said.error or error}")))


def _listen(pipe: Connection, asked: queue.SimpleQueue[tuple[str, tuple[Any, ...]]]) -> None:
    """Take in what is asked, at any time; a parent that is done or was killed is the end of this process, too."""
    with suppress(EOFError, OSError):
        while True:
            asked.put(pipe.recv())
    os._exit(0)
