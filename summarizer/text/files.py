"""A file's bytes into text: plain text, HTML, Word (.docx), PDF. What it is, its bytes say; what cannot be read says why.

Word and PDF files need the extra ``documents``. A stranger's file may hang or eat memory: see ``summarizer.text.child``.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath

from summarizer.errors import EmptyInput, InputTooLarge, UndecodableInput
from summarizer.text.decode import decode
from summarizer.text.filetext import Bounds, FileText, Kind, Note
from summarizer.text.html import looks_like_html

ENDINGS: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".markdown": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".pdf": "pdf",
}
_READ = "give .txt, .md, .html, .docx or .pdf"
_NAMES: dict[Kind, str] = {"text": "plain text", "html": "HTML", "docx": "a Word document", "pdf": "a PDF file"}
# Formats that are told apart by their first bytes, and what helps.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "an old or an encrypted office document; save it as .docx without a password"),
    (b"{\\rtf", "an RTF document; save it as .docx"),
    (b"\x89PNG", "a picture; run text recognition (OCR) and give its text"),
    (b"\xff\xd8\xff", "a picture; run text recognition (OCR) and give its text"),
    (b"\x1f\x8b", "compressed with gzip; unpack it"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it"),
)
# By the names in an archive; no words for the one that is read.
_ARCHIVES = (
    ("word/", ""),
    ("xl/", "a spreadsheet; save what is to be read as text"),
    ("ppt/", "a presentation; save it as PDF"),
    ("mimetype", "an OpenDocument file or an e-book; save it as .docx or PDF"),
)


def read_file(data: bytes, name: str = "", *, bounds: Bounds | None = None, charset: str = "") -> FileText:
    """The text in ``data``.

    Args:
        data: the whole file.
        name: its name; an ending that says something else than the bytes is an error.
        bounds: what it may cost.
        charset: what a server said of its encoding; bytes that are UTF-8 need none.

    Raises:
        EmptyInput: no text is in it.
        InputTooLarge: over one of the bounds.
        UndecodableInput: damaged, encrypted, of another kind than its name says, or of none that is read.
        MissingDependency: Word and PDF files want the extra ``documents``.
    """
    bounds = bounds or Bounds()
    if not data.strip():
        raise EmptyInput("the file is empty; give one with text in it")
    if len(data) > bounds.size:
        raise InputTooLarge(f"the file has {len(data):,} bytes and the limit is {bounds.size:,}; send less of it")
    said, kind = ENDINGS.get(PurePath(name).suffix.lower()), kind_of(data)
    if said and kind and kind != said and not {said, kind} <= {"text", "html"}:
        ending = next(ending for ending, of in ENDINGS.items() if of == kind)
        raise UndecodableInput(f"the file is named as {_NAMES[said]} and is {_NAMES[kind]}; name it {ending}")
    if kind == "pdf":
        from summarizer.text.pdf import read_pdf  # noqa: PLC0415 - not before a PDF file is here

        return read_pdf(data, bounds)
    if kind == "docx":
        from summarizer.text.docx import read_docx  # noqa: PLC0415 - not before a Word document is here

        return read_docx(data, bounds)
    if said in ("pdf", "docx"):
        raise UndecodableInput(f"the file is named as {_NAMES[said]} and is none, or is damaged; {_READ}")
    return _text(data, charset, named_html=said == "html")


def kind_of(data: bytes) -> Kind | None:
    """``pdf`` or ``docx`` by the first bytes; None where it may be text.

    Raises:
        UndecodableInput: it is another known format.
    """
    if data.lstrip()[:5] == b"%PDF-":
        return "pdf"
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _archive(data)
    for magic, told in _OTHERS:
        if data.startswith(magic):
            raise UndecodableInput(f"the file is {told}")
    return None


def _archive(data: bytes) -> Kind:
    """Office documents are archives; the names in them tell which."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UndecodableInput("the file is a damaged archive or Word document; save it again") from error
    for start, told in _ARCHIVES:
        if any(name.startswith(start) for name in names):
            if told:
                raise UndecodableInput(f"the file is {told}")
            return "docx"
    raise UndecodableInput("the file is an archive; unpack it and give one file of it")


def _text(data: bytes, charset: str, *, named_html: bool) -> FileText:
    decoded = decode(data, declared=charset)
    notes = (Note("encoding", decoded.warning),) if decoded.warning else ()
    is_html = named_html or looks_like_html(decoded.text)
    return FileText(decoded.text, "html" if is_html else "text", notes=notes)
