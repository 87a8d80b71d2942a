"""Repair: a line with findings is tried again in other ways, a clean one is left alone, and nothing is silent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.models.protocol import Options
from summarizer.stages.placeholders import exonym, names_aside
from summarizer.stages.repair import parts
from summarizer.stages.translation import Translation, Translator
from summarizer.testing import FakeModel
from summarizer.types import Finding, Generation

LONG = "Die Stadt zahlt für den Versuch 12 Millionen Euro, weil die alte Fähre im Mai verkauft wurde."
HALVES = ("Die Stadt zahlt für den Versuch 12 Millionen Euro,", "weil die alte Fähre im Mai verkauft wurde.")


class Book(FakeModel):
    """A model that knows its answers by heart; ``asked`` are the texts of each call with its options."""

    def __init__(
        self, answers: Mapping[str, str], *, greedy: Mapping[str, str] | None = None, window: int = 512
    ) -> None:
        super().__init__(reply=self._answer, window=window)
        self.answers, self.greedy = answers, greedy or {}
        self.asked: list[tuple[Sequence[str], Options]] = []

    def generate(self, texts: Sequence[str], options: Options) -> list[Generation]:
        self.asked.append((list(texts), options))
        return super().generate(texts, options)

    def _answer(self, text: str, options: Options) -> str:
        known = self.greedy if options.beams == 1 else self.answers
        return known.get(text, self.answers.get(text, f"«{text}»"))


def translated(model: FakeModel, text: str, *, beams: int = 4, repair: bool = True) -> Translation:
    translator = Translator(model, options=Options(beams=beams), repair=repair)
    return translator.translate([text], source="de", target="en")[0]


def test_a_clean_line_is_asked_once() -> None:
    """Repair costs nothing where there is nothing to repair."""
    model = Book({LONG: "The city pays 12 million euros for the trial because the old ferry was sold in May."})
    assert translated(model, LONG).text == model.answers[LONG]
    assert [texts for texts, _ in model.asked] == [[LONG]]


def test_a_line_that_lost_a_fact_is_translated_in_parts() -> None:
    """The parts keep number and month; they come together as one sentence."""
    model = Book(
        {
            LONG: "The city pays for the trial because the old ferry was sold to another town.",
            HALVES[0]: "The city pays 12 million euros for the trial.",
            HALVES[1]: "Because the old ferry was sold in May.",
        }
    )
    expected = "The city pays 12 million euros for the trial, because the old ferry was sold in May."
    assert translated(model, LONG).text == expected
    assert translated(model, LONG, repair=False).text == model.answers[LONG]


def test_what_parts_do_not_mend_another_beam_may() -> None:
    """The last way is the whole sentence, greedily."""
    wrong = "The city pays 21 million euros for the trial."
    right = "The city pays 12 million euros for the trial."
    text = "Die Stadt zahlt für den Versuch 12 Millionen Euro."
    model = Book({text: wrong}, greedy={text: right})
    assert translated(model, text).text == right
    assert [options.beams for _, options in model.asked] == [4, 1]


def test_where_nothing_is_clean_the_best_stays() -> None:
    """Of bad translations the one with the least to find is kept, the first of equals."""
    text = "Die Stadt zahlt für den Versuch 12 Millionen Euro."
    first = "The city pays 21 million euros for the trial."
    model = Book({text: first}, greedy={text: "The city pays 31 million euros for the trial."})
    assert translated(model, text).text == first


def test_a_repair_that_leaves_half_of_the_line_out_is_none() -> None:
    """Parts without a finding because they say next to nothing are not taken."""
    model = Book(
        {
            LONG: "The city pays 21 million euros for the trial because the old ferry was sold in May.",
            HALVES[0]: "12 million euros.",
            HALVES[1]: "In May.",
        }
    )
    assert translated(model, LONG).text == model.answers[LONG]


def test_all_lines_with_findings_are_tried_again_together() -> None:
    """Ten bad lines cost no more calls than one."""
    texts = [LONG.replace("12", str(number)) for number in range(30, 40)]
    model = Book({})
    model.answers = dict.fromkeys(texts, "The city pays for the trial because the old ferry was sold in May.")
    Translator(model, options=Options(beams=4)).translate(texts, source="de", target="en")
    assert len(model.asked) <= 4


LOST = "Das Schiff fährt vom Hafen in den Stadtteil Wiebkau und zurück."
BEHIND = "Das Schiff fährt vom Hafen in den Stadtteil Berlin und zurück."


def test_a_lost_name_is_put_aside_and_put_back() -> None:
    """The model copies a well-known name; the lost one takes its place, and the translation says so."""
    model = Book(
        {
            LOST: "The ship goes from the port to the city and back.",
            BEHIND: "The ship goes from the port to the Berlin district and back.",
        }
    )
    done = translated(model, LOST)
    assert done.text == "The ship goes from the port to the Wiebkau district and back."
    assert done.restored == ("Wiebkau",)


def test_a_garbled_name_is_put_right_where_it_stands() -> None:
    """No second translation is needed, and the rest of the line stays."""
    model = Book({LOST: "The ship goes from the port to the city of Wiebs and back."})
    done = translated(model, LOST)
    assert (done.text, done.restored) == (
        "The ship goes from the port to the city of Wiebkau and back.",
        ("Wiebkau",),
    )
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "answer",
    ["The ship goes to the capital.", "From Berlin to Berlin.", "The ship goes from the port to Berlins and back."],
)
def test_a_stand_in_that_is_not_copied_once_restores_nothing(answer: str) -> None:
    """What cannot be put back safely is not."""
    model = Book({LOST: "The ship goes from the port to the city and back.", BEHIND: answer})
    assert translated(model, LOST).text == model.answers[LOST]


def lost(name: str, confidence: float = 0.3) -> Finding:
    return Finding("translation", "name", "", "missing", expected=name, confidence=confidence)


@pytest.mark.parametrize(
    ("text", "name", "back"),
    [
        ("Der Bus fährt über Aue nach Lopp.", "Lopp", "Lopp"),
        ("Mehr sagte Habte den Reportern nicht.", "Habte", "Habte"),
        ("Es gibt eine neue Gülen-Debatte im Land.", "Gülen", "Gülen"),
        ("Seitdem wächst Äthiopiens Wirtschaft schnell.", "Äthiopiens", "Ethiopia"),
        ("Sie gewann Gold im Bodenturnen der Frauen.", "Bodenturnen", None),
        ("Der Verein sucht eine neue Trainerin für die Jugend.", "Trainerin", None),
        ("Ein Ausflug mit einem Ausritt am Strand stand an.", "Ausritt", None),
    ],
)
def test_names_are_restored_and_nouns_are_not(text: str, name: str, back: str | None) -> None:
    """German nouns have capitals too and must not end up in the translation; countries take their other name."""
    aside = names_aside(text, [lost(name)], source="de", target="en")
    assert (aside.names if aside else None) == ((back,) if back else None)


@pytest.mark.parametrize(
    ("word", "target", "expected"),
    [
        ("äthiopien", "en", "Ethiopia"),
        ("äthiopiens", "en", "Ethiopia's"),
        ("norwegen", "fr", "Norvège"),
        ("finkenwerder", "en", None),
        ("norwegen", "xx", None),
    ],
)
def test_places_that_cldr_knows_have_their_name_in_the_target(word: str, target: str, expected: str | None) -> None:
    """A country is translated, not copied."""
    assert exonym(word, "de", target) == expected


@pytest.mark.parametrize(
    ("text", "least", "expected"),
    [
        (LONG, 7, list(HALVES)),
        (LONG, 40, []),
        ("Er kam, sah und siegte.", 4, []),
        (
            "Die Stadt baut eine Brücke und der Kreis bezahlt sie dafür.",
            4,
            ["Die Stadt baut eine Brücke", "und der Kreis bezahlt sie dafür."],
        ),
        ("Es kostet 12,5 Millionen Euro im ganzen Jahr.", 2, []),
    ],
)
def test_sentences_are_cut_at_clauses(text: str, least: int, expected: list[str]) -> None:
    """Commas and conjunctions, never inside a number, no part shorter than asked."""
    assert parts(text, "de", least=least) == expected


@given(st.text(max_size=200), st.integers(min_value=1, max_value=9))
@settings(max_examples=60, deadline=None)
def test_parts_lose_nothing(text: str, least: int) -> None:
    """Joined, the parts are the text but for white space."""
    found = parts(text, "de", least=least)
    assert not found or "".join("".join(found).split()) == "".join(text.split())


def garbage(text: str, _: Options) -> str:
    """A translation with another number, name and sense."""
    return f"Not {text[::-1]} 99"


@given(st.text(max_size=120))
@settings(max_examples=40, deadline=None)
def test_any_text_comes_through_repair(text: str) -> None:
    """Whatever is in it, and however bad the model: one translation, no error."""
    replies: list[Callable[[str, Options], str]] = [garbage]
    translator = Translator(FakeModel(reply=garbage, alternatives=replies), options=Options(beams=2, hypotheses=2))
    assert len(translator.translate([text], source="de", target="en")) == 1


def test_a_part_that_does_not_fit_is_not_tried() -> None:
    """A stand-in may be longer than the name; the window is kept all the same."""

    class Letters(Book):
        def count(self, text: str) -> int:
            return len(text)

    text = "Der Bus fährt von Aue nach Ulm."
    model = Letters({text: "The bus goes."}, window=len(text))
    assert translated(model, text).text == "The bus goes."
