"""Which line is headline, heading, body or junk. Precision first: what looks like a sentence is body unless its own
wording says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.text.junk import MONTH, TAIL
from summarizer.text.lines import BULLET, ROLES, Line, language_of
from summarizer.text.page import is_page, keep_article
from summarizer.text.recognise import is_caption, kind_of

HEADING_WORDS = 14
STANDFIRST_WORDS = 70
PARTED = 8  # characters; blank lines alone are fewer

_MARKED = re.compile(r"(?:={2,6}\s*[^=\n].*?={2,6}|#{1,6}\s+\S.*|#{1,6}\s.*)$")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s\S")
_HANDLE = re.compile(r"@\w{2,30}\b|pic\.twitter\.com|\(@\w+\)")
_SIGNED = re.compile(
    rf"^[—–-]\s?[^.]{{1,60}}\(@\w+\)|[—–]\s?[^.]{{1,60}}\(@\w+\)[^.]{{0,30}}$|pic\.twitter\.com/\w+|(?:{MONTH})\s\d{{1,2}},\s20\d\d$"
    rf"|\d{{1,2}}:\d\d\s?(?:am|pm|uhr)?\s?[·•-]\s?(?:\d{{1,2}}\.?\s)?(?:{MONTH})",
    re.IGNORECASE,
)


def label(lines: list[Line]) -> None:
    """Decide every line's ``label``."""
    for line in lines:
        line.label = _first_look(line)
    _posts(lines)
    _captions(lines)
    if is_page(lines):
        keep_article(lines)
    _link_boxes(lines)
    _roles(lines)


def _first_look(line: Line) -> str:
    if line.hint in ("post", "caption", "navigation") or (line.hint == "timestamp" and line.short):
        return line.hint
    if _MARKED.match(line.text):
        return "heading"
    if line.hint in ("title", "heading") and line.words <= 30:
        return _kept_kind(line) or line.hint
    return "caption" if is_caption(line) else kind_of(line)


def _kept_kind(line: Line) -> str:
    """A tagged heading is junk only if it opens a link list or a form."""
    kind = kind_of(line)
    return kind if kind in TAIL | {"advert", "markup", "cookie"} else ""


# ---- embedded posts


def _posts(lines: list[Line]) -> None:
    """A signature, handle or link marks a post; the lines above it in another language, or up to the name, belong to it."""
    signed = [i for i, line in enumerate(lines) if line.label == "post" or _is_signed(line)]
    if not signed:
        return
    language = language_of(" ".join(line.text for line in lines if line.prose)[:20000])
    for i in signed:
        line = lines[i]
        date_only = line.label == "timestamp" and not _HANDLE.search(line.text)
        if date_only and not _near_post(lines, i):
            continue
        line.label = "post"
        for above in reversed(lines[max(0, i - 3) : i]):
            if above.label and above.label not in ("timestamp", "post"):
                break
            if not _of_post(above, language):
                break
            above.label = "post"
    _after_handles(lines)


def _is_signed(line: Line) -> bool:
    text = line.text
    # A handle, a link, a time or a year at the end: without one of them, which most lines are, the pattern cannot fit.
    may_be = line.words <= 60 and ("@" in text or "/" in text or ":" in text or text[-1:].isdecimal())
    return may_be and _SIGNED.search(text) is not None


def _near_post(lines: Sequence[Line], i: int) -> bool:
    return any(_HANDLE.search(line.text) for line in lines[max(0, i - 5) : i + 2])


def _of_post(line: Line, language: str) -> bool:
    spoken = language_of(line.text)
    return line.words <= 80 and bool(spoken and language and spoken != language)


def _after_handles(lines: list[Line]) -> None:
    """``Name``, ``@name``, text, date: all four are the post if the date follows within six lines."""
    for i, line in enumerate(lines):
        if not re.fullmatch(r"@\w{2,30}", line.text):
            continue
        date = next((j for j in range(i + 1, min(i + 7, len(lines))) if lines[j].label in ("timestamp", "post")), None)
        for inner in lines[i : date + 1 if date is not None else i + 1]:
            inner.label = "post"
        if i and lines[i - 1].short and lines[i - 1].words <= 5 and not lines[i - 1].label and i > 1:
            lines[i - 1].label = "post"


def _captions(lines: list[Line]) -> None:
    """A line right above a credit, closer to it than paragraphs stand to each other, is the caption."""
    usual = max((line.gap for line in lines if line.prose), default=1)
    for i in range(2, len(lines)):
        above, line = lines[i - 1], lines[i]
        if line.label == "credit" and line.gap == 1 < usual and above.gap > 1 and not above.label and above.words <= 30:
            above.label = "caption"


