"""Outputs that say the same again and again: found, and cut to one turn. Nothing else is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# A block of tokens that stands three times in a row over at least a dozen tokens (a four-gram three times) is a loop.
REPEATS, TOKENS, LONGEST_BLOCK = 3, 12, 64
# Of a loop's tokens at most every third is new, so a sequence that repeats fewer than these holds none.
_REPEATED = TOKENS - TOKENS // REPEATS
# Spelt in another way ("aa aaa a aa ..."), a loop of letters has still half of them.
_SUSPICIOUS = _REPEATED // 2


@dataclass(frozen=True, slots=True)
class Loop:
    """Where it stands: ``tokens[start:end]`` are turns of ``block`` tokens, the last one perhaps unfinished."""

    start: int
    end: int
    block: int


def loop_in(tokens: Sequence[str]) -> Loop | None:
    """The loop of the shortest block, in its whole length, or None."""
    if len(tokens) - len(set(tokens)) < _REPEATED:
        return None
    for block in range(1, min(len(tokens) // REPEATS, LONGEST_BLOCK) + 1):
        needed = max(TOKENS, REPEATS * block) - block
        run = 0
        for place in range(block, len(tokens) + 1):
            if place < len(tokens) and tokens[place] == tokens[place - block]:
                run += 1
            elif run >= needed:
                return Loop(place - run - block, place, block)
            else:
                run = 0
    return None


def may_loop(tokens: Sequence[str]) -> bool:
    """Whether so many tokens are repeated that the text may hold a loop, however it is split into tokens."""
    return len(tokens) - len(set(tokens)) >= _SUSPICIOUS


def one_turn(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """``tokens`` with every loop cut to its first turn; an unfinished turn stays only where the text goes on."""
    while loop := loop_in(tokens):
        whole = (loop.end - loop.start) // loop.block * loop.block
        rest = loop.end if loop.end == len(tokens) else loop.start + whole
        tokens = tokens[: loop.start + loop.block] + tokens[rest:]
    return tokens
