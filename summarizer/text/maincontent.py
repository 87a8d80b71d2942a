"""Which lines of a page are the article: trafilatura decides, and its paragraphs are found again in the page."""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections.abc import Iterator

from summarizer.text.html import Page
from summarizer.text.layout import label
from summarizer.text.lines import Line, split
from summarizer.text.recognise import kind_of

LEAST_SHARE = 0.5  # of a line's letters that trafilatura must have kept
REACH = 25  # lines above the article in which its headline may stand
ANCHOR = 25  # letters from which a paragraph is found by itself; shorter ones only between two anchors
PART = 30  # letters of such a stretch
LARGEST = 4_000_000  # characters; trafilatura builds several trees of the page, beyond this the plain rules decide
MOST_TAGS = 20_000  # trafilatura's time grows with their square: 5 s for 20,000, 45 s for 100,000
_LOG = logging.getLogger(__name__)
_LETTERS = re.compile(r"[^\W_]+")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def main_lines(page: Page) -> list[Line]:
    """The page's lines with their labels; those outside the article are ``boilerplate``."""
    lines = split(page.view, page.hint)
    kept = _kept(page, lines)
    if not kept:
        label(lines)
        return lines
    kept |= _opening(lines, min(kept))
    inside = [line for i, line in enumerate(lines) if i in kept]
    for line in inside:
        line.hint = "" if line.hint == "navigation" else line.hint
    label(inside)
    chosen = {id(line) for line in inside}
    for line in lines:
        if id(line) not in chosen:
            line.label = "boilerplate" if line.hint not in ("post", "caption", "navigation") else line.hint
    return lines


def extracted(source: str) -> list[str]:
    """The paragraphs trafilatura takes for the article; an empty list if it finds none or cannot read the page."""
    if len(source) > LARGEST or source.count("<") > MOST_TAGS:
        return []
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        import trafilatura  # noqa: PLC0415 - heavy

        text = trafilatura.extract(_UNFIT.sub(" ", source), include_comments=False, include_tables=True)
    except ImportError as error:
        # Not only absent: newer lxml keeps ``lxml.html.clean`` in the package lxml_html_clean.
        _LOG.warning(
            "trafilatura cannot be imported (%s), so plainer rules decide what of the page is the article; "
            "to mend it: pip install trafilatura lxml_html_clean",
            error,
        )
        return []
    except Exception:  # noqa: BLE001 - foreign code on hostile bytes; the plain rules take over
        return []
    return [line for line in (text or "").splitlines() if line.strip()]


def _kept(page: Page, lines: list[Line]) -> set[int]:
    """Indices of the lines most of whose letters stand in trafilatura's paragraphs."""
    paragraphs = ["".join(_LETTERS.findall(paragraph)) for paragraph in extracted(page.source)]
    letters = ["".join(_LETTERS.findall(page.view[line.start : line.end])) for line in lines]
    starts, total = [], 0
    for text in letters:
        starts.append(total)
        total += len(text)
    covered = [0] * len(lines)
    for start, end in _found("".join(letters), [text for text in paragraphs if text], starts):
        index = max(0, bisect_left(starts, start + 1) - 1)
        while index < len(lines) and starts[index] < end:
            covered[index] += min(end, starts[index] + len(letters[index])) - max(start, starts[index])
            index += 1
    return {i for i, text in enumerate(letters) if text and covered[i] >= LEAST_SHARE * len(text)}


def _found(everything: str, paragraphs: list[str], starts: list[int]) -> Iterator[tuple[int, int]]:
    """Where the paragraphs stand in ``everything``: long ones first, short ones only at a line's start between them."""
    begins = set(starts)
    at = 0
    waiting: list[str] = []
    for paragraph in paragraphs:
        if len(paragraph) < ANCHOR:
            waiting.append(paragraph)
            continue
        place = everything.find(paragraph, at)
        if place < 0:
            place = everything.find(paragraph)
        if place < 0:
            yield from _in_parts(everything, paragraph, at)
            continue
        if place >= at:
            yield from _short(everything, waiting, at, place, begins)
            at = place + len(paragraph)
        waiting = []
        yield place, place + len(paragraph)
    yield from _short(everything, waiting, at, min(len(everything), at + 2000), begins)


def _in_parts(everything: str, paragraph: str, at: int) -> Iterator[tuple[int, int]]:
    """A paragraph out of which trafilatura left something: as many stretches of it as are found in order."""
    for start in range(0, len(paragraph), PART):
        part = paragraph[start : start + PART]
        place = everything.find(part, at)
        if len(part) == PART and place >= 0:
            at = place + PART
            yield place, at


def _short(everything: str, waiting: list[str], low: int, high: int, begins: set[int]) -> Iterator[tuple[int, int]]:
    """Short paragraphs in the stretch before an anchor, searched from its end: the nearest is meant."""
    for paragraph in reversed(waiting):
        place = everything.rfind(paragraph, low, high)
        while place >= 0 and place not in begins:
            place = everything.rfind(paragraph, low, place + len(paragraph) - 1)
        if place >= 0:
            yield place, place + len(paragraph)
            high = place


def _opening(lines: list[Line], first: int) -> set[int]:
    """The nearest ``h1`` above the article, and the sentences between the two: trafilatura files the one under
    metadata and often passes over the other, the standfirst.
    """
    title = next((i for i in range(first - 1, max(-1, first - REACH), -1) if lines[i].hint == "title"), None)
    if title is None:
        return set()
    between = [
        i
        for i in range(title + 1, first)
        if lines[i].prose and not kind_of(lines[i]) and not lines[i].hint.startswith("nav")
    ]
    return {title, *between} if len(between) <= 4 else {title}
