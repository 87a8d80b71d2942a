"""Raw pairs -> one clean, deduplicated file per group, the list of names seen, and a count of every refusal.

python -m training.mix --train train.tsv.xz --news news.tsv.gz --out prepared
"""

import argparse
import gzip
import json
import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from training.augment import shared_names
from training.filters import refusal
from training.recipe import GROUP_OF, GROUPS
from training.text import comparable, plain_english, tidy

Pair = tuple[str, str]
SEED = 20261122
NAME_GROUPS = ("news", "parliament", "wiki", "web", "projects")  # where a shared capitalised word is mostly a name
_ITEM = re.compile(r"^\s*(?:[-*•]|\(?\d{1,3}[.)])\s+(?=\S)")


def read(path: Path, source: str | None = None) -> Iterator[tuple[str, str, str]]:
    """German, English, source for every line of a packed TSV file; the third column names the source where none is given."""
    opened = lzma.open if path.suffix == ".xz" else gzip.open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            columns = line.rstrip("\n").split("\t")
            if len(columns) == (2 if source else 3):  # a stray tab inside a sentence: which side it parts is unknown
                yield columns[0], columns[1], source or columns[2]


def clean(german: str, english: str) -> Pair:
    """Both sides tidied; a list mark at the head goes only where both have one."""
    german, english = tidy(german), plain_english(english)
    if _ITEM.match(german) and _ITEM.match(english):
        german, english = _ITEM.sub("", german), _ITEM.sub("", english)
    return german, english


def gather(rows: Iterator[tuple[str, str, str]], counts: dict[str, Counter[str]]) -> dict[str, list[Pair]]:
    """Group -> kept pairs; of equal German sentences at most three different translations stay."""
    kept: dict[str, list[Pair]] = defaultdict(list)
    seen: set[int] = set()
    readings: Counter[int] = Counter()
    for raw_german, raw_english, source in rows:
        german, english = clean(raw_german, raw_english)
        key = hash((comparable(german), comparable(english)))
        same_source = hash(comparable(german))
        reason = refusal(german, english)
        if reason is None and key in seen:
            reason = "twice"
        if reason is None and source != "news" and readings[same_source] >= 3:
            reason = "crowded"
        counts[source][reason or "kept"] += 1
        if reason is None:
            seen.add(key)
            readings[same_source] += 1
            kept[GROUP_OF[source]].append((german, english))
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--news", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    counts: dict[str, Counter[str]] = defaultdict(Counter)

    def rows() -> Iterator[tuple[str, str, str]]:
        yield from read(options.news, "news")
        yield from read(options.train)

    kept = gather(rows(), counts)
    names: Counter[str] = Counter()
    for group in GROUPS:
        pairs = kept[group.name]
        random.Random(SEED).shuffle(pairs)
        pairs = pairs[: group.limit]
        text = "".join(f"{german}\t{english}\n" for german, english in pairs)
        (options.out / f"{group.name}.tsv").write_text(text, encoding="utf-8")
        if group.name in NAME_GROUPS:
            for german, english in pairs:
                names.update(shared_names(german, english))
        counts[f"group:{group.name}"]["used"] = len(pairs)
    (options.out / "names.txt").write_text("\n".join(sorted(names)) + "\n", encoding="utf-8")
    (options.out / "counts.json").write_text(json.dumps(counts, indent=1), encoding="utf-8")
    print(json.dumps(counts, indent=1))


if __name__ == "__main__":
    main()
