"""Dates, times and large numbers in Chinese, Japanese and Korean, where a sign follows the digits: 3月12日, 17時, 1200万."""

from __future__ import annotations

from summarizer.text.facts.days import dated, month_alone
from summarizer.text.facts.quantity import DIGIT, quantity
from summarizer.text.facts.run import Matched, Run, amount, key
from summarizer.text.facts.times import timed
from summarizer.text.facts.tokens import DIGITS

LANGUAGES = frozenset(("zh", "ja", "ko"))
_YEAR, _MONTH, _DAY, _HOUR, _MINUTE = "年년", "月월", "日号號일", "时時点點시", "分분"


def in_digits(run: Run, index: int) -> Matched:
    """The date, time or scaled number that begins with the digits at ``index``, by the sign that follows."""
    first = _number(run, index)
    if first is None:
        return None
    value, sign = first
    if sign in _YEAR and 1000 < value < 2200:
        day = _day(run, index + 2, value)
        return day or ([run.fact("date", str(value), (index, index + 1), key(value), confidence=DIGIT)], index + 1)
    if sign in _MONTH:
        return _day(run, index, None)
    if sign in _HOUR and value <= 24:
        minute = _number(run, index + 2)
        end = index + 4 if minute and minute[1] in _MINUTE else index + 2
        hours = (value % 24,) if value > 12 else (value, (value + 12) % 24)
        return [timed(run, (index, end), hours, minute[0] % 60 if minute and end == index + 4 else 0)], end
    return _scaled(run, index, sign)


def _number(run: Run, index: int) -> tuple[int, str] | None:
    """A short whole number at ``index`` and the sign right after it."""
    token, sign = run.at(index), run.at(index + 1)
    if token.kind != DIGITS or not token.text.isdecimal() or len(token.text) > 4 or not sign.text:
        return None
    return int(token.text), sign.text[0]


def _day(run: Run, index: int, year: int | None) -> Matched:
    month = _number(run, index)
    if month is None or month[1] not in _MONTH or not 1 <= month[0] <= 12:
        return None
    start = index if year is None else index - 2
    day = _number(run, index + 2)
    if day is None or day[1] not in _DAY or not 1 <= day[0] <= 31:
        return [month_alone(run, (index, index + 2), month[0])], index + 2
    return [dated(run, (start, index + 4), [(month[0], day[0])], year)], index + 4


def _scaled(run: Run, index: int, sign: str) -> Matched:
    scale = run.lexicon.scales.get(sign)
    value = amount(run.found[index].text, run.lexicon.decimal)
    if scale is None or value is None:
        return None
    return [quantity(run, (index, index + 2), value * scale, DIGIT)], index + 2
