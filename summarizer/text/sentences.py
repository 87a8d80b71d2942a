"""Sentence spans with offsets, German first. Every character that is not white space is in exactly one sentence.

sentencex splits; ``boundaries`` overrules it where German (or English) needs more care; line breaks are judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import accumulate, pairwise

from summarizer.text.boundaries import verdicts
from summarizer.types import Article, Block, Sentence, Span

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BULLET = re.compile(r"(?:[-–—•·*▪►‣○●]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")
_WIDE = "。！？｡」』”）"
_MARK = re.compile(r"[.!?…。！？｡।؟۔։]")
_ODD_BLANK = re.compile(r"[^\S ]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")  # no Rust string holds one
# White space and what takes no room: not compared when a sentence is looked for in HTML.
_BLANK = re.compile("[\\s\u00ad\u200b\u2060\ufeff]")
_UNIT = re.compile(
    r"<[a-zA-Z/!?][^<>]*>|&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]\w{1,31});?|[^\s\u00ad\u200b\u2060\ufeff]"
)
_LONG_NUMBER = re.compile(r"\d{20}$")  # one that is broken at the margin
_LOOK_AHEAD = 20_000  # junk between two sentences of one block that is passed over at most
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")

# sentencex takes time with the square of open quotes (3.4 s for 100,000 of them): it is fed pieces of this size.
_PIECE = 4000


def split(text: str, language: str = "de") -> list[tuple[int, int]]:
    """Offsets of the sentences of ``text``, in order, none overlapping.

    A blank line ends a sentence; so does a line break that is not the wrapping of a paragraph. Any string will do.
    """
    return [span for start, end in _passages(text) for span in _in_passage(text, start, end, language)]


def _in_passage(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    plain = text[start:end]
    if not plain.isprintable():  # neither is an odd blank or a surrogate
        plain = _SURROGATE.sub("x", _ODD_BLANK.sub(" ", plain))
    spans: list[tuple[int, int]] = []
    for low, high in pairwise([*_starts(plain, language), len(plain)]):
        piece = plain[low:high]
        left = low + len(piece) - len(piece.lstrip())
        right = low + len(piece.rstrip())
        if left >= right:
            continue
        if spans and not any(map(str.isalnum, piece)):
            spans[-1] = (spans[-1][0], right)  # a stray quote or dash belongs to what it follows
        else:
            spans.append((left, right))
    return ((start + low, start + high) for low, high in spans)


def _starts(plain: str, language: str) -> list[int]:
    if not _MARK.search(plain):
        return [0]
    starts = {0, *_bought(plain, language)}
    for start, verdict in verdicts(plain, language):
        (starts.add if verdict else starts.discard)(start)
    return sorted(starts)


def _bought(plain: str, language: str) -> Iterator[int]:
    """Where sentencex starts sentences. The last one of a piece may be cut, so it is read again with the next."""
    import sentencex  # noqa: PLC0415 - a compiled library, loaded when the first text comes

    position = 0
    while position < len(plain):
        piece = plain[position : position + _PIECE]
        is_last = position + _PIECE >= len(plain)
        parts = sentencex.segment(language, piece)
        starts = [position + length for length in accumulate(map(len, parts[:-1]))]
        yield from (start for start in (_past_blanks(plain, start) for start in starts) if _is_clean(plain, start))
        position = starts[-1] if starts and not is_last else position + _PIECE


def _is_clean(plain: str, start: int) -> bool:
    """After a blank, or a full stop that needs none; not inside a word or between an opening quote and its text."""
    return plain[start - 1] == " " or plain[start - 1] in _WIDE


def _past_blanks(plain: str, start: int) -> int:
    while plain[start : start + 1] == " ":
        start += 1
    return start


def _passages(text: str) -> Iterator[tuple[int, int]]:
    """Stretches between blank lines and deliberate line breaks."""
    for lines in _paragraphs(text):
        low, high = lines[0]
        for line, breaks in zip(lines[1:], _breaks(text, lines), strict=True):
            if breaks:
                yield low, high
                low = line[0]
            high = line[1]
        yield low, high


def _paragraphs(text: str) -> Iterator[list[tuple[int, int]]]:
    lines: list[tuple[int, int]] = []
    previous = 0
    for match in _LINE.finditer(text):
        blank = match.group().isspace()
        # One line feed, or a carriage return and a line feed, lie between the lines of a paragraph.
        if lines and (blank or text.count("\n", previous, match.start()) > 1):
            yield lines
            lines = []
        if not blank:
            lines.append(match.span())
        previous = match.end()
    if lines:
        yield lines


def _breaks(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[bool]:
    width = max(end - start for start, end in lines)
    marked = any(_MARK.search(text, start, end) for start, end in lines)
    return (_is_deliberate(text[slice(*a)], text[slice(*b)], width, marked=marked) for a, b in pairwise(lines))


def _is_deliberate(line: str, following: str, width: int, *, marked: bool) -> bool:
    """Wrapped text breaks where the next word would not fit; any other break was meant."""
    following = following.lstrip()
    if _LONG_NUMBER.search(line.rstrip()[-20:]) and following[:1].isdigit():
        return False
    if _BULLET.match(following):
        return True
    if following[:1].islower() or line.rstrip()[-1:] in ("-", ",", "\u00ad"):
        return False
    if not marked or width < 40:
        return True
    # 0.85: letters differ in width, so lines wrapped on a screen do too.
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) < 0.85 * width


def sentences(article: Article, language: str) -> tuple[Sentence, ...]:
    """The sentences of an article, with spans in the caller's text. A title, kicker or heading is one sentence."""
    return tuple(
        sentence
        for index, block in enumerate(article.blocks)
        for sentence in _of_block(article, index, block, language)
    )


