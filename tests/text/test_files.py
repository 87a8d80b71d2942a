"""Files of every kind become text, or say why not; any bytes may come."""

from __future__ import annotations

import contextlib
import gzip
import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from summarizer.errors import EmptyInput, InputError, InputTooLarge, UndecodableInput
from summarizer.text.files import read_file
from summarizer.text.filetext import Bounds
from summarizer.text.pdf import _check_letters
from summarizer.text.visible import visible
from tests.documents import archive, docx, paragraph, part, pdf

STYLES = part(
    "styles",
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>',
)
WRAPPED = [
    "# Rathaus bekommt neues Dach",
    "",
    "Der Rat hat am Montag den Umbau des Rathauses beschlossen. Die Verkehrs-",
    "betriebe stellen in dieser Zeit Busse bereit. Nordrhein-",
    "Westfalen gibt 300.000 Euro dazu, Bus- und Bahn-",
    "fahrer zahlen nichts. Die Arbeiten beginnen am Montag, dem",
    "18. Dezember, und dauern ein Jahr.",
    "Die Opposition stimmte nicht zu.",
    "",
    "Im Herbst entscheidet der Rat, an wen die Arbeiten vergeben werden, und",
    "ob das Haus offen bleibt.",
]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", "Grüße aus Köln.".encode(), "text"),
        ("a.TXT", "Grüße aus Köln.".encode("utf-16"), "text"),
        ("a.md", b"# Titel\n\nText.", "text"),
        ("", b"Text.", "text"),
        ("article", b"Text.", "text"),
        ("a.news", b"Text.", "text"),
        ("a.html", b"Text & mehr", "html"),
        ("a.htm", b"<p>Text</p>", "html"),
        ("a.txt", b"<p>Text</p>", "html"),
        ("", b"<!doctype html><p>Text</p>", "html"),
    ],
)
def test_text_stays_as_it_is(name: str, data: bytes, kind: str) -> None:
    """Decoded and no more, HTML too: what the chain reads points into it."""
    found = read_file(data, name)
    assert found.kind == kind
    assert found.text.encode() in (data, data.decode("utf-16").encode() if data[0] > 0xF0 else data)


def test_the_encoding() -> None:
    """A guess is told; what a server said counts before what HTML says of itself, and UTF-8 before both."""
    cyrillic = "<meta charset=koi8-r><p>Совет принял решение.</p>".encode("cp1251")
    assert "Совет" in read_file(cyrillic, "a.html", charset="windows-1251").text
    assert "Совет" not in read_file(cyrillic, "a.html").text
    assert read_file("<p>Grüße</p>".encode(), charset="windows-1251").text == "<p>Grüße</p>"
    (note,) = read_file("Grüße aus Köln, sagte er.".encode("cp1252")).notes
    assert note.kind == "encoding"
    for nonsense in ("rot13", "../x", "unicode_escape", "\0", "x" * 99):
        assert read_file("Grüße aus Köln, sagte er.".encode("cp1252"), charset=nonsense).text.startswith("Grüße")


def test_a_page_as_a_person_reads_it() -> None:
    """The article of a page without markup; menus and credits are left out, and that is told."""
    prose = [
        "Der Rat hat am <b>Montag</b> den Umbau &amp; die Sanierung des\nRathauses beschlossen, wie die Stadt mitteilt.",
        "Die Arbeiten kosten 1.250.000 Euro und beginnen am 18.&nbsp;Dezember. Die Stadt rechnet mit 14 Monaten.",
        "Bürgermeisterin Ines Kramer sprach von einem wichtigen Schritt für die Stadt, auf den alle gewartet hätten.",
    ]
    page = (
        "<html><head><title>Rat - Die Zeitung</title></head><body><nav><a href=/>Start</a> <a href=/s>Sport</a></nav>"
        f"<article><h1>Rathaus bekommt neues Dach</h1><p>{prose[0]}</p><p>Foto: Petra Beispiel</p><p>{prose[1]}</p>"
        f"<h2>Was die Stadt sagt</h2><p>{prose[2]}</p></article></body></html>"
    )
    found = visible(read_file(page.encode(), "a.html"))
    assert found.text.split("\n\n") == [
        "Rathaus bekommt neues Dach",
        prose[0].replace("<b>", "").replace("</b>", "").replace("&amp;", "&").replace("\n", " "),
        prose[1].replace("&nbsp;", " "),
        "Was die Stadt sagt",
        prose[2],
    ]
    assert found.title == "Rathaus bekommt neues Dach"
    (note,) = found.notes
    assert note.kind == "left_out"
    assert "navigation" in note.message
    assert "markup" not in note.message
    with pytest.raises(EmptyInput, match="open it in a browser"):
        visible(read_file(b"<html><script>write()</script></html>"))


