"""Lines as a page has them into paragraphs: words divided at line ends are whole again, running heads go."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

NEAR_EDGE = 2  # lines at the top and at the bottom of a page among which running heads are looked for
FULL = 0.85  # of the width: a line that had room for the next word and breaks nevertheless ends its paragraph
GAP = 1.3  # times the usual step from line to line: a paragraph's end. Browsers set 1.9, headings have more
RESIZED = 1.1  # a line in letters that much larger or smaller is a heading, or follows one

_DIGITS = re.compile(r"[0-9]{1,4}(?![0-9])")
_NUMBER = re.compile(r"\W*(?:(?:Seite|Page|S\.|p\.)\s*)?[0-9]{1,4}(?:\s*(?:/|von|of)\s*[0-9]{1,4})?\W*", re.IGNORECASE)
_DIVIDED = re.compile(r"[^\W\d_][-‐\u00ad]$")
_ENDS = '.!?:“”"»'
_HANGING = re.compile(r"(?:und|oder|bzw\.|sowie|bis|and|or|to|et|ou|y|o|e)\b")
_SIGN = re.compile(r"(?:[-–•*·▪‣]|\d{1,2}\))\s")
_HYPHENED = re.compile(r"\w+-\w+")
_WORD = re.compile(r"\w*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, ``y`` points above its foot, in letters of ``size`` points; zero where that is not known."""

    text: str
    y: float = 0.0
    size: float = 0.0


Page = Sequence[Line]


def edges(pages: Sequence[Page]) -> tuple[list[Page], int]:
    """The pages without page numbers and without what others have at the same edge; and how many lines went."""
    seen: Counter[tuple[str, str]] = Counter()
    for number, page in enumerate(pages):
        seen.update({key for side, at in _near(page) for key in _keys(side, page[at].text, number)})
    kept: list[Page] = []
    for number, page in enumerate(pages):
        out: dict[tuple[str, str], int] = {}  # once on each page: a headline may be the same as what runs above it
        for side, at in _near(page):
            text = page[at].text
            if _runs(side, text, number, seen, len(pages)):
                out.setdefault((side, text), at)
        kept.append([line for at, line in enumerate(page) if at not in out.values()])
    return kept, sum(map(len, pages)) - sum(map(len, kept))


def _near(page: Page) -> list[tuple[str, int]]:
    """Edge and place of the first and the last lines, from without to within."""
    size = len(page)
    deep = range(min(NEAR_EDGE, max(1, size // 2)) if page else 0)
    return [*(("top", at) for at in deep), *(("foot", size - 1 - at) for at in deep)]


def _keys(side: str, text: str, number: int) -> Iterator[tuple[str, str]]:
    """The line as it is, and with each of its numbers as it would be on the first page if it counted pages."""
    yield side, text
    for found in _DIGITS.finditer(text):
        yield side, f"{text[: found.start()]}\0{int(found[0]) - number}{text[found.end() :]}"


def _runs(side: str, text: str, number: int, seen: Mapping[tuple[str, str], int], pages: int) -> bool:
    """Whether a line is a page's number, or words (not a table's figures) that stand there on other pages too."""
    times = max(seen[key] for key in _keys(side, text, number))
    if _NUMBER.fullmatch(text):
        return times > 1
    return (times > 2 or 2 * times > max(2, pages)) and sum(map(str.isalpha, text)) >= 3


def paragraphs(pages: Sequence[Page]) -> str:
    """One text, a blank line between paragraphs. A paragraph may go on over the end of a column or a page."""
    whole = {word for page in pages for line in page for word in _HYPHENED.findall(line.text)}
    done: list[str] = []
    before, layout = Line(""), _Layout(())
    for page in pages:
        for number, line in enumerate(page):
            if done and layout.goes_on(before, line, turned=number == 0):
                done[-1] = _joined(done[-1], line.text, whole)
            else:
                done.append(line.text)
            before, layout = line, layout if number else _Layout(page)
    return "\n\n".join(done)


class _Layout:
    """What is usual on one page: ``width`` in characters, ``step`` in points from line to line."""

    def __init__(self, page: Page) -> None:
        lengths = sorted(len(line.text) for line in page)
        self.width = lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0  # nine lines in ten are no longer
        steps = [above.y - below.y for above, below in pairwise(page) if above.y > below.y]
        self.step = median(steps) if steps else 0.0

    def goes_on(self, before: Line, line: Line, *, turned: bool) -> bool:
        """Whether a line belongs to the paragraph of the one before; ``turned``: it stands on the next page."""
        if _SIGN.match(line.text) or _resized(before, line):
            return False
        down = before.y - line.y
        if not turned and self.step and down > GAP * self.step:
            return False
        if _DIVIDED.search(before.text):
            return True
        if (turned or down < 0) and before.text[-1] in _ENDS:  # there a paragraph may begin, and nothing else tells
            return False
        return len(before.text) + 1 + len(line.text.split(" ", 1)[0]) >= FULL * self.width


def _resized(before: Line, line: Line) -> bool:
    small, large = sorted((before.size, line.size))
    return small > 0 and large > RESIZED * small


def _joined(before: str, line: str, whole: set[str]) -> str:
    if not _DIVIDED.search(before) or _HANGING.match(line):  # "Bus- und Bahnfahrer"
        return f"{before} {line}"
    if before[-1] == "\u00ad":
        return before[:-1] + line
    found = _WORD.match(line)
    together = before.rsplit(" ", 1)[-1] + (found[0] if found else "")
    kept = not line[0].islower() or together in whole  # "Nordrhein-Westfalen"; "E-mail" where it stands on one line too
    return before + line if kept else before[:-1] + line
