"""Many articles on the page, in a real Chromium: tables in, progress, rows, files out."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from summarizer.types import FLAGGED
from tests.service.browsing import EVIL, Open, shoot
from tests.service.shared import ARTICLE, ROOT, SNAIL

pytestmark = pytest.mark.browser
SCRIPT = (ROOT / "summarizer/service/page/static/tables.js").read_text("utf-8")
ROOF = "Das Rathaus bekommt im Mai ein neues Dach. Es kostet 40.000 Euro. Der Rat hat am Montag zugestimmt."
ROW = ".sz-rows:visible tbody tr"


def many(page: Any, name: str, data: str | bytes) -> None:
    page.get_by_role("tab", name="Many articles").click()
    data = data.encode() if isinstance(data, str) else data
    page.locator(".sz-many .sz-file:visible").set_input_files({"name": name, "mimeType": "", "buffer": data})


def run(page: Any, rows: str) -> None:
    page.click("#sz-rows-run")
    done(page, f"{rows} row{'s' * (not rows.endswith(' 1'))}")


def done(page: Any, told: str) -> None:
    """All rows are answered, and the page says so and can be asked again."""
    page.get_by_text(told, exact=True).wait_for()
    page.locator("#sz-rows-run").wait_for()
    page.locator(".sz-rows:visible:not([aria-busy])").wait_for()


def states(page: Any) -> list[str]:
    return [str(text) for text in page.locator(f"{ROW} .sz-state").all_inner_texts()]


def state(answer: dict[str, Any]) -> str:
    """What the page says of an answer: failed, how much of it to check, or done."""
    flagged = sum(finding["confidence"] >= FLAGGED for finding in answer.get("findings", ()))
    return "failed" if "error" in answer else f"check {flagged}" if flagged else "done"


def download(page: Any, kind: str) -> str:
    with page.expect_download() as waiting:
        page.locator(".sz-rows:visible").get_by_text(f"Save as .{kind}").click()
    assert waiting.value.suggested_filename == f"summaries.{kind}"
    return Path(waiting.value.path()).read_bytes().decode("utf-8-sig")


def test_a_table_with_a_bad_row(visit: Open) -> None:
    """Every row is answered under its own name; a bad one fails alone; both files hold what is shown."""
    page = visit()
    page.get_by_label("Español").check()
    spelled = EVIL.replace('"', '""')
    many(page, "rows.csv", f'id,text\na-1,"{ARTICLE}"\n"{spelled}","{ROOF}"\nleer,\n=1+1,"{spelled} {ROOF}"\n')
    run(page, "4 of 4")
    expect(page.locator(f"{ROW} th")).to_have_text(["a-1", " ".join(EVIL.split()), "leer", "=1+1"])
    expect(page.locator(ROW).nth(2)).to_contain_text("There is nothing to summarize yet. The text is empty")
    assert page.locator(f"{ROW} :is(script, img, svg)").count() == 0
    page.locator(f"{ROW} summary").first.click()
    shoot(page, "rows")
    answers = [json.loads(line) for line in download(page, "jsonl").splitlines()]
    assert [answer["id"] for answer in answers] == ["a-1", EVIL, "leer", "=1+1"]
    assert states(page) == [state(answer) for answer in answers]
    assert states(page)[0].startswith("check ")
    assert answers[1]["translations"]["en"].startswith("«en» ")
    assert answers[2]["error"]["type"] == "EmptyInput"
    head, *rows = csv.reader(download(page, "csv").splitlines())
    assert head == ["id", "title", "language", "summary", "summary_en", "summary_es", "findings", "error"]
    assert [row[0] for row in rows] == ["a-1", EVIL, "leer", "'=1+1"]
    assert rows[0][3] == answers[0]["summary"]
    assert rows[2][-1] == answers[2]["error"]["message"]


def test_lines_of_json(visit: Open) -> None:
    """Columns can be chosen; a line that is no object, or whose text is none, fails alone; those can be shown alone."""
    page = visit(language="de-DE")
    lines = [{"key": number, "body": ROOF} for number in range(1, 4)]
    data = "\n".join([*map(json.dumps, lines), "{kaputt", json.dumps({"key": 9, "body": 7})])
    page.get_by_role("tab", name="Viele Artikel").click()
    page.locator(".sz-many .sz-file:visible").set_input_files(
        {"name": "rows.jsonl", "mimeType": "", "buffer": data.encode()}
    )
    expect(page.get_by_label("Spalte mit dem Text").locator("visible=true")).to_have_value("1")
    page.get_by_label("Spalte mit dem Namen der Zeile").locator("visible=true").select_option(label="key")
    page.click("#sz-rows-run")
    done(page, "5 von 5 Zeilen")
    expect(page.locator(f"{ROW} th")).to_have_text(["1", "2", "3", "4", "9"])
    assert states(page)[3:] == ["gescheitert"] * 2
    page.get_by_label("Zeigen").locator("visible=true").select_option("failed")
    shown = ["Diese Zeile ist kein JSON-Objekt.", "In dieser Spalte steht kein Text."]
    expect(page.locator(f"{ROW} td:last-child")).to_contain_text(shown)
    expect(page.locator(ROW)).to_have_count(2)


def test_rows_can_be_stopped_and_gone_on_with(visit: Open) -> None:
    """What is done stays; the button does the others, and none of them twice."""
    page = visit()
    asked: list[list[int]] = []
    page.on("request", lambda sent: asked.append(numbers(sent.post_data)) if "/v1/batch" in sent.url else None)
    texts = [ROOF if number != 7 else "Die Schnecke kommt am 3. Mai in den Zoo." for number in range(30)]
    many(page, "rows.csv", "id,text\n" + "".join(f'{number},"{text}"\n' for number, text in enumerate(texts)))
    SNAIL.clear()
    try:
        page.click("#sz-rows-run")
        page.get_by_text("7 of 30 rows", exact=True).wait_for()
        expect(page.locator(".sz-tally:visible [data-told=left]")).to_contain_text("left")
        assert [state == "waiting" for state in states(page)[6:9]] == [False, True, True]
        page.click("#sz-rows-stop")
        page.get_by_text("stopped", exact=True).locator("visible=true").wait_for()
    finally:
        SNAIL.set()
    expect(page.locator("#sz-rows-run")).to_have_text("Go on with the other 23 rows")
    run(page, "30 of 30")
    expect(page.locator("#sz-rows-run")).to_have_text("Summarize all rows")
    assert asked == [list(range(30)), list(range(7, 30))]
    page.locator(".sz-rows:visible").get_by_text("Next").click()
    expect(page.locator(f"{ROW} th")).to_have_text([str(number) for number in range(25, 30)])


def numbers(body: str) -> list[int]:
    """The rows that are asked for."""
    return [int(json.loads(line)["id"]) for line in body.splitlines()]


NO_TABLES = (
    ("big.csv", "text\n" + "Ein Satz.\n" * 61, "61 rows; this page takes 60. On the machine itself there is no limit"),
    ("fat.csv", "text\n" + "x" * 400_000, "this page takes 390.6 kB. On the machine itself there is no limit"),
    ("none.csv", "id,text\n", "none.csv has no rows."),
    ("odd.json", "7", "odd.json is no table"),
    ("<img src=x onerror='window.pwned=5'>.csv", "", "onerror='window.pwned=5'>.csv is no table"),
)


def test_what_is_no_table_here_is_said(visit: Open) -> None:
    """Before anything is sent, with the cure: summarizer batch for what is too much."""
    page = visit()
    page.on("request", lambda sent: pytest.fail(sent.url) if "/v1/batch" in sent.url else None)
    for name, data, told in NO_TABLES:
        many(page, name, data)
        wrong = page.locator(".sz-many .sz-wrong:visible").filter(has_text=told)
        wrong.wait_for()
        assert ("summarizer batch" in wrong.inner_text()) is ("On the machine" in told)
    expect(page.locator(".sz-many-intro:visible")).to_contain_text("in the memory of this tab")
    assert "Up to 60 rows and 390.6 kB" in page.locator(".sz-drop:visible").inner_text()
    page.click("#sz-rows-run")
    page.get_by_text("Choose a file first.").wait_for()


def test_a_row_opens_in_full(visit: Open) -> None:
    """The row's article stands on the first tab with its result, as if it had been pasted."""
    page = visit()
    many(page, "rows.csv", f'id,text\n1,"{ROOF}"\n')
    run(page, "1 of 1")
    page.get_by_text("Open in full").click()
    page.wait_for_selector(".sz-result:not([aria-busy]) .sz-line >> visible=true")
    expect(page.locator("#sz-article textarea")).to_have_value(ROOF)


