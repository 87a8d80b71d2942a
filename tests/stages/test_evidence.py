"""Lines back to their sources: verbatim, shortened, merged, reworded, invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.stages.evidence import EvidenceIndex, link
from summarizer.types import Sentence, Span

TEXTS = [
    "Der Hamburger Senat hat am Dienstag den Bau einer elektrischen Fähre beschlossen.",
    "Das Schiff soll vom 2. Mai an zwischen den Landungsbrücken und Finkenwerder pendeln.",
    "Die Stadt zahlt für den Versuch 12,5 Millionen Euro.",
    "Die Gewerkschaft befürchtet, dass bis zu 300 Arbeitsplätze wegfallen.",
    "Bäckermeister Thomsen verkauft seit März auch glutenfreie Brötchen.",
    "Arbeiterkammer und Grüne kritisieren die Pendlerpauschale seit Jahren.",
]


def sentences(texts: list[str]) -> list[Sentence]:
    starts = [sum(len(text) + 1 for text in texts[:index]) for index in range(len(texts))]
    return [Sentence(text, Span(at, at + len(text), text), 0) for at, text in zip(starts, texts, strict=True)]


INDEX = EvidenceIndex(sentences(TEXTS))


@pytest.mark.parametrize("text", TEXTS)
def test_a_verbatim_line_has_one_span_and_full_support(text: str) -> None:
    """Word by word means 1.0 and that sentence alone, whatever the white space."""
    for line in (text, text.replace(" ", "\n ")):
        spans, support = INDEX.link(line)
        assert [span.text for span in spans] == [text]
        assert support == 1.0


@pytest.mark.parametrize(
    ("line", "best", "low", "high"),
    [
        ("Hamburgs Senat beschließt den Bau einer elektrischen Fähre.", [0], 0.6, 1.0),
        ("Der Senat hat den Bau einer Fähre beschlossen.", [0], 0.99, 0.99),
        ("Die Pauschale steht seit Jahren in der Kritik.", [5], 0.3, 0.8),
        ("Das Schiff soll pendeln, die Stadt zahlt 12,5 Millionen Euro.", [1, 2], 0.95, 1.0),
        ("Die Gewerkschaft befürchtet den Wegfall von 450 Stellen.", [3], 0.2, 0.7),
        ("Kanadische Forscher entdecken zwei unbekannte Spinnenarten.", [], 0.0, 0.0),
        ("", [], 0.0, 0.0),
        ("…!", [], 0.0, 0.0),
    ],
)
def test_lines_find_their_sentences(line: str, best: list[int], low: float, high: float) -> None:
    """The sentences that hold the line come back, and support is the share of it they hold."""
    spans, support = INDEX.link(line)
    assert {TEXTS.index(span.text) for span in spans} == set(best)
    assert low <= support <= high


def test_verbatim_beats_the_same_words_in_another_order() -> None:
    """Of two sentences with the same words, the one the line repeats is its evidence."""
    source = sentences(["Der Hund beißt den Mann.", "Den Mann beißt der Hund."])
    assert link(source[1].text, source) == ((source[1].span,), 1.0)


def test_the_best_span_comes_first() -> None:
    """Where a line merges two sentences, the one that holds more of it leads."""
    spans, _ = INDEX.link("Bäckermeister Thomsen verkauft glutenfreie Brötchen, die Stadt zahlt.")
    assert [TEXTS.index(span.text) for span in spans] == [4, 2]


def test_a_wrong_number_finds_no_family() -> None:
    """Words have relatives, numbers do not: 1250000 is not 1250001."""
    index = EvidenceIndex(sentences(["Es kamen 1250000 Gäste.", "Es war kalt."]))
    assert index.link("1250001")[1] == 0.0
    assert index.link("1250000")[1] == 0.99


def test_only_a_line_taken_word_by_word_has_full_support() -> None:
    """Every word of a line may stand in its sentence, and the line still leave out the "not"."""
    source = sentences(["Der Senat hat den Bau der Fähre nicht beschlossen."])
    assert link(source[0].text, source) == ((source[0].span,), 1.0)
    assert link("Der Senat hat den Bau der Fähre beschlossen.", source) == ((source[0].span,), 0.99)


def test_facts_count_beside_words() -> None:
    """Of two lines with the same words known, the one whose number the article holds has more support."""
    index = EvidenceIndex(sentences(TEXTS), "de")
    spans, held = index.link("Der Versuch der Stadt verschlingt 12,5 Millionen Euro.")
    assert TEXTS.index(spans[0].text) == 2
    assert held > index.link("Der Versuch der Stadt verschlingt 19,5 Millionen Euro.")[1]
    words_only = EvidenceIndex(sentences(TEXTS))
    assert held > words_only.link("Der Versuch der Stadt verschlingt 12,5 Millionen Euro.")[1]


def test_at_most_three_spans() -> None:
    """A reader looks up three places for one line, not six."""
    spans, support = INDEX.link(" ".join(TEXTS))
    assert len(spans) == 3
    assert 0.3 < support < 1.0


def test_more_of_the_line_held_is_more_support() -> None:
    """Inventing half of a line costs support."""
    true, half = (
        "Die Stadt zahlt 12,5 Millionen Euro.",
        "Die Stadt zahlt 12,5 Millionen Euro an kanadische Spinnenforscher.",
    )
    assert INDEX.link(true)[1] > INDEX.link(half)[1] > 0.3


def test_without_sentences_there_is_no_evidence() -> None:
    """An empty document backs nothing."""
    assert link("Die Stadt zahlt.", []) == ((), 0.0)


def test_languages_without_spaces() -> None:
    """A shortened Chinese line finds its sentence."""
    source = sentences(["基尔市议会周一决定修建一座新桥。", "昨晚弗伦斯堡下了雨。"])
    spans, support = link("基尔市议会决定修建新桥。", source)
    assert spans == (source[0].span,)
    assert support > 0.6


@given(st.lists(st.text(max_size=40), max_size=8), st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_line_has_a_support_between_0_and_1(texts: list[str], line: str) -> None:
    """Any characters: no error; support stays within its bounds, and is 0 just where there are no spans."""
    spans, support = link(line, sentences(texts))
    assert 0.0 <= support <= 1.0
    assert len(spans) <= 3
    assert bool(spans) == (support > 0)


def test_many_lines_are_quick() -> None:
    """An index over 2,500 sentences answers hundreds of lines in seconds."""
    texts = [" ".join(f"wort{(row * 31 + place * place * 7) % 4999}" for place in range(16)) for row in range(2500)]
    began = time.process_time()
    index = EvidenceIndex(sentences_fast(texts))
    for row in range(0, 2500, 25):
        assert index.link(texts[row] + " mehr")[0][0].text == texts[row]
    assert time.process_time() - began < 15


def sentences_fast(texts: list[str]) -> list[Sentence]:
    return [Sentence(text, Span(at * 500, at * 500 + len(text), text), 0) for at, text in enumerate(texts)]
