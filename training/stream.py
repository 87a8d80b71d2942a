"""An endless, restartable stream of sentence pairs: groups drawn by weight, lightly augmented, each read in shuffled rounds."""

import random
from pathlib import Path
from typing import Any

from training import augment
from training.junk import junk_pair
from training.recipe import GROUPS, draw_rates

Pair = tuple[str, str]

IDENTITY_SHARE = 0.02  # English in, the same English out
JUNK_SHARE = 0.01
NAME_SHARE = 0.20  # of pairs that have shared names
NUMBER_SHARE = 0.20
SHOUT_SHARE = 0.01
STOPLESS_SHARE = 0.02
JOIN_SHARE = 0.05
REQUOTE_SHARE = 0.5
COPYING_GROUPS = ("news", "parliament", "wiki", "web", "projects")


class Pool:
    """One group's lines, handed out in a new order every round."""

    def __init__(self, name: str, lines: list[str]) -> None:
        self.name, self.lines = name, lines
        self.round, self.place = 0, 0
        self.order = self._order()

    def _order(self) -> list[int]:
        order = list(range(len(self.lines)))
        random.Random(f"{self.name}/{self.round}").shuffle(order)
        return order

    def next(self) -> Pair:
        if self.place == len(self.order):
            self.round, self.place = self.round + 1, 0
            self.order = self._order()
        german, english = self.lines[self.order[self.place]].split("\t")
        self.place += 1
        return german, english

    def resume(self, round_: int, place: int) -> None:
        self.round, self.place = round_, place
        self.order = self._order()


class PairStream:
    """`next(progress)` gives one pair as the recipe wants it at this share of the run."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.rng = random.Random(seed)
        self.names = (folder / "names.txt").read_text(encoding="utf-8").split("\n")[:-1]
        self.pools = {
            group.name: Pool(group.name, (folder / f"{group.name}.tsv").read_text(encoding="utf-8").splitlines())
            for group in GROUPS
        }

    def next(self, progress: float) -> Pair:
        kind = self.rng.random()
        if kind < JUNK_SHARE:
            return junk_pair(self.rng, self.names)
        if kind < JUNK_SHARE + IDENTITY_SHARE:
            return augment.unchanged(self._varied(progress)[1])
        pair = self._varied(progress)
        if self.rng.random() < JOIN_SHARE:
            pair = augment.joined(pair, self._varied(progress))
        return pair

    def _varied(self, progress: float) -> Pair:
        rates = draw_rates(progress)
        names = list(self.pools)
        name = self.rng.choices(names, [rates[name] * len(self.pools[name].lines) for name in names])[0]
        pair = self.pools[name].next()
        draw = self.rng.random
        if name in COPYING_GROUPS and draw() < NAME_SHARE:
            pair = augment.swap_names(pair, self.rng, self.names)
        if draw() < NUMBER_SHARE:
            pair = augment.swap_numbers(pair, self.rng)
        if draw() < STOPLESS_SHARE:
            pair = augment.without_stop(pair)
        if draw() < SHOUT_SHARE:
            pair = augment.shout(pair)
        return (augment.requote(pair[0], self.rng), pair[1]) if draw() < REQUOTE_SHARE else pair

    def state(self) -> dict[str, Any]:
        places = {name: (pool.round, pool.place) for name, pool in self.pools.items()}
        return {"random": self.rng.getstate(), "places": places}

    def load(self, state: dict[str, Any]) -> None:
        self.rng.setstate(state["random"])
        for name, (round_, place) in state["places"].items():
            self.pools[name].resume(round_, place)
