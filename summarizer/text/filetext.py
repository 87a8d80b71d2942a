"""What reading a file gives, and what it may cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "html", "docx", "pdf"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a file may cost: ``size`` in bytes, ``unpacked`` bytes of XML in a Word document, ``pages`` of a PDF."""

    size: int = 32 * 2**20
    unpacked: int = 32 * 2**20  # 200,000 characters make about 2 MB
    pages: int = 500


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know of how a file was read; ``kind`` is ``encoding``, ``hidden``, ``pages``, ``edges`` ..."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file. HTML stays HTML, which the chain reads; see :func:`summarizer.text.visible.visible`."""

    text: str
    kind: Kind
    title: str = ""
    notes: tuple[Note, ...] = ()
