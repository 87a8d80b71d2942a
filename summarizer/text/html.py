"""What a reader sees of an HTML page, with the way back: every visible character knows where it stands in the source.

The scanner is our own because `html.parser` merges entities into the text (the offsets are lost), raises on some
malformed declarations, and takes quadratic time on others (CVE-2025-6069). This one is linear and takes any string.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from summarizer.text.junk import words

INVISIBLE = words(
    """script style template noscript head title svg math iframe object audio video canvas select datalist
    textarea"""
)
RAW_TEXT = words("script style textarea title iframe noscript template svg math")  # no tags are read inside
PARAGRAPHS = words(
    """p h1 h2 h3 h4 h5 h6 blockquote ul ol dl table figure article section main pre hr header footer nav aside
    form"""
)
LINES = words(
    """address body br button caption center dd details dialog div dt fieldset figcaption html label legend li
    menu option summary tbody td tfoot th thead tr"""
)
VOID = words("area base br col embed hr img input link meta param source track wbr")
KNOWN = INVISIBLE | PARAGRAPHS | LINES | VOID | words("a abbr b cite code em font i q small span strong sub sup time u")

# What a tag says about the text inside it; the innermost word holds.
HINTS = {
    "h1": "title",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "h5": "heading",
    "h6": "heading",
    "figcaption": "caption",
    "caption": "heading",
    "time": "timestamp",
    "nav": "navigation",
    "p": "p",
    "li": "li",
    "button": "navigation",
    "form": "navigation",
}
POST_CLASS = re.compile(r"twitter-tweet|instagram-media|tiktok-embed|fb-post|bluesky-embed|mastodon-embed")

_OPEN = re.compile(r"<(?:(/?)([a-zA-Z][^\s/>]*)|(!--)|[!?])")
_STOP = re.compile(r">|=\s*[\"']")  # a quote counts only where a value begins, as in browsers
_ENTITY = re.compile(r"&(?:#[0-9]{1,8};?|#[xX][0-9a-fA-F]{1,8};?|[a-zA-Z][a-zA-Z0-9]{1,31};?)")
_SPACE = re.compile(r"\s")
_PAGE = re.compile(r"(?:\ufeff|\s)*<(?:!doctype\s+html|html[\s>]|\?xml\s|head[\s>]|body[\s>])", re.IGNORECASE)
_MARK = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,10})(?=[\s/>])[^<>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the source: ``kind`` is ``text``, ``open``, ``close`` or ``other`` (comments, declarations)."""

    kind: str
    start: int
    end: int
    name: str = ""


