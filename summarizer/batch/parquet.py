"""Parquet, in and out. While a job runs its rows lie in an Arrow stream, which can be cut back and gone on with; a Parquet file cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.batch.place import Place, is_url
from summarizer.batch.rows import Done, Fields, Row, carried_columns, told
from summarizer.batch.tables import MORE, cell
from summarizer.errors import ConfigError, InputError, MissingDependency
from summarizer.types import Result

READ_ROWS = 64  # rows decoded at once; an article has some 10 kB
GROUP_ROWS = 1024  # rows in a group of the output: some MB, so that readers can skip and memory stays small


class ParquetRows:
    """Rows of a Parquet file, a few decoded at a time. Values keep their Arrow types on the way to another Parquet file."""

    def __init__(self, place: Place, fields: Fields) -> None:
        """Open the file.

        Raises:
            InputError: this is no Parquet file.
            ConfigError: the text column is not in it, or cannot hold text.
            MissingDependency: pyarrow is not installed.
        """
        arrow = _arrow()
        from pyarrow import parquet  # noqa: PLC0415

        try:
            self._file = parquet.ParquetFile(place.open() if is_url(place.path) else place.path)
        except (arrow.ArrowInvalid, arrow.ArrowTypeError) as error:
            raise InputError(f"{place.path} is no Parquet file that can be read: {error}") from error
        self._fields = fields
        self._read = 0
        self.schema = self._file.schema_arrow
        self.columns: tuple[str, ...] = tuple(self.schema.names)
        if fields.text not in self.columns:
            raise ConfigError(
                f"there is no column {fields.text!r}; choose with --text-field from: {', '.join(self.columns)}"
            )

    def __iter__(self) -> Iterator[Row]:
        """The rows; a file that is damaged further on ends in a bad row."""
        arrow = _arrow()
        try:
            for batch in self._file.iter_batches(batch_size=READ_ROWS):
                for index in range(batch.num_rows):
                    self._read += 1
                    columns = {name: batch.column(at)[index] for at, name in enumerate(self.columns)}
                    yield self._row(columns)
        except (arrow.ArrowException, OSError) as error:
            yield Row(self._read + 1, error=InputError(f"row {self._read + 1}: the input breaks off here: {error}"))

    def share(self) -> float | None:
        """The part of the rows read."""
        return self._read / max(1, int(self._file.metadata.num_rows))

    def close(self) -> None:
        """Close the file."""
        self._file.close(force=True)

    def _row(self, columns: Mapping[str, Any]) -> Row:
        known = (self._fields.text, self._fields.id)
        row = Row.of(
            self._read, {name: value.as_py() for name, value in columns.items() if name in known}, self._fields
        )
        return Row(row.number, columns, row.text, row.name, row.error)


class ParquetEncoder:
    """Each row as the input's columns, a struct ``result`` and a struct ``error``, one of the two null.

    Columns keep the types of a Parquet input; those of a CSV file are text. Where rows bring their own columns, those
    of the first rows make the schema, and what does not fit it stands as JSON under ``more``.
    """

    def __init__(self, columns: tuple[str, ...] | None, schema: Any = None) -> None:
        self._columns = columns
        self._source = schema
        self._open = columns is None

    def prepare(self, head: Sequence[Row]) -> bytes:
        """The schema, as an Arrow stream begins with it."""
        arrow = _arrow()
        self._types = self._known() if self._columns is not None else _inferred(head)
        added = [("result", _result_type()), ("error", _text_struct("type", "message"))]
        added += [(MORE, arrow.string())] if self._open else []
        names = carried_columns(self._types, [name for name, _ in added])
        self._schema = arrow.schema([*((cell(name), kind) for name, kind in names.items()), *added])
        return bytes(self._schema.serialize().to_pybytes())

    def encode(self, done: Iterable[Done]) -> bytes:
        """One record batch, as it stands in an Arrow stream."""
        arrow = _arrow()
        rows = list(done)
        carried, more = self._carried([row.columns for row, _ in rows])
        results = [_result(outcome) if isinstance(outcome, Result) else None for _, outcome in rows]
        errors = [None if isinstance(outcome, Result) else told(outcome) for _, outcome in rows]
        cells = [*carried, results, errors, *([more] if self._open else [])]
        arrays = [arrow.array(values, kind) for values, kind in zip(cells, self._schema.types, strict=True)]
        return bytes(arrow.record_batch(arrays, schema=self._schema).serialize().to_pybytes())

    def finish(self, partial: Path, target: Path) -> None:
        """Make the Parquet file ``target`` of the Arrow stream ``partial``."""
        arrow = _arrow()
        from pyarrow import parquet  # noqa: PLC0415

        with arrow.OSFile(str(partial)) as source, parquet.ParquetWriter(target, self._schema) as writer:
            waiting: list[Any] = []
            for batch in arrow.ipc.open_stream(source):
                waiting.append(batch)
                if sum(len(part) for part in waiting) >= GROUP_ROWS:
                    writer.write_table(arrow.Table.from_batches(waiting))
                    waiting = []
            if waiting:
                writer.write_table(arrow.Table.from_batches(waiting))

    def _known(self) -> dict[str, Any]:
        arrow = _arrow()
        if self._source is None:
            return dict.fromkeys(self._columns or (), arrow.string())
        # A dictionary is a saving of one file; its values are what is carried.
        return {
            part.name: part.type.value_type if arrow.types.is_dictionary(part.type) else part.type
            for part in self._source
        }

    def _carried(self, rows: Sequence[Mapping[str, Any]]) -> tuple[list[list[Any]], list[str | None]]:
        cells: list[list[Any]] = [[] for _ in self._types]
        more: list[str | None] = []
        for columns in rows:
            others = {name: value for name, value in columns.items() if name not in self._types}
            for column, (name, kind) in zip(cells, self._types.items(), strict=True):
                value = columns.get(name)
                fits = self._source is not None or value is None or _type_of(value) == kind
                column.append(_stored(value) if fits else None)
                others.update({} if fits else {name: value})
            more.append(cell(others) if others else None)
        return cells, more


def _inferred(head: Sequence[Row]) -> dict[str, Any]:
    """Column types of rows that bring their own: what the first values are, text where they differ or are nested."""
    arrow = _arrow()
    seen: dict[str, set[Any]] = {}
    for row in head:
        for name, value in row.columns.items():
            seen.setdefault(name, set()).update(() if value is None else (_type_of(value),))
    return {name: kinds.pop() if len(kinds) == 1 else arrow.string() for name, kinds in seen.items()}


def _type_of(value: Any) -> Any:
    arrow = _arrow()
    if isinstance(value, bool):
        return arrow.bool_()
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return arrow.int64()
    return arrow.float64() if isinstance(value, float) else arrow.string()


def _stored(value: Any) -> Any:
    """A value as Arrow takes it: text and structure as text, the rest as it is."""
    if hasattr(value, "as_py"):
        if not value.is_valid:
            return None
        return value.as_py() if hasattr(value, "dictionary") else value
    big = isinstance(value, int) and not -(2**63) <= value < 2**63
    return cell(value) if big or isinstance(value, str | list | dict) else value


def _result(result: Result) -> dict[str, Any]:
    """``Result.to_dict()`` with its mappings as Arrow's maps take them."""
    record = result.to_dict()
    for part in (record, *record["lines"]):
        part["translations"] = list(part["translations"].items())
    return {**record, "timings": list(record["timings"].items())}


