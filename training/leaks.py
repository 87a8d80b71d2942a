"""No sentence of an evaluation set, nor a near copy of one, may be in the training data. Exits with 1 if any is.

`--drop` takes them out of the prepared files; run it once after `training.mix`, and again without to see that none is left.

A near copy shares at least NEAR of its five-word runs with one training sentence of the same language.

python -m training.leaks --data prepared --sets newstest2017.tsv.gz newstest2018.tsv.gz ...
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.evaluate import read_pairs
from training.recipe import GROUPS
from training.text import comparable

RUN = 5  # words
NEAR = 0.7
SHORTEST = 8  # words; shorter ones ("Das ist alles.") meet by chance, only whole equality of 6 and more counts there
SHORTEST_EQUAL = 6


def runs(text: str) -> list[int]:
    """Hashes of all runs of RUN words."""
    words = text.split()
    return [hash(tuple(words[place : place + RUN])) for place in range(len(words) - RUN + 1)]


class Guarded:
    """Evaluation sentences of one language, ready to be looked up."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = sorted({comparable(sentence) for sentence in sentences})
        self.equal = {text for text in self.sentences if len(text.split()) >= SHORTEST_EQUAL}
        self.size = {}
        self.owners: dict[int, list[int]] = defaultdict(list)
        for number, text in enumerate(self.sentences):
            if len(text.split()) >= SHORTEST:
                unique = set(runs(text))
                self.size[number] = len(unique)
                for run in unique:
                    self.owners[run].append(number)

    def met(self, sentence: str) -> str | None:
        """The evaluation sentence this one equals or nearly repeats."""
        text = comparable(sentence)
        if text in self.equal:
            return text
        shared = Counter(owner for run in set(runs(text)) for owner in self.owners.get(run, ()))
        return next((self.sentences[n] for n, hits in shared.items() if hits >= NEAR * self.size[n]), None)


def leaks(folder: Path, sets: list[Path]) -> Iterator[tuple[str, str, str]]:
    """Group, training row, evaluation sentence for every meeting."""
    sides = list(zip(*(read_pairs(path) for path in sets), strict=True))
    guards = [Guarded(line for lines in side for line in lines) for side in sides]
    for group in GROUPS:
        for row in (folder / f"{group.name}.tsv").read_text(encoding="utf-8").splitlines():
            met = next(filter(None, map(Guarded.met, guards, row.split("\t"))), None)
            if met:
                yield group.name, row, met


def drop(folder: Path, rows: set[str]) -> None:
    """Rewrites the group files without these rows."""
    for group in GROUPS:
        path = folder / f"{group.name}.tsv"
        kept = [row for row in path.read_text(encoding="utf-8").splitlines() if row not in rows]
        path.write_text("".join(f"{row}\n" for row in kept), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", type=Path, nargs="+", required=True)
    parser.add_argument("--drop", action="store_true")
    options = parser.parse_args()
    found = list(leaks(options.data, options.sets))
    for group, row, met in found:
        print(f"{group}\t{row}\t{met}")
    if options.drop:
        drop(options.data, {row for _, row, _ in found})
    print(f"{len(found)} meetings with {len(options.sets)} sets", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
