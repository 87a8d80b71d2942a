"""What an instruction model says around its answer is taken off; what belongs to the answer stays."""

from __future__ import annotations

import time

import pytest

from summarizer.models.chat.answer import Answer, answer_in
from summarizer.text.prompts import TRANSLATION, filled

PROMPT = filled(TRANSLATION, "Der Bürgermeister eröffnete die Brücke.", language="de", target="en")


def asked(text: str) -> str:
    return filled(TRANSLATION, text, language="de", target="en")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("The mayor opened the bridge.", "The mayor opened the bridge."),
        ("<think>\nmayor, bridge\n</think>\n\nThe mayor opened it.", "The mayor opened it."),
        ("<Thinking>a</Thinking>The mayor opened it.", "The mayor opened it."),
        ("mayor, bridge, so:\n</think>\nThe mayor opened it.", "The mayor opened it."),
        ("<think>a</think>The mayor<think>b</think> opened it.", "The mayor opened it."),
        ("[THINK]mayor\nbridge[/THINK]The mayor opened it.", "The mayor opened it."),
        ("◁think▷mayor, bridge◁/think▷The mayor opened it.", "The mayor opened it."),
        ("<seed:think>mayor</seed:think>The mayor opened it.", "The mayor opened it."),
        ("<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>He came.<|END_RESPONSE|>", "He came."),
        ("<|begin_of_thought|>a<|end_of_thought|>\n\n<|begin_of_solution|>He came.", "He came."),
        ("<think>mayor</think>\n<answer>\nThe mayor opened it.\n</answer>", "The mayor opened it."),
        ("<answer>The mayor opened it.", "The mayor opened it."),
        ("<think>a<think>b</think>c</think>The mayor opened it.", "The mayor opened it."),
        ("Here is the translation:\n\nThe mayor opened it.", "The mayor opened it."),
        ("Sure! Here's the translated text in English:\nThe mayor opened it.", "The mayor opened it."),
        ("Certainly, here is my translation: The mayor opened it.", "The mayor opened it."),
        ("Gerne! Hier ist die Zusammenfassung:\nDer Bürgermeister kam.", "Der Bürgermeister kam."),
        ("Zusammenfassung: Der Bürgermeister kam.", "Der Bürgermeister kam."),
        ("**Translation (English):** The mayor opened it.", "The mayor opened it."),
        ("## Summary\n\nThe mayor opened it.", "The mayor opened it."),
        ("**Zusammenfassung**\nDer Bürgermeister kam.", "Der Bürgermeister kam."),
        ("Translation: “The mayor opened it.”", "The mayor opened it."),
        ('"The mayor opened it."', "The mayor opened it."),
        ("„Der Bürgermeister kam.“", "Der Bürgermeister kam."),
        ("```\nThe mayor opened it.\n```", "The mayor opened it."),
        ("The **mayor** opened it.", "The mayor opened it."),
        ("The mayor opened it.\n\n(Note: “mayor” may also be “lord mayor”.)", "The mayor opened it."),
        ("The mayor opened it.\n\nI hope this helps!", "The mayor opened it."),
        ("- The mayor came.\n- He opened it.", "The mayor came.\nHe opened it."),
        ("1. The mayor came.\n2. He opened it.", "The mayor came.\nHe opened it."),
        ("  The mayor opened it. \n", "The mayor opened it."),
        (
            "<|channel|>analysis<|message|>a mayor<|end|><|start|>assistant<|channel|>final<|message|>He came.<|return|>",
            "He came.",
        ),
        ("<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final <|message|>He came.", "He came."),
        (
            "<|channel|>commentary to=look <|constrain|>json<|message|>{}<|call|><|channel|>final<|message|>He\ncame.",
            "He\ncame.",
        ),
        ("a mayor<|end|><|start|>assistant<|channel|>final<|message|>“He came.”", "He came."),
        ("analysisA mayor, a final.assistantfinalHe came.", "He came."),
    ],
)
def test_what_is_no_answer_goes(said: str, answer: str) -> None:
    """Thinking, preambles, headings, labels, fences, emphasis, lists, remarks and quotes around the whole."""
    assert answer_in(said, PROMPT) == Answer(answer)


@pytest.mark.parametrize(
    "said",
    [
        "He said: the bridge is open.",
        "Here is where the mayor stood.",
        "Here they are: 12 boats and 3 ferries.",
        "The summary of the report was short.",
        "Sure of victory, the mayor opened the bridge.",
        "“We did it,” said the mayor.",
        "“We did it,” he said, “and well.”",
        "12. May was the day.",
        "3. The third one.",
        "2 * 3 ** 4 is 162.",
        "Note: the bridge is closed.",
        "Here is the summary:",
        "The translation of the report: a scandal.",
    ],
)
def test_what_is_the_answer_stays(said: str) -> None:
    """A colon, a quotation, a date or a word in the text is no wrapping."""
    assert answer_in(said, PROMPT) == Answer(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("„Wir bauen eine Brücke.“", "“We are building a bridge.”"),
        ("Zusammenfassung: alles gut.", "Summary: all is well."),
        ("- Ein Punkt.\n- Noch einer.", "- One point.\n- Another."),
        (
            "Das Zeichen <think> öffnet einen Block, </think> schließt ihn.",
            "<think> opens a block, </think> closes it.",
        ),
        ("Das **Wort** ist fett.", "The **word** is bold."),
        ("Die Marke [THINK] steht davor.", "The mark [THINK] stands before it."),
        ("Die Marke <|channel|> steht davor.", "The mark <|channel|>final<|message|> stands before."),
        ("Er ging.\n\nHinweis: morgen mehr.", "He left.\n\nNote: more tomorrow."),
    ],
)
def test_what_the_source_has_the_answer_may_have(text: str, said: str) -> None:
    """Quotes, labels, lists, tags and remarks of the text itself are translated, not taken off."""
    assert answer_in(said, asked(text)) == Answer(said)


@pytest.mark.parametrize(
    "said",
    [
        "<think>The mayor, hm",
        "<think>a</think><think>and then",
        "[THINK]The mayor, hm",
        "<|channel|>analysis<|message|>The mayor, hm",
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>",
        "<|channel|>analysis",
    ],
)
def test_thoughts_that_never_end_are_no_answer(said: str) -> None:
    """The model ran out of room: nothing is left, and it says so."""
    assert answer_in(said, PROMPT) == Answer("", unfinished=True)


def test_thoughts_without_number_take_no_time() -> None:
    """A hundred thousand marks are read once, not once for each."""
    began = time.perf_counter()
    assert answer_in("</think>" + "<think>a" * 100_000, PROMPT).unfinished
    assert time.perf_counter() - began < 2


def test_a_thought_begun_after_the_answer_marks_it() -> None:
    """What was said before stays, marked as unfinished."""
    assert answer_in("The mayor came.<think>But", PROMPT) == Answer("The mayor came.", unfinished=True)
