"""The Arrow types of an output: those of an input's columns, on their way and at the end, and those of a result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import Any

from summarizer.errors import MissingDependency

GROUP_ROWS = 1024  # rows in a group of an output whose input had none: some MB, so that readers can skip
GROUP_MOST = 8192  # rows in a group, however large it was in the input: with articles of 10 kB some 100 MB of memory


def plain(kind: Any) -> Any:
    """The type without dictionaries, within it neither: those cannot stand in a stream that may be cut back."""
    types = arrow().types
    if types.is_dictionary(kind):
        return plain(kind.value_type)
    if types.is_struct(kind):
        return arrow().struct([kind.field(at).with_type(plain(kind.field(at).type)) for at in range(kind.num_fields)])
    if types.is_map(kind):
        return arrow().map_(plain(kind.key_type), plain(kind.item_type), kind.keys_sorted)
    if types.is_fixed_size_list(kind):
        return arrow().list_(kind.value_field.with_type(plain(kind.value_type)), kind.list_size)
    for is_list, made in ((types.is_list, arrow().list_), (types.is_large_list, arrow().large_list)):
        if is_list(kind):
            return made(kind.value_field.with_type(plain(kind.value_type)))
    return kind


def may_hold_text(kind: Any) -> bool:
    """Whether a column of this type can be an article's: no number, date or structure."""
    types = arrow().types
    if types.is_dictionary(kind):
        return may_hold_text(kind.value_type)
    return not (types.is_primitive(kind) or types.is_decimal(kind) or types.is_nested(kind))


def decoded(column: Any) -> Any:
    """The column without its dictionary, which each of its values would carry along."""
    return column.dictionary_decode() if arrow().types.is_dictionary(column.type) else column


def dressed(table: Any, schema: Any) -> Any:
    """The table with the dictionaries of ``schema`` in it."""
    columns = [_encoded(column, kind) for column, kind in zip(table.columns, schema.types, strict=True)]
    return arrow().table(columns, schema=schema)


def grouped(batches: Iterable[Any], sizes: Iterable[int]) -> Iterator[Any]:
    """Record batches as tables of these sizes, none over ``GROUP_MOST``; of ``GROUP_ROWS`` where the sizes end."""
    table = arrow().Table.from_batches
    cuts = chain.from_iterable(_cut(size) for size in chain(sizes, repeat(GROUP_ROWS)))
    waiting: list[Any] = []
    room = next(cuts)
    for batch in batches:
        rest = batch
        while rest.num_rows:
            waiting.append(rest.slice(0, room))
            rest, room = rest.slice(room), room - waiting[-1].num_rows
            if not room:
                yield table(waiting)
                waiting, room = [], next(cuts)
    if waiting:
        yield table(waiting)


def result_type() -> Any:
    """That of a :class:`~summarizer.types.Result`."""
    pa = arrow()
    text, number, share = pa.string(), pa.int64(), pa.float64()
    span = pa.struct([("start", number), ("end", number), ("text", text)])
    by_language = pa.map_(text, text)
    line = [("text", text), ("translations", by_language), ("evidence", pa.list_(span)), ("support", share)]
    finding = [(name, text) for name in ("step", "kind", "value", "message")]
    finding += [("line", number), ("language", text), ("expected", text), ("confidence", share)]
    coverage = [(name, number) for name in ("total", "read", "dropped", "unread")]
    coverage += [("junk", pa.list_(pa.struct([("kind", text), ("span", span)])))]
    return pa.struct(
        [
            *[("summary", text), ("translation", text), ("translations", by_language), ("title", text)],
            *[("language", text), ("language_confidence", share), ("lines", pa.list_(pa.struct(line)))],
            *[("findings", pa.list_(pa.struct(finding))), ("coverage", pa.struct(coverage))],
            *[("timings", pa.map_(text, share)), ("signature", text)],
        ]
    )


def text_struct(*names: str) -> Any:
    """A struct of texts."""
    return arrow().struct([(name, arrow().string()) for name in names])


def arrow() -> Any:
    """The module pyarrow.

    Raises:
        MissingDependency: it is not installed.
    """
    try:
        import pyarrow  # noqa: ICN001, PLC0415 - an extra, loaded when a Parquet file is named
    except ImportError as error:
        raise MissingDependency("pyarrow", "parquet", "reading and writing Parquet") from error
    return pyarrow


def _encoded(column: Any, kind: Any) -> Any:
    if not arrow().types.is_dictionary(kind):
        return column
    made = column.combine_chunks().dictionary_encode()
    values = made.dictionary.cast(kind.value_type)
    return arrow().DictionaryArray.from_arrays(made.indices.cast(kind.index_type), values, ordered=kind.ordered)


def _cut(size: int) -> Iterator[int]:
    while size > 0:
        yield min(size, GROUP_MOST)
        size -= GROUP_MOST
