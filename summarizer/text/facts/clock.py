"""Times of day: 17.30 Uhr, 5:30 p.m., 17h30, halb acht, half past seven."""

from __future__ import annotations

from dataclasses import replace

from summarizer.text.facts import romance
from summarizer.text.facts.days import BETWEEN, small
from summarizer.text.facts.fact import Kind
from summarizer.text.facts.lexicon import Lexicon, units
from summarizer.text.facts.run import Matched, Run, amount, key
from summarizer.text.facts.spelled import cardinal
from summarizer.text.facts.times import Hour, Time, both, timed
from summarizer.text.facts.tokens import DIGITS, WORD

_MORNING = frozenset(("morgens", "früh", "vormittags", "morgen", "vormittag"))


_EVENING = frozenset(("abends", "nachmittags", "nachts", "abend", "nachmittag"))


def _hour(run: Run, index: int) -> Hour | None:
    """17, 17.30, 17:30 at ``index``."""
    token = run.at(index)
    if token.kind != DIGITS:
        return None
    hour, mark, minute = token.text.partition(".")
    end = index + 1
    if not mark and run.at(end).text == ":" and run.at(end).glued and run.at(end + 1).glued:
        minute, end = run.word(end + 1), end + 2
    if (
        not hour.isdecimal()
        or len(hour) > 2
        or int(hour) > 24
        or (minute and (len(minute) != 2 or not minute.isdecimal()))
    ):
        return None
    return Hour(int(hour), int(minute or 0), end) if int(minute or 0) < 60 else None


def clock(run: Run, index: int, *, first: bool = True) -> Matched:
    """17 Uhr 30, 17.30 Uhr, 5:30 p.m., 17h30, 17:30; and both ends of 14 bis 16 Uhr."""
    hour = _hour(run, index)
    if hour is None:
        return None
    if first and run.word(hour.end) in BETWEEN and run.at(hour.end + 1).kind == DIGITS:
        return _clocks(run, index, hour)
    if run.lexicon.language in romance.LANGUAGES:
        return romance.hours(run, index, hour) or _bare(run, index, hour)
    marked = _marked(run, hour)
    if marked is None:
        return _bare(run, index, hour)
    return [timed(run, (index, marked.end), marked.hours, marked.minute)], marked.end


def _clocks(run: Run, index: int, hour: Hour) -> Matched:
    later = clock(run, hour.end + 1, first=False)
    if later is None or later[0][0].kind != "date":
        return None
    return [timed(run, (index, hour.end), both(hour.hour), hour.minute), *later[0]], later[1]


def _marked(run: Run, hour: Hour) -> Time | None:
    """The time that is meant, where a mark says that this is one."""
    word, end = run.word(hour.end), hour.end + 1
    half = _half_of_day(run, hour.end)
    if half:
        noon = hour.hour % 12 + (12 if half[0] == "p" else 0)
        return Time((noon,), hour.minute, half[1])
    if word == "uhr":
        return _german(run, hour)
    if word == "o'clock" or (word == "hrs" and hour.minute):
        return Time(both(hour.hour), hour.minute, end)
    return None


def _german(run: Run, hour: Hour) -> Time:
    """17 Uhr 30, 8 Uhr morgens, 8 Uhr abends."""
    minute, end = hour.minute, hour.end + 1
    later = small(run, end, 59) if not minute else None
    if later and run.word(end + 1) not in ("prozent", "%", "euro", "uhr"):
        minute, end = later, end + 1
    near = {run.word(end), run.word(end + 1)}
    hours = both(hour.hour)
    if near & _MORNING:
        hours = hours[:1]
    elif near & _EVENING:
        hours = hours[::-1]
    return Time(hours, minute, end)


def _half_of_day(run: Run, index: int) -> tuple[str, int] | None:
    """``a.m.``, ``pm``: the half and the index after it."""
    word = run.word(index)
    if word in ("am", "pm") and run.lexicon.language == "en":
        return word[0], index + 1
    if word in ("a", "p") and run.word(index + 1) == "." and run.word(index + 2) == "m":
        return word, index + 3 + (run.word(index + 3) == ".")
    return None


