"""Writing rows: every column is carried, every outcome has its place, in every format."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from summarizer.batch.columns import GROUP_MOST, grouped
from summarizer.batch.formats import Places, open_source
from summarizer.batch.once import Stream
from summarizer.batch.rows import Fields
from summarizer.errors import ConfigError
from summarizer.types import Result
from tests.batch.shared import converted

Written = Callable[[str, bytes], Path]

LINES = (
    b'{"id": 1, "text": "Ein Satz.", "tags": ["a", "\xc3\xa4"], "score": 0.5, "result": "alt"}\n'
    b"{broken\n"
    b'{"id": 2, "text": "", "score": 3, "late": true}\n'
    b'{"id": 3, "text": "Halb \\ud800", "score": null}\n'
    b'{"id": "vier", "text": "Zwei S\xc3\xa4tze."}\n'
)


def test_json_lines_out(written: Written, tmp_path: Path, stream: Stream) -> None:
    """Each row is one object: its own columns as they were, then the result or the error; a taken name is kept aside."""
    target = tmp_path / "out.jsonl"
    tally = converted(Places(written("in.jsonl", LINES), target), stream)
    rows = [json.loads(line) for line in target.read_bytes().splitlines()]
    assert [row.get("id") for row in rows] == [1, None, 2, 3, "vier"]
    assert rows[0]["tags"] == ["a", "ä"]
    assert rows[0]["input_result"] == "alt"
    assert Result.from_dict(rows[0]["result"]).summary == "EIN SATZ."
    assert rows[1] == {"id": None, "error": {"type": "InputError", "message": rows[1]["error"]["message"]}}
    assert rows[2] == {
        "id": 2,
        "text": "",
        "score": 3,
        "late": True,
        "error": {"type": "EmptyInput", "message": "the text is empty"},
    }
    assert rows[3]["text"] == "Halb \ud800"
    assert (tally.rows, tally.failed) == (5, 3)
    assert dict(tally.errors) == {"InputError": 1, "EmptyInput": 1, "UndecodableInput": 1}


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz"])
def test_csv_out_of_json_lines(written: Written, tmp_path: Path, stream: Stream, name: str) -> None:
    """The first rows' columns, then the flattened result; what does not fit a table is JSON, and nothing is lost."""
    converted(Places(written("in.jsonl", LINES), tmp_path / name), stream)
    data = (tmp_path / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith("gz") else data).decode()
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["id"] for row in rows] == ["1", "", "2", "3", "vier"]
    assert (rows[0]["tags"], rows[0]["score"], rows[0]["result"]) == ('["a", "ä"]', "0.5", "alt")
    assert (rows[0]["summary"], rows[0]["translation_en"], rows[0]["findings"]) == ("EIN SATZ.", "ein satz.", "0")
    assert rows[1]["error"].startswith("InputError: line 2")
    assert (rows[2]["error"], rows[2]["late"]) == ("EmptyInput: the text is empty", "true")
    assert rows[3]["text"] == "Halb \ufffd"


@pytest.mark.timeout(20)
def test_ten_thousand_columns(written: Written, tmp_path: Path, stream: Stream) -> None:
    """Carried in a time that grows with their number, not with its square (2 s a row, it was)."""
    names = ["id", "text", *(f"c{at}" for at in range(10_000))]
    rows = [f"{row},Satz {row}.," + ",".join(map(str, range(10_000))) for row in range(100)]
    written("in.csv", "\n".join([",".join(names), *rows, ""]).encode())
    converted(Places(tmp_path / "in.csv", tmp_path / "out.csv"), stream)
    with (tmp_path / "out.csv").open(newline="") as file:
        records = list(csv.reader(file))
    assert (len(records), records[0][:10_002], records[100][2:5]) == (101, names, ["0", "1", "2"])


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet"])
def test_no_column_is_lost_to_the_name_of_another(written: Written, tmp_path: Path, stream: Stream, name: str) -> None:
    """An input that was an output before, and the output of that: ``result``, ``input_result`` and all are kept."""
    row = {"text": "Eins.", "result": 1, "input_result": 2, "summary": 3, "input_summary": 4, "more": 5, "error": 6}
    converted(Places(written("in.jsonl", json.dumps(row).encode()), tmp_path / name), stream)
    path = tmp_path / name
    if name == "out.parquet":
        made = parquet.read_table(path).to_pylist()[0]
    else:
        text = path.read_text("utf-8")
        made = json.loads(text) if name == "out.jsonl" else next(csv.DictReader(text.splitlines()))
    kept = sorted(value for value in made.values() if value in (*range(1, 7), *map(str, range(1, 7))))
    assert [*map(str, kept)] == ["1", "2", "3", "4", "5", "6"]


