"""Parquet, in and out. While a job runs its rows lie in an Arrow stream, which can be cut back and gone on with; a Parquet file cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.batch.columns import arrow, decoded, dressed, grouped, may_hold_text, plain, result_type, text_struct
from summarizer.batch.place import Place, is_url
from summarizer.batch.rows import Done, Fields, Row, carried_columns, check_columns, told
from summarizer.batch.tables import MORE, cell
from summarizer.errors import ConfigError, InputError
from summarizer.types import Result

READ_ROWS = 64  # rows decoded at once; an article has some 10 kB


class ParquetRows:
    """Rows of a Parquet file, a few decoded at a time. Values keep their Arrow types on the way to another Parquet file."""

    def __init__(self, place: Place, fields: Fields) -> None:
        """Open the file.

        Raises:
            InputError: this is no Parquet file.
            ConfigError: the text column is not in it, or cannot hold text.
            MissingDependency: pyarrow is not installed.
        """
        pa = arrow()
        from pyarrow import parquet  # noqa: PLC0415

        try:
            self._file = parquet.ParquetFile(place.open() if is_url(place.path) else place.path)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise InputError(f"{place.path} is no Parquet file that can be read: {error}") from error
        self._fields = fields
        self._read = 0
        self.schema = self._file.schema_arrow
        self.columns: tuple[str, ...] = tuple(self.schema.names)
        self.groups = [self._file.metadata.row_group(at).num_rows for at in range(self._file.metadata.num_row_groups)]
        check_columns(self.columns, fields)
        kinds = dict(zip(self.schema.names, self.schema.types, strict=True))
        if not may_hold_text(kinds[fields.text]):
            texts = [name for name, kind in kinds.items() if may_hold_text(kind)]
            raise ConfigError(
                f"the column {fields.text!r} of {place.name} holds {kinds[fields.text]}, not text; "
                f"choose with --text-field from: {', '.join(texts) or 'none'}"
            )

    def __iter__(self) -> Iterator[Row]:
        """The rows; a file that is damaged further on ends in a bad row."""
        pa = arrow()
        try:
            for batch in self._file.iter_batches(batch_size=READ_ROWS):
                cells = [decoded(column) for column in batch.columns]
                for index in range(batch.num_rows):
                    self._read += 1
                    columns = {name: cells[at][index] for at, name in enumerate(self.columns)}
                    yield self._row(columns)
        except (pa.ArrowException, OSError) as error:
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

    def __init__(self, columns: tuple[str, ...] | None, schema: Any = None, groups: Sequence[int] = ()) -> None:
        """``schema`` is that of a Parquet input, ``groups`` are the rows in each of its row groups."""
        self._columns = columns
        self._source = schema
        self._groups = groups
        self._open = columns is None

    def prepare(self, head: Sequence[Row]) -> bytes:
        """The schema, as an Arrow stream begins with it."""
        pa = arrow()
        self._types = self._known() if self._columns is not None else _inferred(head)
        added = [("result", result_type()), ("error", text_struct("type", "message"))]
        added += [(MORE, pa.string())] if self._open else []
        names = carried_columns(self._types, [name for name, _ in added])
        self._schema = pa.schema([*((cell(name), kind) for name, kind in names.items()), *added])
        self._final = self._as_they_were(self._schema)
        return bytes(self._schema.serialize().to_pybytes())

    def encode(self, done: Iterable[Done]) -> bytes:
        """One record batch, as it stands in an Arrow stream."""
        pa = arrow()
        rows = list(done)
        carried, more = self._carried([row.columns for row, _ in rows])
        results = [_result(outcome) if isinstance(outcome, Result) else None for _, outcome in rows]
        errors = [None if isinstance(outcome, Result) else told(outcome) for _, outcome in rows]
        cells = [*carried, results, errors, *([more] if self._open else [])]
        arrays = [pa.array(values, kind) for values, kind in zip(cells, self._schema.types, strict=True)]
        return bytes(pa.record_batch(arrays, schema=self._schema).serialize().to_pybytes())

    def finish(self, partial: Path, target: Path) -> None:
        """Make the Parquet file ``target`` of the Arrow stream ``partial``."""
        from pyarrow import parquet  # noqa: PLC0415

        pa = arrow()
        with pa.OSFile(str(partial)) as source, parquet.ParquetWriter(target, self._final) as writer:
            for table in grouped(pa.ipc.open_stream(source), self._groups):
                writer.write_table(dressed(table, self._final))

    def _known(self) -> dict[str, Any]:
        if self._source is None:
            return dict.fromkeys(self._columns or (), arrow().string())
        return {part.name: plain(part.type) for part in self._source}

    def _as_they_were(self, schema: Any) -> Any:
        """The schema of the file: dictionaries as in the input, with what its author has noted about columns and file.

        Every column may hold nulls: a row that could not be read has nothing else.
        """
        for at, part in enumerate(self._source or ()):
            dictionary = arrow().types.is_dictionary(part.type)
            kept = schema.field(at).with_type(part.type) if dictionary else schema.field(at)
            schema = schema.set(at, kept.with_metadata(part.metadata))
        return schema if self._source is None else schema.with_metadata(self._source.metadata)

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
    pa = arrow()
    seen: dict[str, set[Any]] = {}
    for row in head:
        for name, value in row.columns.items():
            seen.setdefault(name, set()).update(() if value is None else (_type_of(value),))
    return {name: kinds.pop() if len(kinds) == 1 else pa.string() for name, kinds in seen.items()}


def _type_of(value: Any) -> Any:
    pa = arrow()
    if isinstance(value, bool):
        return pa.bool_()
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return pa.int64()
    return pa.float64() if isinstance(value, float) else pa.string()


def _stored(value: Any) -> Any:
    """A value as Arrow takes it: text and structure as text, the rest as it is."""
    if hasattr(value, "as_py"):
        if not value.is_valid:
            return None
        return value
    big = isinstance(value, int) and not -(2**63) <= value < 2**63
    return cell(value) if big or isinstance(value, str | list | dict) else value


def _result(result: Result) -> dict[str, Any]:
    """``Result.to_dict()`` with its mappings as Arrow's maps take them."""
    record = result.to_dict()
    for part in (record, *record["lines"]):
        part["translations"] = list(part["translations"].items())
    return {**record, "timings": list(record["timings"].items())}
