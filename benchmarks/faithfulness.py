"""How many broken facts the guard finds, and how often it cries wolf.

    python -m benchmarks.faithfulness PAIRS.tsv.gz [MORE.tsv.gz ...] [--seed 7] [--show KIND]

PAIRS is German TAB English, both by people. From every English side that holds a fact of a kind, one copy is made with
that fact broken: a number or date changed, a name swapped for one from another pair, a negation removed or put in.
What is changed is found here by simple patterns of their own, not by the guard. Recall is the share of broken copies
with a flagged finding that the untouched pair has not; false alarms are the untouched pairs with a flagged finding.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.setting import setting
from summarizer.stages.checks import TranslationGuard, flagged
from summarizer.types import Finding

_NUMBER = re.compile(r"(?<![\w.,:/-])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.,:/-])\d+(?:\.\d+)?(?![\d:/]|[.,]\d)")
_NUMBER_WORDS = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "twelve",
    "twenty",
    "thirty",
    "fifty",
)
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_CALENDAR = re.compile(rf"\b(?:{'|'.join(_MONTHS + _DAYS)})\b")
_YEAR = re.compile(r"(?<![\w.,$€£-])(?:19|20)\d\d(?![\w.,]\d|\w)")
_TIME = re.compile(r"\b(1[0-2]|[1-9])(?=(?:[:.]\d\d)? ?(?:a\.m\.|p\.m\.|am\b|pm\b))")
_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][a-zà-ü]{3,}(?![\w-])")
_NOT = re.compile(
    r"(?<! or) not\b(?! only| just| least)|\bwon't\b|\bcan't\b|(?<=[a-z])n't\b|\bnever |\bwithout |\bno (?=[a-z])(?!matter)"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|will|would|can|could|should|must|has|have|had)\b(?! not|n't| been never| no\b)"
)
_GIVEN = {"n't": "", "won't": "will", "can't": "can", " not": "", "never ": "", "without ": "with ", "no ": "the "}


_KINDS = ("number", "date", "name", "not lost", "not added")


def number(english: str, german: str, chance: random.Random) -> str | None:
    """One number of the sentence changed: digits to other digits, a word to another."""
    del german
    places = [
        match
        for match in (*_NUMBER.finditer(english), *_NUMBER_WORD.finditer(english))
        if not _YEAR.fullmatch(match.group())
    ]
    if not places:
        return None
    match = chance.choice(places)
    word = match.group()
    if word in _NUMBER_WORDS:
        return _put(english, match, chance.choice([other for other in _NUMBER_WORDS if other != word]))
    digits = [index for index, char in enumerate(word) if char.isdecimal()]
    place = chance.choice(digits)
    return _put(
        english, match, word[:place] + chance.choice([d for d in "123456789" if d != word[place]]) + word[place + 1 :]
    )


def date(english: str, german: str, chance: random.Random) -> str | None:
    """One month, weekday, year or hour of the sentence changed."""
    del german
    places = [match for pattern in (_CALENDAR, _YEAR, _TIME) for match in pattern.finditer(english)]
    if not places:
        return None
    match = chance.choice(places)
    word = match.group()
    if word.isdecimal():
        years = len(word) == 4
        others = (
            [str(int(word) + step) for step in (-9, -3, -2, -1, 1, 2, 3, 8)]
            if years
            else [str(n) for n in range(1, 13)]
        )
    else:
        others = _MONTHS if word in _MONTHS else _DAYS
    return _put(english, match, chance.choice([other for other in others if other != word]))


def names_of(english: str, german: str, small: frozenset[str]) -> list[re.Match[str]]:
    """Capitals in mid-sentence that the German has too, itself or from a short list, and that nobody writes small."""
    words = set(re.findall(r"\w+", german))
    stems = {word.rstrip("s") for word in words}
    return [
        match
        for match in _CAPITAL.finditer(english)
        if match.group() not in _MONTHS + _DAYS
        and match.group().lower() not in small
        and (
            match.group() in words
            or match.group() in stems
            or any(word.startswith(_EXONYMS.get(match.group(), "\0")) for word in words)
        )
    ]


_EXONYMS = {
    "Munich": "München", "Cologne": "Köln", "Vienna": "Wien", "Germany": "Deutschland", "France": "Frankreich", "Russia": "Russland",
    "Turkey": "Türkei", "Austria": "Österreich", "Switzerland": "Schweiz", "Italy": "Italien", "Spain": "Spanien", "Greece": "Griechenland",
    "Syria": "Syrien", "Moscow": "Moskau", "Brussels": "Brüssel", "Bavaria": "Bayern", "Britain": "Großbritannien", "Poland": "Polen",
    "Europe": "Europa", "America": "Amerika", "Brazil": "Brasilien", "Ukraine": "Ukraine", "Saxony": "Sachsen", "Rome": "Rom",
}  # fmt: skip


def lost(english: str, german: str, chance: random.Random) -> str | None:
    """A negation taken out."""
    del german, chance
    match = _NOT.search(english)
    return _put(english, match, _GIVEN[match.group()]) if match else None


def added(english: str, german: str, chance: random.Random) -> str | None:
    """A negation put in after the first verb of a sentence that has none."""
    del german, chance
    verb = None if _NOT.search(english) else _VERB.search(english)
    return _put(english, verb, verb.group() + " not") if verb else None


def _put(text: str, match: re.Match[str], word: str) -> str:
    return text[: match.start()] + word + text[match.end() :]


def names(pairs: list[tuple[str, str]]) -> Callable[[str, str, random.Random], str | None]:
    """A breaker that swaps one name for a name of another pair."""
    small = frozenset(word for _, english in pairs for word in re.findall(r"\b[a-z]+\b", english))
    pool = sorted({match.group() for german, english in pairs for match in names_of(english, german, small)})

    def name(english: str, german: str, chance: random.Random) -> str | None:
        places = names_of(english, german, small)
        if not places:
            return None
        match = chance.choice(places)
        others = [other for other in chance.sample(pool, min(20, len(pool))) if other not in english]
        fitting = [other for other in others if other not in german]
        return _put(english, match, fitting[0]) if fitting else None

    return name


def broken(pairs: list[tuple[str, str]], kind: str, seed: int) -> Iterator[tuple[str, str, str]]:
    """German, English, and English with one fact of the kind broken."""
    chance = random.Random(seed)
    breakers = {"number": number, "date": date, "name": names(pairs), "not lost": lost, "not added": added}
    breaker = breakers[kind]
    for german, english in pairs:
        changed = breaker(english, german, chance)
        if changed and changed != english:
            yield german, english, changed


def guarded(german: str, english: str) -> tuple[Finding, ...]:
    """The flagged findings of a pair."""
    return flagged(TranslationGuard(german, "de").findings(english, language="en", quick=True))


def seen(findings: tuple[Finding, ...]) -> set[tuple[str, str, str | None]]:
    """What findings say, comparable."""
    return {(finding.kind, finding.value, finding.expected) for finding in findings}


def report(pairs: list[tuple[str, str]], *, seed: int, show: str | None) -> None:
    """Print recall per kind, then false alarms per kind and together, then speed."""
    print("| kind | broken | found | recall |\n|---|---:|---:|---:|")
    for kind in _KINDS:
        total = hits = 0
        for german, english, changed in broken(pairs, kind, seed):
            total += 1
            hit = bool(seen(guarded(german, changed)) - seen(guarded(german, english)))
            hits += hit
            if show == kind and not hit:
                print(f"  missed: {german}\n          {changed}")
        print(f"| {kind} | {total} | {hits} | {100 * hits / max(total, 1):.1f} % |")
    start = time.process_time()
    alarms = [{finding.kind for finding in guarded(german, english)} for german, english in pairs]
    spent = time.process_time() - start
    by_kind = Counter(kind for kinds in alarms for kind in kinds)
    wrong = sum(map(bool, alarms))
    print(f"\nFalse alarms on {len(pairs)} untouched pairs: {wrong} = {100 * wrong / len(pairs):.2f} %")
    print(", ".join(f"{kind} {count} ({100 * count / len(pairs):.2f} %)" for kind, count in sorted(by_kind.items())))
    print(f"\nSpeed: {1e6 * spent / len(pairs):.0f} microseconds of processor time per pair, both sides read")


def main() -> None:
    """Read the pairs, print the table with date, machine and versions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path, nargs="+")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--limit", type=int, default=None, help="only so many pairs")
    parser.add_argument("--show", choices=_KINDS, help="print what was missed of a kind")
    arguments = parser.parse_args()
    print(setting("babel", "rapidfuzz"))
    for path in arguments.pairs:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [line.rstrip("\n").split("\t")[:2] for line in lines]
        pairs = [(german, english) for german, english in rows][: arguments.limit]
        print(f"\n### {path.name}\n")
        report(pairs, seed=arguments.seed, show=arguments.show)


if __name__ == "__main__":
    main()
