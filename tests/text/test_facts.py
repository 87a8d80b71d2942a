"""Numbers, dates, names and negations: found, normalised, and the same in two languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.stages.checks import check
from summarizer.text.facts import denied, facts, missing

LANGUAGES = ("de", "en", "fr", "es", "it", "pl", "ja", "xx", "")


def values(text: str, language: str, kind: str = "number") -> list[str]:
    """What is asked for, words that only prove left out."""
    return [fact.value for fact in facts(text, language) if fact.kind == kind and fact.confidence]


def differences(german: str, english: str) -> list[str]:
    source, candidate = facts(german, "de"), facts(english, "en")
    return [fact.text for fact in (*missing(source, candidate), *missing(candidate, source))]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "1.250.000 Zuschauer", ["1250000"]),
        ("en", "1,250,000 spectators", ["1250000"]),
        ("fr", "1 250 000 spectateurs", ["1250000"]),
        ("de", "1'250'000 Zuschauer", ["1250000"]),
        ("es", "1.250.000 espectadores", ["1250000"]),
        ("it", "1.250.000 spettatori", ["1250000"]),
        ("de", "3,5 Grad", ["3.5"]),
        ("en", "3.5 degrees", ["3.5"]),
        ("de", "1.250 Meter", ["1250"]),
        ("en", "1.250 metres", ["1.25"]),
        ("de", "2,3 Milliarden", ["2300000000"]),
        ("de", "2 Billionen", ["2000000000000"]),
        ("en", "2 billion", ["2000000000"]),
        ("fr", "2 milliards", ["2000000000"]),
        ("es", "2 millones", ["2000000"]),
        ("de", "5 Mio. Euro", ["5000000 EUR"]),
        ("en", "$5m", ["5000000 USD"]),
        ("en", "£1.35bn", ["1350000000 GBP"]),
        ("de", "23 Prozent", ["23 %"]),
        ("en", "23 per cent", ["23 %"]),
        ("de", "dreiundzwanzig Kinder", ["23"]),
        ("en", "twenty-three children", ["23"]),
        ("de", "zweihundertfünfzigtausend", ["250000"]),
        ("en", "two hundred and fifty thousand", ["250000"]),
        ("de", "anderthalb Stunden", ["1.5"]),
        ("de", "zweieinhalb Jahre", ["2.5"]),
        ("en", "two and a half years", ["2.5"]),
        ("de", "zwei Drittel", ["2/3"]),
        ("en", "two-thirds", ["2/3"]),
        ("de", "zwei Dutzend", ["24"]),
        ("de", "ein halbes Dutzend", ["6"]),
        ("en", "half a dozen", ["6"]),
        ("de", "eine Million Menschen", ["1000000"]),
        ("de", "ein 28-jähriger Mann", ["28"]),
        ("de", "ein Mann und eine Frau", []),
        ("en", "one of the men", []),
        ("de", "Er gewann 3:1.", ["3:1"]),
        ("de", "10 bis 12 km/h", ["10", "12"]),
        ("de", "Tel. 089/1234-567", ["0891234567"]),
    ],
)
def test_numbers_have_one_form(language: str, text: str, expected: list[str]) -> None:
    """Marks, scales and words are read by the rules of the language; "ein" is no number."""
    assert values(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "am 12.03.2024", ["2024-03-12"]),
        ("de", "am 12. März 2024", ["2024-03-12"]),
        ("en", "12 March 2024", ["2024-03-12"]),
        ("en", "March 12, 2024", ["03-12", "2024"]),
        ("fr", "le 12 mars 2024", ["2024-03-12"]),
        ("es", "12 de marzo de 2024", ["2024-03-12"]),
        ("it", "12 marzo 2024", ["2024-03-12"]),
        ("de", "2024-03-12", ["2024-03-12"]),
        ("de", "vom 12. bis 14. März", ["03-12", "03-14"]),
        ("en", "March 12-14", ["03-12", "03-14"]),
        ("de", "um 17 Uhr", ["17:00"]),
        ("de", "um 17.30 Uhr", ["17:30"]),
        ("en", "at 5:30 p.m.", ["17:30"]),
        ("fr", "à 17h30", ["17:30"]),
        ("de", "um halb acht", ["07:30"]),
        ("en", "at half past seven", ["07:30"]),
        ("de", "um Viertel vor acht", ["07:45"]),
        ("de", "in den 1990er-Jahren", ["1990s"]),
        ("en", "in the 1990s", ["1990s"]),
        ("de", "am Mittwoch", ["weekday 3"]),
        ("de", "im Jänner", ["month 1"]),
        ("en", "You may march on.", []),
        ("en", "Theresa May resigned.", []),
        ("de", "im Jahr 2017", ["2017"]),
    ],
)
def test_dates_have_one_form(language: str, text: str, expected: list[str]) -> None:
    """Days, months, years and hours read alike in every language; "may" and Mrs May are no month."""
    assert values(text, language, "date") == expected


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Um 17 Uhr kamen 1.250 Menschen.", "At 5 p.m. 1,250 people came."),
        ("Das Treffen dauert von 14 bis 16 Uhr.", "The meeting lasts from 2 to 4 p.m."),
        ("Es begann um halb acht.", "It began at 7:30 p.m."),
        ("Die Saison 2016/17 endete 3:1.", "The 2016-17 season ended 3-1."),
        ("In der Nacht zum Freitag schneite es.", "It snowed on Thursday night."),
        ("Nach einem halben Jahr kam er zurück.", "After six months he came back."),
        ("Beide Minister kamen zweimal.", "The two ministers came twice."),
        ("Hunderte Millionen Euro fehlen.", "Hundreds of millions of euros are missing."),
        ("Im 18. Jahrhundert war München klein.", "In the 18th century Munich was small."),
        ("Die österreichische Regierung tagt in Wien.", "Austria's government meets in Vienna."),
        (
            "Bundeskanzler Olaf Scholz traf Wladimir Putins Berater.",
            "Chancellor Olaf Scholz met Vladimir Putin's adviser.",
        ),
        ("Die B 27 und der A380.", "The B27 and the A 380."),
        ("Er fuhr 100 km/h schnell.", "He drove at 100 kilometres an hour."),
        ("Müller und Groß siegten.", "Mueller and Gross won."),
    ],
)
def test_the_same_said_otherwise_is_no_difference(german: str, english: str) -> None:
    """A fact is the same in another notation, calendar, spelling or word."""
    assert differences(german, english) == []


@pytest.mark.parametrize(
    ("german", "english", "wrong"),
    [
        ("Das kostet 2 Billionen Euro.", "That costs 2 billion euros.", "2 billion"),
        ("Das kostet 1.250 Euro.", "That costs 1.250 euros.", "1.250"),
        ("Das kostet 5 Euro.", "That costs 5 dollars.", "5"),
        ("Um 17 Uhr.", "At 5 a.m.", "5 a.m."),
        ("Am 12. März.", "On March 21.", "March 21"),
        ("Sie kam am Dienstag.", "She came on Thursday.", "Thursday"),
        ("Er gewann 3:1.", "He won 3-2.", "3-2"),
        ("Gestern sprach Annalena Baerbock.", "Yesterday, Annalena Schwarzer spoke.", "Schwarzer"),
        ("Er lebt in München.", "He lives in Vienna.", "Vienna"),
        ("Das Virus Covid-19.", "The virus Covid-91.", "91"),
    ],
)
def test_a_changed_fact_is_found(german: str, english: str, wrong: str) -> None:
    """False friends, wrong marks, wrong units, hours and names."""
    assert wrong in differences(german, english)


@pytest.mark.parametrize(
    ("german", "english", "turned"),
    [
        ("Er kommt nicht.", "He is not coming.", False),
        ("Er hat kein Geld.", "He has no money.", False),
        ("Er kam ohne Geld.", "He came without money.", False),
        ("Weder er noch sie kam.", "Neither he nor she came.", False),
        ("Sie schloss das nicht aus.", "She did not rule it out.", False),
        ("Das ist nicht möglich.", "That is impossible.", False),
        ("Er verweigerte die Aussage.", "He would not testify.", False),
        ("Nicht nur er kam.", "He came, too.", False),
        ("Er kommt nicht.", "He is coming.", True),
        ("Er kommt.", "He is not coming.", True),
        ("Niemand wurde verletzt.", "People were hurt.", True),
        ("Sie schloss das nicht aus.", "She rules over it.", True),
        ("Die Ursache ist unklar.", "The cause is not clear.", False),
        ("Die Ursache ist unklar.", "The cause is clear.", True),
        ("Das ist noch nicht entschieden.", "That has yet to be decided.", False),
        (
            "Der Mann sagte, er habe das Geld nicht, und ging.",
            "Unfortunately, the man said that he had the money, and left.",
            True,
        ),
    ],
)
def test_negation_is_kept(german: str, english: str, turned: bool) -> None:
    """A sentence that denies is not answered by one that does not; other words for "not" count."""
    source, candidate = facts(german, "de"), facts(english, "en")
    assert bool(denied(source, candidate) or denied(candidate, source)) == turned


@pytest.mark.parametrize(
    ("german", "english", "wrong"),
    [
        ("Der Konzern baut in Finkenwerder eine Halle.", "The group is building a hall in Finks.", ["Finkenwerder"]),
        ("Er war in Mar-a-Lago.", "He was at Mar-Lago.", ["Mar-a-Lago"]),
        ("Er war in Mar-a-Lago.", "He was at Mar a Lago.", []),
        ("Die Feuerwehr aus Gundelsheim kam.", "The fire brigade from Gundel came.", ["Gundelsheim"]),
        ("Das Altersheim in der Stadt brannte.", "The old people's home in the town burned.", []),
        ("Am Montag sagte Kokert ab.", "On Monday he cancelled.", ["Kokert"]),
        ("Der Mann sah im Galopp die Turnerin.", "The man saw the gymnast at full speed.", []),
        ("Gestern kam Annalena Baerbock.", "Annalena Schmitt came yesterday.", ["Schmitt"]),
        ("Gestern kam Baerbock.", "Annalena Baerbock came yesterday.", []),
        ("Der Ulmer Imbiss brannte, sagte Lees Sohn.", "The snack bar in Ulm burned, said the son of Lee.", []),
        ("Wolodymyr Selenskyj traf Xi in Peking.", "Volodymyr Zelenskyy met Xi in Beijing.", []),
        ("Den Friedensnobelpreis erhielt Mandela.", "Mandela received the Nobel Peace Prize.", []),
        ("Ein Schwein beißt einen Bauern tot.", "Killer Pig Mauls Farmer To Death", []),
    ],
)
def test_a_name_without_a_counterpart_is_shown(german: str, english: str, wrong: list[str]) -> None:
    """What can only be a name and is gone or garbled is flagged; nouns, inflected and other forms are not."""
    found = check(german, english, source_language="de", language="en")
    assert [finding.value or finding.expected for finding in found if finding.flagged] == wrong


def test_places_are_exact() -> None:
    """A fact's place is where it stands in the text."""
    text = "Am 12. März 2024 kamen 1,25 Millionen Menschen nach München, nicht nach Wien."
    for fact in facts(text, "de"):
        assert text[fact.start : fact.end] == fact.text
        assert fact.text


