"""Word documents: paragraphs, headings, lists and tables as lines. What was inserted is in, what was deleted is out.

Read by mammoth, which knows tracked changes, content controls and text boxes, and opens nothing outside the file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from summarizer.errors import EmptyInput, InputTooLarge, MissingDependency, UndecodableInput
from summarizer.text.filetext import Bounds, FileText

_DAMAGED = "the Word document is damaged, or made by a program that keeps other rules; open it and save it again"
_BLANK = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" *\n *")


def read_docx(data: bytes, bounds: Bounds) -> FileText:
    """The text of a .docx file; notes stand at its end.

    Raises:
        EmptyInput: no text is in it.
        InputTooLarge: it unpacks to more than ``bounds.unpacked``.
        UndecodableInput: it is damaged.
        MissingDependency: the extra ``documents`` is not installed.
    """
    try:
        import mammoth.documents  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingDependency("mammoth", "documents", "reading Word documents") from error
    _check_size(data, bounds)
    documents: list[Any] = []

    def keep(document: Any) -> Any:
        documents.append(document)
        return mammoth.documents.document([])  # nothing is to be made of it

    try:
        mammoth.convert_to_html(
            io.BytesIO(data),
            transform_document=keep,
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except MemoryError:
        raise
    except Exception as error:  # a damaged file breaks it in any way
        raise UndecodableInput(_DAMAGED) from error
    paragraphs = list(_paragraphs(documents[0]))
    text = "".join(before + text for before, text, _ in paragraphs).strip()
    if not text:
        raise EmptyInput("no text is in the Word document; where it holds pictures of text, run text recognition (OCR)")
    return FileText(text, "docx", next((text for _, text, style in paragraphs if style == "title"), ""))


def _check_size(data: bytes, bounds: Bounds) -> None:
    """An archive says how large its parts are; no more than that is unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise UndecodableInput("the Word document is encrypted; save it without a password")
    size = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if size > bounds.unpacked:
        raise InputTooLarge(f"the Word document unpacks to {size:,} bytes; the limit is {bounds.unpacked:,}; split it")


def _paragraphs(document: Any) -> Iterator[tuple[str, str, str]]:
    """What stands before each paragraph, its text, and the name of its style."""
    for element in document.children:
        yield from _block(element)
    for note in document.notes._notes.values():  # noqa: SLF001 - it gives them one by one only
        for element in note.body:
            yield from _block(element)


def _block(element: Any) -> Iterator[tuple[str, str, str]]:
    kind = type(element).__name__
    if kind == "Paragraph":
        text = _LINES.sub("\n", _BLANK.sub(" ", _inline(element))).strip()
        if text:
            listed = element.numbering is not None
            yield ("\n" if listed else "\n\n"), ("• " if listed else "") + text, (element.style_name or "").lower()
    elif kind == "TableRow":
        cells = [" ".join(text for _, text, _ in _block(cell)) for cell in element.children]
        if any(cells):
            yield "\n", " | ".join(filter(None, cells)), ""
    else:
        for number, child in enumerate(getattr(element, "children", ())):
            for before, text, style in _block(child):
                yield ("\n\n" if kind == "Table" and number == 0 else before), text, style


def _inline(element: Any) -> str:
    kind = type(element).__name__
    if kind == "Text":
        return str(element.value)
    if kind in ("Tab", "Break"):
        return " " if kind == "Tab" else "\n"
    return "".join(map(_inline, getattr(element, "children", ())))
