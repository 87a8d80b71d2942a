"""Bytes into text: what is trusted, what is guessed, what is refused."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import UndecodableInput
from summarizer.text.decode import decode, encoding_of

GERMAN = "Die Bürger von Görlitz begrüßten den Beschluss – „endlich“, sagte eine Zuhörerin. Er kostet 3,5 Mio. €.\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (GERMAN.encode(), "utf-8"),
        (GERMAN.encode("utf-8-sig"), "utf-8-sig"),
        (GERMAN.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + GERMAN.encode("utf-16-be"), "utf-16"),
        (GERMAN.encode("utf-32"), "utf-32"),
        (GERMAN.encode("cp1252"), "cp1252"),
        (GERMAN.replace("–", "-").replace("„", '"').replace("“", '"').replace("€", "Euro").encode("latin-1"), "cp1252"),
    ],
)
def test_encodings_of_real_files(data: bytes, encoding: str) -> None:
    """A file in UTF-8, UTF-16, UTF-32 or a Western code page gives its text to the letter; a guess is told."""
    decoded = decode(data)
    assert decoded.encoding == encoding
    assert decoded.text.startswith("Die Bürger von Görlitz begrüßten")
    assert decoded.text.endswith("\r\n")
    assert bool(decoded.warning) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 obj", "a PDF file"),
        (b"PK\x03\x04 word/document.xml", "office document"),
        (b"{\\rtf1\\ansi Die Stadt}", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (GERMAN.encode()[:-60] + b"\xff" + GERMAN.encode()[-60:], "not UTF-8"),
        (GERMAN.encode().split("–".encode())[0] + b"\xe2\x80", "not UTF-8"),
        ("Совет принял решение о строительстве.".encode("cp1251"), "not UTF-8"),
        ("Rada miejska uchwaliła dziś budżet na przyszły rok".encode("cp1250"), "not UTF-8"),
        ("議会は予算案を可決した。".encode("shift_jis"), "not UTF-8"),
        (GERMAN.encode("utf-16-le"), "UTF-16"),
        ("Ein Satz ohne Umlaute".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"\xff\xfe\x00\xd8a", "byte order mark says utf-16"),
        (b"\x0f\x01\x02ab" * 20, "control characters"),
        (bytes(80), "every other byte is zero"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_no_text_is_refused_with_a_cure(data: bytes, said: str) -> None:
    """Binary formats, damaged UTF-8 and code pages that cannot be told apart are errors, never mojibake."""
    with pytest.raises(UndecodableInput, match=said):
        decode(data)


def test_html_may_declare_its_code_page() -> None:
    """The charset of an HTML page is believed where the bytes are not UTF-8."""
    page = '<html><head><meta charset="windows-1251"></head><p>Совет принял решение.</p>'
    decoded = decode(page.encode("cp1251"))
    assert (decoded.text, decoded.encoding) == (page, "cp1251")
    assert "as its HTML declares" in decoded.warning
    assert decode(b'<meta charset="hex">abc').encoding == "utf-8"


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_an_input_error(data: bytes) -> None:
    """No bytes lead to another exception, and text that comes out says exactly what the bytes say."""
    try:
        decoded = decode(data)
    except UndecodableInput:
        return
    assert decoded.encoding.startswith("utf-") or decoded.text.encode(decoded.encoding) == data


@given(st.text(max_size=200))
def test_utf8_text_comes_back(text: str) -> None:
    """Whatever is not mostly control characters survives the way through UTF-8."""
    try:
        decoded = decode(text.encode())
    except UndecodableInput as error:
        assert "control" in str(error) or "zero" in str(error) or text.startswith(("%PDF-", "{\\rtf", "PK"))  # noqa: PT017
        return
    assert decoded.text == text.removeprefix("\ufeff")


def test_random_megabyte_is_refused_fast() -> None:
    """A megabyte of noise is refused and costs no more than reading it."""
    with pytest.raises(UndecodableInput):
        decode(os.urandom(1_000_000))


def test_encoding_of_a_sample_ignores_a_cut_character() -> None:
    """A sample cut within a character names the encoding of the whole file."""
    data = ("id;text\n" + GERMAN * 3).encode()
    assert {encoding_of(data[:n]) for n in range(20, len(data))} == {"utf-8"}
    assert encoding_of(GERMAN.encode("cp1252")) == "cp1252"
