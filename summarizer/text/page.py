"""The article within a page that was pasted whole, with its menus, teasers, comments and footer.

Running text stays unless what parts it from the article is plainly the site's. Only here do whole regions go.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from summarizer.text.junk import FURNITURE
from summarizer.text.lines import BULLET, PROSE_WORDS, ROLES, Line

# Lines of site furniture ("Siehe auch" apart) that make a pasted page. On 352 German pages, snippets kept of those
# that must stay, gone of those that must go: 4 gives 95.5 % and 79.0 %, 6 gives 95.7 % and 77.7 %.
LEAST_FURNITURE = 4
REACH = 6  # lines without running text that may lie within an article: a list, a table, a link box
HEAD = 12  # lines before the first paragraph among which the headline is looked for
MOST = 0.75  # (0.5 and 0.6 lose one snippet more) of the running text that stands before the share buttons and links that end an article
PARAGRAPH = 30  # words of a whole paragraph; teasers of other articles are shorter
GOES_ON = 0.1  # of all running text in such paragraphs: then the article goes on below a link box. 0.2 drops 8 snippets of junk more, and bodies with it
MUCH = 0.2  # (0.1 keeps eight pieces of junk more, 0.35 loses three snippets more) of the words of the heaviest run of text: then another is part of the article, whatever lies between


def is_page(lines: Sequence[Line]) -> bool:
    """Whether the text holds so many lines of site furniture that it is a page, not an article."""
    return sum(line.label in FURNITURE and line.label != "related" for line in lines) >= LEAST_FURNITURE


def keep_article(lines: list[Line]) -> None:
    """Running text stays wherever it stands before the tail; short lines stay only near it."""
    end = _tail(lines)
    clusters = _clusters(lines, end)
    if not clusters:
        return
    clusters = _main_clusters(lines, clusters)
    start, last = _head(lines, clusters[0][0]), clusters[-1][1]
    kept = set(range(start, last + 1))
    for (_, above), (below, _) in pairwise(clusters):
        if _is_furniture(lines[above + 1 : below]):
            kept -= set(range(above + 1, below))
    kept |= set(_list_after(lines, last, end))
    for i, line in enumerate(lines):
        if i not in kept and (not line.label or line.label in ROLES):
            line.label = "navigation" if i < start else "boilerplate"
    for first, last in clusters:
        _menus(lines, first, last)


def _main_clusters(lines: Sequence[Line], clusters: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The heaviest run of text, and those on both sides that nothing of the site parts from it or that weigh much."""
    weights = [_weight(lines, cluster) for cluster in clusters]
    heaviest = weights.index(max(weights))
    low = high = heaviest
    for n in range(heaviest - 1, -1, -1):
        if weights[n] >= MUCH * weights[heaviest] or not _is_furniture(lines[clusters[n][1] + 1 : clusters[low][0]]):
            low = n
    for n in range(heaviest + 1, len(clusters)):
        between = lines[clusters[high][1] + 1 : clusters[n][0]]
        if weights[n] >= MUCH * weights[heaviest] or not any(line.label in FURNITURE for line in between):
            high = n
    return list(clusters[low : high + 1])


def _is_furniture(between: Sequence[Line]) -> bool:
    """Whether the lines between two runs of text are the site's: a list or a table has no such lines."""
    return len(between) > REACH and sum(line.label in FURNITURE for line in between) >= max(2, len(between) // 12)


def _list_after(lines: Sequence[Line], last: int, end: int) -> range:
    """The lines that follow the last paragraph, up to the first that is none of the article's."""
    stop = next((i for i in range(last + 1, end) if lines[i].label), end)
    return range(last + 1, stop)


def _tail(lines: Sequence[Line]) -> int:
    """Where the first tail section begins that has most of the article's running text before it."""
    total = sum(line.words for line in lines if line.prose and not line.label)
    before = 0
    for i, line in enumerate(lines):
        if line.prose and not line.label:
            before += line.words
        elif line.label in FURNITURE and before >= 120 and _ends_here(lines, i, before, total):
            return i
    return len(lines)


def _ends_here(lines: Sequence[Line], i: int, before: int, total: int) -> bool:
    kind, near = lines[i].label, lines[i : i + 8]
    if kind != "comments" and _goes_on(lines[i + 1 :], total):
        return False
    if kind == "comments":
        return before * 3 >= total
    if kind == "related":
        return before * 2 >= total and sum(line.prose and not line.label and line.words >= 30 for line in near) <= 1
    return before >= MOST * total and sum(line.label in FURNITURE for line in near) >= 3


def _goes_on(below: Sequence[Line], total: int) -> bool:
    """Whether whole paragraphs of running text follow: link boxes stand within articles too."""
    paragraphs = [line.words for line in below if line.prose and not line.label and line.words >= PARAGRAPH]
    return sum(paragraphs) >= GOES_ON * total


def _clusters(lines: Sequence[Line], end: int) -> list[tuple[int, int]]:
    """Runs of paragraphs, first and last line of each, with at most ``REACH`` other lines between two paragraphs."""
    clusters: list[tuple[int, int]] = []
    for i in range(end):
        if not lines[i].prose or lines[i].label not in ("", "heading"):
            continue
        if clusters and i - clusters[-1][1] <= REACH + 1:
            clusters[-1] = (clusters[-1][0], i)
        else:
            clusters.append((i, i))
    return clusters


def _weight(lines: Sequence[Line], cluster: tuple[int, int]) -> int:
    inside = [line for line in lines[cluster[0] : cluster[1] + 1] if line.prose and not line.label]
    return sum(line.words for line in inside)


def _head(lines: Sequence[Line], first: int) -> int:
    """The line of the headline: an ``h1``, else the nearest line above the article that could be one."""
    above = range(first - 1, max(-1, first - 1 - HEAD), -1)
    for i in above:
        if lines[i].label == "title":
            return i
    start = next((i for i in above if not lines[i].label and 3 <= lines[i].words <= 22), first)
    while start > 0 and not lines[start - 1].label and lines[start - 1].words >= PROSE_WORDS:
        start -= 1
    return start - _is_kicker(lines, start)


def _is_kicker(lines: Sequence[Line], title: int) -> bool:
    """Whether a short line stands alone above the headline; of several in a row each may be a menu's."""
    above = lines[max(0, title - 2) : title]
    return bool(above) and above[-1].short and not above[-1].label and (len(above) < 2 or bool(above[0].label))


def _menus(lines: list[Line], first: int, last: int) -> None:
    """Within the article, three and more short lines in a row are a menu, a tag list or a link box."""
    run: list[Line] = []
    for line in [*lines[first : last + 1], lines[last]]:
        if (
            line.short
            and line.label in ("", *FURNITURE)
            and not BULLET.match(line.text)
            and line.words <= 9
            and line.hint != "li"
        ):
            run.append(line)
            continue
        if len(run) >= 4 and sum(inner.label in FURNITURE for inner in run) >= 2:
            for inner in run:
                inner.label = inner.label or "navigation"
        run = []