TABLES = (
    ("a.csv", "id,text\n1,a\n", ["id", "text"], [["1", "a"]]),
    ("a.csv", '\ufeffid;text\r\n1;"a;""b""\r\nc"\r\n\r\n', ["id", "text"], [["1", 'a;"b"\r\nc']]),
    ("a.tsv", "id\ttext\n1\ta,b\n2\t", ["id", "text"], [["1", "a,b"], ["2", ""]]),
    ("a.csv", 'text\n"never closed, \n', ["text"], [["never closed, \n"]]),
    ("a.csv", "text,text,\n1,2,3\n4\n", ["text", "text (2)", "3"], [["1", "2", "3"], ["4"]]),
    ("a.csv", 'a,b\n"x" ,z\n', ["a", "b"], [["x ", "z"]]),
    ("a.csv", "text\n" + '"' + "lang, " * 100_000 + '"', ["text"], [["lang, " * 100_000]]),
    ("a.jsonl", '{"text": "a"}\n\n[1]\n{"__proto__": "b"}', ["text", "__proto__"], [["a", None], None, [None, "b"]]),
    ("a.json", '[{"text": "a"}, 3]', ["text"], [["a"], None]),
    ("a.json", "[", None, None),
    ("a.csv", "\ufeffsep=;\r\nid;text\r\n1;a,b\r\n", ["id", "text"], [["1", "a,b"]]),
    ("a.csv", "id|text\n1|a,b\n", ["id", "text"], [["1", "a,b"]]),
    ("a.csv", " \n ", None, None),
    ("a.xlsx", "id,text\n1,a\n", None, None),
)
CELLS = (
    *(("a", "a"), ('a"b', '"a""b"'), ("a;b", '"a;b"'), ("-5,3", '"-5,3"'), (7, "7"), (None, "")),
    *(("=1+1", "'=1+1"), ("@x", "'@x"), ("-x", "'-x"), ("+49 40", "+49 40"), ("\t=1", "'\t=1")),
)


