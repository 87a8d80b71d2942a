"""Written lines and the article behind them: what it backs stays, what it does not gives way, nothing stands twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.models.protocol import Options
from summarizer.stages.abstractive import AbstractiveSummarizer
from summarizer.stages.backing import Backing
from summarizer.testing import FakeModel
from summarizer.text.document import read
from summarizer.types import Document, Draft, Generation

ARTICLE = (
    "Der Hamburger Senat hat am Dienstag den Bau einer elektrischen Fähre beschlossen. "
    "Die Stadt zahlt für den Versuch 12,5 Millionen Euro. "
    "Die Gewerkschaft befürchtet, dass bis zu 300 Arbeitsplätze wegfallen. "
    "Das Schiff soll vom 2. Mai an zwischen den Landungsbrücken und Finkenwerder pendeln."
)
COSTS = "Die Stadt zahlt für den Versuch 12,5 Millionen Euro."


def document(text: str = ARTICLE) -> Document:
    return read(text, language="de").document


def draft(*answers: str, beams: int = 1, hypotheses: int = 1, sentences: int = 3) -> tuple[Draft, FakeModel]:
    """What becomes of a model's hypotheses, best first."""
    first, *others = (_says(answer) for answer in answers)
    model = FakeModel(reply=first, alternatives=others)
    stage = AbstractiveSummarizer(model, options=Options(beams=beams, hypotheses=hypotheses))
    return stage.summarize([document()], sentences=sentences)[0], model


def _says(text: str) -> Callable[[str, Options], str]:
    return lambda _text, _options: text


def test_a_backed_line_stays() -> None:
    """Reworded, with every fact in the article: no finding, one call."""
    line = "Der Senat in Hamburg hat den Bau einer elektrischen Fähre beschlossen."
    done, model = draft(line, beams=4)
    assert [item.text for item in done.lines] == [line]
    assert done.findings == ()
    assert model.generated == 1


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Die Stadt zahlt für den Versuch 19,5 Millionen Euro.", COSTS),
        ("Die Gewerkschaft befürchtet, dass bis zu 900 Arbeitsplätze wegfallen.", "300 Arbeitsplätze"),
        ("Der Senat hat den Bau der elektrischen Fähre am Freitag beschlossen.", "am Dienstag"),
        ("Kanadische Forscher entdecken unbekannte Spinnenarten im Regenwald.", ""),
    ],
)
def test_an_invented_line_gives_way_to_the_article(line: str, kept: str) -> None:
    """A wrong number, a wrong day, a line from nowhere: its best evidence, else the article's first word on the matter."""
    done, _ = draft(line)
    (shown,) = done.lines
    assert kept in shown.text
    assert shown.text in ARTICLE
    assert (shown.support, len(shown.evidence)) == (1.0, 1)
    (finding,) = done.findings
    assert (finding.step, finding.kind, finding.line) == ("summary", "unsupported", 0)
    assert (finding.value, finding.expected, finding.flagged) == (line, shown.text, True)


def test_another_hypothesis_comes_before_the_article() -> None:
    """The next wording says the same with the right number; the finding is a hint."""
    right = "Für den Versuch zahlt die Stadt 12,5 Millionen Euro."
    done, _ = draft("Für den Versuch zahlt die Stadt 19,5 Millionen Euro.", right, beams=2, hypotheses=2)
    assert [line.text for line in done.lines] == [right]
    assert [finding.flagged for finding in done.findings] == [False]


def test_a_model_asked_for_one_hypothesis_is_asked_for_more_where_it_invents() -> None:
    """One more call, and only for the documents that need it."""
    right = "Für den Versuch zahlt die Stadt 12,5 Millionen Euro."
    done, model = draft("Für den Versuch zahlt die Stadt 19,5 Millionen Euro.", right, beams=2)
    assert [line.text for line in done.lines] == [right]
    assert model.generated == 2


def test_a_hypothesis_that_says_something_else_is_no_replacement() -> None:
    """Backed by the article, but about the union and not the money."""
    other = "Die Gewerkschaft befürchtet, dass Arbeitsplätze wegfallen."
    done, _ = draft("Die Stadt zahlt für den Versuch 19,5 Millionen Euro.", other, beams=2, hypotheses=2)
    assert [line.text for line in done.lines] == [COSTS]


def test_no_two_lines_are_equal() -> None:
    """Where the evidence of an invented line is a line already, the article says something else in its place."""
    done, _ = draft(f"{COSTS} Die Stadt zahlt für den Versuch 19,5 Millionen Euro.")
    first, second = (line.text for line in done.lines)
    assert first == COSTS
    assert second != COSTS
    assert second in ARTICLE


def test_places_of_findings_are_those_of_the_lines_shown() -> None:
    """The second line was replaced, and the finding says so of the second line."""
    done, _ = draft(f"{COSTS} Es fallen 900 Arbeitsplätze weg, befürchtet die Gewerkschaft.")
    assert [finding.line for finding in done.findings] == [1]
    assert "300" in done.lines[1].text


def test_documents_of_a_batch_are_mended_apart() -> None:
    """What one article backs does not back another, and order is kept."""

    class Echo(FakeModel):
        def generate(self, texts: Sequence[str], options: Options) -> list[Generation]:  # noqa: ARG002 - the shape of a model
            return [Generation("Die Stadt zahlt für den Versuch 12,5 Millionen Euro.") for _ in texts]

    other = "Die Feuerwehr rückte mit vier Wagen aus. Verletzt wurde bei dem Brand am Hafen niemand."
    drafts = AbstractiveSummarizer(Echo()).summarize([document(other), document()], sentences=1)
    assert drafts[0].lines[0].text in other
    assert drafts[1].lines[0].text == COSTS
    assert [len(item.findings) for item in drafts] == [1, 0]


@given(st.lists(st.text(max_size=60), max_size=5), st.lists(st.text(max_size=60), max_size=5))
@settings(max_examples=40, deadline=None)
def test_any_lines_come_out_backed_or_are_named(texts: list[str], others: list[str]) -> None:
    """Whatever a model writes: no two lines are equal, and a line without evidence is left to the checks alone."""
    lines, findings = Backing(document()).mended(list(dict.fromkeys(texts)), others)
    assert len({line.text for line in lines}) == len(lines)
    assert all(finding.line is not None and finding.line < len(lines) for finding in findings)
