"""Batches as tables: CSV as people have it in, CSV and JSON out, every row at its place."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from summarizer.service.problems import BadShape
from summarizer.service.rows import BadRow
from summarizer.service.schema import BatchQuery, BatchRow
from summarizer.service.tables import Cells, Table
from tests.service.shared import ARTICLE
from tests.service.test_fuzz import GENTLE

_WRITTEN = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\r\n\t",;|')
TABLE = "id,text\r\n7,Der Hund bellt laut.\r\n8,Die Katze schläft.\r\n"


def post(client: TestClient, body: str | bytes, address: str = "", **headers: str) -> Any:
    """A table sent to the batch."""
    data = body.encode() if isinstance(body, str) else body
    return client.post(f"/v1/batch{address}", content=data, headers={"content-type": "text/csv", **headers})


def lines(answer: Any) -> list[dict[str, Any]]:
    assert answer.headers["content-type"].startswith("application/x-ndjson"), answer.text
    return [json.loads(line) for line in answer.content.splitlines()]


def table(answer: Any, delimiter: str = ",") -> list[list[str]]:
    assert answer.headers["content-type"].startswith("text/csv"), answer.text
    return list(csv.reader(io.StringIO(answer.content.decode(), newline=""), delimiter=delimiter, strict=True))


def test_a_table_is_answered_in_json(client: TestClient) -> None:
    """CSV in, a line of JSON out for each row, with its id; the languages stand in the address."""
    first, second = lines(post(client, TABLE, "?to=en&to=fr&sentences=1"))
    assert (first["id"], first["summary"]) == ("7", "Der Hund bellt laut.")
    assert list(second["translations"]) == ["en", "fr"]


def test_a_table_is_answered_in_a_table(client: TestClient) -> None:
    """With ``Accept: text/csv`` the answer is one: a column for each language, errors in theirs."""
    answer = post(client, TABLE + "9,\r\n", "?to=EN-us&to=fr", accept="text/csv")
    header, *rows = table(answer)
    assert header == ["id", "summary", "translation_en", "translation_fr", "findings", "error"]
    assert rows[0] == ["7", "Der Hund bellt laut.", "«en» Der Hund bellt laut.", "«fr» Der Hund bellt laut.", "0", ""]
    assert rows[2][:5] == ["9", "", "", "", ""]
    assert rows[2][5].startswith("EmptyInput: ")


def test_lines_are_answered_in_a_table(client: TestClient) -> None:
    """JSON in and CSV out; a language without a column is refused, not lost."""
    said = [{"id": 1, "text": "Der Hund bellt."}, {"id": 2, "text": "Die Katze schläft.", "to": ["fr"]}, 3]
    answer = client.post(
        "/v1/batch", content="\n".join(map(json.dumps, said)), headers={"accept": "text/csv, application/json;q=0.5"}
    )
    _, first, second, third = table(answer)
    assert first == ["1", "Der Hund bellt.", "«en» Der Hund bellt.", "0", ""]
    assert (second[0], "no column for fr" in second[-1]) == ("2", True)
    assert third == ["", "", "", "", "BadShape: body: a row is a JSON object"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/x-ndjson"),
        ("*/*", "application/x-ndjson"),
        ("application/x-ndjson, text/csv", "application/x-ndjson"),
        ("TEXT/CSV; header=present", "text/csv"),
    ],
)
def test_the_answer_is_what_is_asked_for(client: TestClient, accept: str, kind: str) -> None:
    """JSON unless CSV is named first."""
    assert post(client, TABLE, accept=accept).headers["content-type"].startswith(kind)


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (TABLE.encode(), ""),
        (TABLE.encode("utf-8-sig"), ""),
        (TABLE.encode("utf-8-sig"), "; charset=windows-1252"),  # the mark knows better
        (TABLE.encode("utf-16"), ""),
        (TABLE.encode("cp1252"), ""),
        (TABLE.encode("cp1252"), "; charset=windows-1252"),
        (TABLE.encode("utf-16-le"), '; charset="UTF-16LE"'),
        (TABLE.encode("cp1252"), ";header=present; Charset = 'windows-1252' "),
        (TABLE.replace(",", ";").encode(), ""),
        (TABLE.replace(",", "\t").encode(), ""),
        (b"sep=;\r\n" + TABLE.replace(",", ";").encode(), ""),
        (TABLE.replace("\r\n", "\r").encode(), ""),
        (TABLE.replace("\r\n", "\n\n\n").encode(), ""),
        (TABLE.replace("id,text", '"id","text"').encode(), "; header=present"),
    ],
)
def test_tables_as_people_have_them(client: TestClient, body: bytes, charset: str) -> None:
    """Byte order marks, code pages, semicolons, tabs, ``sep=``, any line end, blank lines."""
    answer = post(client, body, **{"content-type": f"text/csv{charset}"})
    assert [(line["id"], line["summary"]) for line in lines(answer)] == [
        ("7", "Der Hund bellt laut."),
        ("8", "Die Katze schläft."),
    ]


def test_an_answer_is_like_what_was_sent(client: TestClient) -> None:
    """A table from a German Excel goes back with its semicolons and its mark."""
    answer = post(client, TABLE.replace(",", ";").encode("utf-8-sig"), accept="text/csv")
    assert answer.content.startswith("\ufeffid;summary;translation_en".encode())
    assert table(answer, ";")[1][:2] == ["7", "Der Hund bellt laut."]


def test_a_cell_holds_a_whole_article(client: TestClient) -> None:
    """Quoted line breaks, delimiters and quotes, over the 131,072 characters that Python's csv takes by itself."""
    quoted = ARTICLE.replace('"', '""')
    (line,) = lines(post(client, f'id,text\n1,"{quoted}"\n', "?sentences=2"))
    assert line["coverage"]["total"] == len(ARTICLE)
    for found in line["lines"]:
        for span in found["evidence"]:
            assert ARTICLE[span["start"] : span["end"]] == span["text"]
    (line,) = lines(post(client, "text\n" + "x" * 140_000))
    assert line["error"]["type"] == "InputTooLarge"