def _result_type() -> Any:
    arrow = _arrow()
    text, number, share = arrow.string(), arrow.int64(), arrow.float64()
    span = arrow.struct([("start", number), ("end", number), ("text", text)])
    by_language = arrow.map_(text, text)
    line = [("text", text), ("translations", by_language), ("evidence", arrow.list_(span)), ("support", share)]
    finding = [(name, text) for name in ("step", "kind", "value", "message")]
    finding += [("line", number), ("language", text), ("expected", text), ("confidence", share)]
    coverage = [(name, number) for name in ("total", "read", "dropped", "unread")]
    coverage += [("junk", arrow.list_(arrow.struct([("kind", text), ("span", span)])))]
    return arrow.struct(
        [
            *[("summary", text), ("translation", text), ("translations", by_language), ("title", text)],
            *[("language", text), ("language_confidence", share), ("lines", arrow.list_(arrow.struct(line)))],
            *[("findings", arrow.list_(arrow.struct(finding))), ("coverage", arrow.struct(coverage))],
            *[("timings", arrow.map_(text, share)), ("signature", text)],
        ]
    )


def _text_struct(*names: str) -> Any:
    arrow = _arrow()
    return arrow.struct([(name, arrow.string()) for name in names])


def _arrow() -> Any:
    try:
        import pyarrow  # noqa: ICN001, PLC0415 - an extra, loaded when a Parquet file is named
    except ImportError as error:
        raise MissingDependency("pyarrow", "parquet", "reading and writing Parquet") from error
    return pyarrow
