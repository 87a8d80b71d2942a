"""A template's length is taken off the window once, not once per sentence."""

from __future__ import annotations

import pytest

from summarizer.errors import ModelFailed
from summarizer.models.protocol import Options
from summarizer.stages.abstractive import AbstractiveSummarizer
from summarizer.stages.asking import Asking
from summarizer.stages.translation import Translator
from summarizer.testing import FakeModel
from summarizer.text.document import read


def test_the_room_for_a_text() -> None:
    """Window and ruler speak of the text alone; together they are exact for the prompt."""
    asking = Asking(FakeModel(window=20), "say in two words : {}".format)
    assert (asking.taken, asking.window, asking.count("ein Wort mehr")) == (5, 15, 3)


def test_a_template_that_leaves_no_room_is_named() -> None:
    """Better than a summary of nothing."""
    with pytest.raises(ModelFailed, match="the template takes 15 of the 20 tokens that fake can read"):
        Asking(FakeModel(window=20), ("wort " * 15 + "{}").format)


def test_a_long_template_does_not_cost_calls() -> None:
    """Forty sentences of eight words need as many prompts as room demands, whatever the template."""
    asked: list[str] = []

    def reply(text: str, options: Options) -> str:
        asked.append(text)
        return "Kurz gesagt."

    sentences = [f"Am {day}. Mai kam ein Zug nach Ulm." for day in range(1, 31)]
    document = read(" ".join(sentences), language="de").document
    model = FakeModel(window=150, reply=reply)
    template = "bitte " * 50 + "{text}"
    AbstractiveSummarizer(model, template=template).summarize([document], sentences=2)
    assert len([text for text in asked if "Zug" in text]) == 3  # 240 words, 100 at a time
    assert max(map(model.count, asked)) <= 150


def test_a_translation_template_names_both_languages() -> None:
    """One sentence per prompt; what comes back is the answer alone."""
    model = FakeModel(reply=lambda text, _options: text.upper())
    translator = Translator(model, template="{language} to {target}: {text}")
    (done,) = translator.translate(["Ein Satz. Noch einer."], source="de", target="fr")
    assert done.text == "GERMAN TO FRENCH: EIN SATZ. GERMAN TO FRENCH: NOCH EINER."