def test_plain_text_is_visible_already() -> None:
    """Nothing is cleaned away before the chain does."""
    found = read_file(b"Foto: Petra Beispiel\n\nText.")
    assert visible(found) == found


def test_a_pdf_file_in_paragraphs() -> None:
    """Divided words are whole, hyphens that belong stay, gaps, large letters and short lines end paragraphs."""
    found = read_file(pdf(WRAPPED, title="Rathaus bekommt neues Dach"), "a.pdf")
    assert found.text.split("\n\n") == [
        "Rathaus bekommt neues Dach",
        (
            "Der Rat hat am Montag den Umbau des Rathauses beschlossen. Die Verkehrsbetriebe stellen in dieser Zeit "
            "Busse bereit. Nordrhein-Westfalen gibt 300.000 Euro dazu, Bus- und Bahnfahrer zahlen nichts. Die Arbeiten "
            "beginnen am Montag, dem 18. Dezember, und dauern ein Jahr."
        ),
        "Die Opposition stimmte nicht zu.",
        "Im Herbst entscheidet der Rat, an wen die Arbeiten vergeben werden, und ob das Haus offen bleibt.",
    ]
    assert (found.kind, found.title, found.notes) == ("pdf", "Rathaus bekommt neues Dach", ())


def test_a_gap_ends_a_paragraph() -> None:
    """Where the last line is full, nothing else tells."""
    lines = [
        "Der Rat hat am Montag den Umbau des Rathauses beschlossen.",
        "Er dauert von Dezember bis in den Februar des Jahres 2028.",
    ]
    assert read_file(pdf([*lines, "", *lines])).text == "\n\n".join([" ".join(lines)] * 2)


@pytest.mark.parametrize("title", ["Microsoft Word - Entwurf3.docx", "", "untitled"])
def test_a_title_that_the_text_does_not_hold_is_none(title: str) -> None:
    """Programs write what they like there."""
    assert read_file(pdf(WRAPPED, title=title)).title == ""


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Die Bus-", "und Bahnfahrer."], "Die Bus- und Bahnfahrer."),
        (["Ein Bericht zur E-", "Mail und zum E-Mail-Verkehr."], "Ein Bericht zur E-Mail und zum E-Mail-Verkehr."),
        (["A well-known and well-", "known fact."], "A well-known and well-known fact."),
        (["Das Schiff\u00ad", "fahrtsamt."], "Das Schifffahrtsamt."),
        (["Er sagte –", "und das stimmt –"], "Er sagte – und das stimmt –"),
        (["Es bleiben:", "• Erstens", "• Zweitens"], "Es bleiben:\n\n• Erstens\n\n• Zweitens"),
        (["Der Ertrag 2024-", "2025 war gut."], "Der Ertrag 2024- 2025 war gut."),
    ],
)
def test_divided_words(lines: list[str], text: str) -> None:
    """Only where a letter stands before the hyphen, and not where words share their end."""
    assert read_file(pdf(lines)).text == text