def test_csv_keeps_its_dialect(written: Written, tmp_path: Path, stream: Stream) -> None:
    """A table from Excel comes back as one: semicolons, and the mark by which Excel knows UTF-8."""
    data = "id;summary;text\r\n1;meins;Größe; \r\n2;x;Öl\r\n".encode("cp1252")
    target = tmp_path / "out.csv"
    converted(Places(written("in.csv", data), target), stream)
    text = target.read_bytes().decode("utf-8")
    assert text.startswith("\ufeffid;input_summary;text;summary;translation_en;")
    rows = list(csv.DictReader(text[1:].splitlines(), delimiter=";"))
    assert [row["input_summary"] for row in rows] == ["meins", "x"]
    assert [row["error"][:18] for row in rows] == ["InputError: line 2", ""]
    assert rows[1]["summary"] == "ÖL"


def rows_of_groups(path: Path) -> list[int]:
    about = parquet.ParquetFile(path).metadata
    return [about.row_group(at).num_rows for at in range(about.num_row_groups)]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [([30, 20, 50], [30, 20, 50]), ([7] * 20, [7] * 14 + [2]), ([0, 90], [90, 10]), ([], [100]), ([64, 36], [64, 36])],
)
def test_row_groups_are_those_of_the_input(sizes: list[int], expected: list[int]) -> None:
    """Whatever the pieces they come in; rows beyond the last group make one of their own."""
    table = pa.table({"n": range(100)})
    groups = list(grouped(table.to_batches(max_chunksize=16), sizes))
    assert [group.num_rows for group in groups] == expected
    assert pa.concat_tables(groups).equals(table)


def test_a_row_group_is_never_too_large_to_hold() -> None:
    """A million rows in one group come back in several."""
    batches = pa.table({"n": range(2 * GROUP_MOST + 5)}).to_batches(max_chunksize=1000)
    assert [group.num_rows for group in grouped(batches, [2 * GROUP_MOST + 5])] == [GROUP_MOST, GROUP_MOST, 5]


def test_two_parquet_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    """One would be lost."""
    table = pa.table([pa.array(["x"]), pa.array(["y"]), pa.array([1])], names=["text", "a", "a"])
    parquet.write_table(table, tmp_path / "in.parquet")
    with pytest.raises(ConfigError, match="two columns are called 'a'"):
        open_source(Places(tmp_path / "in.parquet", tmp_path / "out.parquet"))


@pytest.mark.parametrize("groups", [0, 1])
def test_an_empty_parquet_file_keeps_its_columns(tmp_path: Path, stream: Stream, groups: int) -> None:
    """No rows, in no group or an empty one: a valid file of the same columns."""
    with parquet.ParquetWriter(tmp_path / "in.parquet", nested_table().schema) as writer:
        for _ in range(groups):
            writer.write_table(nested_table().slice(0, 0))
    converted(Places(tmp_path / "in.parquet", tmp_path / "out.parquet"), stream)
    table = parquet.read_table(tmp_path / "out.parquet")
    assert table.num_rows == 0
    assert table.schema.names == [*nested_table().column_names, "result", "error"]


