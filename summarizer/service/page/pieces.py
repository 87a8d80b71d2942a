"""Text cut into pieces at the marks that lie on it: the source with its lines and junk, a line with its findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from summarizer.service.page.notes import Note
from summarizer.types import Result, Span

SHOWN_WHOLE = 150_000  # characters; a browser lays out 1,500,000 in 4 s and 150,000 at once
CONTEXT = 400  # characters kept on each side of a mark where the text is longer than that

Mark: TypeAlias = int | str | Note


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: ``lines`` rest on it, ``junk`` says why it was left out, ``notes`` speak of it.

    ``elided`` counts what is not shown.
    """

    text: str
    lines: tuple[int, ...] = ()
    junk: str | None = None
    notes: tuple[Note, ...] = ()
    elided: int = 0


def pieces(text: str, result: Result, noted: Iterable[tuple[Note, Span]] = ()) -> Iterator[Piece]:
    """The source in order, without a gap. A very long one is shown around its marks, and says what is not shown."""
    marks: list[tuple[Mark, Span]] = [
        (number, span) for number, line in enumerate(result.lines) for span in line.evidence
    ]
    marks += [(item.kind, item.span) for item in result.coverage.junk]
    marks += noted
    whole = len(text) <= SHOWN_WHOLE
    for piece in cut(text, marks):
        if whole or piece.lines or piece.notes or len(piece.text) <= 2 * CONTEXT:
            yield piece
        else:
            yield replace(piece, text=piece.text[:CONTEXT])
            yield Piece("", elided=len(piece.text) - 2 * CONTEXT)
            yield replace(piece, text=piece.text[-CONTEXT:])


def cut(text: str, marks: Iterable[tuple[Mark, Span]]) -> Iterator[Piece]:
    """The text in order, cut where a mark begins or ends. A mark that does not lie within it is passed over."""
    opening: dict[int, list[Mark]] = defaultdict(list)
    closing: dict[int, list[Mark]] = defaultdict(list)
    for mark, span in marks:
        if 0 <= span.start < span.end <= len(text):
            opening[span.start].append(mark)
            closing[span.end].append(mark)
    open_marks: list[Mark] = []
    start = 0
    for at in sorted({0, len(text), *opening, *closing}):
        if at > start:
            yield _piece(text[start:at], open_marks)
        for mark in closing[at]:
            open_marks.remove(mark)
        open_marks += opening[at]
        start = at


def _piece(text: str, marks: Sequence[Mark]) -> Piece:
    return Piece(
        text,
        lines=tuple(sorted({mark for mark in marks if isinstance(mark, int)})),
        junk=next((mark for mark in marks if isinstance(mark, str)), None),
        notes=tuple(mark for mark in marks if isinstance(mark, Note)),
    )
