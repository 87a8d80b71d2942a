"""Small Word and PDF files, made on the spot: as plain as the formats allow, so that a test sees all that is in them."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from html import escape

STEP = 14.0  # points from line to line
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""


def pdf(*pages: Sequence[str], title: str = "", packed: bool = False, nameless: bool = False) -> bytes:
    """A PDF file with these lines on its pages. An empty line is a paragraph's gap; ``# `` begins large letters.

    ``packed``: its drawings are compressed; ``nameless``: its font calls all letters by private names.
    """
    objects: list[str | bytes] = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{6 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding"
        + (f" /ToUnicode {6 + 2 * len(pages)} 0 R >>" if nameless else " >>"),
        f"<< /Title ({title}) >>",
        "<< /Font << /F1 3 0 R >> >>",
    ]
    for number, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 5 0 R /Contents {7 + 2 * number} 0 R >>"
        )
        objects.append(_stream(_drawn(lines).encode("cp1252"), packed=packed))
    if nameless:
        objects.append(_stream(b"1 beginbfrange\n<41> <7A> <E041>\nendbfrange", packed=False))
    return _filed(objects)


def _stream(drawn: bytes, *, packed: bool) -> bytes:
    how, data = (b" /Filter /FlateDecode", zlib.compress(drawn, 9)) if packed else (b"", drawn)
    return b"<< /Length %d%b >>\nstream\n%b\nendstream" % (len(data), how, data)


def _drawn(lines: Sequence[str]) -> str:
    drawn, y = [], 800.0
    for line in lines:
        size = 20 if line.startswith("# ") else 11
        text = line.removeprefix("# ").replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        if text:
            drawn.append(f"BT /F1 {size} Tf 1 0 0 1 50 {y:g} Tm ({text}) Tj ET")
        y -= STEP
    return "\n".join(drawn)


def _filed(objects: Sequence[str | bytes]) -> bytes:
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body.encode("cp1252") if isinstance(body, str) else body)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + end.encode()


def paragraph(text: str, style: str = "") -> str:
    """A paragraph of a Word document."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{named}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def docx(*body: str, parts: dict[str, str] | None = None) -> bytes:
    """A Word document with these elements, as XML, in its body, and further parts."""
    known = ("styles", "numbering", "footnotes")
    related = "".join(
        f'<Relationship Id="r{name}" Type="{_RELATED}/{name}" Target="{name}.xml"/>'
        for name in known
        if f"word/{name}.xml" in (parts or {})
    )
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{_RELATED}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{relations}">{related}</Relationships>',
        "word/document.xml": f"<w:document {_W}><w:body>{''.join(body)}</w:body></w:document>",
        **(parts or {}),
    }
    return archive(files)


def part(name: str, inner: str) -> dict[str, str]:
    """A part of a Word document beside its body: ``styles``, ``numbering`` or ``footnotes``."""
    return {f"word/{name}.xml": f"<w:{name} {_W}>{inner}</w:{name}>"}


def archive(files: dict[str, str]) -> bytes:
    """A ZIP archive of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return made.getvalue()