def nested_table() -> pa.Table:
    return pa.table(
        {
            "id": pa.array([1, 2, 3], pa.int16()),
            "text": pa.array(["Ein Satz.", None, "Zwei."], pa.large_string()),
            "when": pa.array([1_600_000_000_000_000_001, None, 5], pa.timestamp("ns", "UTC")),
            "day": pa.array([date(2024, 3, 12)] * 3),
            "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
            "raw": pa.array([b"\xff", b"", None]),
            "parts": pa.array([[{"n": 1}], [], None], pa.list_(pa.struct([("n", pa.int8())]))),
        }
    )


def test_parquet_keeps_its_types(tmp_path: Path, stream: Stream) -> None:
    """A Parquet file comes back with its own columns, row groups and notes, a struct of the result and one of the error."""
    before = nested_table()
    noted = before.schema.field("day").with_metadata({"unit": "a day", "PARQUET:field_id": "7"})
    before = before.cast(before.schema.set(3, noted)).replace_schema_metadata({"author": "me"})
    parquet.write_table(before, tmp_path / "in.parquet", row_group_size=2)
    converted(Places(tmp_path / "in.parquet", tmp_path / "out.parquet"), stream)
    table = parquet.read_table(tmp_path / "out.parquet")
    for name in before.column_names:
        assert table[name].combine_chunks().equals(before[name].combine_chunks()), name
        assert table.schema.field(name).type == before.schema.field(name).type
    assert table.schema.metadata == {b"author": b"me"}
    assert table.schema.field("day").metadata == {b"unit": b"a day", b"PARQUET:field_id": b"7"}
    assert rows_of_groups(tmp_path / "out.parquet") == [2, 1]
    result = table["result"].to_pylist(maps_as_pydicts="strict")
    assert Result.from_dict(result[0]).translations == {"en": "ein satz."}
    assert Result.from_dict(result[0]).lines[0].evidence[0].text == "Ein Satz."
    assert [result[1], table["error"].to_pylist()[1]] == [
        None,
        {"type": "EmptyInput", "message": "the field 'text' is null"},
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "out.jsonl",
            {
                "id": 1,
                "when": "2020-09-13T12:26:40.000000001Z",
                "day": "2024-03-12",
                "raw": "/w==",
                "parts": [{"n": 1}],
            },
        ),
        (
            "out.csv",
            {
                "id": "1",
                "when": "2020-09-13T12:26:40.000000001Z",
                "day": "2024-03-12",
                "raw": "/w==",
                "parts": '[{"n": 1}]',
                "kind": "a",
            },
        ),
    ],
)
def test_parquet_into_other_formats(tmp_path: Path, stream: Stream, name: str, expected: dict[str, Any]) -> None:
    """Types that text formats lack are written in ISO 8601, base 64 or JSON."""
    parquet.write_table(nested_table(), tmp_path / "in.parquet")
    converted(Places(tmp_path / "in.parquet", tmp_path / name), stream)
    text = (tmp_path / name).read_text("utf-8").splitlines()
    row = json.loads(text[0]) if name == "out.jsonl" else next(iter(csv.DictReader(text)))
    assert {key: row[key] for key in expected} == expected


def test_parquet_out_of_json_lines(written: Written, tmp_path: Path, stream: Stream) -> None:
    """The first rows make the schema; a later value of another type and a later column stand as JSON under ``more``."""
    late = (
        b"".join(b'{"id": %d, "text": "x"}\n' % i for i in range(5, 120))
        + b'{"id": "spaet", "text": "y", "neu": [1]}\n'
    )
    numbers = (
        b'{"id": 1, "text": "Ein Satz.", "score": 0.5, "flag": true, "deep": {"a": [1]}, "big": %d}\n{broken\n' % 2**70
    )
    converted(Places(written("in.jsonl", numbers + late), tmp_path / "out.parquet"), stream)
    table = parquet.read_table(tmp_path / "out.parquet")
    types = {
        name: str(table.schema.field(name).type) for name in ("id", "text", "score", "flag", "deep", "big", "more")
    }
    assert types == {
        "id": "int64", "text": "string", "score": "double", "flag": "bool", "deep": "string", "big": "string", "more": "string",
    }  # fmt: skip
    rows = table.to_pylist()
    assert len(rows) == 118
    assert (rows[0]["deep"], rows[0]["big"]) == ('{"a": [1]}', str(2**70))
    assert rows[1]["error"]["type"] == "InputError"
    assert (rows[-1]["id"], json.loads(rows[-1]["more"])) == (None, {"id": "spaet", "neu": [1]})