@pytest.fixture(scope="module")
def js(browser: Any) -> Iterator[Callable[[str, Any], Any]]:
    """Evaluates an expression of ``given`` beside the page's own script for tables."""
    page = browser.new_page()
    yield lambda said, given: page.evaluate(f"(given) => {{ {SCRIPT}; return {said}; }}", given)
    page.close()


def test_tables_are_read(js: Callable[[str, Any], Any]) -> None:
    """CSV as spreadsheets write it, JSON by lines or as a list; what is none of them is no table."""
    for name, text, columns, rows in TABLES:
        table = columns and {"columns": columns, "rows": rows}
        assert js("tableOf(...given)", [name, text]) == table, text[:50]


BROKEN = (
    ("id,text\n1,Der Rat tagt, wie immer.\n2,b\n", ["row_cells", None]),
    ("id;text;\n1;a;;;\n", [None]),
    ('id,text\n1,a\n2,"Nie zu.\n3,c\n', [None, "row_quote"]),
    ('id,text\n1,"Nie zu.\n2,"b"\n3,c\n', ["row_quote", None]),
    ('id,text\n1,"Er sagte ""ja""."\n', [None]),
)


def test_nothing_of_a_row_is_lost_in_silence(js: Callable[[str, Any], Any]) -> None:
    """A cell too many, or a quote that takes in the rows below, is an error of its row, as it is for the service."""
    for text, wrong in BROKEN:
        assert js("tableOfCsv(given).rows.map((row) => row.wrong ?? null)", text) == wrong, text


def test_a_row_that_would_be_cut_fails(visit: Open) -> None:
    """It is not sent, and says what is wrong with it."""
    page = visit()
    many(page, "rows.csv", f'id,text\n1,"{ROOF}"\n2,Der Rat tagt, wie immer, am Montag.\n')
    run(page, "2 of 2")
    assert states(page)[1] == "failed"
    expect(page.locator(ROW).nth(1)).to_contain_text("more cells than the first line")


def test_tables_are_decoded(js: Callable[[str, Any], Any]) -> None:
    """What spreadsheets write in Western Europe comes out with its umlauts."""
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        assert js("decoded(new Uint8Array(given).buffer)", list("Grün".encode(encoding))) == "Grün"


def test_cells_are_written(js: Callable[[str, Any], Any]) -> None:
    """Quoted where needed; nothing that a spreadsheet would run as a formula."""
    for value, cell in CELLS:
        assert js("lineOf([given, 1])", value) == f"{cell},1\r\n"
