"""The text of a PDF file: pages of lines, from which paragraphs are made. What holds no text says so."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from summarizer.errors import EmptyInput, InputError, InputTooLarge, MissingDependency, UndecodableInput
from summarizer.text.filetext import Bounds, FileText, Note
from summarizer.text.wrapped import Line, edges, paragraphs

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_LIGATURES = dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_STRANGE = re.compile("[\ue000-\uf8ff\ufffd]")  # letters of a font that does not say which they are
MAX_STRANGE = 0.1  # of all letters; bullets and logos from a font of their own are single signs


def read_pdf(data: bytes, bounds: Bounds) -> FileText:
    """The text of a PDF file, in paragraphs; running heads and page numbers are left out and counted.

    Raises:
        EmptyInput: no page holds text.
        InputTooLarge: it has more pages than ``bounds.pages``.
        UndecodableInput: it is damaged or encrypted, or its fonts do not say what their letters are.
        MissingDependency: the extra ``documents`` is not installed.
    """
    pages, title = _pages(data, bounds)
    empty = pages.count([])
    if empty == len(pages):
        raise EmptyInput("no text is in the PDF file; it may be a scan: run text recognition (OCR) first")
    kept, left_out = edges(pages)
    text = paragraphs(kept)
    _check_letters(text)
    notes = []
    if empty:
        notes.append(Note("pages", f"{empty} of {len(pages)} pages hold no text; they may be pictures"))
    if left_out:
        notes.append(Note("edges", f"{left_out} running heads and page numbers are left out"))
    return FileText(text, "pdf", title if title and title in " ".join(text[:2000].split()) else "", tuple(notes))


def _pages(data: bytes, bounds: Bounds) -> tuple[list[list[Line]], str]:
    """The lines of each page, and the title that the file says it has."""
    try:
        from pypdf import PdfReader  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingDependency("pypdf", "documents", "reading PDF files") from error
    with _quiet():
        try:
            reader = PdfReader(io.BytesIO(data))
            _check_key(reader)
            _check_length(reader, bounds)
            return [_lines(page) for page in reader.pages], _title(reader)
        except (InputError, MemoryError):
            raise
        except Exception as error:  # a damaged file breaks it in any way
            raise UndecodableInput("the PDF file is damaged; open it in a viewer and print it to a new PDF") from error


def _check_key(reader: PdfReader) -> None:
    """Many files are encrypted with an empty password, to forbid printing; anybody may read those."""
    if not reader.is_encrypted:
        return
    from pypdf.errors import DependencyError  # noqa: PLC0415

    try:
        opened = bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        opened = False
    if not opened:
        raise UndecodableInput("the PDF file is encrypted; save it without a password")


def _check_length(reader: PdfReader, bounds: Bounds) -> None:
    count = len(reader.pages)
    if count > bounds.pages:
        raise InputTooLarge(f"the PDF file has {count:,} pages and the limit is {bounds.pages}; split it")


def _title(reader: PdfReader) -> str:
    found = reader.metadata.title if reader.metadata else None
    return " ".join(_mended(found).split()) if isinstance(found, str) else ""


def _lines(page: PageObject) -> list[Line]:
    """The lines that hold something; where each begins on the page, and how large its letters are."""
    lines, parts = [], [Line("")]

    def take(text: str, outer: list[float], inner: list[float], _font: object, size: float) -> None:
        y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        for number, piece in enumerate(text.split("\n")):
            if number:
                lines.append(_line(parts))
                parts.clear()
            parts.append(Line(piece, y, abs(size * inner[3] * outer[3])))

    page.extract_text(visitor_text=take)
    lines.append(_line(parts))
    return [line for line in lines if line.text]


def _line(parts: list[Line]) -> Line:
    text = " ".join(_mended("".join(part.text for part in parts)).split())
    return replace(next((part for part in parts if part.text.strip()), Line("")), text=text)


def _mended(text: str) -> str:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # pairs that came as two
    return _UNWANTED.sub("", whole.translate(_LIGATURES))


def _check_letters(text: str) -> None:
    letters = sum(map(str.isalnum, text))
    strange = len(_STRANGE.findall(text))
    if strange > MAX_STRANGE * (letters + strange):
        raise UndecodableInput(
            "the fonts of the PDF file do not say which letters they hold; run text recognition (OCR) first"
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what pypdf says of each small fault; it mends those."""
    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
