"""Many files read as one input, one after the other. The first says how a table is written, all of them what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from summarizer.batch.rows import Row, Source
from summarizer.errors import ConfigError, InputError


class Files:
    """The rows of several files of one format, numbered through. Columns are those of all of them together."""

    def __init__(self, files: Sequence[tuple[str, Callable[[], Source]]], *, only: int | None = None) -> None:
        """Open each file once: what cannot be read is found before any work.

        ``files`` are names and how to open them; ``only`` gives the rows of that one, and opens no other.

        Raises:
            InputError, ConfigError, MissingDependency: as opening one of the files does; two differ in a column's type.
        """
        self._files = files
        self._only = only
        self._share = 0.0
        self._current: Source | None = None
        self.columns: tuple[str, ...] | None = None
        self.groups: list[int] = []
        if only is None:
            self._look()

    def __iter__(self) -> Iterator[Row]:
        """The rows; the message of a bad one begins with the name of its file."""
        number = 0
        for at, (name, opened) in enumerate(self._files):
            if self._only not in (None, at):
                continue
            with closing(opened()) as self._current:
                for row in self._current:
                    number += 1
                    self._share = self._passed(at, self._current.share() or 0.0)
                    error = row.error and type(row.error)(f"{name}, {row.error}")
                    yield replace(row, number=number, file=at, error=error)

    def share(self) -> float | None:
        """The part of the files read, each taken for as long as the others; another thread may be reading them."""
        return self._share

    def _passed(self, at: int, share: float) -> float:
        return share if self._only is not None else (at + share) / len(self._files)

    def close(self) -> None:
        """Close the file being read."""
        if self._current is not None:
            self._current.close()

    def _look(self) -> None:
        columns: dict[str, None] = {}
        schemas: list[Any] = []
        for at, (name, opened) in enumerate(self._files):
            with _named(name), closing(opened()) as source:
                if at == 0:
                    self.delimiter = getattr(source, "delimiter", ",")
                    self.encoding = getattr(source, "encoding", "utf-8")
                if source.columns is None:
                    return  # rows that bring their own columns: nothing is to be learned beforehand
                columns.update(dict.fromkeys(source.columns))
                schemas += [source.schema] if hasattr(source, "schema") else []
                self.groups += getattr(source, "groups", [])
        self.columns = tuple(columns)
        self.schema = _united(schemas) if schemas else None


@contextmanager
def _named(file: str) -> Iterator[None]:
    """Say which of the files it is that cannot be read."""
    try:
        yield
    except (InputError, ConfigError) as error:
        if file not in str(error):
            raise type(error)(f"{file}: {error}") from error
        raise


def _united(schemas: Sequence[Any]) -> Any:
    import pyarrow  # noqa: ICN001, PLC0415 - there are schemas, so it is there

    try:
        return pyarrow.unify_schemas([schema.remove_metadata() for schema in schemas])
    except pyarrow.ArrowException as error:
        raise ConfigError(f"the files have a column of the same name and different types: {error}") from error