def test_folder_in_and_out(tmp_path: Path, written: Written, stream: Stream) -> None:
    """Each file gives one file of its name; two that differ in the suffix alone keep it."""
    for name, data in {
        "f/a.txt": b"Eins.",
        "f/b.txt": b"Zwei.",
        "f/b.html": b"Drei.",
        "f/u/c.htm": b"\x00\x01",
    }.items():
        written(name, data)
    tally = converted(Places(tmp_path / "f", tmp_path / "out"), stream)
    found = {
        path.relative_to(tmp_path / "out").as_posix(): json.loads(path.read_bytes())
        for path in (tmp_path / "out").rglob("*.json")
    }
    assert sorted(found) == ["a.json", "b.html.json", "b.txt.json", "u/c.json"]
    assert found["b.html.json"]["result"]["summary"] == "DREI."
    assert found["u/c.json"]["error"]["type"] == "UndecodableInput"
    assert (tally.rows, tally.failed) == (4, 1)


def test_folder_of_markdown(written: Written, tmp_path: Path, stream: Stream) -> None:
    """Rows of a table become pages by number and id; an id cannot lead out of the folder."""
    path = written("in.jsonl", b'{"id": "../../x/y", "text": "Ein Satz."}\n{"id": 2, "text": " "}\n{"text": "Zwei."}\n')
    converted(Places(path, tmp_path / "out", pages="markdown"), stream)
    pages = {page.name: page.read_text("utf-8") for page in (tmp_path / "out").iterdir()}
    assert sorted(pages) == ["0000001-x_y.md", "0000002-2.md", "0000003.md"]
    assert "## Summary (de)\n\nEIN SATZ." in pages["0000001-x_y.md"]
    assert pages["0000002-2.md"] == "# Not summarised\n\nEmptyInput: the text is empty\n"


def test_files_of_others_in_the_output_folder_stay(written: Written, tmp_path: Path, stream: Stream) -> None:
    """An output folder that is there is added to, not replaced."""
    written("out/mine.txt", b"mine")
    places = Places(written("f/a.txt", b"Eins.").parent, tmp_path / "out", overwrite=True)
    places.check()
    converted(places, stream)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.json", "mine.txt"]


@pytest.mark.parametrize("name", ["in.jsonl", "in.csv"])
@pytest.mark.parametrize("target", ["out.jsonl", "out.csv", "out.parquet", "out"])
def test_no_rows_give_a_valid_empty_output(
    written: Written, tmp_path: Path, stream: Stream, name: str, target: str
) -> None:
    """An input without rows is no error."""
    converted(Places(written(name, b"id,text\n" if name == "in.csv" else b""), tmp_path / target), stream)
    assert (tmp_path / target).exists()
    if target == "out.parquet":
        assert parquet.read_table(tmp_path / target).num_rows == 0


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("in.xml", "out.jsonl", "no ending this job knows"),
        ("in.jsonl", "out.parquet.gz", "no ending this job knows"),
        ("missing.jsonl", "out.jsonl", "there is no input"),
        ("in.jsonl", "in.jsonl", "the same file"),
        ("in.jsonl", "there.jsonl", "is there already.*--overwrite"),
        ("in.jsonl", "full", "is there already.*--overwrite"),
    ],
)
def test_places_that_cannot_work(written: Written, tmp_path: Path, source: str, target: str, message: str) -> None:
    """Wrong paths are named before any work, and nothing is written over unasked."""
    for name in ("in.xml", "in.jsonl", "there.jsonl", "full/a.json"):
        written(name, b"{}")
    with pytest.raises(ConfigError, match=message):
        Places(tmp_path / source, tmp_path / target, Fields()).check()
