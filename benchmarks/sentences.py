"""Sentence boundaries: ours, raw sentencex and a plain pattern, on text whose sentences are known.

    python -m benchmarks.sentences --language de newstest.tsv.gz:0 articles.jsonl.gz:document

Each argument is a file and a column: of a table with one sentence per row, or the field of a JSON-lines file whose text
has one sentence per line. Sentences are joined by blanks, 20 at a time, and should be found again.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, islice
from pathlib import Path

import sentencex

from benchmarks.setting import setting
from summarizer.text.sentences import split

Boundaries = Callable[[str], set[int]]


def main() -> None:
    options = arguments()
    print(f"## Sentence boundaries, language {options.language}\n")
    print(setting("sentencex"), "\n")
    print("| text | sentences | splitter | precision | recall | F1 | MB/s |\n|---|---:|---|---:|---:|---:|---:|")
    for source in options.sources:
        path, _, column = source.rpartition(":")
        groups = [group for group in grouped(read(Path(path), column), options.group) if len(group) > 1]
        for name, boundaries in splitters(options.language).items():
            print(
                f"| {Path(path).name} | {sum(map(len, groups))} | {name} | {scores(groups, boundaries, options.show)} |"
            )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", metavar="FILE:COLUMN")
    parser.add_argument("--language", default="de")
    parser.add_argument("--group", type=int, default=20, help="sentences joined to one text")
    parser.add_argument("--show", type=int, default=0, help="print that many errors to standard error")
    return parser.parse_args()


def read(path: Path, column: str) -> Iterator[list[str]]:
    """Runs of sentences that stand together."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        if ".jsonl" in path.name:
            for line in lines:
                value = json.loads(line)[column]
                yield [
                    text.strip() for text in (value if isinstance(value, list) else value.split("\n")) if text.strip()
                ]
        else:
            yield [line.rstrip("\n").split("\t")[int(column)].strip() for line in lines]


def grouped(runs: Iterable[list[str]], size: int) -> Iterator[list[str]]:
    """Only sentences that end in a mark: a headline joined to the next sentence has no boundary to be found."""
    for run in runs:
        ended = (" ".join(text.split()) for text in run if re.search(r"[.!?…][“”\"»«)]*$", text))
        while group := list(islice(ended, size)):
            yield group


def splitters(language: str) -> dict[str, Boundaries]:
    def bought(text: str) -> set[int]:
        return set(accumulate(map(len, sentencex.segment(language, text))))

    return {
        "ours": lambda text: {start for start, _ in split(text, language)} - {0},
        "sentencex": lambda text: bought(text) - {len(text)},
        "pattern": lambda text: {match.end() for match in re.finditer(r"[.!?…][“”\"»«)]* +(?=[^a-zäöü])", text)},
    }


def scores(groups: list[list[str]], boundaries: Boundaries, show: int) -> str:
    found = right = wanted = size = 0
    seconds = 0.0
    for group in groups:
        text = " ".join(group)
        truth = set(accumulate(len(sentence) + 1 for sentence in group[:-1]))
        before = time.perf_counter()
        answer = boundaries(text)
        seconds += time.perf_counter() - before
        found, right, wanted = found + len(answer), right + len(answer & truth), wanted + len(truth)
        size += len(text.encode())
        for place in sorted(answer ^ truth)[:show]:
            kind = "missed" if place in truth else "added"
            print(f"{kind}: {text[max(0, place - 60) : place]}|{text[place : place + 40]}", file=sys.stderr)
    precision, recall = right / max(1, found), right / wanted
    return f"{precision:.4f} | {recall:.4f} | {2 * precision * recall / (precision + recall):.4f} | {size / seconds / 1e6:.1f}"


if __name__ == "__main__":
    main()
