"""Sentence pairs packed into full rows of one fixed shape: no padding to speak of, one compilation, mixed lengths.

A batch is either ROWS short rows or, for pairs that do not fit those, half as many rows of twice the length: always the
same number of places.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sentencepiece
import torch

from training.model import Side
from training.tokenizer import END, PAD

SHORT, LONG = 64, 128  # pieces per row and side
ROWS = 64  # short rows per batch: 4,096 places on each side
LONG_ROWS = ROWS * SHORT // LONG
IGNORED = -1
Example = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Batch:
    """`labels` (rows, length): the piece after each target place, IGNORED on padding."""

    source: Side
    target: Side
    labels: torch.Tensor
    pairs: int


def encode(pieces: sentencepiece.SentencePieceProcessor, pair: tuple[str, str]) -> Example:
    """Ids of both sides, each closed with END."""
    return [*pieces.encode(pair[0]), END], [*pieces.encode(pair[1]), END]


def pack(examples: Sequence[Example], rows: int, length: int) -> tuple[list[list[Example]], list[Example]]:
    """Rows of examples that fit `length` on both sides, longest first where they fit; and what found no place."""
    packed: list[list[Example]] = [[] for _ in range(rows)]
    room = [(length, length)] * rows
    left: list[Example] = []
    for example in sorted(examples, key=lambda e: -max(len(e[0]), len(e[1]))):
        need = (len(example[0]), len(example[1]))
        for row, space in enumerate(room):
            if need[0] <= space[0] and need[1] <= space[1]:
                packed[row].append(example)
                room[row] = (space[0] - need[0], space[1] - need[1])
                break
        else:
            left.append(example)
    return packed, left


def to_batch(packed: list[list[Example]], length: int) -> Batch:
    """Tensors of packed rows."""
    source = [_side([e[0] for e in row], length) for row in packed]
    target = [_side([[PAD, *e[1][:-1]] for e in row], length) for row in packed]
    labels = [[piece for e in row for piece in e[1]] for row in packed]
    closed = [row + [IGNORED] * (length - len(row)) for row in labels]
    return Batch(_stack(source), _stack(target), torch.tensor(closed), sum(map(len, packed)))


def _side(sentences: list[list[int]], length: int) -> tuple[list[int], list[int], list[int]]:
    ids = [piece for sentence in sentences for piece in sentence]
    places = [place for sentence in sentences for place in range(len(sentence))]
    segments = [number for number, sentence in enumerate(sentences, 1) for _ in sentence]
    rest = length - len(ids)
    return ids + [PAD] * rest, places + [0] * rest, segments + [0] * rest


def _stack(rows: list[tuple[list[int], list[int], list[int]]]) -> Side:
    ids, places, segments = (torch.tensor(part) for part in zip(*rows, strict=True))
    return Side(ids, places, segments)


class Packer:
    """Draws examples and yields full batches; what is left of one goes first into the next."""

    def __init__(self, draw: Callable[[float], Example]) -> None:
        self.draw = draw
        self.short: list[Example] = []
        self.long: list[Example] = []

    def next(self, progress: float) -> Batch:
        """A batch of short rows; or of long ones once each has its long sentence, the gaps filled with short ones."""
        while _places(self.short) < ROWS * SHORT * 0.98:
            example = self.draw(progress)
            longest = max(len(example[0]), len(example[1]))
            if longest <= SHORT:
                self.short.append(example)
            elif longest <= LONG:
                self.long.append(example)
        if len(self.long) >= LONG_ROWS:
            packed, left = pack(self.long + self.short, LONG_ROWS, LONG)
            self.long = [example for example in left if max(map(len, example)) > SHORT]
            self.short = [example for example in left if max(map(len, example)) <= SHORT]
            return to_batch(packed, LONG)
        packed, self.short = pack(self.short, ROWS, SHORT)
        return to_batch(packed, SHORT)

    def state(self) -> dict[str, Any]:
        return {"short": self.short, "long": self.long}

    def load(self, state: dict[str, Any]) -> None:
        self.short, self.long = state["short"], state["long"]


def _places(examples: list[Example]) -> int:
    return max(sum(len(e[0]) for e in examples), sum(len(e[1]) for e in examples))
