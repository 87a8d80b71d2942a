"""A row of a batch job: what came in, what came of it, and how both stand in one record of the output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from summarizer.errors import ConfigError, EmptyInput, InputError, SummarizerError
from summarizer.text.decode import decode
from summarizer.types import Result

Outcome: TypeAlias = Result | SummarizerError
Done: TypeAlias = "tuple[Row, Outcome]"


@dataclass(frozen=True, slots=True)
class Fields:
    """The names of the columns that hold the article and the row's own name."""

    text: str = "text"
    id: str = "id"


@dataclass(frozen=True, slots=True)
class Row:
    """One row, readable or not.

    ``number`` counts from 1. ``columns`` are all columns of the input, empty where the row could not be parsed.
    ``name`` is what the id column says. ``file`` counts the files of an input that has several. A row with an
    ``error`` has no text.
    """

    number: int
    columns: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    name: str = ""
    error: InputError | None = None
    file: int = 0

    @classmethod
    def of(cls, number: int, columns: Mapping[str, Any], fields: Fields) -> Row:
        """A row from parsed columns; a missing or wrong text makes it a bad row."""
        name = columns.get(fields.id)
        name = "" if name is None else str(name)
        try:
            return cls(number, columns, _text(columns, fields.text), name)
        except InputError as error:
            return cls(number, columns, "", name, error)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a chain made of one text, and how many tokens its models wrote for it."""

    outcome: Outcome
    tokens: int = 0


class Source(Protocol):
    """Where rows come from. ``columns`` are the same for all rows, or None where each row brings its own."""

    @property
    def columns(self) -> tuple[str, ...] | None:
        """Names of the columns, where they are known before the first row."""

    def __iter__(self) -> Iterator[Row]:
        """The rows in order, read as they are asked for."""

    def share(self) -> float | None:
        """How much of the input has been read, from 0 to 1; None where nobody knows."""

    def close(self) -> None:
        """Let go of the file."""


class Encoder(Protocol):
    """Rows into the bytes of a file format."""

    def prepare(self, head: Sequence[Row]) -> bytes:
        """What the file begins with, given the first rows of the input; called once, before ``encode``."""

    def encode(self, done: Iterable[Done]) -> bytes:
        """The bytes of these rows."""


def nested(row: Row, outcome: Outcome, fields: Fields) -> dict[str, Any]:
    """The input's columns and ``result`` or ``error``. An input column of that name is kept as ``input_result``."""
    carried = carried_columns(row.columns, ("result", "error")) if row.columns else {fields.id: None}
    if isinstance(outcome, Result):
        return {**carried, "result": outcome.to_dict()}
    return {**carried, "error": told(outcome)}


def carried_columns(columns: Mapping[str, Any], reserved: Iterable[str]) -> dict[str, Any]:
    """The input's columns; one whose name the output needs for itself gets ``input_`` before it, or more than one."""
    taken = set(reserved)
    return {_free(name, taken, columns) if name in taken else name: value for name, value in columns.items()}


def _free(name: str, taken: set[str], columns: Mapping[str, Any]) -> str:
    while name in taken or name in columns:
        name = f"input_{name}"
    return name


def told(error: SummarizerError) -> dict[str, str]:
    """An error as an output row says it."""
    return {"type": type(error).__name__, "message": str(error)}


def check_columns(columns: Sequence[str], fields: Fields) -> None:
    """Refuse a table that lacks the text, or in which a name stands twice.

    Raises:
        ConfigError: it is so; the message names the columns.
    """
    if fields.text not in columns:
        raise ConfigError(f"there is no column {fields.text!r}; choose with --text-field from: {', '.join(columns)}")
    double = next((name for name, times in Counter(columns).items() if times > 1), None)
    if double is not None:
        raise ConfigError(f"two columns are called {double!r}; give each its own name")


def check_text(head: Sequence[Row], fields: Fields) -> None:
    """Refuse an input in whose first rows nobody has the text: most likely its name is misspelt.

    Raises:
        ConfigError: rows could be parsed, and none of them has the field.
    """
    parsed = [row.columns for row in head if row.columns]
    if parsed and not any(fields.text in columns for columns in parsed):
        names = ", ".join(dict.fromkeys(name for columns in parsed for name in columns))
        raise ConfigError(
            f"none of the first {len(head)} rows has a field {fields.text!r}; choose with --text-field from: {names}"
        )


def _text(columns: Mapping[str, Any], name: str) -> str:
    if name not in columns:
        raise InputError(f"there is no field {name!r}; this row has {', '.join(columns) or 'none'} (see --text-field)")
    value = columns[name]
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return decode(value).text
    if value is None:
        raise EmptyInput(f"the field {name!r} is null")
    raise InputError(f"the field {name!r} must be text, not {type(value).__name__}: {value!r:.60}")
