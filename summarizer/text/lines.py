"""The lines of a text as a reader sees them: hard-wrapped lines are one, each with what its form says about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

WRAP_LEAST, WRAP_MOST = 40, 100  # columns at which mail programs and editors break lines
PROSE_WORDS = 8  # a line of this many words that ends like a sentence is body text

ROLES = frozenset({"kicker", "title", "standfirst", "heading", "body"})
BULLET = re.compile(r"(?:[-–•*·▪‣]|\d{1,2}[.)])\s")

FUNCTION_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "de": "der die das und in zu den mit von für auf ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei "
        "einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich wir",
        "en": "the of and to in a is that for it was on are with as i his they be at one have this from or had by not but what all were we "
        "when your can said there an which their if will has been who our you my he she would do so",
        "fr": "le la les de des du et un une est que qui dans pour pas sur au aux ce il elle par plus avec son sa ne se nous vous ont sont",
        "es": "el la los las de del y un una es que en por para con no se su al lo como más pero sus le ha este sí está son",
        "it": "il lo la i gli le di del della e un una è che in per con non si al da come più ma dei nel alla sono ha",
    }.items()
}
# A ticker's mark is a line of its own, whatever follows it.
_MARK = re.compile(
    r"\+{2,3}\s?(?:\d{1,2}[:.]\d\d(?:\s?uhr)?|\d{1,2}\s?uhr|eil|eilmeldung|breaking(?: news)?|update|(?:live|news)?-?ticker)\s?\+{2,3}[^\S\n]*(?=\S)",
    re.IGNORECASE,
)
_CLEAN = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_ENDS = re.compile(r"[.!?…。！？؟।][\"'”“»«’‘)\]›‹」』]*(?:\s?\([^()]{2,30}\))?$")
_STOPS_WITHIN = re.compile(r"[a-zäöüß]{2}[.!?] [A-ZÄÖÜ]")
_OPENS_SMALL = re.compile(r"[a-zäöüßàâçéèêîôûñáíóú]")
_CJK = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


@dataclass(slots=True)
class Line:
    """One line or paragraph: ``text`` is its wording in order, ``gap`` the line feeds before it.

    ``label`` is decided later: a role, or the kind of junk it is.
    """

    start: int
    end: int
    text: str
    gap: int
    words: int = 0
    ends: bool = False
    hint: str = ""
    label: str = ""

    @property
    def prose(self) -> bool:
        """Whether this reads like running text."""
        return (self.ends and self.words >= PROSE_WORDS) or self.words >= 25

    @property
    def short(self) -> bool:
        """Whether this may be a heading, a link or a label."""
        return self.words <= 14 and not self.ends


def split(view: str, hint: Callable[[int], str] | None = None) -> list[Line]:
    """The lines of ``view`` that hold anything, wrapped ones joined."""
    lines = list(_raw(view))
    if hint is None:
        lines = list(_unwrapped(view, lines))
    lines = [part for line in lines for part in _marks_apart(view, line)]
    for line in lines:
        _measure(line, view)
        if hint is not None:
            line.hint = hint(line.start)
    return lines


def language_of(text: str) -> str:
    """A vote of function words; an empty string where they do not tell. For a tweet among paragraphs this suffices."""
    words = re.findall(r"[^\W\d_]+", text[:4000].lower())
    votes = {language: sum(word in known for word in words) for language, known in FUNCTION_WORDS.items()}
    best, second = sorted(votes, key=votes.__getitem__, reverse=True)[:2]
    return best if votes[best] >= 2 and votes[best] > 1.5 * votes[second] else ""


def _raw(view: str) -> Iterator[Line]:
    at, gap = 0, 0
    for piece in view.splitlines(keepends=True):
        body = piece.strip()
        if body:
            start = at + len(piece) - len(piece.lstrip())
            yield Line(start, start + len(body), "", gap)
            gap = 0
        gap += 1
        at += len(piece)


def _marks_apart(view: str, line: Line) -> Iterator[Line]:
    mark = _MARK.match(view, line.start, line.end)
    if mark:
        yield Line(line.start, line.start + len(mark[0].rstrip()), "", line.gap)
    yield Line(mark.end(), line.end, "", 1) if mark else line


def _measure(line: Line, view: str) -> None:
    # Only the ends of a very long line tell what it is; measuring all of it would cost without telling more.
    whole = line.end - line.start <= 5000
    text = (
        view[line.start : line.end]
        if whole
        else view[line.start : line.start + 2500] + view[line.end - 2500 : line.end]
    )
    line.text = " ".join(_CLEAN.sub("", text).split())
    line.words = line.text.count(" ") + 1 + (len(_CJK.findall(line.text)) // 2 if not line.text.isascii() else 0)
    line.ends = _ENDS.search(line.text[-60:]) is not None


def _unwrapped(view: str, lines: list[Line]) -> Iterator[Line]:
    """Joins lines that an editor broke at a column. A group is what stands between blank lines."""
    group: list[Line] = []
    for line in lines:
        if group and line.gap != 1:
            yield from _joined(view, group)
            group = []
        group.append(line)
    yield from _joined(view, group)


def _joined(view: str, group: list[Line]) -> Iterator[Line]:
    if not _is_wrapped(view, group):
        yield from group
        return
    width = max(line.end - line.start for line in group)
    current = group[0]
    for before, line in pairwise(group):
        # A paragraph's last line is cut short by its end, not by the margin.
        full = before.end - before.start >= 0.75 * width
        if full or not _ends(view, before):
            current = Line(current.start, line.end, "", current.gap)
        else:
            yield current
            current = line
    yield current


def _is_wrapped(view: str, group: list[Line]) -> bool:
    """Whether most line ends of the group fall inside sentences, at one margin."""
    inner = group[:-1]
    if not inner or max(line.end - line.start for line in group) > WRAP_MOST:
        return False
    at_margin = [line for line in inner if line.end - line.start >= WRAP_LEAST]
    open_ended = sum(not _ends(view, line) for line in at_margin)
    goes_on = sum(_OPENS_SMALL.match(view, line.start) is not None for line in group[1:])
    # German lines often go on with a noun; then a sentence that ends within a line tells text from a list.
    running = goes_on * 5 >= len(inner) or any(_STOPS_WITHIN.search(view, line.start, line.end) for line in inner)
    return len(at_margin) * 4 >= len(inner) * 3 and open_ended * 2 >= len(inner) and running


def _ends(view: str, line: Line) -> bool:
    return _ENDS.search(view[max(line.start, line.end - 60) : line.end]) is not None
