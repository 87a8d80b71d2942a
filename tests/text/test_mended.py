"""Errors that once passed the guard, and right pairs that it once called wrong."""

from __future__ import annotations

import pytest

from summarizer.stages.checks import check, flagged

Case = tuple[str, str, str, str]


def found(case: Case) -> list[str]:
    source_language, language, source, candidate = case
    return [
        finding.message
        for finding in flagged(check(source, candidate, source_language=source_language, language=language))
    ]


_CLOCK_WRONG: list[Case] = [
    ("de", "en", "Der Zug fährt um 2.35 Uhr ab.", "The train leaves at 2.35 p.m."),
    ("de", "en", "Der Zug fährt um 2.35 Uhr ab.", "The train leaves at 2:35 p.m."),
    ("de", "en", "Die Sitzung beginnt um 08:45 Uhr.", "The meeting begins at 08:45 p.m."),
    ("de", "en", "Um 3 Uhr nachts brannte das Haus.", "At 3 p.m. the house burned."),
    ("de", "en", "Um 8 Uhr abends brannte das Haus.", "At 8 a.m. the house burned."),
    ("de", "en", "Um 8 Uhr morgens brannte das Haus.", "At 8 p.m. the house burned."),
    ("en", "de", "At 7:30 p.m. the concert begins.", "Um 7:30 Uhr beginnt das Konzert."),
    ("en", "de", "At 5 p.m. the train leaves.", "Um 5 Uhr fährt der Zug ab."),
]
_CLOCK_RIGHT: list[Case] = [
    ("de", "en", "Der Zug fährt um 2.35 Uhr ab.", "The train leaves at 2:35 a.m."),
    ("de", "en", "Der Zug fährt um 14.35 Uhr ab.", "The train leaves at 2:35 p.m."),
    ("de", "en", "Der Zug fährt um 12.30 Uhr ab.", "The train leaves at 12:30 p.m."),
    ("de", "en", "Der Zug fährt um 0.30 Uhr ab.", "The train leaves at 12:30 a.m."),
    ("de", "en", "Um 3 Uhr nachts brannte das Haus.", "At 3 a.m. the house burned."),
    ("de", "en", "Um 11 Uhr nachts brannte das Haus.", "At 11 p.m. the house burned."),
    ("de", "en", "Um 12 Uhr nachts brannte das Haus.", "At 12 a.m. the house burned."),
    ("de", "en", "Um 8 Uhr am Abend brannte das Haus.", "At 8 p.m. the house burned."),
    ("de", "en", "Am Abend brannte um 7.30 Uhr das Haus.", "In the evening, at 7:30 p.m., the house burned."),
    ("de", "en", "Um 5 Uhr fährt der Zug ab.", "At 5 p.m. the train leaves."),
    ("de", "en", "Um 5 Uhr fährt der Zug ab.", "At 5 a.m. the train leaves."),
    ("de", "en", "Um halb acht fährt der Zug ab.", "At 7:30 p.m. the train leaves."),
    ("en", "de", "At 5 p.m. the train leaves.", "Um 5 Uhr nachmittags fährt der Zug ab."),
    ("en", "de", "At 5 p.m. the train leaves.", "Um 17 Uhr fährt der Zug ab."),
    ("en", "de", "At 5 a.m. the train leaves.", "Um 5 Uhr fährt der Zug ab."),
    ("en", "de", "At noon the train leaves.", "Um 12 Uhr fährt der Zug ab."),
    ("de", "en", "Der Zug fährt um Viertel acht ab.", "The train leaves at a quarter past seven."),
    ("de", "en", "Der Zug fährt um drei Viertel acht ab.", "The train leaves at 7:45 a.m."),
    ("de", "en", "Der Zug fährt um fünf vor halb neun ab.", "The train leaves at 8:25."),
]


@pytest.mark.parametrize("case", _CLOCK_WRONG)
def test_the_wrong_half_of_the_day_is_found(case: Case) -> None:
    """Minutes, a zero before the hour and the words beside it say which half of the day a German hour means."""
    assert found(case)


@pytest.mark.parametrize("case", _CLOCK_RIGHT)
def test_the_right_half_of_the_day_is_not(case: Case) -> None:
    """An hour that may mean either half may become either; it may not stand for one that was said."""
    assert not found(case)


_DENIAL_WRONG: list[Case] = [
    ("de", "en", "Er schloss einen Rücktritt nicht aus.", "He ruled out resigning."),
    ("de", "en", "Der Minister schließt neue Steuern nicht aus.", "The minister rules out new taxes."),
    ("de", "en", "Er schloss einen Rücktritt aus.", "He did not rule out resigning."),
    ("de", "en", "Ein Anschlag ist nicht ausgeschlossen.", "An attack has been ruled out."),
    ("en", "de", "She did not rule out new taxes.", "Sie schloss neue Steuern aus."),
    ("en", "de", "She ruled out new taxes.", "Sie schloss neue Steuern nicht aus."),
    ("es", "en", "No vino nadie.", "Everybody came."),
    ("it", "en", "Non ha detto niente.", "He said everything."),
    ("de", "en", "Es gab weder Strom noch Wasser.", "There was electricity and water."),
]
_DENIAL_RIGHT: list[Case] = [
    ("de", "en", "Er schloss einen Rücktritt nicht aus.", "He did not rule out resigning."),
    ("de", "en", "Er schloss einen Rücktritt nicht aus.", "He did not rule it out."),
    ("de", "en", "Er schloss einen Rücktritt aus.", "He ruled out resigning."),
    ("de", "en", "Das ist ausgeschlossen.", "That is impossible."),
    ("de", "en", "Ein Anschlag ist nicht ausgeschlossen.", "An attack is possible."),
    ("de", "en", "Er schloss aus dem Brief, dass sie kommt.", "He concluded from the letter that she was coming."),
    ("en", "de", "She ruled out new taxes.", "Sie schloss neue Steuern aus."),
    ("es", "en", "No vino nadie.", "Nobody came."),
    ("es", "en", "No dijo nada.", "He said nothing."),
    ("it", "en", "Non ha detto niente.", "He said nothing."),
    ("fr", "en", "Il ne vient pas.", "He is not coming."),
    ("de", "en", "Es gab weder Strom noch Wasser.", "There was no electricity and no water."),
    (
        "de",
        "en",
        "Man gibt dort viel Geld aus, und es gibt in der Regel weder Fenster noch Uhren, die man sehen kann.",
        "People spend a lot of money there, and windows and clocks are usually absent as far as one can see.",
    ),
]


