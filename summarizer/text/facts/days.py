"""Days, months and weekdays, in digits and in words."""

from __future__ import annotations

from dataclasses import replace

from summarizer.text.facts.fact import Fact
from summarizer.text.facts.quantity import DIGIT
from summarizer.text.facts.run import Matched, Run, amount, key
from summarizer.text.facts.spelled import LONGEST
from summarizer.text.facts.tokens import DIGITS

CALENDAR = 0.8  # a month or weekday by name


BETWEEN = frozenset(
    ("bis", "und", "to", "and", "until", "till", "-", "–", "/", "au", "à", "a", "al", "et", "y", "e", "oder", "or")
)


_OF = frozenset(("of", "de", "the", "di"))


_ORDINAL = frozenset(("st", "nd", "rd", "th", "er", "º", "°", "."))


def in_digits(run: Run, index: int) -> Matched:
    """A date that begins with the digits at ``index``."""
    return _numeric(run, index) or _day_month(run, index)


def in_words(run: Run, index: int) -> Matched:
    """A date that begins with the word at ``index``."""
    lexicon = run.lexicon
    word = run.word(index)
    if word in lexicon.months or word in lexicon.month_shorts:
        return _month(run, index)
    if word in lexicon.weekdays:
        return [_named(run, index, f"w:{lexicon.weekdays[word]}", CALENDAR)], index + 1
    return _calendar_part(run, index)


def day_key(month: int, day: int) -> frozenset[str]:
    """The key of a day of the year."""
    return frozenset((f"d:{month:02}-{day:02}",))


def small(run: Run, index: int, most: int) -> int | None:
    token = run.at(index)
    if token.kind != DIGITS or len(token.text) > 2 or not token.text.isdecimal():
        return None
    value = int(token.text)
    return value if 1 <= value <= most else None


def _year_at(run: Run, index: int) -> tuple[int, int] | None:
    """A four-digit year at ``index``, perhaps past a comma or ``de``; with the index after it."""
    if run.word(index) in (",", "de", "."):
        index += 1
    token = run.at(index)
    if token.kind == DIGITS and len(token.text) == 4 and token.text.isdecimal() and 1000 < int(token.text) < 2200:
        return int(token.text), index + 1
    return None


def _month_at(run: Run, index: int, *, beside_day: bool) -> tuple[int, int] | None:
    """The month named at ``index``; short names count only beside a day or year."""
    token = run.at(index)
    lexicon = run.lexicon
    number = lexicon.months.get(token.lower)
    if number is None and beside_day:
        number = lexicon.month_shorts.get(token.lower)
    if number is None or (lexicon.language in ("de", "en") and not token.text[0].isupper()):
        return None
    dotted = run.at(index + 1)
    return number, index + 1 + (dotted.text == "." and dotted.glued and token.lower in lexicon.month_shorts)


def dated(run: Run, stretch: tuple[int, int], days: list[tuple[int, int]], year: int | None) -> Fact:
    """A day of the year; two readings where the order of day and month is open."""
    month, day = days[0]
    value = f"{month:02}-{day:02}" if year is None else f"{year}-{month:02}-{day:02}"
    fact = run.fact("date", value, stretch, *(day_key(*each) for each in days), confidence=DIGIT)
    proofs = {f"m:{each[0]}" for each in days} | {f"n:{each[1]}" for each in days}
    needs = fact.needs if year is None else tuple(need | key(year) for need in fact.needs)
    return replace(fact, keys=fact.keys | proofs | (key(year) if year else set()), needs=needs)


def _numeric(run: Run, index: int) -> Matched:
    """12.03.2024, 12.3., 2024-03-12, 3/12/2024."""
    token = run.found[index]
    parts = token.text.split(".")
    end = index + 1
    if len(parts) == 1:
        signs = [run.at(index + step) for step in (1, 3)]
        tied = (
            signs[0].text in ("/", "-")
            and signs[0].text == signs[1].text
            and all(run.at(index + step).glued for step in (1, 2, 3, 4))
        )
        if not tied:
            return None
        parts = [token.text, run.word(index + 2), run.word(index + 4)]
        end = index + 5
    elif len(parts) == 2 and run.at(index + 1).text == "." and run.at(index + 1).glued:
        parts, end = [*parts, ""], index + 2
        if run.at(end).kind == DIGITS and run.at(end).glued:
            return None
    if len(parts) != 3 or not all(part.isdecimal() or part == "" for part in parts) or max(map(len, parts)) > 4:
        return None
    return _of_parts(run, (index, end), parts)


def _of_parts(run: Run, stretch: tuple[int, int], parts: list[str]) -> Matched:
    first, second, third = (int(part) if part else 0 for part in parts)
    if len(parts[0]) == 4:
        days, year = [(second, third)], first
    else:
        year = third if third > 99 or not third else third + (2000 if third < 50 else 1900)
        days = [(second, first)]
        if "." not in run.found[stretch[0]].text:
            days = [(first, second), (second, first)] if run.lexicon.language == "en" else [*days, (first, second)]
    days = [day for day in days if 1 <= day[0] <= 12 and 1 <= day[1] <= 31]
    if not days or (year and not 1000 < year < 2200):
        return None
    if not parts[2]:
        decimal = amount(run.found[stretch[0]].text, ".")  # "um 2.3." may be a number at the end of a sentence
        fact = dated(run, stretch, days, None)
        extra = key(decimal) if decimal is not None else frozenset[str]()
        return [replace(fact, keys=fact.keys | extra, needs=(*fact.needs, extra))], stretch[1]
    return [dated(run, stretch, days, year)], stretch[1]