def test_running_heads_and_page_numbers_go() -> None:
    """From the edges of the pages, where most pages have them, and they are counted; a sentence goes on over the page."""
    bodies = [
        [
            "Der Rat der Stadt hat am Montag beschlossen, den Umbau",
            "des Rathauses im Winter zu beginnen, und dafür das",
        ],
        ["Geld der Stiftung zu nehmen, wie die Verwaltung am", "Abend mitteilte und der Kämmerer bestätigte."],
        ["Die Opposition stimmte gegen den Umbau, den sie für", "zu teuer hält, und kündigte eine Klage dagegen an."],
    ]
    pages = [["Musterstädter Zeitung", "", *body, "", f"Seite {n} von 3"] for n, body in enumerate(bodies, 1)]
    found = read_file(pdf(*pages))
    assert [note.kind for note in found.notes] == ["edges"]
    assert found.notes[0].message.startswith("6 ")
    assert "Zeitung" not in found.text
    assert "Seite" not in found.text
    assert "und dafür das Geld der Stiftung" in found.text
    assert "bestätigte.\n\nDie Opposition" in found.text


def test_a_title_is_no_running_head() -> None:
    """What is repeated at the foot stands at the top of the first page once, as the headline."""
    pages = [["# Neues Dach", "", "Der Rat hat beschlossen.", "", "Neues Dach"], ["Ende.", "", "Neues Dach"]]
    assert read_file(pdf(*pages)).text == "Neues Dach\n\nDer Rat hat beschlossen.\n\nEnde."
    body = ["Der Rat hat beschlossen.", "Es ging um das Rathaus.", "Alle waren dafür."]
    pages = [["Neues Dach", "# Neues Dach", "", *body], ["Neues Dach", "", "Ende."]]
    assert read_file(pdf(*pages)).text == f"Neues Dach\n\n{' '.join(body)}\n\nEnde."


def test_what_only_looks_alike_stays() -> None:
    """A number that does not count the pages makes no page number of its line."""
    pages = [
        [f"{n * 3} 100 {n}50", f"{word} Zeile", "Mitte", f"{word} Ende", f"Summe: {n * 4}.000 Euro"]
        for n, word in ((1, "Eine"), (2, "Andere"))
    ]
    found = read_file(pdf(*pages))
    assert found.notes == ()
    assert all(line in found.text for page in pages for line in page)


def test_pages_without_text_are_told() -> None:
    """Some: a note. All: an error that names the cure."""
    found = read_file(pdf(["Der Rat hat beschlossen."], [], []))
    assert [(note.kind, note.message[:12]) for note in found.notes] == [("pages", "2 of 3 pages")]
    with pytest.raises(EmptyInput, match="OCR"):
        read_file(pdf([], []))


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(["Der Rat hat beschlossen."]))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_an_encrypted_pdf_file() -> None:
    """One that only forbids printing is read; one that wants a password says so."""
    assert read_file(encrypted("")).text == "Der Rat hat beschlossen."
    with pytest.raises(UndecodableInput, match="encrypted"):
        read_file(encrypted("geheim"))


def test_letters_that_nobody_knows() -> None:
    """Fonts that do not say what their signs are give private characters, not words."""
    _check_letters("Wort \ue000 Wort und noch ein Wort")
    with pytest.raises(UndecodableInput, match="OCR"):
        read_file(pdf(["Der Rat hat beschlossen."], nameless=True))


def test_a_word_document() -> None:
    """Title, headings, paragraphs, lists, tables and notes, each on lines of their own."""
    table = "<w:tbl>" + "".join(
        f"<w:tr><w:tc>{paragraph(left)}</w:tc><w:tc>{paragraph(right)}</w:tc></w:tr>"
        for left, right in (("Jahr", "Euro"), ("2026", "1.000"))
    )
    numbering = part(
        "numbering",
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    )
    listed = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r>'
    notes = part("footnotes", f'<w:footnote w:id="2">{paragraph("Stand: Montag.")}</w:footnote>')
    found = read_file(
        docx(
            paragraph("Rathaus bekommt neues Dach", "Titel"),
            paragraph("Kosten", "berschrift1"),
            "<w:p><w:r><w:t>Der Rat </w:t></w:r><w:r><w:t>hat</w:t><w:br/><w:t>beschlossen.</w:t>"
            '<w:footnoteReference w:id="2"/></w:r></w:p>',
            paragraph("  "),
            "".join(f"<w:p>{listed.format(text)}</w:p>" for text in ("Erstens", "Zweitens")),
            table + "</w:tbl>",
            paragraph("Schluss."),
            parts={**STYLES, **numbering, **notes},
        ),
        "a.docx",
    )
    assert found.title == "Rathaus bekommt neues Dach"
    assert found.kind == "docx"
    assert found.text == (
        "Rathaus bekommt neues Dach\n\nKosten\n\nDer Rat hat\nbeschlossen.\n• Erstens\n• Zweitens\n\n"
        "Jahr | Euro\n2026 | 1.000\n\nSchluss.\n\nStand: Montag."
    )