@pytest.mark.parametrize("case", _DENIAL_WRONG)
def test_a_denial_turned_round_is_found(case: Case) -> None:
    """What rules out answers what rules out, so that the "not" beside it has to be answered by itself."""
    assert found(case)


@pytest.mark.parametrize("case", _DENIAL_RIGHT)
def test_a_denial_kept_is_not(case: Case) -> None:
    """Two words that deny one thing once count once."""
    assert not found(case)


_UNITS_WRONG: list[Case] = [
    ("de", "en", "Der Ort liegt 5 Kilometer entfernt.", "The village is 5 miles away."),
    ("de", "en", "Die Ladung wog 85 Tonnen.", "The load weighed 85 kilograms."),
    ("de", "en", "Das Spiel dauerte 90 Minuten.", "The match lasted 90 hours."),
    ("de", "en", "Sie wartete 3 Wochen.", "She waited for 3 months."),
    ("de", "en", "Sie wartete drei Wochen.", "She waited for three months."),
    ("de", "en", "Das kostet 20 Cent.", "That costs 20 euros."),
    ("de", "en", "Das kostet 20 Euro.", "That costs 20 cents."),
    ("de", "en", "Nur 3 Prozent der Leute kamen.", "Only 3 of the people came."),
    ("en", "de", "It fell by 15 percent.", "Es fiel um 15."),
    ("de", "en", "Ein Viertel der Leute kam.", "Some 35 percent of the people came."),
    ("de", "en", "Die Ladung wog 1,5 Tonnen.", "The load weighed 1,600 kilograms."),
    ("de", "en", "Hamburg gewann 3:1.", "Hamburg won 1-3."),
]
_UNITS_RIGHT: list[Case] = [
    ("de", "en", "Der Ort liegt 5 Kilometer entfernt.", "The village is 3 miles away."),
    ("de", "en", "Die Ladung wog 85 Tonnen.", "The load weighed 85 tons."),
    ("de", "en", "Die Ladung wog 1,5 Tonnen.", "The load weighed 1,500 kilograms."),
    ("de", "en", "Das Spiel dauerte 90 Minuten.", "The match lasted 1.5 hours."),
    ("de", "en", "Er plant einen fünfwöchigen Urlaub nach 5 Monaten.", "He plans a five-week holiday after 5 months."),
    ("de", "en", "Nur 3 bis 4 Prozent kamen.", "Only 3% to 4% came."),
    ("de", "en", "Das ist keine hundertprozentige Lösung.", "That is not a solution of one hundred percent."),
    ("de", "en", "Ein 12-jähriges Mädchen wartete 12 Stunden.", "A 12-year-old girl waited for 12 hours."),
    ("de", "en", "Das 5-Jahres-Programm beginnt in 5 Monaten.", "The 5-year programme begins in 5 months."),
    ("de", "en", "Es kostet 80 Cent.", "It costs 0.80 euros."),
    ("de", "en", "Er fuhr 80 Stundenkilometer.", "He drove at 50 mph."),
    ("de", "en", "Nur 3-4 Prozent kamen.", "Only 3% to 4% came."),
    ("de", "en", "Er verlor 3 Prozentpunkte.", "He lost 3 points."),
    ("de", "en", "In den Achtzigerjahren war das so.", "In the 1980s it was like that."),
    ("de", "en", "In den Neunzigerjahren war das so.", "In the nineties it was like that."),
    ("de", "en", "Die Hälfte der Leute kam.", "Some 50% of the people came."),
    ("de", "en", "Drei Viertel der Leute kamen.", "Some 75 percent of the people came."),
    ("de", "en", "Zwei Drittel der Leute kamen.", "Some 67 percent of the people came."),
    ("de", "en", "Ein Fünftel der Leute kam.", "Some 20 percent of the people came."),
    ("de", "en", "Ein Fünftel der Leute kam.", "One in five people came."),
    ("de", "en", "Hamburg verlor 1:3.", "Hamburg lost 3-1."),
    ("de", "en", "Hamburg gewann 3:1.", "Hamburg won 3-1."),
]


@pytest.mark.parametrize("case", _UNITS_WRONG)
def test_another_unit_is_another_number(case: Case) -> None:
    """A number keeps what it counts, a share its per cent, a score its order."""
    assert found(case)


@pytest.mark.parametrize("case", _UNITS_RIGHT)
def test_the_same_quantity_in_other_words_is_none(case: Case) -> None:
    """A quantity told in another unit, a share as a fraction, a decade with or without its century."""
    assert not found(case)
