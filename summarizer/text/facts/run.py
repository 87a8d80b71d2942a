"""A text under reading, and how amounts are read and written: the ground that all rules stand on."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from summarizer.text.facts.fact import Fact, Kind
from summarizer.text.facts.lexicon import Lexicon
from summarizer.text.facts.tokens import Token, at

Matched: TypeAlias = "tuple[list[Fact], int] | None"  # what a rule found, and the index after it


_MAX_DIGITS = 40  # longer runs are compared as they stand: int() of a megabyte of digits is refused by Python


class Run:
    """A text under reading: its tokens, its lexicon, and facts made from stretches of tokens."""

    def __init__(self, text: str, found: list[Token], lexicon: Lexicon) -> None:
        self.text = text
        self.found = found
        self.lexicon = lexicon

    def at(self, index: int) -> Token:
        """The token at ``index``, or an empty one."""
        return at(self.found, index)

    def word(self, index: int) -> str:
        """The lower-case text at ``index``."""
        return at(self.found, index).lower

    def fact(self, kind: Kind, value: str, stretch: tuple[int, int], *needs: frozenset[str], confidence: float) -> Fact:
        """A fact over the tokens of ``stretch`` that proves all it needs."""
        start, end = self.found[stretch[0]].start, self.found[stretch[1] - 1].end
        keys = frozenset[str]().union(*needs)
        return Fact(kind, value, self.text[start:end], start, end, keys, needs if confidence else (), confidence)


def shown(value: Fraction) -> str:
    """``3.5``, ``1250000``, ``1/3``: exact, and the same in every language."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest > 1:
        return f"{value.numerator}/{value.denominator}"
    places = len(str(value.denominator)) + 20
    whole = value.numerator * 10**places // value.denominator
    return f"{whole // 10**places}.{whole % 10**places:0{places}d}".rstrip("0")


def key(value: Fraction | int) -> frozenset[str]:
    """The key a number proves and needs."""
    return frozenset((f"n:{value}",))


def amount(digits: str, decimal: str) -> Fraction | None:
    """``1.250.000,5`` as a number, by the language's marks; None for what is no amount (``192.168.0.1``)."""
    if digits.isdecimal():
        return Fraction(int(digits)) if len(digits) <= _MAX_DIGITS else None
    if "٫" in digits or "٬" in digits:
        digits, decimal = digits.replace("٬", "").replace("٫", "."), "."
        if digits.isdecimal():
            return Fraction(int(digits)) if len(digits) <= _MAX_DIGITS else None
    plain = "".join(char for char in digits if char.isdecimal() or char in ".,")
    marks = [char for char in plain if char in ".,"]
    if len(plain) > _MAX_DIGITS:
        return None
    mark = _decimal_mark(plain, marks, decimal)
    if mark is None:
        return None
    whole, _, part = plain.rpartition(mark) if mark else (plain, "", "")
    whole = whole.replace(".", "").replace(",", "")
    return Fraction(int(whole + part), 10 ** len(part))


def _decimal_mark(plain: str, marks: list[str], decimal: str) -> str | None:
    """The mark before the decimals, "" if there is none, None if the groups make no number."""
    if not marks:
        return ""
    kinds = set(marks)
    last = marks[-1]
    groups = plain.replace(",", ".").split(".")
    thousands = groups[0].strip("0") != "" and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(kinds) == 2:
        return last if marks.count(last) == 1 else None
    if len(marks) > 1:
        return "" if thousands else None
    return "" if thousands and last != decimal else last
