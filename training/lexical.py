"""Pairs whose words do not know each other: IBM model 1 in both directions, and the worst pairs of every group leave.

python -m training.lexical --data prepared --out cleaner            # writes the kept pairs and what was refused, worst first
"""

import argparse
import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.recipe import GROUPS

STEM = 6  # letters of a word that count: German endings would otherwise make ten words of one
WORDS = 60_000  # most frequent stems per language that are known at all
SAMPLE, LONGEST = 150_000, 40  # pairs the tables are learnt from, words per side
ROUNDS = 4  # of expectation and maximisation
UNKNOWN = 1e-4  # probability of a word that no word of the other side explains
# Mean log-probability per word, in the worse direction, under which a pair goes. Of 14 pairs under it read at random 8
# were no translations of each other; of 14 between it and -5.0 one was. It refuses 666 of 502,803 pairs.
WORST = -5.5
FEWEST = 10  # words of the longer side: short everyday speech is seldom literal and scores as badly as what is wrong

_WORD = re.compile(r"\w+")
Numbers = NDArray[np.int64]


def stems(text: str) -> list[str]:
    """Lower-case words cut to STEM letters."""
    return [word[:STEM] for word in _WORD.findall(text.lower())]


@dataclass(frozen=True, slots=True)
class Table:
    """How likely a word of the other side is, given a word of this one: sorted keys (this x width + other) and values."""

    keys: Numbers
    values: NDArray[np.float64]
    width: int

    def look(self, given: Numbers, wanted: Numbers) -> NDArray[np.float64]:
        """(given, wanted) probabilities of all combinations."""
        asked = given[:, None] * self.width + wanted[None]
        place = np.minimum(np.searchsorted(self.keys, asked), len(self.keys) - 1)
        return np.where(self.keys[place] == asked, self.values[place], 0.0)


def learn(pairs: Sequence[tuple[Numbers, Numbers]], width: int) -> Table:
    """Model 1 by ROUNDS of EM; `pairs` are (given, wanted) word numbers, 0 standing for "no word"."""
    cells, groups, group = [], [], 0
    for given, wanted in pairs:
        cells.append((given[:, None] * width + wanted[None]).T.ravel())
        groups.append(np.repeat(np.arange(group, group + len(wanted)), len(given)))
        group += len(wanted)
    keys, place = np.unique(np.concatenate(cells), return_inverse=True)
    words = np.concatenate(groups)
    values = np.ones(len(keys))
    owner = np.unique(keys // width, return_inverse=True)[1]
    for _ in range(ROUNDS):
        share = values[place]
        share /= np.bincount(words, share)[words]
        values = np.bincount(place, share, minlength=len(keys))
        values /= np.bincount(owner, values)[owner]
    kept = values > UNKNOWN
    return Table(keys[kept], values[kept], width)


def score(given: Numbers, wanted: Numbers, table: Table) -> float:
    """Mean over the wanted words of the log-probability that the best given word explains them."""
    return float(np.log(np.maximum(table.look(given, wanted).max(axis=0), UNKNOWN)).mean())


class Judge:
    """Both tables, learnt from a sample of the pairs they will judge."""

    def __init__(self, pairs: Sequence[tuple[str, str]], seed: int = 1) -> None:
        sample = random.Random(seed).sample(list(pairs), min(SAMPLE, len(pairs)))
        self.german, self.english = _numbered(pair[0] for pair in sample), _numbered(pair[1] for pair in sample)
        coded = [self._coded(pair) for pair in sample]
        coded = [(german, english) for german, english in coded if max(len(german), len(english)) <= LONGEST]
        self.there = learn(coded, WORDS + 1)
        self.back = learn([(english, german) for german, english in coded], WORDS + 1)

    def _coded(self, pair: tuple[str, str]) -> tuple[Numbers, Numbers]:
        sides = zip((self.german, self.english), pair, strict=True)
        german, english = ([0, *(numbers.get(stem, 0) for stem in stems(text))] for numbers, text in sides)
        return np.array(german), np.array(english)

    def score(self, german: str, english: str) -> float:
        """The worse of both directions; 0 for pairs too short to judge."""
        if max(len(german.split()), len(english.split())) < FEWEST:
            return 0.0
        source, target = self._coded((german, english))
        known_source, known_target = source[source > 0], target[target > 0]
        if not len(known_source) or not len(known_target):
            return 0.0
        return min(score(source, known_target, self.there), score(target, known_source, self.back))


def _numbered(texts: Iterator[str]) -> dict[str, int]:
    counts = Counter(stem for text in texts for stem in stems(text))
    return {stem: number for number, (stem, _) in enumerate(counts.most_common(WORDS), 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    lines = {g.name: (options.data / f"{g.name}.tsv").read_text(encoding="utf-8").splitlines() for g in GROUPS}
    judge = Judge([tuple(line.split("\t")) for group in lines.values() for line in group])
    refused: list[tuple[float, str, str]] = []
    for name, group in lines.items():
        scored = [(judge.score(*line.split("\t")), line) for line in group]
        kept = [line for value, line in scored if value >= WORST]
        refused += [(value, name, line) for value, line in scored if value < WORST]
        (options.out / f"{name}.tsv").write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        values = np.array([value for value, _ in scored])
        shares = " ".join(f"{bound}: {np.mean(values < bound):.3%}" for bound in (-6.5, -6, -5.5, -5, -4.5))
        print(f"{name}: {len(group) - len(kept)} of {len(group)} refused; shares below {shares}", flush=True)
    report = "".join(f"{value:.2f}\t{name}\t{line}\n" for value, name, line in sorted(refused))
    (options.out / "refused.tsv").write_text(report, encoding="utf-8")
    shutil.copy(options.data / "names.txt", options.out / "names.txt")


if __name__ == "__main__":
    main()