# ---- link boxes and roles


def _link_boxes(lines: list[Line]) -> None:
    """Headlines listed below "Mehr zum Thema" go with it, up to the first sentence."""
    for i, line in enumerate(lines):
        if line.label != "related" or line.words > 6:
            continue
        for at in range(i + 1, min(i + 6, len(lines))):
            below = lines[at]
            if below.label or not below.short or below.words < 3 or below.gap > line.gap + 1 or _heads_text(lines, at):
                break
            below.label = "related"


def _heads_text(lines: Sequence[Line], i: int) -> bool:
    return i + 1 < len(lines) and lines[i + 1].prose and not lines[i + 1].label


def _roles(lines: list[Line]) -> None:
    kept = [line for line in lines if not line.label or line.label in ROLES]
    first = next((i for i, line in enumerate(kept) if line.prose and not line.label), None)
    if first is None:
        _without_prose(kept)
    else:
        _lead(lines, kept, first)
        _headings(kept, first)
    for line in kept:
        line.label = line.label or "body"


def _without_prose(kept: list[Line]) -> None:
    """Nothing but short lines: headings all, unless there is only one or they end like sentences."""
    if len(kept) > 1:
        for line in kept:
            if not line.label and line.short:
                line.label = "heading"


def _lead(lines: Sequence[Line], kept: list[Line], first: int) -> None:
    """Kicker, headline and standfirst before the first paragraph."""
    head = kept[:first]
    titled = [line for line in head if line.label == "title"]
    free = [line for line in head if not line.label and _could_head(line)]
    if not titled and 0 < len(free) <= 4:
        # A kicker is the shorter line above the headline; a third line is a second deck.
        title = free[1] if len(free) > 1 and free[0].words < free[1].words and free[0].words <= 6 else free[0]
        title.label = "title"
        titled = [title]
    if titled:
        above = [line for line in free if not line.label and line.start < titled[0].start]
        if above:
            above[-1].label = "kicker"
        _standfirst(lines, kept, kept.index(titled[0]))


def _could_head(line: Line) -> bool:
    return (
        line.words <= 22
        and not line.text.endswith((".", ",", ";", ":"))
        and not line.text[0].islower()
        and not BULLET.match(line.text)
    )


def _standfirst(lines: Sequence[Line], kept: Sequence[Line], title: int) -> None:
    """The paragraph below the headline, where a byline, time stamp, credit or dateline parts it from the text."""
    after = kept[title + 1 : title + 4]
    if len(after) < 3 and sum(line.prose for line in after) < 2:
        return
    line = after[0]
    at = lines.index(line)
    following = next((below for below in lines[at + 1 : at + 2]), None)
    parted = following is not None and following.label in (
        "byline",
        "timestamp",
        "credit",
        "caption",
        "agency",
        "share",
        "advert",
        "comments",
    )
    if not line.label and line.words <= STANDFIRST_WORDS and (parted or _dateline(following)):
        line.label = "standfirst"


def _dateline(line: Line | None) -> bool:
    return (
        line is not None
        and re.match(r"[A-ZÄÖÜ][\w/. -]{2,40}(?:\([\w/ -]{2,20}\))?\s?[–—-]\s", line.text) is not None
        and line.prose
    )


def _parted(above: Line, line: Line) -> bool:
    """Whether something that was dropped stands between the two, as a post does below "She wrote:"."""
    return line.start - above.end > PARTED


def _headings(kept: list[Line], first: int) -> None:
    """A short line without a full stop between two paragraphs; not one of a list."""
    for i in range(1, len(kept)):
        numbered = _is_numbered_heading(kept, i)
        if i <= first and not numbered:
            continue
        line, above = kept[i], kept[i - 1]
        below = kept[i + 1] if i + 1 < len(kept) else None
        if line.label or not line.short or line.words > HEADING_WORDS or line.text.endswith((",", ";", ":", "-", "–")):
            continue
        if line.text[0].islower() or (BULLET.match(line.text) and not numbered) or line.hint == "li" or below is None:
            continue
        if (
            (above.ends or above.label in ("heading", "title") or _parted(above, line))
            and (below.prose or below.ends)
            and not below.text[0].islower()
        ):
            line.label = "heading"


def _is_numbered_heading(kept: Sequence[Line], i: int) -> bool:
    """Whether "2. Was bleibt" stands alone above a paragraph; of a list the neighbours are numbered too."""
    if not _NUMBERED.match(kept[i].text) or i + 1 == len(kept) or not kept[i].short:
        return False
    return kept[i + 1].prose and not any(BULLET.match(line.text) for line in (kept[i - 1], kept[i + 1]))