def _of_block(article: Article, index: int, block: Block, language: str) -> Iterator[Sentence]:
    shown = block.span.text
    whole = block.role in ("kicker", "title", "heading")
    ranges = [(0, len(shown))] if whole else split(shown, language)
    for (start, end), span in zip(ranges, _located(article.text, block.span, ranges), strict=True):
        text = tidy(shown[start:end])
        if text:
            yield Sentence(text, span, index, block.role)


def _located(source: str, block: Span, ranges: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Where stretches of a block's visible text stand in the source."""
    if source[block.start : block.end] == block.text:
        return (Span(block.start + start, block.start + end, block.text[start:end]) for start, end in ranges)
    return _located_in_markup(source, block, ranges)


def _located_in_markup(source: str, block: Span, ranges: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Each stretch is looked for, letter by letter, in what is left of the source without tags and white space.

    One that is not found there (text the parser mended) gets the span of the whole block.
    """
    units = list(_visible(source, block.start, block.end))
    letters = "".join(letter for letter, _, _ in units)
    cursor = 0
    for start, end in ranges:
        shown = block.text[start:end]
        needle = _BLANK.sub("", shown)
        found = letters.find(needle, cursor, cursor + len(needle) + _LOOK_AHEAD) if needle else -1
        if found < 0:
            yield Span(block.start, block.end, block.text)
            continue
        cursor = found + len(needle)
        yield Span(units[found][1], units[cursor - 1][2], shown)


def _visible(source: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The letters a reader sees, each with the start and end of what stands for it in the source."""
    for match in _UNIT.finditer(source, start, end):
        unit = match.group()
        if len(unit) == 1:
            yield unit, *match.span()
        elif unit[0] == "&":
            for letter in _BLANK.sub("", unescape(unit)):
                yield letter, *match.span()


def tidy(text: str) -> str:
    """The text with its white space put in order: no soft hyphens, no odd or double blanks, no line breaks."""
    return " ".join((text if text.isprintable() else _INVISIBLE.sub("", text)).split())