@settings(max_examples=150, deadline=None)
@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_can_be_read(text: str, language: str) -> None:
    """No text and no language code raises, and a text holds its own facts."""
    read = facts(text, language)
    assert missing(read, facts(text, language)) == ()


PIECES = st.sampled_from(
    ["12", ".", "12.", "3", ":", "-", "/", " ", "März", "May", "bis", "und", "to", "Uhr", "p.m.", "halb", "Million", "and",
     "hundert", "tausend", "zwei", "two", "half", "a", "Drittel", "thirds", "€", "%", "er", "s", "'90s", "nicht", "A380"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(PIECES, max_size=25).map(" ".join) | st.lists(PIECES, max_size=25).map("".join), st.sampled_from(LANGUAGES)
)
def test_any_heap_of_figures_can_be_read(text: str, language: str) -> None:
    """What looks like dates and numbers and is neither does not raise."""
    read = facts(text, language)
    assert all(text[fact.start : fact.end] == fact.text for fact in read)


@pytest.mark.parametrize(
    "piece", ["12 bis ", "12. bis ", "hundert ", "1-", "1.", "9", "zwei-", "März 1 und ", "Nacht zum "]
)
def test_long_texts_take_no_more_than_their_share(piece: str) -> None:
    """Neither recursion nor numbers without end: twenty thousand characters of anything are read."""
    assert facts(piece * (20_000 // len(piece)), "de") is not None
