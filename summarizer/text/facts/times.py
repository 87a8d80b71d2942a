"""A time of day as a fact: the hours that may be meant, and the minute."""

from __future__ import annotations

from typing import NamedTuple

from summarizer.text.facts.fact import Fact
from summarizer.text.facts.quantity import DIGIT
from summarizer.text.facts.run import Run


class Time(NamedTuple):
    """The hours that may be meant, the minute, and the index after them."""

    hours: tuple[int, ...]
    minute: int
    end: int
    open_: bool = False


class Hour(NamedTuple):
    """An hour and minute as written, and the index after them."""

    hour: int
    minute: int
    end: int


def both(hour: int) -> tuple[int, ...]:
    """An hour up to 12 may be of the morning or the evening."""
    return (hour % 24,) if hour > 12 or hour == 0 else (hour, (hour + 12) % 24)


def timed(run: Run, stretch: tuple[int, int], hours: tuple[int, ...], minute: int, *, open_: bool = False) -> Fact:
    """A time of day that may be any of ``hours``; an ``open_`` one says the first and may still mean the others.

    "Um 5 Uhr" may become "at 5 p.m.", but must not stand for it: its other hours prove by ``o:``, which
    :func:`~summarizer.text.facts.compare.missing` takes from the source alone.
    """
    needs = tuple(frozenset((f"{mark}:{hour:02}:{minute:02}",)) for mark in "to" for hour in hours)
    fact = run.fact("date", f"{hours[0]:02}:{minute:02}", stretch, *needs, confidence=DIGIT)
    proofs = {f"n:{hour}" for hour in hours} | {f"n:{hour % 12 or 12}" for hour in hours} | {f"n:{minute}"}
    said = frozenset(f"t:{hour:02}:{minute:02}" for hour in (hours[:1] if open_ else hours))
    less = {f"o:{hour:02}:{minute:02}" for hour in hours} if open_ else set()
    return Fact("date", fact.value, fact.text, fact.start, fact.end, said | less | proofs, needs, DIGIT)
