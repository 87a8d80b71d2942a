"""The caller's text cut into pieces, each with the summary lines that rest on it and the kind of junk it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.types import Result

SHOWN_WHOLE = 150_000  # characters; a browser lays out 1,500,000 in 4 s and 150,000 at once
CONTEXT = 400  # characters kept on each side of a mark where the text is longer than that


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the source: ``lines`` rest on it, ``junk`` says why it was left out, ``elided`` counts what is not shown."""

    text: str
    lines: tuple[int, ...] = ()
    junk: str | None = None
    elided: int = 0


def pieces(text: str, result: Result) -> Iterator[Piece]:
    """The text in order, without a gap. A very long one is shown around its marks, and says what is not shown."""
    whole = len(text) <= SHOWN_WHOLE
    for piece in _marked(text, result):
        if whole or piece.lines or len(piece.text) <= 2 * CONTEXT:
            yield piece
        else:
            yield Piece(piece.text[:CONTEXT], junk=piece.junk)
            yield Piece("", elided=len(piece.text) - 2 * CONTEXT)
            yield Piece(piece.text[-CONTEXT:], junk=piece.junk)


def _marked(text: str, result: Result) -> Iterator[Piece]:
    opening, closing = _edges(len(text), result)
    open_marks: list[int | str] = []
    start = 0
    for at in sorted({0, len(text), *opening, *closing}):
        if at > start:
            yield _piece(text[start:at], open_marks)
        for mark in closing[at]:
            open_marks.remove(mark)
        open_marks += opening[at]
        start = at


def _edges(length: int, result: Result) -> tuple[dict[int, list[int | str]], dict[int, list[int | str]]]:
    """Where each mark opens and closes; a mark is the number of a line or a kind of junk."""
    spans: list[tuple[int | str, int, int]] = [
        (number, span.start, span.end) for number, line in enumerate(result.lines) for span in line.evidence
    ]
    spans += [(item.kind, item.span.start, item.span.end) for item in result.coverage.junk]
    opening: dict[int, list[int | str]] = defaultdict(list)
    closing: dict[int, list[int | str]] = defaultdict(list)
    for mark, start, end in spans:
        if 0 <= start < end <= length:
            opening[start].append(mark)
            closing[end].append(mark)
    return opening, closing


def _piece(text: str, marks: list[int | str]) -> Piece:
    lines = tuple(sorted({mark for mark in marks if isinstance(mark, int)}))
    return Piece(text, lines, next((mark for mark in marks if isinstance(mark, str)), None))
