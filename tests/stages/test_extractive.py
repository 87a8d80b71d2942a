"""The weight-free summariser: what it may choose, what it never chooses, and that nothing of the text slows it down."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import ConfigError
from summarizer.stages.extractive import ExtractiveSummarizer, Weights, choose
from summarizer.stages.ranking import Vectors, words
from summarizer.stages.standing import Standing, points_back, standings
from summarizer.types import Article, Document, Role, Sentence, Span

LEAD = "Der Stadtrat von Kiel hat am Montag den Bau einer neuen Brücke über die Förde beschlossen."
COST = "Die Brücke über die Förde soll 40 Millionen Euro kosten und im Jahr 2027 fertig sein."
WEATHER = "Am Abend regnete es in Flensburg noch einige Stunden lang kräftig."
RIVAL = "Die Opposition im Stadtrat hält die Brücke für zu teuer und verlangt eine Fähre über die Förde."


def document(*texts: str | tuple[Role, str], language: str = "de", foreign: Sequence[int] = ()) -> Document:
    """Sentences, each a paragraph of its own; those counted in ``foreign`` are in English."""
    parts: list[tuple[Role, str]] = [("body", part) if isinstance(part, str) else part for part in texts]
    article = Article.from_parts(text for _, text in parts)
    sentences = tuple(
        Sentence(text, block.span, index, role, "en" if index in foreign else None)
        for index, ((role, text), block) in enumerate(zip(parts, article.blocks, strict=True))
    )
    return Document(article, sentences, language, 1.0)


def paragraph(*texts: str) -> list[Sentence]:
    return [Sentence(text, Span(0, len(text), text), 0) for text in texts]


def summary(of: Document, sentences: int = 2) -> list[str]:
    return [line.text for line in ExtractiveSummarizer().summarize([of], sentences=sentences)[0].lines]


def test_lines_are_verbatim_with_exact_evidence() -> None:
    """Each line is a sentence of the article, its span the very place, its support 1, and nothing stays unread."""
    article = document(LEAD, WEATHER, COST, RIVAL)
    draft = ExtractiveSummarizer().summarize([article], sentences=3)[0]
    assert draft.unread == ()
    for line in draft.lines:
        (span,) = line.evidence
        assert article.article.text[span.start : span.end] == span.text == line.text
        assert line.support == 1.0


def test_the_order_of_the_article_is_kept() -> None:
    """Whatever is chosen first, lines come in reading order."""
    article = document(WEATHER, RIVAL, COST, LEAD)
    assert summary(article, 4) == [WEATHER, RIVAL, COST, LEAD]


def test_the_marginal_sentence_goes_first() -> None:
    """What shares nothing with the rest of the article is left out, wherever it stands."""
    for place in range(4):
        texts = [LEAD, COST, RIVAL]
        texts.insert(place, WEATHER)
        assert WEATHER not in summary(document(*texts), 1)


@pytest.mark.parametrize(
    "never",
    [
        ("heading", "Die neue Brücke über die Förde kommt nach Kiel."),
        ("title", "Stadtrat von Kiel beschließt Brücke über die Förde."),
        ("kicker", "Neue Brücke über die Förde in Kiel."),
        "Warum braucht der Stadtrat von Kiel eine Brücke über die Förde?",
        "„Warum braucht Kiel eine Brücke über die Förde?“",
        "„Die Brücke über die Förde wird Kiel verändern und der Stadtrat weiß das.",
        "und die Brücke über die Förde wird Kiel verändern, der Stadtrat weiß das.“",
        "„Die Brücke über die Förde wird Kiel verändern.“",
    ],
)
def test_what_is_never_chosen(never: str | tuple[Role, str]) -> None:
    """Headings, questions and fragments of quotations stay out, even if that leaves fewer lines than asked for."""
    assert summary(document(never, LEAD, COST), 3) == [LEAD, COST]


def test_a_sentence_in_another_language_is_never_chosen() -> None:
    """A passage in another language than the article's stays out."""
    assert summary(document(LEAD, "The Kiel council has decided on a bridge.", COST, foreign=[1]), 3) == [LEAD, COST]


