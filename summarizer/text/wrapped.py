"""Lines as a page has them into paragraphs: words divided at line ends are whole again, running heads go."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain

NEAR_EDGE = 2  # lines at the top and at the bottom of a page among which running heads are looked for
FULL = 0.85  # of the width: a line that had room for the next word and breaks nevertheless ends its paragraph

_DIGITS = re.compile(r"\d+|\b[ivxlcIVXLC]{1,7}\b")
_NUMBER = re.compile(r"\W*(?:(?:Seite|Page|S\.|p\.)\s*)?#(?:\s*(?:/|von|of)\s*#)?\W*", re.IGNORECASE)
_DIVIDED = re.compile(r"[^\W\d_](?:[-‐]|\u00ad)$")
_ENDS = '.!?:“”"»'
_HANGING = re.compile(r"(?:und|oder|bzw\.|sowie|bis|and|or|to|et|ou|y|o|e)\b")
_SIGN = re.compile(r"(?:[-–•*·▪‣]|\d{1,2}\))\s")


def edges(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], int]:
    """The pages without page numbers and without what most of them have at the same edge; and how many lines went."""
    kept, gone = [], 0
    near = [_near(page) for page in pages]
    seen = Counter(
        chain.from_iterable(
            {(side, _plain(page[at])) for side, at in where} for page, where in zip(pages, near, strict=True)
        )
    )
    for page, where in zip(pages, near, strict=True):
        out = {at for side, at in where if _runs(_plain(page[at]), seen[side, _plain(page[at])], len(pages))}
        kept.append([line for at, line in enumerate(page) if at not in out])
        gone += len(out)
    return kept, gone


def _near(page: Sequence[str]) -> list[tuple[str, int]]:
    filled = [at for at, line in enumerate(page) if line]
    if len(filled) <= 2 * NEAR_EDGE:
        return []
    return [("top", at) for at in filled[:NEAR_EDGE]] + [("foot", at) for at in filled[-NEAR_EDGE:]]


def _plain(line: str) -> str:
    return _DIGITS.sub("#", line).strip()


def _runs(plain: str, times: int, pages: int) -> bool:
    return times > 1 and (2 * times > pages or bool(_NUMBER.fullmatch(plain)))


def paragraphs(pages: Sequence[Sequence[str]]) -> str:
    """One text, a blank line between paragraphs; a paragraph may go on over the end of a page."""
    lines = list(chain.from_iterable(pages))
    whole = {word for line in lines for word in re.findall(r"\w+-\w+", line)}
    done: list[str] = []
    before, width = "", 0
    for page in pages:
        for number, line in enumerate(filter(None, page)):
            turned = number == 0  # the page: then only what is no whole sentence yet goes on
            if done and _goes_on(before, line, width) and not (turned and before[-1] in _ENDS):
                done[-1] = _joined(done[-1], line, whole)
            else:
                done.append(line)
            before = line
            width = _width(page)
    return "\n\n".join(done)


def _width(page: Sequence[str]) -> int:
    """Characters of a full line: nine in ten are no longer."""
    lengths = sorted(len(line) for line in page if line)
    return lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0


def _goes_on(before: str, line: str, width: int) -> bool:
    if _SIGN.match(line):
        return False
    if _DIVIDED.search(before):
        return True
    return len(before) + 1 + len(line.split(" ", 1)[0]) >= FULL * width


def _joined(before: str, line: str, whole: set[str]) -> str:
    if not _DIVIDED.search(before):
        return f"{before} {line}"
    if before[-1] == "\u00ad":
        return before[:-1] + line
    if _HANGING.match(line):  # "Bus- und Bahnfahrer"
        return f"{before} {line}"
    first, last = line.split(" ", 1)[0], before.rsplit(" ", 1)[-1]
    together = re.match(r"\w*", first)
    kept = not line[0].islower() or (last + (together[0] if together else "")) in whole
    return before + line if kept else before[:-1] + line
