"""Reading rows: what each format holds, and what becomes of what is broken."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from summarizer.batch.formats import Places, open_source
from summarizer.batch.jsonl import JsonLines
from summarizer.batch.opened import Opened
from summarizer.batch.place import Place
from summarizer.batch.rows import Fields, Row
from summarizer.batch.tables import CsvRows
from summarizer.errors import ConfigError, EmptyInput, InputError, SummarizerError

Written = Callable[[str, bytes], Path]


def rows_of(path: Path, fields: Fields | None = None) -> list[Row]:
    with closing(open_source(Places(path, path.with_name("out.jsonl"), fields or Fields()))) as source:
        return list(source)


JSON_LINES = [
    (b'{"id": 1, "text": "Ein Satz."}', "Ein Satz.", "1", None),
    ('{"id": "ä", "text": "Grüße."}'.encode(), "Grüße.", "ä", None),
    (b'{"text": "Ohne Namen."}', "Ohne Namen.", "", None),
    (b'{"id": 2, "text": ""}', "", "2", None),
    (b'{"id": 3, "text": null}', "", "3", "EmptyInput: the field 'text' is null"),
    (b'{"id": 4}', "", "4", "InputError: there is no field 'text'; this row has id"),
    (b'{"id": 5, "text": 42}', "", "5", "InputError: the field 'text' must be text, not int: 42"),
    (b'{"id": 6, "text": ["a"]}', "", "6", "InputError: the field 'text' must be text, not list: ['a']"),
    (b'{"id": 7, "text": "a"', "", "", "InputError: line {line}, column 22: not JSON: Expecting ',' delimiter"),
    (b"[1, 2]", "", "", "InputError: line {line}: a JSON list, not an object"),
    (b"null", "", "", "InputError: line {line}: a JSON null, not an object"),
    (b'{"text": "\xff\xfe"}', "", "", "UndecodableInput: line {line}: byte 10 (0xff) is not UTF-8"),
    (b"[" * 100_000, "", "", "InputError: line {line}: not JSON that can be read: nested too deeply"),
    (
        b'{"text": ' + b"9" * 5000 + b"}",
        "",
        "",
        "InputError: line {line}: not JSON that can be read: Exceeds the limit",
    ),
]


def said(row: Row) -> str:
    return f"{type(row.error).__name__}: {row.error}"


def test_json_lines_good_and_bad(written: Written) -> None:
    """Every line that is not blank is a row at its place; a bad one says why and on which line, and harms no other."""
    path = written("in.jsonl", b"\xef\xbb\xbf\n" + b"\n\n".join(line for line, *_ in JSON_LINES) + b"\n")
    rows = rows_of(path)
    assert [row.number for row in rows] == list(range(1, len(JSON_LINES) + 1))
    for index, (row, (_, text, name, error)) in enumerate(zip(rows, JSON_LINES, strict=True)):
        assert (row.text, row.name) == (text, name)
        if error is None:
            assert row.error is None
        else:
            assert said(row).startswith(error.format(line=2 * index + 2))


def test_a_line_over_the_bound_is_one_bad_row(written: Written) -> None:
    """A line too long for memory is passed over piece by piece; the next line is read."""
    path = written("in.jsonl", b'{"text": "' + b"x" * 5000 + b'"}\n{"text": "Kurz."}\n')
    with closing(JsonLines(Opened(Place(str(path))), Fields(), longest=1000)) as source:
        rows = list(source)
    assert [type(row.error).__name__ for row in rows] == ["InputTooLarge", "NoneType"]
    assert rows[1].text == "Kurz."


@pytest.mark.parametrize(
    ("long", "message"),
    [
        ("2," + "x" * 5000, "over 1,000 characters in one line"),
        ('2,"' + "x\n" * 600 + '"', "field larger than field limit"),
    ],
)
def test_a_csv_line_or_cell_over_the_bound_is_a_bad_row(written: Written, long: str, message: str) -> None:
    """One line of a gigabyte, or a cell of many lines, must not fill the memory; rows after it are read, or told."""
    path = written("in.csv", f"id,text\n1,Vor ihr.\n{long}\n3,Nach ihr.\n".encode())
    with closing(CsvRows(Opened(Place(str(path))), Fields(), longest=1000)) as source:
        rows = list(source)
    assert rows[0].text == "Vor ihr."
    assert message in str(rows[1].error)
    assert rows[-1].text == "Nach ihr." or "never closed" in str(
        rows[-1].error
    )  # told, where the quotes are out of step


@pytest.mark.parametrize("cut", [0.5, 0.9])
def test_a_damaged_gzip_file_ends_in_a_bad_row(written: Written, cut: float) -> None:
    """What can be unpacked is read; the damage is an error row, not a silent end."""
    lines = b"".join(json.dumps({"id": i, "text": f"Satz {i * 7919 % 1000}."}).encode() + b"\n" for i in range(3000))
    packed = gzip.compress(lines)
    rows = rows_of(written("in.jsonl.gz", packed[: int(len(packed) * cut)]))
    assert 100 < len(rows) < 3000
    assert "breaks off here" in str(rows[-1].error)
    assert all(row.text == f"Satz {(row.number - 1) * 7919 % 1000}." for row in rows[:-2])


CSV_FILES = [
    ("comma", "id,text,ort\n1,Ein Satz.,Köln\n".encode()),
    ("semicolon", "id;text;ort\n1;Ein Satz.;Köln\n".encode()),
    ("tab", "id\ttext\tort\n1\tEin Satz.\tKöln\n".encode()),
    ("quoted", '"id";"text";"ort"\r\n"1";"Ein Satz.";"Köln"\r\n'.encode()),
    ("excel", "id;text;ort\r\n1;Ein Satz.;Köln\r\n".encode("utf-8-sig")),
    ("western", "id;text;ort\r\n1;Ein Satz.;Köln\r\n".encode("cp1252")),
    ("utf-16", "id\ttext\tort\r\n1\tEin Satz.\tKöln\r\n".encode("utf-16")),
    ("blank lines", "id,text,ort\n\n1,Ein Satz.,Köln\n\n".encode()),
    ("no last line break", "id,text,ort\n1,Ein Satz.,Köln".encode()),
]


@pytest.mark.parametrize("data", [data for _, data in CSV_FILES], ids=[name for name, _ in CSV_FILES])
def test_csv_as_programs_write_it(written: Written, data: bytes) -> None:
    """Delimiters, quotes, line ends and encodings of the usual programs give the same row."""
    (row,) = rows_of(written("in.csv", data))
    assert dict(row.columns) == {"id": "1", "text": "Ein Satz.", "ort": "Köln"}
    assert (row.text, row.name, row.error) == ("Ein Satz.", "1", None)


def test_csv_cells_hold_line_breaks_and_long_articles(written: Written) -> None:
    """A cell may hold anything quoted, and more than the 131,072 characters csv allows unless told otherwise."""
    article = 'Absatz, mit „Zitat“ und ""Anführung"";\n\n' * 10_000
    (row,) = rows_of(written("in.csv", f'id,text\n1,"{article}"\n'.encode()))
    assert row.text == article.replace('""', '"')


CSV_LINES = [
    ("2,Text mit Komma, ungeschützt", "InputError: line 3: 3 cells under a header of 2"),
    ('2,"Zitat"falsch', "InputError: line 3: not CSV"),
    ("2", None),
]


@pytest.mark.parametrize(("line", "error"), CSV_LINES)
def test_a_bad_csv_line_harms_no_other(written: Written, line: str, error: str | None) -> None:
    """A line that is no proper record is a bad row with its line number; short lines are filled up."""
    rows = rows_of(written("in.csv", f"id,text\n1,Gut.\n{line}\n3,Auch gut.\n".encode()))
    assert [row.text for row in rows] == ["Gut.", "", "Auch gut."]
    assert said(rows[1]).startswith(error) if error else rows[1].error is None


def test_a_quote_never_closed_is_told(written: Written) -> None:
    """The rest of the file in one cell is an error, not an article."""
    rows = rows_of(written("in.csv", b'id,text\n1,Gut.\n2,"offen\n3,verschluckt\n'))
    assert [row.text for row in rows] == ["Gut.", ""]
    assert "line 3: a quote is opened here and never closed" in str(rows[1].error)


def test_undecodable_bytes_spoil_their_row_only(written: Written) -> None:
    """One line in another encoding is marked so that the chain refuses it; the others are as they were."""
    good = "".join(f"{i},Schöne Grüße aus Görlitz\n" for i in range(30)).encode()
    rows = rows_of(written("in.csv", b"id,text\n" + good + b"x,Gr\xfc\xdfe\n" + good))
    assert [row.text for row in rows[:30]] == ["Schöne Grüße aus Görlitz"] * 30 == [row.text for row in rows[31:]]
    assert rows[30].text == "Gr\udcfc\udcdfe"


@pytest.mark.parametrize(
    ("name", "data", "error", "message"),
    [
        ("in.csv", b"", EmptyInput, "no header line"),
        ("in.csv", b"id,body\n1,a\n", ConfigError, "no column 'text'; choose with --text-field from: id, body"),
        ("in.csv", b"id,text,text\n", ConfigError, "two columns are called 'text'"),
        ("in.csv", bytes(range(256)) * 10, InputError, "control characters|not UTF-8"),
        ("in.parquet", b"PAR1nonsense", InputError, "no Parquet file"),
    ],
)
def test_files_no_row_can_be_read_from(
    written: Written, name: str, data: bytes, error: type[SummarizerError], message: str
) -> None:
    """What is wrong with the whole file stops the job before it begins."""
    with pytest.raises(error, match=message):
        rows_of(written(name, data))


NUMBERS = pa.array([1, 2])


@pytest.mark.parametrize(
    ("column", "holds"),
    [
        (NUMBERS, "int64"),
        (NUMBERS.cast(pa.float64()), "double"),
        (NUMBERS.cast(pa.timestamp("s")), "timestamp"),
        (NUMBERS.cast(pa.decimal128(20)), "decimal"),
        (pa.array([["a"], ["b"]]), "list"),
    ],
)
def test_a_parquet_column_that_cannot_hold_text_is_refused(tmp_path: Path, column: pa.Array, holds: str) -> None:
    """Not a million error rows; the columns that can be meant are named."""
    parquet.write_table(pa.table({"text": column, "body": ["a", "b"]}), tmp_path / "in.parquet")
    with pytest.raises(ConfigError, match=f"'text' of in.parquet holds {holds}.*, not text; .* from: body$"):
        open_source(Places(tmp_path / "in.parquet", tmp_path / "out.parquet"))


@pytest.mark.parametrize(
    "kind", ["string", "large_string", "binary", "large_binary", "string_view", "null", "dictionary"]
)
def test_a_parquet_column_that_holds_text_is_read(tmp_path: Path, kind: str) -> None:
    """Whatever Arrow calls it."""
    text = pa.array([None if kind == "null" else "Ein Satz."])
    column = text.dictionary_encode() if kind == "dictionary" else text.cast(getattr(pa, kind)())
    parquet.write_table(pa.table({"text": column}), tmp_path / "in.parquet")
    with closing(open_source(Places(tmp_path / "in.parquet", tmp_path / "out.parquet"))) as rows:
        assert [row.text for row in rows] == ["" if kind == "null" else "Ein Satz."]


def test_columns_may_have_other_names(written: Written) -> None:
    """The text and id columns are those named."""
    path = written("in.jsonl", b'{"nr": 9, "body": "Ein Satz."}\n')
    (row,) = rows_of(path, Fields("body", "nr"))
    assert (row.text, row.name) == ("Ein Satz.", "9")


def test_a_folder_is_read_in_order(tmp_path: Path, written: Written) -> None:
    """Text and HTML below a folder are rows in the order of their paths; other and hidden files are none."""
    for name, data in {
        "f/b.txt": b"Zwei.",
        "f/a.html": b"<p>Eins.</p>",
        "f/unter/c.TXT": "Drei ü.".encode("utf-16"),
        "f/z.txt": b"\xff\x00\x01",
        "f/x.pdf": b"%PDF-",
        "f/.versteckt.txt": b"x",
        "f/.git/d.txt": b"x",
    }.items():
        written(name, data)
    rows = rows_of(tmp_path / "f")
    assert [(row.name, row.text) for row in rows] == [
        ("a.html", "<p>Eins.</p>"),
        ("b.txt", "Zwei."),
        ("z.txt", ""),
        ("unter/c.TXT", "Drei ü."),
    ]
    assert type(rows[2].error).__name__ == "UndecodableInput"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(["in.jsonl", "in.csv", "in.jsonl.gz"]))
def test_any_bytes_give_rows_or_an_input_error(written: Written, data: bytes, name: str) -> None:
    """No bytes in a file lead to another exception than those of the input and its columns."""
    try:
        rows = rows_of(written(name, b"id,text\n" + data if name == "in.csv" else data))
    except (InputError, ConfigError):
        return
    assert all(row.error or isinstance(row.text, str) for row in rows)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=1, max_size=8))
def test_any_text_comes_back_from_csv_and_jsonl(written: Written, texts: list[str]) -> None:
    """What csv and json write is read to the letter (csv.reader itself forgets a lone carriage return's kind)."""
    import csv  # noqa: PLC0415

    texts = [text.replace("\x00", "") for text in texts]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    assert [row.text for row in rows_of(written("in.jsonl", lines.encode()))] == texts
    table = io.StringIO()
    csv.writer(table, quoting=csv.QUOTE_ALL).writerows([["id", "text"], *(["1", text] for text in texts)])
    data = table.getvalue().encode()
    try:
        rows = rows_of(written("in.csv", data))
    except InputError:  # mostly control characters: no text file
        return
    assert [row.text for row in rows] == texts
