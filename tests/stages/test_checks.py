"""The fact guard in the chain: what it finds, where it says so, and which hypothesis it takes."""

from __future__ import annotations

import random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.stages.checks import SummaryGuard, check, choose, flagged, looping
from summarizer.text.document import read

SOURCE = "Am 12. März kamen 1.250 Menschen nach Köln."


def kinds(findings: object) -> list[str]:
    return [finding.kind for finding in flagged(findings)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        ("On March 12, 1,250 people came to Cologne.", []),
        ("On 12 March 1250 people came to Cologne.", []),
        ("On March 12, 1,520 people came to Cologne.", ["number"]),
        ("On March 13, 1,250 people came to Cologne.", ["date"]),
        ("On March 12, people came to Cologne.", ["number"]),
    ],
)
def test_a_translation_is_checked_both_ways(candidate: str, expected: list[str]) -> None:
    """What is lost, invented or changed is one finding each; what is said in another form is none."""
    assert kinds(check(SOURCE, candidate, source_language="de", language="en")) == expected


def test_a_summary_may_leave_out_but_not_add() -> None:
    """Checked against the article, a line owes it nothing but the truth."""
    article = SOURCE + " Das Fest dauerte bis 23 Uhr. Die Stadt zählte 14 Unfälle."
    assert kinds(check(article, "Die Stadt zählte 14 Unfälle beim Fest.", source_language="de", language="de")) == []
    assert kinds(check(article, "Es gab 41 Unfälle.", source_language="de", language="de")) == ["number"]


def test_a_rounded_number_is_a_hint() -> None:
    """1.3 million for 1,254,300 is a summary's right; it is told quietly. Another number is an error."""
    article = "Die Stadt hat 1.254.300 Einwohner."
    (hint,) = check(article, "In der Stadt leben 1,3 Millionen Menschen.", source_language="de", language="de")
    assert hint.confidence < 0.5
    assert kinds(check(article, "In der Stadt leben 1,4 Millionen Menschen.", source_language="de", language="de")) == [
        "number"
    ]


def test_a_summary_that_turns_a_sentence_around_is_found() -> None:
    """A line that is one sentence of the article with its "not" gone, or with one put in."""
    article = "Die Polizei schloss einen Anschlag am Bahnhof nicht aus. Verletzt wurde am Bahnhof eine Frau."
    for line, expected in (
        ("Die Polizei schloss einen Anschlag am Bahnhof aus.", ["negation"]),
        ("Verletzt wurde am Bahnhof keine Frau.", ["negation"]),
        ("Die Polizei schloss den Anschlag am Bahnhof nicht aus.", []),
    ):
        assert kinds(check(article, line, source_language="de", language="de")) == expected


@pytest.mark.parametrize(
    ("source", "candidate", "language", "expected"),
    [
        (SOURCE, "On March 12, 1,520 people came to Cologne.", "en", [("1,520", "1.250")]),
        (SOURCE, "On March 12, people came to Cologne.", "en", [(None, "1.250")]),
        ("Er kam nach Köln.", "On Monday he came to Cologne.", "en", [("Monday", None)]),
        ("Die Polizei fand ihn nicht.", "The police found him.", "en", [(None, "nicht")]),
        (
            SOURCE + " In der Stadt gab es 14 Unfälle mit Rädern.",
            "In der Stadt gab es 41 Unfälle mit Rädern.",
            "de",
            [("41", "14")],
        ),
        (SOURCE + " Das Fest dauerte bis 23 Uhr.", "Es gab 41 Unfälle.", "de", [("41", None)]),
        (
            "Er schloss den Anschlag am Bahnhof nicht aus.",
            "Er schloss den Anschlag am Bahnhof aus.",
            "de",
            [(None, "nicht")],
        ),
    ],
)
def test_a_finding_names_its_place_on_both_sides(
    source: str, candidate: str, language: str, expected: list[tuple[str | None, str | None]]
) -> None:
    """Offsets are exact in the texts as given; None where nothing stands there."""
    found = flagged(check(source, candidate, source_language="de", language=language))
    assert [
        (finding.span and finding.span.text, finding.source_span and finding.source_span.text) for finding in found
    ] == expected
    for finding in found:
        for span, text in ((finding.span, candidate), (finding.source_span, source)):
            assert span is None or text[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "article",
    [
        "Es regnete am Abend.\n\nDie Stadt  zählte\nam Samstag 14\u00a0Unfälle auf der Straße.",
        "<p>Es regnete am Abend.</p><p>Die Stadt zählte am Samstag 14 Unfälle auf der Straße.</p>",
        "<p>Es regnete am Abend.</p><p>Die Stadt zählte am <b>Samstag</b> 14&nbsp;Unfälle auf der Straße.</p>",
    ],
)
def test_a_summary_finding_points_into_the_text_of_the_caller(article: str) -> None:
    """White space put in order and markup taken out do not move the place; at worst it is the whole sentence."""
    guard = SummaryGuard.of(read(article, language="de").document)
    (finding,) = flagged(guard.findings("Die Stadt zählte am Samstag 41 Unfälle auf der Straße.", line=3))
    assert (finding.step, finding.kind, finding.line, finding.language) == ("summary", "number", 3, "de")
    assert finding.expected == "14"
    assert finding.source_span is not None
    stretch = article[finding.source_span.start : finding.source_span.end]
    assert stretch == "14" or (stretch.startswith("Die Stadt") and stretch.endswith("Straße."))