def test_columns_are_named_in_the_address(client: TestClient) -> None:
    """The text and the id may have any name, in a table and in lines; what else is there is passed over."""
    address = "?text_field=Artikel&id_field=Nr&to="
    (line,) = lines(post(client, "Nr;Datum;Artikel;to\n5;heute;Der Hund bellt.;xx\n", address))
    assert (line["id"], line["summary"], line["translations"]) == ("5", "Der Hund bellt.", {})
    said = {"Nr": 5, "Datum": "heute", "Artikel": "Der Hund bellt.", "to": "xx"}
    (line,) = lines(client.post(f"/v1/batch{address}", content=json.dumps(said)))
    assert (line["id"], line["summary"], line["translations"]) == (5, "Der Hund bellt.", {})
    (line,) = lines(client.post(f"/v1/batch{address}", content=json.dumps({"Nr": 6, "Text": "Der Hund bellt."})))
    assert line["id"] == 6
    assert "this row has Nr, Text" in line["error"]["message"]


def test_the_address_holds_for_rows_that_say_nothing_else(client: TestClient) -> None:
    """A row's own options go before those of the address; a number takes the place of a length."""
    said = [{"text": ARTICLE}, {"text": ARTICLE, "to": "fr"}, {"text": ARTICLE, "sentences": 1}, {"text": ARTICLE}]
    answer = client.post("/v1/batch?to=es&length=short&language=de", content="\n".join(map(json.dumps, said)))
    found = [(list(line["translations"]), len(line["lines"])) for line in lines(answer)]
    assert found == [(["es"], 2), (["fr"], 2), (["es"], 1), (["es"], 2)]


