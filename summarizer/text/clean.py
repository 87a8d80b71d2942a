"""Pasted web news and HTML into title, standfirst, headings and paragraphs; all that is dropped is kept with its reason.

Body text is never dropped on suspicion: on clean prose nothing goes. Every character that is not white space lies in
exactly one block or one dropped span, and the spans count in the caller's own string.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import cast

from summarizer.text.html import Page, looks_like_html, read
from summarizer.text.junk import words
from summarizer.text.layout import label
from summarizer.text.lines import ROLES, Line, split
from summarizer.text.recognise import inside
from summarizer.types import Article, Block, Dropped, Role, Span

KINDS = words(
    """advert agency boilerplate byline caption comments cookie credit dateline footer markup navigation
    newsletter paywall post related share timestamp url"""
)
_HEADING_MARKS = re.compile(r"(?P<open>={2,6}|#{1,6})\s*(?P<text>.*?)\s*(?P<close>={2,6}|#{0,6})$", re.DOTALL)

Piece = tuple[int, int, str]  # start, end, role or kind


def clean(text: str, *, drop: bool | Collection[str] = True) -> Article:
    """The article in ``text``, plain or HTML (recognised by itself).

    Args:
        text: what the user pasted; any string will do.
        drop: ``False`` keeps everything as blocks; a collection names the kinds of junk to drop (see ``KINDS``).
            HTML markup, and what it hides, never becomes a block.

    Returns:
        The blocks in reading order and what was dropped, both with spans that count in ``text``. An article without
        blocks holds nothing to read; that is for the caller to say.
    """
    if looks_like_html(text):
        page = read(text)
        return _from_page(page, _pieces(page.view, _labelled_page(page), drop))
    return _article(text, _pieces(text, labelled(text), drop))


def labelled(text: str) -> list[Line]:
    """The lines of a plain text, each with its role or its kind of junk."""
    lines = split(text)
    label(lines)
    return lines


def _labelled_page(page: Page) -> list[Line]:
    from summarizer.text.maincontent import main_lines  # noqa: PLC0415 - trafilatura takes a second to import

    return main_lines(page)


def _drops(kind: str, drop: bool | Collection[str]) -> bool:
    return drop if isinstance(drop, bool) else kind in drop


def _pieces(view: str, lines: list[Line], drop: bool | Collection[str]) -> Iterator[Piece]:
    """Stretches in order, without overlap; junk that is not to be dropped becomes body."""
    running = 0
    for line in lines:
        if line.label not in ROLES:
            yield line.start, line.end, line.label if _drops(line.label, drop) else "body"
        elif line.label == "heading" and view[line.start] in "=#":
            yield from _marked_heading(view, line, drop)
        elif line.label in ("body", "standfirst"):
            running += line.label == "body"
            junk = [piece for piece in inside(line, view, first=running <= 1) if _drops(piece[2], drop)]
            yield from _around(view, line, junk)
        else:
            yield line.start, line.end, line.label


def _around(view: str, line: Line, junk: list[Piece]) -> Iterator[Piece]:
    at = line.start
    for start, end, kind in junk:
        yield from _kept(view, at, start, line.label)
        yield start, end, kind
        at = end
    yield from _kept(view, at, line.end, line.label)


def _kept(view: str, start: int, end: int, role: str) -> Iterator[Piece]:
    """What is left of a paragraph beside its junk; a lone full stop goes with the junk."""
    if any(map(str.isalnum, view[start:end])):
        yield start, end, role
    elif view[start:end].strip():
        yield start, end, "markup"


def _marked_heading(view: str, line: Line, drop: bool | Collection[str]) -> Iterator[Piece]:
    found = _HEADING_MARKS.match(view, line.start, line.end)
    if not found or not found["text"] or not _drops("markup", drop):
        yield line.start, line.end, "heading"
        return
    yield found.start("open"), found.end("open"), "markup"
    yield found.start("text"), found.end("text"), "heading"
    if found["close"]:
        yield found.start("close"), found.end("close"), "markup"


def _trimmed(view: str, pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Without white space at the ends, and neighbours of one kind of junk as one."""
    last: Piece | None = None
    for start, end, name in pieces:
        body = view[start:end]
        start, end = start + len(body) - len(body.lstrip()), start + len(body.rstrip())  # noqa: PLW2901
        if start >= end:
            continue
        if last and last[2] == name and name not in ROLES:
            last = (last[0], end, name)
            continue
        if last:
            yield last
        last = (start, end, name)
    if last:
        yield last


def _article(text: str, pieces: Iterator[Piece]) -> Article:
    blocks, dropped = [], []
    for start, end, name in _trimmed(text, pieces):
        span = Span(start, end, text[start:end])
        if name in ROLES:
            blocks.append(Block(cast("Role", name), span))
        else:
            dropped.append(Dropped(name, span))
    return Article(text, tuple(blocks), tuple(dropped))


def _from_page(page: Page, pieces: Iterator[Piece]) -> Article:
    """The same with the spans in the source, and the markup between them as spans of its own."""
    blocks, dropped, at = [], [], 0
    for first, last, name in _trimmed(page.text, pieces):
        start, end = page.span(first, last)
        start, end = max(start, at), max(end, at)  # two characters of one entity
        dropped += _markup(page.source, at, start)
        span = Span(start, end, page.text[first:last])
        if name in ROLES:
            blocks.append(Block(cast("Role", name), span))
        else:
            dropped.append(Dropped(name, span))
        at = end
    dropped += _markup(page.source, at, len(page.source))
    return Article(page.source, tuple(blocks), tuple(dropped))


def _markup(source: str, start: int, end: int) -> list[Dropped]:
    body = source[start:end]
    if not body.strip():
        return []
    start, end = start + len(body) - len(body.lstrip()), start + len(body.rstrip())
    return [Dropped("markup", Span(start, end, ""))]