def test_the_best_scoring_clean_hypothesis_is_chosen() -> None:
    """Order is score: the first clean one wins, else the one with the lightest findings."""
    wrong, worse = "On March 12, 1,520 people came to Cologne.", "On May 13, 1,520 people came to Cologne."
    right = "On March 12, 1,250 people came to Cologne."
    pick = {"source_language": "de", "language": "en"}
    assert choose(SOURCE, [wrong, right, right], **pick) == 1
    assert choose(SOURCE, [worse, wrong], **pick) == 1
    assert choose(SOURCE, [wrong, wrong], **pick) == 0
    assert choose(SOURCE, [right], **pick) == 0
    assert choose(SOURCE, [], **pick) == 0


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Die Polizei fand ihn.", "The police did not find him."),
        ("Die Polizei fand ihn nicht.", "The police found him."),
    ],
)
def test_a_translation_keeps_yes_and_no(german: str, english: str) -> None:
    """A negation put in is as wrong as one left out."""
    assert kinds(check(german, english, source_language="de", language="en")) == ["negation"]


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("the end of the day the end of the day the end of the day", True),
        ("ha ha ha ha ha ha ha ha ha ha ha ha", True),
        ("The minister resigned on Monday. The minister resigned on Monday.", True),
        ("After a summer in the summer in the summer in the summer, he left.", True),
        ("The new month century in the new month century of the new month century.", True),
        ("No. No. No. Never.", False),
        ("One of the men saw one of the dogs and one of the cats.", False),
        ("He said that he said what he said.", False),
        ("", False),
    ],
)
def test_words_without_end_are_found(text: str, loops: bool) -> None:
    """A stuck decoder is told from a writer who says a thing twice."""
    assert (looping(text) is not None) == loops


def test_a_translation_far_too_short_is_found() -> None:
    """A clause that is gone may hold no number and no name."""
    german = "Wir gehen nach Hause und kochen, und dann kommen wir alle wieder, sagte die Frau."
    full = "We are going home to cook, and then we will all come back, the woman said."
    assert kinds(check(german, full, source_language="de", language="en")) == []
    assert kinds(check(german, "We are going home, the woman said.", source_language="de", language="en")) == [
        "omission"
    ]


def test_a_line_in_the_wrong_language_is_found() -> None:
    """A translation that is none is no translation, whatever its facts."""
    copied = "Am 12. März kamen 1.250 Menschen nach Köln, um den Sieg der Mannschaft zu feiern."
    assert "language" in kinds(check(SOURCE, copied, source_language="de", language="en"))


def _names(count: int) -> str:
    chance = random.Random(1)
    syllables = [one + two for one in "bdfgklmnprst" for two in "aeiou"]
    return " sagt ".join("".join(chance.choices(syllables, k=4)).title() for _ in range(count))


@pytest.mark.parametrize(
    "text",
    [
        "Mar-a-" * 8000,
        "nicht " * 8000,
        "\ud800 12. " * 6000,
        " und ".join(str(number * 7919) for number in range(5000)),
        _names(4000),
    ],
    ids=["chain", "not", "surrogates", "numbers", "names"],
)
def test_a_book_takes_its_share_of_time(text: str) -> None:
    """No text makes the comparison of two long ones grow with the square of their length."""
    began = process_time()
    check(text, "x " + text[::-1], source_language="de", language="en")
    assert process_time() - began < 15  # 1 to 2 s; a square of it would be minutes


@settings(max_examples=60, deadline=None)
@given(st.text(), st.binary(), st.sampled_from(("de", "en", "fr", "zh", "xx", "")))
def test_any_two_texts_can_be_compared(source: str, noise: bytes, language: str) -> None:
    """Whatever bytes a client decodes, lone surrogates too; spans stay inside their texts."""
    candidate = noise.decode("utf-8", "surrogateescape")
    for finding in check(source, candidate, source_language="de", language=language):
        assert finding.span is None or candidate[finding.span.start : finding.span.end] == finding.span.text
        assert finding.source_span is None or source[finding.source_span.start :].startswith(finding.source_span.text)


@pytest.mark.parametrize(
    ("source", "candidate", "found"),
    [
        ("zwischen dem Hafen und dem Stadtteil", "between the port and financing financing", True),
        ("die Finanzierung", "the financing of financing", True),
        ("Es war sehr, sehr kalt.", "It was very very cold.", False),
        ("Er rief: Feuer Feuer!", "He cried: fire fire and flames flames!", False),
    ],
)
def test_a_long_word_twice_in_a_row_is_a_finding(source: str, candidate: str, found: bool) -> None:
    """People do not write so, and small models do; short words are style, and a source that does it excuses it."""
    findings = check(source, candidate, source_language="de", language="en")
    assert ("repetition" in {finding.kind for finding in findings if finding.flagged}) is found