def test_the_middle_of_a_long_quotation_is_a_fragment() -> None:
    """A sentence without marks of its own is quoted if the marks around it say so."""
    texts = ["„Wir wollen bauen.", "Die Brücke über die Förde kommt.", "Daran zweifelt niemand“, sagte er.", LEAD]
    assert standings(paragraph(*texts), "de") == [Standing.UNFIT, Standing.UNFIT, Standing.UNFIT, Standing.FREE]


def test_a_stray_mark_does_not_spoil_its_paragraph() -> None:
    """Where marks do not pair up, only the sentence that holds the odd one is doubted."""
    assert standings(paragraph("Er rief: „Halt.", LEAD, COST), "de") == [Standing.UNFIT, Standing.FREE, Standing.FREE]


@pytest.mark.parametrize(
    "hanging",
    [
        "Dieser Plan für die Brücke über die Förde hat im Stadtrat von Kiel viele Freunde.",
        "Er nannte die Brücke über die Förde im Stadtrat von Kiel einen großen Wurf.",
        "Doch die Brücke über die Förde hat im Stadtrat von Kiel auch Gegner.",
        "Außerdem soll die Brücke über die Förde dem Stadtrat von Kiel Ruhe bringen.",
    ],
)
def test_a_hanging_sentence_needs_its_antecedent(hanging: str) -> None:
    """It yields to any sentence that stands alone, and may follow its predecessor."""
    assert hanging not in summary(document("Wer baut?", hanging, COST, LEAD, RIVAL), 3)
    assert choose(document(LEAD, hanging, WEATHER), 2, Weights(redundancy=0)) == [0, 1]
    assert summary(document(LEAD, hanging), 2) == [LEAD, hanging]
    assert summary(document(hanging), 2) == [hanging]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Die Polizei kam.", "de", False),
        ("Die hatte niemand gerufen.", "de", True),
        ("Das ist neu.", "de", True),
        ("Das neue Haus steht leer.", "de", False),
        ("Das geplante neue Haus steht leer.", "de", False),
        ("Der Rat der Stadt hat getagt.", "de", False),
        ("Das überraschte die Forscher.", "de", True),
        ("Es gibt drei Gründe.", "de", False),
        ("Es fraß den ganzen Tag.", "de", True),
        ("„Sie kommen“, sagte Meier.", "de", True),
        ("He left early.", "en", True),
        ("The mayor left early.", "en", False),
        ("Die hard fans came.", "en", False),
        ("Il est parti.", "fr", True),
        ("", "de", False),
        ("!", "de", False),
    ],
)
def test_pointing_back(text: str, language: str, expected: object) -> None:
    """Pronouns and connectives point back, articles before a noun do not; every language has its own list."""
    assert points_back(text, language) is expected


@pytest.mark.parametrize(
    "awkward",
    [
        "Jubel.",
        "Der Stadtrat von Kiel hat folgende Pläne für die Brücke:",
        "Das teilte der Stadtrat von Kiel mit.",
        "Brücke " * 80 + ".",
    ],
)
def test_awkward_sentences_are_the_last_resort(awkward: str) -> None:
    """Too short, too long, announcing, only naming a source: after all others, but before nothing."""
    assert awkward not in summary(document(LEAD, awkward, COST, WEATHER), 3)
    assert summary(document(awkward), 1) == [awkward]


def test_a_later_sentence_of_the_standfirst_leans_on_its_first() -> None:
    """What the first trial costs says nothing before the trial is named."""
    first = Sentence(LEAD, Span(0, len(LEAD), LEAD), 0, role="standfirst")
    second = replace(first, text=COST, span=Span(200, 200 + len(COST), COST))
    assert standings([first, second], "de") == [Standing.FREE, Standing.HANGING]


def test_nothing_is_said_twice() -> None:
    """A repeated sentence counts once: fewer lines, no padding."""
    assert summary(document(LEAD, LEAD, LEAD, COST), 4) == [LEAD, COST]