def _ordinal_end(run: Run, index: int) -> int:
    """The index after a day number and its ordinal mark."""
    mark = run.at(index + 1)
    return index + 2 if mark.glued and mark.lower in _ORDINAL else index + 1


def _day_month(run: Run, index: int, *, first: bool = True) -> Matched:
    """12. März 2024, 12th of March, 12 de marzo de 2024; and both days of 12. bis 14. März."""
    day = small(run, index, 31)
    if day is None:
        return None
    end = _ordinal_end(run, index)
    if run.word(end) in BETWEEN and first:
        later = _day_month(run, end + 1, first=False) if small(run, end + 1, 31) else None
        if later is None or "-" not in later[0][0].value:
            return None
        month = int(later[0][0].value.split("-")[-2])
        return [dated(run, (index, end), [(month, day)], None), *later[0]], later[1]
    while run.word(end) in _OF:
        end += 1
    named = _month_at(run, end, beside_day=True)
    if named is None:
        return None
    month, end = named
    year = _year_at(run, end)
    end = year[1] if year else end
    return [dated(run, (index, end), [(month, day)], year[0] if year else None)], end


def _calendar_part(run: Run, index: int) -> Matched:
    """``Mittwochabend`` is asked for; other compounds (``Septemberausgabe``, ``Sonntagsfahrer``) only prove."""
    word = run.word(index)
    lexicon = run.lexicon
    if lexicon.language != "de" or len(word) > LONGEST:
        return None
    if word == "nacht":
        return _eve(run, index)
    day = next((name for name in lexicon.weekdays if word.startswith(name)), None)
    if day is None:
        month = next((name for name in lexicon.months if len(name) > 3 and word.startswith(name)), None)
        return ([_named(run, index, f"m:{lexicon.months[month]}", 0)], index + 1) if month else None
    asked = word.removeprefix(day) in ("abend", "morgen", "nacht", "nachmittag", "vormittag", "mittag", "früh")
    return [_named(run, index, f"w:{lexicon.weekdays[day]}", CALENDAR * asked)], index + 1


def _eve(run: Run, index: int) -> Matched:
    """``Nacht zum Freitag`` is Thursday night in English."""
    day = run.lexicon.weekdays.get(run.word(index + 2)) if run.word(index + 1) in ("zum", "zu", "auf") else None
    if day is None:
        return None
    needs = tuple(frozenset((f"w:{number % 7}",)) for number in (day, day - 1))
    return [run.fact("date", f"weekday {day + 1}", (index, index + 3), *needs, confidence=CALENDAR)], index + 3


def _named(run: Run, index: int, key_: str, confidence: float) -> Fact:
    name = {"m": "month", "w": "weekday"}[key_[0]]
    number = int(key_[2:]) + (key_[0] == "w")
    return run.fact("date", f"{name} {number}", (index, index + 1), frozenset((key_,)), confidence=confidence)


def _month(run: Run, index: int) -> Matched:
    """March 12, 2024; March 2024; March 12-14; a month by itself."""
    beside = run.at(index + 1).kind == DIGITS or (run.word(index + 1) == "." and run.at(index + 2).kind == DIGITS)
    named = _month_at(run, index, beside_day=beside)
    if named is None:
        return None
    month, end = named
    day = small(run, end, 31) if run.lexicon.language == "en" else None
    if day is None:
        return _month_alone(run, index, month, end)
    facts, end = _days_after(run, (index, end), month)
    year = _year_at(run, end)
    if year:
        facts.append(run.fact("date", str(year[0]), (year[1] - 1, year[1]), key(year[0]), confidence=DIGIT))
        end = year[1]
    return facts, end


def _days_after(run: Run, stretch: tuple[int, int], month: int) -> tuple[list[Fact], int]:
    facts = []
    index, end = stretch
    while (day := small(run, end, 31)) is not None:
        after = _ordinal_end(run, end) if run.at(end + 1).lower != "." else end + 1
        facts.append(dated(run, (index, after), [(month, day)], None))
        index = end = after
        if run.word(end) not in BETWEEN or small(run, end + 1, 31) is None:
            break
        index = end = end + 1
    return facts, end


_OPENING = frozenset((".", '"', ":", "!", "?", "“", "”", "(", "-", "–"))


def _month_alone(run: Run, index: int, month: int, end: int) -> Matched:
    modal = run.lexicon.language == "en" and run.word(index) in ("may", "march") and not _year_at(run, end)
    before = run.at(index - 1)
    if modal and (index == 0 or before.text in _OPENING or before.text[:1].isupper()):
        return None  # "May I?", "Theresa May"
    return [month_alone(run, (index, end), month)], end


def month_alone(run: Run, stretch: tuple[int, int], month: int) -> Fact:
    """A month by itself."""
    return run.fact("date", f"month {month}", stretch, frozenset((f"m:{month}",)), confidence=CALENDAR)
