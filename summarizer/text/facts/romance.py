"""Times of day in French, Spanish and Italian: 17 heures 30, 17h30, las cinco de la tarde, alle ore 17, sette e mezza."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from summarizer.text.facts.days import small
from summarizer.text.facts.lexicon import units
from summarizer.text.facts.run import Matched, Run, key
from summarizer.text.facts.times import Hour, Time, both, timed
from summarizer.text.facts.words import half_after, with_half


class Marks(NamedTuple):
    """The words for hours, what stands before an hour, and the halves of the day."""

    hours: frozenset[str]
    before: frozenset[str]
    morning: frozenset[str]
    evening: frozenset[str]


def _marks(hours: str, before: str, morning: str, evening: str) -> Marks:
    return Marks(*(frozenset(words.split()) for words in (hours, before, morning, evening)))


_MARKS = {
    "fr": _marks("heures heure h", "", "matin", "soir après-midi midi"),
    "es": _marks("horas hora h", "las", "mañana madrugada", "tarde noche"),
    "it": _marks("ore ora", "ore alle dalle le", "mattino mattina", "pomeriggio sera notte"),
}
LANGUAGES = frozenset(_MARKS)
_OF_DAY = frozenset(("du", "de", "del", "di"))
_GLUED = re.compile(r"h(?:[0-5]\d)?")


def hours(run: Run, index: int, hour: Hour) -> Matched:
    """The time that begins with ``hour`` at ``index``, digits or word; without a mark it may be a number as well."""
    near = run.word(hour.end) in run.lexicon.joins or run.word(hour.end) in _MARKS[run.lexicon.language].hours
    half = half_after(run, hour.end) if near and not hour.minute else None
    if half:
        return [with_half(run, (index, half), Fraction(hour.hour))], half
    time = _marked(run, index, hour)
    if time:
        fact = timed(run, (index, time.end), time.hours, time.minute)
        open_ = not time.minute and len(time.hours) > 1  # "deux heures" is two hours as well
        return [replace(fact, needs=(*fact.needs, key(hour.hour))) if open_ else fact], time.end
    counted = units().get(run.word(hour.end)) or run.word(hour.end) in run.lexicon.scales
    if counted or hour.minute or run.word(index - 1) not in _MARKS[run.lexicon.language].before:
        return None
    fact = timed(run, (index, hour.end), both(hour.hour), 0)
    return [replace(fact, needs=(*fact.needs, key(hour.hour)))], hour.end


def _marked(run: Run, index: int, hour: Hour) -> Time | None:
    marks = _MARKS[run.lexicon.language]
    word, end, minute = run.word(hour.end), hour.end, hour.minute
    if word in marks.hours:
        end += 1
        later = small(run, end, 59) if not minute else None
        minute, end = (later, end + 1) if later and run.lexicon.language == "fr" else (minute, end)
    elif run.at(hour.end).glued and _GLUED.fullmatch(word):
        minute, end = int(word[1:] or 0), end + 1
    near = {run.word(end + step) for step in range(3)} if run.word(end) in _OF_DAY else set()
    if near & (marks.morning | marks.evening):
        return Time(both(hour.hour)[:1] if near & marks.morning else both(hour.hour)[::-1][:1], minute, end)
    said = end > hour.end or run.word(index - 1) == "ore" or (minute and run.word(index - 1) in marks.before)
    return Time(both(hour.hour), minute, end) if said else None