def test_redundancy_makes_room_for_news() -> None:
    """Between a paraphrase of what is chosen and another fact, the fact wins."""
    again = "Am Montag hat der Stadtrat von Kiel beschlossen, eine neue Brücke über die Förde zu bauen."
    assert summary(document(LEAD, again, COST), 2) == [LEAD, COST]


def test_the_title_is_a_signal() -> None:
    """The same sentences under another headline give another choice."""
    ferry = "Eine Reederei aus Eckernförde bietet täglich zwölf Überfahrten mit Autofähren an."
    tram = "Auf dem Ostufer plant die Verwaltung eine Straßenbahn mit neun Haltestellen."
    for title, expected in (("Autofähren aus Eckernförde", ferry), ("Straßenbahn mit Haltestellen", tram)):
        assert summary(document(("title", title), tram, WEATHER, ferry), 1) == [expected]


def test_a_standfirst_competes_with_the_beginning() -> None:
    """A standfirst may be a line, and does not push the first body sentence back."""
    found = summary(document(("standfirst", "Kiel baut bis 2027 eine Brücke über die Förde."), LEAD, COST, WEATHER), 2)
    assert len(found) == 2
    assert WEATHER not in found


def test_languages_without_spaces_are_ranked_too() -> None:
    """Chinese is compared by pairs of characters, not as one word per sentence."""
    bridge, cost, weather = "基尔市议会周一决定修建一座新桥。", "这座新桥将耗资四千万欧元。", "昨晚弗伦斯堡下了雨很大。"
    assert words("新桥。ab") == ["新桥", "ab"]
    assert summary(document(bridge, weather, cost, "市议会反对派认为新桥太贵。", language="zh"), 1) == [bridge]
    assert set(words(cost)) & set(words(bridge)) == {"座新", "新桥"}


def test_only_questions_still_give_something() -> None:
    """An article of nothing but unfit sentences is summarised by the best of them; one without body by none."""
    assert summary(document("Wer baut die Brücke?", "Wer bezahlt die Brücke?"), 1) == ["Wer baut die Brücke?"]
    assert summary(document(("heading", "Die Brücke"), ("title", "Kiel")), 2) == []


@pytest.mark.parametrize("number", [0, -1])
def test_less_than_one_sentence_is_refused(number: int) -> None:
    """The error names the number and the cure."""
    with pytest.raises(ConfigError, match=rf"{number} were asked for.*1 or more"):
        ExtractiveSummarizer().summarize([], sentences=number)


def test_documents_do_not_touch_each_other() -> None:
    """A document's summary is the same alone, in company and the second time."""
    first, second = document(LEAD, WEATHER, COST), document(WEATHER, RIVAL)
    stage = ExtractiveSummarizer()
    assert stage.summarize([first, second], sentences=2) == [
        *stage.summarize([first], sentences=2),
        *stage.summarize([second], sentences=2),
    ]


@given(st.lists(st.text(max_size=40), max_size=12), st.integers(1, 15), st.sampled_from(["de", "en", "zh"]))
@settings(max_examples=60, deadline=None)
def test_any_text_is_summarised(texts: list[str], number: int, language: str) -> None:
    """Any characters: no error, no warning, at most the number asked for, in order, none twice."""
    sentences = tuple(Sentence(text, Span(at, at + 1, text), at // 3) for at, text in enumerate(texts))
    whole = Document(Article("", ()), sentences, language, 1.0)
    lines = ExtractiveSummarizer().summarize([whole], sentences=number)[0].lines
    starts = [line.evidence[0].start for line in lines]
    assert len(lines) <= number
    assert starts == sorted(set(starts))
    assert bool(lines) == bool(texts)


def test_a_book_takes_seconds_and_no_matrix() -> None:
    """100,000 words in 6,000 sentences: time grows with the words, memory stays far below sentences squared."""
    texts = [" ".join(f"w{(row * 31 + place * place * 7) % 9973}" for place in range(17)) + "." for row in range(6000)]
    began = time.process_time()
    vectors = Vectors.of([words(text) for text in texts])
    assert len(summary(document(*texts), 50)) == 50
    assert time.process_time() - began < 10
    assert vectors.rows.nbytes + vectors.columns.nbytes + vectors.weights.nbytes < 4_000_000
