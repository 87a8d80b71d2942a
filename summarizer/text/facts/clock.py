"""Times of day: 17.30 Uhr, 5:30 p.m., 17h30, halb acht, half past seven."""

from __future__ import annotations

import re
from dataclasses import replace

from summarizer.text.facts import romance
from summarizer.text.facts.days import BETWEEN, small
from summarizer.text.facts.fact import Kind
from summarizer.text.facts.lexicon import Lexicon, units
from summarizer.text.facts.run import Matched, Run, amount, key
from summarizer.text.facts.spelled import cardinal
from summarizer.text.facts.times import Hour, Time, both, timed
from summarizer.text.facts.tokens import DIGITS, WORD

_MORNING = frozenset(("morgens", "früh", "frühmorgens", "vormittags", "vormittag"))
_EVENING = frozenset(("abends", "nachmittags", "abend", "nachmittag"))
_NIGHT = frozenset(("nachts", "nacht"))
_LATER = re.compile(r"\w*(?:abends?|nachmittags?|nachts?)")  # anywhere in the sentence: the hour may be of the evening
_AROUND = 12  # words before and after an hour that may say which half of the day is meant


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
    return [timed(run, (index, marked.end), marked.hours, marked.minute, open_=marked.open_)], marked.end


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
    """17 Uhr 30, 8 Uhr morgens, 8 Uhr abends: the 24-hour clock, unless words beside it say which half is meant."""
    minute, end = hour.minute, hour.end + 1
    later = small(run, end, 59) if not minute else None
    if later and run.word(end + 1) not in ("prozent", "%", "euro", "uhr"):
        minute, end = later, end + 1
    said = _half_said(run, hour.hour, end)
    if said:
        return Time(said, minute, end)
    hours = both(hour.hour)
    token = run.at(hour.end - 1)
    if len(hours) == 1 or token.kind != DIGITS or _of_evening(run, hour.end):
        return Time(hours, minute, end)
    if minute or _padded(run, hour.end - 1):
        return Time((hour.hour % 24,), minute, end)
    return Time(hours, minute, end, open_=hour.hour < 12)


def _half_said(run: Run, hour: int, end: int) -> tuple[int, ...]:
    """The hour where the words after it name the half of the day: ``nachts``, ``am Abend``, ``Dienstag früh``."""
    words = []
    for index in range(end, end + 3):
        token = run.at(index)
        if token.kind != WORD:
            break
        words.append("morgens" if token.text == "Morgen" else token.lower)
    near = frozenset(words)
    if hour > 12 or not hour:
        return ()
    if near & _MORNING:
        return (hour % 12 if hour < 12 else 12,)
    if near & _NIGHT:
        return (hour % 12 + 12 * (7 < hour < 12),)
    if near & _EVENING:
        return ((hour % 12 + 12) % 24 if hour < 12 or "nachmittags" in near else 0,)
    return ()


def _of_evening(run: Run, index: int) -> bool:
    """Whether the words around ``index``, within the sentence, speak of an afternoon, an evening or a night."""
    for step in (-1, 1):
        for place in range(index, index + step * _AROUND, step):
            token = run.at(place)
            if token.text in _ENDS:
                break
            if token.kind == WORD and _LATER.fullmatch(token.lower):
                return True
    return False


_ENDS = frozenset((".", "!", "?", ";", ""))


def _padded(run: Run, index: int) -> bool:
    """``08``, ``08.45``, ``08:45``: only the 24-hour clock writes a zero before the hour."""
    place = index - 2 if run.word(index - 1) == ":" and run.at(index).glued else index
    return run.word(place).partition(".")[0].startswith("0")


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
    hours = (hour.hour % 24,) if _padded(run, hour.end - 1) else both(hour.hour)
    fact = timed(run, (index, hour.end), hours, hour.minute)
    value = amount(text, ".") if dotted else None
    other = key(value) if value is not None else frozenset((f"s:{hour.hour}:{hour.minute}",))
    kind: Kind = "number" if dotted and units().get(run.word(hour.end)) else fact.kind
    needs = (other,) if kind == "number" else (*fact.needs, other)
    return [replace(fact, kind=kind, keys=fact.keys | other, needs=needs)], hour.end


def _against(run: Run, stretch: tuple[int, int], minutes: int) -> Matched:
    """So many minutes against the full hour that stands after ``stretch``."""
    index, place = stretch
    hour = _hour_word(run, place)
    if hour is None or (run.at(place + 1).kind == WORD and run.word(place + 1) in _COUNTED):
        return None
    total = hour * 60 + minutes
    end = place + 1 + (run.lexicon.language == "de" and run.word(place + 1) == "uhr")
    hours = both(total // 60 or 12)
    if run.lexicon.language == "de":
        hours = _half_said(run, total // 60 or 12, end) or hours
    return [timed(run, (index, end), hours, total % 60)], end


def _minutes_against(run: Run, index: int) -> Matched:
    """``fünf vor halb neun``, ``zehn nach halb acht``."""
    step = {"vor": -1, "nach": 1}.get(run.word(index + 1))
    if run.lexicon.language != "de" or step is None or run.word(index + 2) != "halb":
        return None
    counted = cardinal(run.found, index, run.lexicon)
    if counted is None or not 1 <= counted.value <= 20:
        return None
    return _against(run, (index, index + 3), -30 + step * int(counted.value))


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
        return _against(run, (index, index + relative[1] + article), relative[0])
    counted = _minutes_against(run, index)
    if counted:
        return counted
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
        if word in ("halb", "dreiviertel", "viertel") and following not in ("nach", "vor"):
            return {"halb": -30, "viertel": -45, "dreiviertel": -15}[word], 1
        if word == "viertel":
            return (15 if following == "nach" else -15), 2
        if word == "drei" and following == "viertel":
            return -15, 2
    if lexicon.language == "en" and following in ("past", "to", "after"):
        if word == "half":
            return (30, 2) if following == "past" else None
        if word == "quarter":
            return (-15 if following == "to" else 15), 2
    return None