@dataclass(slots=True)
class Page:
    """The visible text of a page.

    ``text`` holds the characters as the source has them (entities decoded), ``view`` the same number of characters
    with white space as a browser shows it: blocks end in line feeds, all else is a blank.
    """

    source: str
    text: str = ""
    view: str = ""
    hints: list[tuple[int, str]] = field(default_factory=list)
    _seen: list[int] = field(default_factory=list)  # where a stretch begins in ``text`` ...
    _from: list[tuple[int, int, bool]] = field(default_factory=list)  # ... and its source: start, end, verbatim

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of ``text[start:end]``; both ends must be visible characters."""
        return self._source(start)[0], self._source(end - 1)[1]

    def hint(self, position: int) -> str:
        """What the markup says about the character at ``position``; an empty string if nothing."""
        index = bisect_right(self.hints, position, key=lambda item: item[0]) - 1
        return self.hints[index][1] if index >= 0 else ""

    def _source(self, position: int) -> tuple[int, int]:
        index = bisect_right(self._seen, position) - 1
        start, end, verbatim = self._from[index]
        if not verbatim:
            return start, end
        at = start + position - self._seen[index]
        return at, at + 1


def looks_like_html(text: str) -> bool:
    """Whether ``text`` is a page or a fragment of one. ``a < b and c > d`` is not, nor is prose that names a tag."""
    if _PAGE.match(text):
        return True
    known = [mark for mark in _MARK.finditer(text[:20_000]) if mark[2].lower() in KNOWN]
    if not any(mark[1] or mark[2].lower() in ("br", "p", "hr") for mark in known):
        return False
    if text.lstrip("\ufeff \t\r\n\f").startswith(known[0][0]):
        return True
    # Prose about HTML names a tag now and then; a fragment that opens with bare text is full of them.
    return len(known) >= 4 and len(known) * 250 > min(len(text), 20_000)


def tokens(source: str) -> Iterator[Token]:
    """The source cut into text and tags, without gap or overlap. Linear in its length."""
    at = for_text = 0
    quotes_hold, length = True, len(source)
    never_closed: set[str] = set()
    while (found := _OPEN.search(source, at)) is not None:
        end, quotes_hold = _tag_end(source, found, quotes_hold)
        if end < 0:
            break
        if found.start() > for_text:
            yield Token("text", for_text, found.start())
        name = (found[2] or "").lower()
        kind = "other" if not name else "close" if found[1] else "open"
        yield Token(kind, found.start(), end, name)
        at = for_text = end
        if kind == "open" and name in RAW_TEXT and name not in never_closed and not _closes_itself(source, end, name):
            at = _raw_end(source, name, end)
            if at < 0:
                never_closed.add(name)
                at = length if name in ("script", "style") else end
            if at > end:
                yield Token("text", end, at)
            for_text = at
    if for_text < length:
        yield Token("text", for_text, length)


def _tag_end(source: str, found: re.Match[str], quotes_hold: bool) -> tuple[int, bool]:
    """Where the tag ends, -1 if never; and whether quotes are still worth following (one unclosed ends that)."""
    if found[3]:
        end = source.find("-->", found.end())
        return (end + 3 if end >= 0 else len(source)), quotes_hold  # a comment never closed runs to the end
    at = found.end()
    while quotes_hold and (stop := _STOP.search(source, at)) is not None:
        if stop[0] == ">":
            return stop.end(), True
        closing = source.find(stop[0][-1], stop.end())
        if closing < 0:
            quotes_hold = False
        at = closing + 1
    return source.find(">", found.end()) + 1 or -1, False


def _closes_itself(source: str, end: int, name: str) -> bool:
    return name in ("svg", "math") and source[end - 2] == "/"


def _raw_end(source: str, name: str, start: int) -> int:
    closing = re.compile(rf"</{re.escape(name)}[\s/>]", re.IGNORECASE).search(source, start)
    return closing.start() if closing else -1


def read(source: str) -> Page:
    """The visible text of ``source`` with its way back and what the markup says about it."""
    return _Reader(source).page()


class _Reader:
    """Keeps the open elements while the tokens pass, and writes down what can be seen."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.text: list[str] = []
        self.view: list[str] = []
        self.length = 0
        self.open: list[tuple[str, str, bool]] = []  # name, hint, invisible
        self.result = Page(source)
        self.hint = ""

    def page(self) -> Page:
        for token in tokens(self.source):
            if token.kind == "text":
                self._read_text(token.start, token.end)
            elif token.kind == "open":
                self._enter(token)
            elif token.kind == "close":
                self._leave(token.name)
        self.result.text, self.result.view = "".join(self.text), "".join(self.view)
        return self.result

    def _enter(self, token: Token) -> None:
        self._break(token.name)
        if token.name in VOID or _closes_itself(self.source, token.end, token.name):
            return
        attributes = self.source[token.start + len(token.name) + 1 : token.end - 1]
        if token.name == "p" and self.open and self.open[-1][0] == "p":
            self.open.pop()  # the closing tag is optional
        _, hint, hidden = self.open[-1] if self.open else ("", "", False)
        if hint != "post":
            hint = "post" if POST_CLASS.search(attributes) else HINTS.get(token.name, hint)
        self.open.append((token.name, hint, hidden or token.name in INVISIBLE))

    def _leave(self, name: str) -> None:
        self._break(name)
        # A stray closing tag closes nothing; 60 deep is far beyond real crossings and keeps this linear.
        for depth in range(len(self.open) - 1, max(-1, len(self.open) - 60), -1):
            if self.open[depth][0] == name:
                del self.open[depth:]
                return

    def _break(self, name: str) -> None:
        if name in PARAGRAPHS or name in LINES:
            self._write("\n\n" if name in PARAGRAPHS else "\n", "\n\n" if name in PARAGRAPHS else "\n", 0, 0)

    def _read_text(self, start: int, end: int) -> None:
        _, hint, hidden = self.open[-1] if self.open else ("", "", False)
        if hidden:
            return
        if hint != self.hint:
            self.hint = hint
            self.result.hints.append((self.length, hint))
        for entity in _ENTITY.finditer(self.source, start, end):
            decoded = unescape(entity[0])
            if decoded == entity[0]:
                continue
            self._verbatim(start, entity.start())
            if decoded:
                self._write(decoded, _SPACE.sub(" ", decoded), entity.start(), entity.end())
            start = entity.end()
        self._verbatim(start, end)

    def _verbatim(self, start: int, end: int) -> None:
        if start < end:
            text = self.source[start:end]
            pre = any(name == "pre" for name, _, _ in self.open[-8:])
            self._write(text, text if pre else _SPACE.sub(" ", text), start, end, verbatim=True)

    def _write(self, text: str, view: str, start: int, end: int, *, verbatim: bool = False) -> None:
        if start == end == 0 and self.view and self.view[-1] == view:
            return  # a line ends once, however many elements end with it
        self.result._seen.append(self.length)  # noqa: SLF001 - the page is being built here
        self.result._from.append((start, end, verbatim))  # noqa: SLF001
        self.text.append(text)
        self.view.append(view)
        self.length += len(text)
