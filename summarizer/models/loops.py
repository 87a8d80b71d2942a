"""Outputs that say the same again and again: found, and cut to one turn. Nothing else is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# A block of tokens that stands three times in a row over at least a dozen tokens (a four-gram three times) is a loop.
REPEATS, TOKENS, LONGEST_BLOCK = 3, 12, 64
GRAM = TOKENS // REPEATS
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

    @property
    def turns(self) -> int:
        """Whole turns."""
        return (self.end - self.start) // self.block


def loop_in(tokens: Sequence[str], excuse: Loop | None = None) -> Loop | None:
    """The loop of the shortest block, in its whole length, or None.

    ``excuse`` is the loop of the source: what is no worse is none. "Nein, nein, nein, nein" is translated as it stands.
    """
    if len(tokens) - len(set(tokens)) < _REPEATED:
        return None
    for block in range(1, min(len(tokens) // REPEATS, LONGEST_BLOCK) + 1):
        needed = max(TOKENS, REPEATS * block, (allowed(block, excuse) + 1) * block) - block
        run = 0
        for place in range(block, len(tokens) + 1):
            if place < len(tokens) and tokens[place] == tokens[place - block]:
                run += 1
            elif run >= needed:
                return Loop(place - run - block, place, block)
            else:
                run = 0
    return None


def allowed(block: int, excuse: Loop | None) -> int:
    """Turns of so many tokens that an output may say: the source's, but for a source whose loop has a longer block."""
    return 1 if excuse is None or block <= GRAM < excuse.block else excuse.turns


def may_loop(tokens: Sequence[str]) -> bool:
    """Whether so many tokens are repeated that the text may hold a loop, however it is split into tokens."""
    return len(tokens) - len(set(tokens)) >= _SUSPICIOUS


def cut_loops(tokens: tuple[str, ...], excuse: Loop | None = None) -> tuple[str, ...]:
    """``tokens`` with every loop cut to one turn, or to as many as the source has.

    An unfinished turn stays only where the text goes on.
    """
    while loop := loop_in(tokens, excuse):
        kept = loop.start + allowed(loop.block, excuse) * loop.block
        rest = loop.end if loop.end == len(tokens) else loop.start + loop.turns * loop.block
        tokens = tokens[:kept] + tokens[rest:]
    return tokens
