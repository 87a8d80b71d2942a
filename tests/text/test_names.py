"""Names across languages: a lost or swapped place, party or body is told; the same one in another language is not."""

from __future__ import annotations

import pytest

from summarizer.stages.checks import check, flagged
from summarizer.text.facts import facts
from summarizer.text.facts.names import common
from summarizer.text.facts.places import groups, place
from summarizer.types import Finding


def told(source: str, candidate: str, languages: str = "de en") -> list[Finding]:
    source_language, language = languages.split()
    return list(flagged(check(source, candidate, source_language=source_language, language=language)))


@pytest.mark.parametrize(
    ("german", "english", "value", "expected"),
    [
        ("Er fuhr nach Frankreich.", "He went to Italy.", "Italy", "Frankreich"),
        ("Frankreich stimmte zu.", "Italy agreed.", "Italy", "Frankreich"),
        ("Er flog nach Moskau.", "He flew to Rome.", "Rome", "Moskau"),
        ("In Österreich regnet es.", "It rains in Australia.", "Australia", "Österreich"),
        ("Er lebt im Iran.", "He lives in Iraq.", "Iraq", "Iran"),
        ("Der Iran lehnte ab.", "Iraq refused.", "Iraq", "Iran"),
        ("Er reiste in die Slowakei.", "He travelled to Slovenia.", "Slovenia", "Slowakei"),
        ("Soldaten in Niger starben.", "Soldiers in Nigeria died.", "Nigeria", "Niger"),
        ("Soldaten in Nigeria starben.", "Soldiers in Niger died.", "Niger", "Nigeria"),
        ("Die SPD gewann die Wahl.", "The CDU won the election.", "CDU", "SPD"),
        ("Die CSU gewann.", "The CDU won.", "CDU", "CSU"),
        ("Die WHO warnt.", "The WTO warns.", "WTO", "WHO"),
        ("Die EU warnt davor.", "The US warns of it.", "US", "EU"),
        ("Der Bundestag stimmte zu.", "The Bundesrat agreed.", "Bundesrat", "Bundestag"),
        ("Der Bundesrat stimmte zu.", "The Bundestag agreed.", "Bundestag", "Bundesrat"),
        ("Papst Franziskus sprach.", "Pope Benedict spoke.", "Benedict", "Franziskus"),
    ],
)
def test_a_swapped_name_is_told_with_the_one_expected(german: str, english: str, value: str, expected: str) -> None:
    """Rule: a place, party or body put for another is flagged, however alike the two are written."""
    assert [(finding.value, finding.expected) for finding in told(german, english)] == [(value, expected)]


@pytest.mark.parametrize("place_name", ["München", "Köln", "Wien", "Rom", "Peking", "Russland", "Schweiz", "Polen"])
def test_a_lost_place_is_told(place_name: str) -> None:
    """Rule: a known place is asked for although a word list took it for a noun."""
    german = f"Der Minister sprach seit drei Jahren nur von {place_name}."
    assert [finding.expected for finding in told(german, "The minister has spoken of that for three years.")] == [
        place_name
    ]


@pytest.mark.parametrize(
    ("source", "candidate", "languages"),
    [
        ("Die Weltgesundheitsorganisation warnt.", "The World Health Organization warns.", "de en"),
        ("Die WHO warnt.", "The World Health Organization warns.", "de en"),
        ("Die USA drohen.", "The US threatens.", "de en"),
        ("Die USA drohen.", "The United States threatens.", "de en"),
        ("Die UNO warnt.", "The UN warns.", "de en"),
        ("Die EU warnt.", "The European Union warns.", "de en"),
        ("Der IWF warnt.", "The International Monetary Fund warns.", "de en"),
        ("Das BIP stieg.", "GDP rose.", "de en"),
        ("L'OTAN avertit.", "NATO warns.", "fr en"),
        ("NATO warns.", "L'OTAN avertit.", "en fr"),
        ("Le Royaume-Uni avertit.", "The United Kingdom warns.", "fr en"),
        ("The United Kingdom warns.", "Le Royaume-Uni avertit.", "en fr"),
        ("Les États-Unis menacent.", "The United States threatens.", "fr en"),
        ("El Reino Unido avisa.", "The United Kingdom warns.", "es en"),
        ("Der Bundestag stimmte zu.", "The German parliament agreed.", "de en"),
        ("Die Bundestagswahl ist im Herbst.", "The Bundestag election is in autumn.", "de en"),
        ("Die Slowakei stimmte zu.", "Slovakia agreed.", "de en"),
        ("Nigers Regierung stürzte.", "Niger's government fell.", "de en"),
        ("Die Regierung in Teheran schwieg.", "The government in Tehran was silent.", "de en"),
        ("Die Iraner wählen, die Iraker nicht.", "The Iranians vote, the Iraqis do not.", "de en"),
        ("Er wohnt in Köln und Moskaus Antwort kam.", "He lives in Cologne and Moscow's reply came.", "de en"),
        ("Das kostet in der Schweiz 20 Franken.", "It costs 20 francs in Switzerland.", "de en"),
    ],
)
def test_the_same_name_in_another_language_is_not_told(source: str, candidate: str, languages: str) -> None:
    """Rule: a place or body is held by any of its own names, written out or by initials."""
    assert told(source, candidate, languages) == []


@pytest.mark.parametrize(
    ("german", "english", "lost"),
    [
        ("Angela Merkel sprach.", "Angela Schmidt spoke.", ["Merkel"]),
        ("Anna Müller und Peter Schmidt kamen.", "Peter Schmidt came.", ["Müller"]),
        ("Anna Müller und Peter Schmidt kamen.", "Anna Müller and Peter Schmidt came.", []),
        ("Anna Müllers Haus brannte.", "Anna Müller's house burned.", []),
        ("Gestern kam der Müller.", "The miller came yesterday.", []),
    ],
)
def test_a_family_name_stands_after_a_given_one(german: str, english: str, lost: list[str]) -> None:
    """Rule: after a given name a capital is a family name, at the opening of a sentence too."""
    assert [finding.expected for finding in told(german, english)] == lost


def test_no_list_of_nouns_holds_a_place() -> None:
    """Rule: the list of German nouns is without the names of places."""
    assert [word for word in common("de") if place(word, "de")] == []


def test_initials_in_another_order_are_only_a_hint() -> None:
    """Rule: the letters of NATO and OTAN are the same; what no group knows is not flagged for that alone."""
    assert told("Die ABX warnt.", "The XBA warns.") == []
    assert [finding.expected for finding in told("Die ABX warnt.", "The XBC warns.")] == ["ABX"]


def test_what_is_shouted_is_no_initials() -> None:
    """Rule: US between other capitals is the pronoun."""
    assert [fact.text for fact in facts("They cried LET US GO again.", "en") if fact.text == "US"] == []
    assert [fact.text for fact in facts("They said the US must go.", "en") if fact.text == "US"] == ["US"]


@pytest.mark.parametrize("word", ["franken", "deutsch", "bundes", "vereinigte", "euro"])
def test_words_of_groups_that_are_no_places(word: str) -> None:
    """Rule: what proves a place is not always the name of one."""
    assert groups(word, "de")
    assert not place(word, "de")


def test_the_longer_country_counts() -> None:
    """Rule: Nigerians are of Nigeria alone."""
    assert groups("nigerians", "en") == {"region:NG"}
    assert groups("nigeriens", "en") == {"region:NE"}
