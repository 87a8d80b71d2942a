"""How far the work on an article has come, told to whoever listens. Where nobody does, it costs nothing.

    with heard_by(print):
        chain(text)                    # Stage("read"), Stage("summary"), Stage("summary", 1, 5), ...

The stopwatch tells each step, a model how many of the texts it was given are done. It is heard on the thread that
listens, and in its tasks. A listener that raises ends the work there, between two parts of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the work (``read``, ``summary``, ``translation``, ``checks``) and, once known, its parts."""

    step: str
    done: int = 0
    total: int = 0


@dataclass(slots=True)
class _Ear:
    listener: Callable[[Stage], None]
    outer: _Ear | None
    step: str = ""


_ear: ContextVar[_Ear | None] = ContextVar("progress", default=None)


@contextmanager
def heard_by(listener: Callable[[Stage], None]) -> Iterator[None]:
    """Have ``listener`` told of all work within the block; it is called on the thread that works.

    Whoever listens around the block hears it too, and first.
    """
    before = _ear.set(_Ear(listener, _ear.get()))
    try:
        yield
    finally:
        _ear.reset(before)


def begun(step: str) -> None:
    """A step begins."""
    if ear := _ear.get():
        ear.step = step
        _tell(ear, Stage(step))


def done(parts: int, total: int) -> None:
    """So many parts of the step are done."""
    if ear := _ear.get():
        _tell(ear, Stage(ear.step, parts, total))


def _tell(ear: _Ear, stage: Stage) -> None:
    if ear.outer:
        _tell(ear.outer, stage)
    ear.listener(stage)