def _bare(run: Run, index: int, hour: Hour) -> Matched:
    """17:30 with no mark is a time or a score, 17.30 in German a time or a number."""
    text = run.found[index].text
    dotted = "." in text and run.lexicon.decimal != "."
    if run.at(hour.end).text in (":", "-") and run.at(hour.end).glued and run.at(hour.end + 1).kind == DIGITS:
        return None
    if not dotted and (run.at(index + 1).text != ":" or len(run.word(index + 2)) != 2):
        return None
    fact = timed(run, (index, hour.end), both(hour.hour), hour.minute)
    value = amount(text, ".") if dotted else None
    other = key(value) if value is not None else frozenset((f"s:{hour.hour}:{hour.minute}",))
    kind: Kind = "number" if dotted and units().get(run.word(hour.end)) else fact.kind
    needs = (other,) if kind == "number" else (*fact.needs, other)
    return [replace(fact, kind=kind, keys=fact.keys | other, needs=needs)], hour.end


def _hour_word(run: Run, index: int) -> int | None:
    named = cardinal(run.found, index, run.lexicon)
    if named and named.value.denominator == 1 and 1 <= named.value <= 12:
        return int(named.value)
    return 1 if run.word(index) in ("eins", "ein", "one") else small(run, index, 12)


def spoken(run: Run, index: int) -> Matched:
    """``halb acht``, ``Viertel nach acht``, ``half past seven``, ``acht Uhr``, ``noon``."""
    word = run.word(index)
    fixed = _FIXED.get(word)
    if fixed is not None:
        return [
            run.fact(
                "date",
                f"{fixed:02}:00",
                (index, index + 1),
                frozenset((f"t:{fixed:02}:00", f"n:{fixed or 12}")),
                confidence=0,
            )
        ], index + 1
    article = word == "a"
    relative = _relative(run.lexicon, run.word(index + article), run.word(index + article + 1))
    if relative:
        minutes, skip = relative[0], relative[1] + article
        hour = _hour_word(run, index + skip)
        if hour is None or (run.at(index + skip + 1).kind == WORD and run.word(index + skip + 1) in _COUNTED):
            return None
        total = hour * 60 + minutes
        return [timed(run, (index, index + skip + 1), both(total // 60 or 12), total % 60)], index + skip + 1
    if run.lexicon.language in romance.LANGUAGES:
        hour = _hour_word(run, index)
        return romance.hours(run, index, Hour(hour, 0, index + 1)) if hour else None
    hour = _hour_word(run, index) if run.word(index + 1) in _AFTER_HOUR else None
    marked = _marked(run, Hour(hour, 0, index + 1)) if hour else None
    return ([timed(run, (index, marked.end), marked.hours, marked.minute)], marked.end) if marked else None


_FIXED = dict.fromkeys(("noon", "midday", "mittag", "midi", "mediodía", "mezzogiorno"), 12) | dict.fromkeys(
    ("midnight", "mitternacht", "minuit", "medianoche", "mezzanotte"), 0
)
_AFTER_HOUR = frozenset(("uhr", "o'clock", "a", "p", "pm", "am"))
_COUNTED = frozenset(("millionen", "milliarden", "tausend", "million", "billion", "jahre", "prozent"))


def _relative(lexicon: Lexicon, word: str, following: str) -> tuple[int, int] | None:
    """Minutes against the full hour and the number of words before it."""
    if lexicon.language == "de":
        if word == "halb":
            return -30, 1
        if word == "dreiviertel":
            return -15, 1
        if word == "viertel" and following in ("nach", "vor"):
            return (15 if following == "nach" else -15), 2
    if lexicon.language == "en" and following in ("past", "to", "after"):
        if word == "half":
            return (30, 2) if following == "past" else None
        if word == "quarter":
            return (-15 if following == "to" else 15), 2
    return None
