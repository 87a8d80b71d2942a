"""How much article survives cleaning, and how much junk: pages with known snippets, and prose that must stay whole.

    python -m benchmarks.cleaning --pages pages.jsonl.gz --articles a.jsonl.gz b.jsonl.gz [--limit N]

Pages: JSON lines with ``html``, ``with`` (snippets that must stay) and ``without`` (snippets that must go).
Articles: JSON lines with ``article``. Prints Markdown.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import trafilatura

from benchmarks.setting import setting
from summarizer.text.clean import clean
from summarizer.text.html import read
from summarizer.types import Article


def rows(path: Path, limit: int | None) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from islice(map(json.loads, lines), limit)


def flat(text: str) -> str:
    return " ".join(text.replace("\xad", "").split())


def kept(article: Article) -> str:
    return flat(" ".join(block.span.text for block in article.blocks))


def pasted(html: str) -> str:
    """What a reader gets who selects the whole page and copies it."""
    lines = (flat(line) for line in read(html).view.replace("\n\n", "\n \n").split("\n"))
    return "\n".join(lines)


SYSTEMS: dict[str, Callable[[str], str]] = {
    "keep all": lambda html: flat(read(html).view),
    "trafilatura": lambda html: flat(trafilatura.extract(html, include_comments=False, include_tables=True) or ""),
    "clean(HTML)": lambda html: kept(clean(html)),
    "clean(pasted text)": lambda html: kept(clean(pasted(html))),
}


def pages(path: Path, limit: int | None, show: str | None = None) -> list[str]:
    """One table row per system: share of snippets kept that must stay, and of those gone that must go."""
    score = {name: Counter[str]() for name in SYSTEMS}
    for row in rows(path, limit):
        for name, system in SYSTEMS.items():
            began = time.perf_counter()
            text = system(row["html"])
            score[name]["seconds"] += time.perf_counter() - began  # type: ignore[assignment]
            score[name]["pages"] += 1
            for field, hit in (("with", True), ("without", False)):
                for snippet in row[field]:
                    good = (flat(snippet) in text) is hit
                    score[name][field] += 1
                    score[name][f"{field} right"] += good
                    if name == show and not good:
                        print(field, row["file"], repr(flat(snippet)), sep="\t")
    lines = ["| pages | must stay: kept | must go: gone | ms per page |", "|---|---|---|---|"]
    for name, got in score.items():
        stay, gone = got["with right"] / got["with"], got["without right"] / got["without"]
        lines.append(
            f"| {name} | {stay:.1%} of {got['with']} | {gone:.1%} of {got['without']} | {1000 * got['seconds'] / got['pages']:.0f} |"
        )
    return lines


def articles(path: Path, limit: int | None, *, show: bool = False) -> str:
    """Share of the sentences of clean prose that are dropped or taken for something else than body."""
    lost, misread, total, kinds = 0, 0, 0, Counter[str]()
    for row in rows(path, limit):
        article = clean(row["article"])
        total += sum(map(sentences, row["article"].split("\n")))
        for dropped in article.dropped:
            if dropped.kind != "markup" and len(dropped.span.text.split()) >= 3:
                lost += max(1, sentences(dropped.span.text))
                kinds[dropped.kind] += 1
                if show:
                    print("dropped", dropped.kind, repr(dropped.span.text[:150]), sep="\t")
        for block in article.blocks:
            marked = row["article"][max(0, block.span.start - 2) : block.span.start].strip(" ") in ("=", "==")
            if block.role not in ("body", "standfirst") and not marked:
                misread += 1
                if show:
                    print("misread", block.role, repr(block.span.text[:150]), sep="\t")
    named = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common(4))
    return f"| {path.name.split('.')[0]} | {total} | {lost} ({lost / total:.3%}) | {misread} ({misread / total:.3%}) | {named} |"


def sentences(line: str) -> int:
    """Sentences in a line, roughly: as many as sentence ends before a capital, and one if there is text at all."""
    words = line.split()
    if not words or line.startswith("=="):
        return 0
    ends = sum(a[-1] in ".!?" and b[0].isupper() and len(a) > 3 for a, b in pairwise(words))
    return ends + 1


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=Path)
    options.add_argument("--articles", type=Path, nargs="*", default=[])
    options.add_argument("--limit", type=int)
    options.add_argument("--show", help="print every error: the name of a system, or 'articles'")
    asked = options.parse_args()
    print(setting("trafilatura"), "\n")
    if asked.pages:
        print(*pages(asked.pages, asked.limit, asked.show), sep="\n")
    if asked.articles:
        print("\n| articles | sentences | dropped | not body | kinds dropped |\n|---|---|---|---|---|")
        print(*(articles(path, asked.limit, show=asked.show == "articles") for path in asked.articles), sep="\n")


if __name__ == "__main__":
    main()
