"""Files, addresses and presets on the page, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

import summarizer
from summarizer.service.fetching import Fetcher
from summarizer.testing import fake_config
from tests.service.browsing import EVIL, Open, at_rest, careless, serving, shoot, summarize
from tests.service.shared import ARTICLE

pytestmark = pytest.mark.browser
FIELD = "#sz-article textarea"
SENTENCES = [
    "Der Rat hat am Montag den Umbau des Rathauses beschlossen.",
    "Die Arbeiten kosten 1.250.000 Euro und beginnen am 18. Dezember.",
    "Das alte Dach war bei einem Sturm im Februar besch\u00e4digt worden.",
]


@pytest.fixture(scope="module")
def wide() -> Iterator[str]:
    """The page with three presets, one of which does not translate, where the operator allows addresses."""
    plain = summarizer.load(fake_config(name="plain", translation=None))
    with serving(
        careless(sentences=4), careless("other", ["it", "es"], sentences=5), plain, fetcher=Fetcher()
    ) as address:
        yield address


def pdf(*lines: str) -> bytes:
    """A PDF of one page with these lines."""
    shown = b"".join(b"(%s) Tj T* " % line.encode("cp1252").replace(b"(", b"\\(") for line in lines)
    page = b"BT /F1 12 Tf 14 TL 50 700 Td " + shown + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj %s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Root 1 0 R /Size 6 >>\nstartxref\n%d\n%%%%EOF" % len(made)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


def choose(page: Any, name: str, data: bytes) -> None:
    page.locator(".sz-bring .sz-file:visible").set_input_files({"name": name, "mimeType": "", "buffer": data})


def said(page: Any) -> str:
    """What the page says once the file is read or refused."""
    page.wait_for_selector(".sz-bring:visible:not([aria-busy])")
    return " ".join(page.locator(".sz-bring :is(.sz-said, .sz-wrong):visible").all_inner_texts())


def test_files_come_into_the_field_and_are_summarised(visit: Open) -> None:
    """A file is read, not kept; its text stands in the field, and its name and size are said."""
    page = visit()
    html = f"<html><body><article><p>{'</p><p>'.join(SENTENCES)}</p></article></body></html>"
    for name, data in (
        ("rathaus.txt", "\n".join(SENTENCES).encode()),
        ("rathaus.md", "\n".join(SENTENCES).encode("cp1252")),
        ("rathaus.html", html.encode()),
        ("rathaus.pdf", pdf(*SENTENCES)),
    ):
        choose(page, name, data)
        expect(page.locator(FIELD)).to_have_value(re.compile("beschädigt worden"))
        assert f"{name}: " in said(page)
        page.fill(FIELD, "" if name != "rathaus.pdf" else page.locator(FIELD).input_value())
    page.click("#sz-run")
    at_rest(page)
    expect(page.locator(".sz-lines").first.locator(".sz-line")).to_have_text(SENTENCES)


def test_a_file_can_be_dropped_anywhere(visit: Open) -> None:
    """The browser stays on the page; a text goes into the field, a table to the other tab."""
    page = visit()
    drop = """([name, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([text], name));
        for (const kind of ["dragover", "drop"]) {
            document.querySelector("h1").dispatchEvent(
                new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
        }
    }"""
    page.evaluate(drop, ["rathaus.txt", ARTICLE])
    expect(page.locator(FIELD)).to_have_value(re.compile(r"1\.250\.000 Euro"))
    page.evaluate(drop, ["rows.csv", "id,text\n1,Der Rat tagt heute.\n"])
    page.get_by_text("rows.csv: 1 row", exact=True).wait_for()
    expect(page.get_by_role("tab", name="Many articles")).to_have_attribute("aria-selected", "true")


UNREADABLE = (
    ("leer.txt", b"", "Noch nichts da zum Zusammenfassen.", "There is nothing to summarize yet."),
    ("bild.pdf", b"\x89PNG\r\n\x1a\n" + bytes(99), "verschlüsselt oder von anderer Art", "does not read as text"),
    (f"{EVIL[:60]}.pdf", b"kein PDF", "verschlüsselt oder von anderer Art", "does not read as text"),
    ("riese.txt", b"x" * 400_000, "riese.txt hat 390,6 kB; diese Seite nimmt 293 kB.", "this page takes 293 kB."),
    (
        "lang.txt",
        b"Der Hund bellt. " * 10_000,
        "Ein Artikel darf hier 100.000 Zeichen haben",
        "more text than this page",
    ),
)


def test_what_cannot_be_read_is_said(visit: Open) -> None:
    """In the reader's language, with the name of the file as text; the field stays as it was."""
    for language in ("de-DE", "en-GB"):
        page = visit(language=language, refused=True)
        page.fill(FIELD, "Bleibt.")
        for name, data, german, english in UNREADABLE:
            choose(page, name, data)
            page.locator(".sz-bring .sz-wrong:visible").filter(has_text=name[:20]).wait_for()
            assert (german if language == "de-DE" else english) in said(page)
        assert page.locator(FIELD).input_value() == "Bleibt."
        shoot(page, f"unreadable-{language[:2]}")


def test_no_address_is_asked_for_by_default(visit: Open) -> None:
    """Only where the operator allows it is there a field for an address."""
    page = visit()
    assert page.locator(".sz-address").count() == 0


def test_an_address_that_is_not_public_is_refused(visit: Open, wide: str) -> None:
    """The field is there, works by keyboard, and says what is wrong in the reader's language."""
    page = visit(wide, language="de-DE", refused=True)
    field = page.locator(".sz-address input:visible")
    assert field.get_attribute("aria-label") == "Adresse eines Artikels"
    field.fill("http://127.0.0.1/artikel.html")
    field.press("Enter")
    page.locator(".sz-bring .sz-wrong:visible").wait_for()
    assert "ob die Datei heil ist oder die Adresse stimmt" in said(page)
    shoot(page, "address")


def test_languages_follow_the_preset(visit: Open, wide: str) -> None:
    """Another preset brings its own languages; the answer is its own."""
    page = visit(wide)
    boxes = page.locator("#sz-to label")
    expect(boxes).to_have_text(["English", "Français", "Español"])
    page.get_by_label("Español").check()
    choose_preset(page, "other")
    expect(boxes).to_have_text(["Italiano", "Español"])
    expect(page.get_by_label("Español")).to_be_checked()
    for name, count in (("plain", 0), ("other", 2)):  # what was chosen outlives a preset that does not translate
        choose_preset(page, name)
        expect(boxes).to_have_count(count)
    expect(page.get_by_label("Español")).to_be_checked()
    summarize(page, ARTICLE)
    expect(page.locator(".sz-signature")).to_contain_text("preset=other")


def test_the_length_follows_the_preset(visit: Open, wide: str) -> None:
    """Each preset has a number of sentences of its own; one that the reader chose, in words or as a number, stays."""
    page = visit(wide)
    number = page.locator("#sz-sentences input[type=number]")
    expect(number).to_have_value("4")
    for name, own in (("other", "5"), ("fake", "4"), ("other", "5")):
        choose_preset(page, name)
        expect(number).to_have_value(own)
    number.fill("7")
    number.press("Tab")
    choose_preset(page, "fake")
    expect(page.locator("#sz-to label")).to_have_count(3)
    expect(number).to_have_value("7")
    page.get_by_label("medium").check()
    expect(number).to_have_value("4")
    choose_preset(page, "other")
    expect(page.locator("#sz-to label")).to_have_count(2)
    expect(number).to_have_value("4")


def choose_preset(page: Any, name: str) -> None:
    page.get_by_label("Preset").click()
    page.get_by_role("option", name=name).click()


def test_one_preset_is_no_choice(visit: Open) -> None:
    """Where one preset is loaded, none is asked for."""
    assert not visit().locator("#sz-preset").is_visible()
