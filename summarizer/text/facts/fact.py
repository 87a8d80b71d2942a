"""The value that travels: one fact with its place, what it proves and what would prove it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["number", "date", "name", "negation"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, date, name or negation found in a text.

    ``value`` is normalised and the same in every language (``1250000``, ``03-12``, ``17:00``). ``keys`` are what the
    fact proves. ``needs`` are the ways to prove it: one of the sets must be held by the other text as a whole.
    ``confidence`` says how surely its absence from the other text is an error; at 0 it proves, and is never asked for.
    """

    kind: Kind
    value: str
    text: str
    start: int
    end: int
    keys: frozenset[str]
    needs: tuple[frozenset[str], ...] = ()
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of one text, ready to be compared: read once, compared often.

    ``keys`` is what the text proves, all facts together. ``words`` are its words, sorted and folded for comparing names
    across languages; ``length`` is the number of words, ``size`` that of characters. ``letters`` are the folded words in text order without
    anything between them.
    """

    language: str
    items: tuple[Fact, ...]
    keys: frozenset[str]
    words: tuple[str, ...] = ()
    length: int = 0
    size: int = 0
    letters: str = ""

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def of(self, kind: Kind) -> tuple[Fact, ...]:
        """The facts of one kind, in text order."""
        return tuple(fact for fact in self.items if fact.kind == kind)