def test_tracked_changes_and_controls() -> None:
    """What was inserted is in, what was deleted is out; text within controls and links is in."""
    run = "<w:r><w:t xml:space='preserve'>{} </w:t></w:r>"
    body = (
        f"<w:p>{run.format('Der Rat')}<w:del><w:r><w:delText>lehnt ab </w:delText></w:r></w:del>"
        f"<w:ins>{run.format('stimmt zu')}</w:ins><w:hyperlink w:anchor='x'>{run.format('und baut')}</w:hyperlink>"
        f"<w:sdt><w:sdtContent>{run.format('im Mai')}</w:sdtContent></w:sdt></w:p>"
    )
    assert read_file(docx(body)).text == "Der Rat stimmt zu und baut im Mai"


@pytest.mark.parametrize(
    ("data", "name", "error", "told"),
    [
        (b"", "a.txt", EmptyInput, "empty"),
        (b" \n\t", "", EmptyInput, "empty"),
        (pdf(["Text."]), "a.docx", UndecodableInput, r"is a PDF file; name it \.pdf"),
        (pdf(["Text."]), "a.txt", UndecodableInput, r"name it \.pdf"),
        (docx(paragraph("Text.")), "a.pdf", UndecodableInput, r"is a Word document; name it \.docx"),
        (b"Nur Text.", "a.pdf", UndecodableInput, "named as a PDF file and is none"),
        (b"<p>Text</p>", "a.docx", UndecodableInput, "named as a Word document and is none"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "a.doc", UndecodableInput, "save it as .docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "a.docx", UndecodableInput, "without a password"),
        (b"{\\rtf1 Text}", "a.rtf", UndecodableInput, "RTF"),
        (b"\x89PNG\r\n\x1a\n", "a.png", UndecodableInput, "OCR"),
        (gzip.compress(b"Text."), "a.txt.gz", UndecodableInput, "unpack"),
        (archive({"mimetype": "application/vnd.oasis.opendocument.text"}), "a.odt", UndecodableInput, "OpenDocument"),
        (archive({"xl/workbook.xml": ""}), "a.xlsx", UndecodableInput, "spreadsheet"),
        (archive({"ppt/presentation.xml": ""}), "a.pptx", UndecodableInput, "presentation"),
        (archive({"a.txt": "Text."}), "a.zip", UndecodableInput, "unpack"),
        (archive({"word/other.xml": ""}), "a.docx", UndecodableInput, "damaged"),
        (docx(paragraph("Text."))[:300], "a.docx", UndecodableInput, "damaged"),
        (docx("<w:p>"), "a.docx", UndecodableInput, "damaged"),
        (docx(), "a.docx", EmptyInput, "no text"),
        (b"%PDF-1.4\nnothing more", "a.pdf", UndecodableInput, "damaged"),
        (pdf(["Text."])[:200], "a.pdf", UndecodableInput, "damaged"),
        (bytes(range(256)) * 10, "a.txt", UndecodableInput, "control characters|not UTF-8"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, name: str, error: type[InputError], told: str) -> None:
    """Cause and cure, for each."""
    with pytest.raises(error, match=told):
        read_file(data, name)


def test_bounds() -> None:
    """Bytes, pages, and what a Word document unpacks to, found before it is unpacked."""
    with pytest.raises(InputTooLarge, match="limit is 10"):
        read_file(b"Elf Zeichen", bounds=Bounds(size=10))
    with pytest.raises(InputTooLarge, match="3 pages"):
        read_file(pdf(["a"], ["b"], ["c"]), bounds=Bounds(pages=2))
    bomb = docx(paragraph("Text."), parts={"word/styles.xml": "<x>" + " " * 50_000_000 + "</x>"})
    assert len(bomb) < 100_000
    with pytest.raises(InputTooLarge, match="unpacks to 50,"):
        read_file(bomb)


def test_a_document_opens_nothing_outside_itself(tmp_path: Path) -> None:
    """Neither entities nor linked pictures bring in a file of this machine."""
    secret = tmp_path / "secret"
    secret.write_text("GEHEIM")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = (
        f'{entity}<w:document xmlns:w="{w}"><w:body><w:p><w:r><w:t>Text &e;</w:t></w:r></w:p></w:body></w:document>'
    )
    try:
        text = read_file(docx(parts={"word/document.xml": document})).text
    except InputError as error:
        text = str(error)
    assert "GEHEIM" not in text


def test_entities_do_not_multiply() -> None:
    """A short document whose entities stand for a billion words is refused."""
    bombs = (
        '<!ENTITY a0 "' + "lol" * 10 + '">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    )
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'<!DOCTYPE x [{bombs}]><w:document xmlns:w="{w}"><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>'
    with pytest.raises(InputError):
        read_file(docx(parts={"word/document.xml": document}))


@pytest.mark.parametrize(("package", "data"), [("mammoth", docx(paragraph("Text."))), ("pypdf", pdf(["Text."]))])
def test_without_the_extra(package: str, data: bytes) -> None:
    """A missing package is named, with what installs it; text needs none."""
    program = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from summarizer.text.files import read_file\n"
        "assert read_file(b'Text.').text == 'Text.'\n"
        f"read_file({data!r})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "MissingDependency" in done.stderr
    assert "pip install 'summarizer[documents]'" in done.stderr


GENTLE = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
WHOLE_PDF, WHOLE_DOCX = pdf(WRAPPED, ["Seite zwei."]), docx(paragraph("Der Rat."), paragraph("Ende."))


def readable_or_told(data: bytes, name: str = "") -> None:
    with contextlib.suppress(InputError):
        found = visible(read_file(data, name))
        assert found.text.strip()
        found.text.encode()


@GENTLE
@given(
    data=st.binary(max_size=300), name=st.sampled_from(["", "a.pdf", "a.docx", "a.html", "a.txt", "\0.pdf", "..", "/"])
)
def test_any_bytes(data: bytes, name: str) -> None:
    """Text or an InputError, whatever comes."""
    readable_or_told(data, name)


@GENTLE
@given(
    whole=st.sampled_from([WHOLE_PDF, WHOLE_DOCX]),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=5),
)
def test_any_damage(whole: bytes, cuts: list[tuple[float, bytes, int]]) -> None:
    """Bytes changed, added or cut out of a good file."""
    data = whole
    for where, new, gone in cuts:
        at = int(where * len(data))
        data = data[:at] + new + data[at + gone :]
    readable_or_told(data)


@GENTLE
@given(xml=st.text(st.sampled_from('<>/wptrbdy:" =&;x\n'), max_size=120))
def test_any_xml(xml: str) -> None:
    """Whatever stands in the body of a Word document."""
    readable_or_told(docx(xml))


@GENTLE
@given(
    drawn=st.lists(
        st.sampled_from(
            [
                "BT",
                "ET",
                "(Text) Tj",
                "/F1 11 Tf",
                "1 0 0 1 5 5 Tm",
                "Td",
                "[(a) 5] TJ",
                "q",
                "Q",
                "Do",
                "0 0 0 0 0 0 cm",
                "T*",
            ]
        ),
        max_size=12,
    )
)
def test_any_drawing(drawn: list[str]) -> None:
    """Whatever a page of a PDF file draws with."""
    content = "\n".join(drawn)
    data = pdf(["x" * len(content)])
    start = data.index(b"stream\n") + 7
    end = data.index(b"\nendstream")
    readable_or_told(data[:start] + content.encode().ljust(end - start) + data[end:])