@pytest.mark.parametrize(
    ("body", "address", "status", "said"),
    [
        ("Nr,Artikel\n1,x\n", "", 422, "no column 'text'; choose with text_field from: Nr, Artikel"),
        (TABLE, "?id_field=Nr", 422, "no column 'Nr'; choose with id_field from: id, text"),
        ("text,text\nx,y\n", "", 422, "two columns are called 'text'"),
        ("", "", 422, "the table is empty"),
        ("\ufeff\r\n", "", 422, "the table is empty"),
        ('a"b\rc",text\nx,y\n', "", 422, "there is no column 'text'"),
        (b"PK\x03\x04" + b"x" * 50, "", 400, "an office document"),
        (TABLE, "?to=nonsense!", 400, "language code"),
        (TABLE, "?sentences=2&length=short", 400, "not both"),
        (TABLE, "?sentences=0", 422, "query.sentences"),
        (TABLE, "?colour=red", 422, "query.colour"),
        ("id,text\n" + "1,a\n" * 51, "", 422, "over the limit of 50 rows"),
        ("x" * 30 + ",y" * 9999, "", 422, "and 9980 more"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(
    client: TestClient, body: str | bytes, address: str, status: int, said: str
) -> None:
    """Before anything is done, with the columns there are."""
    answer = post(client, body, address)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["error"]["message"]
    assert len(answer.json()["error"]["message"]) < 1200


def test_an_unknown_charset_is_refused(client: TestClient) -> None:
    """Only text encodings: Python has others by name that are none, or slow."""
    for charset in ("punycode", "unicode_escape", "rot13", "utf-7"):
        answer = post(client, TABLE, **{"content-type": f"text/csv; charset={charset}"})
        assert (answer.status_code, "send UTF-8" in answer.text) == (422, True)


def test_a_bad_row_is_an_error_at_its_place(client: TestClient) -> None:
    """Too many cells, bytes that are no text, a quote never closed: told with line and id, the others are answered."""
    body = (
        b'id,text\n1,Der Hund bellt.\n2,ein,Komma\n3,Stra\xdfe und Stra\xc3\x9fe\n4\n5,"a"b\n6,Die Katze.\n7,"offen\n'
    )
    found = lines(post(client, body + "Schluß mit vielen Bytes, damit die anderen zählen.".encode()))
    assert [line.get("id") for line in found] == ["1", "2", "3", "4", None, "6", None]
    said = [line.get("error", {}).get("message", "") for line in found]
    assert said[1] == "line 3: 3 cells under a header of 2; quote cells that hold ','"
    assert said[2].startswith("line 4: bytes that are no utf-8")
    assert found[3]["error"]["type"] == "EmptyInput"
    assert said[4].startswith("line 6: not CSV")
    assert said[6].startswith("line 8: a quote is opened here")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 40", "'+49 40"),
        ("-5 Grad in Berlin", "'-5 Grad in Berlin"),
        ("\t=1", "'\t=1"),
        ("-5", "-5"),
        ("+1.250,5", "+1.250,5"),
        ("7", "7"),
        ("Der Rat", "Der Rat"),
        ("'=1", "'=1"),
    ],
)
def test_no_cell_is_a_formula(cell: str, written: str) -> None:
    """What a spreadsheet would run gets an apostrophe; numbers, which ids often are, stay."""
    row = Cells((), delimiter=";").row(BadRow(cell, BadShape("wrong")), BadShape("wrong"))
    assert next(csv.reader([row.decode()], delimiter=";"))[0] == written


@GENTLE
@given(body=st.binary(max_size=300) | st.text(max_size=300).map(str.encode), named=st.booleans())
def test_any_bytes_as_a_table(client: TestClient, body: bytes, named: bool) -> None:
    """A refusal in our shape or a row for each row, as JSON and as CSV: never a 500."""
    data = b"id,text\n" + body if named else body
    answer = post(client, data)
    assert answer.status_code in {200, 400, 422}, answer.text
    again = post(client, data, accept="text/csv")
    assert again.status_code == answer.status_code
    if answer.status_code == 200:
        header, *rows = table(again)
        assert all(len(row) == len(header) for row in rows)
        assert len(rows) == len(answer.content.splitlines())


@GENTLE
@given(
    rows=st.lists(st.tuples(st.text(_WRITTEN, max_size=20), st.text(_WRITTEN, max_size=60)), max_size=8),
    delimiter=st.sampled_from(",;\t|"),
)
def test_what_csv_writes_is_read_as_it_was(rows: list[tuple[str, str]], delimiter: str) -> None:
    """Whatever Python's csv writes comes back cell by cell."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("id", "text"), *rows])
    found = Table(text.getvalue().encode(), BatchQuery())
    assert found.sizes(8) == [len(said) for _, said in rows]
    read = list(found)
    for row, (name, said) in zip(read, rows, strict=True):
        assert isinstance(row, BatchRow)
        assert (row.id, row.text) == (name, said)
