"""A server's answer is held to its bound and cut out of its loops; an honest one stays as it is."""

from __future__ import annotations

import pytest

from summarizer.models.chat.bounds import bounded, estimated
from summarizer.types import Generation

PROMPT = "Translate into English.\n\nDer Bürgermeister eröffnete am Montag die neue Brücke über die Alster."
TURN = "The mayor opened the bridge."


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (" ".join([TURN] * 6), TURN),
        ("\n".join([TURN] * 6), TURN),
        (f"He came. {' '.join([TURN] * 5)} He left.", f"He came. {TURN} He left."),
        ("He " + "ha" * 60, "He haha"),
        ("a" * 200, "aaaa"),
        ("市长出席了大桥。" * 8, "市长出席了大桥。"),
    ],
)
def test_a_loop_is_cut_to_one_turn(said: str, answer: str) -> None:
    """Sentences, lines, letters and text without spaces; what stands around it stays."""
    assert bounded(Generation(said), PROMPT, None) == Generation(answer, repeated=True)


@pytest.mark.parametrize("said", [TURN, f"{TURN} {TURN}", "10 000 000 000 euros.", "No, no, no!", "A  b\n\nc", ""])
def test_an_honest_answer_stays(said: str) -> None:
    """Byte for byte, and unmarked."""
    assert bounded(Generation(said), PROMPT, None) == Generation(said)


def test_what_the_prompt_repeats_the_answer_may_repeat() -> None:
    """A chorus is translated as it stands."""
    said = Generation(" ".join(["We are here."] * 5))
    assert bounded(said, "Translate.\n\n" + " ".join(["Wir sind da."] * 5), None) == said


@pytest.mark.parametrize("max_tokens", [None, 20])
def test_an_answer_over_its_bound_is_cut_and_says_so(max_tokens: int | None) -> None:
    """Three times the prompt and ten more; of a bound that is set, three times, for the words of an honest answer."""
    said = "".join(chr(97 + place * place % 23) + " "[place * place % 7 :] for place in range(2000))
    found = bounded(Generation(said), PROMPT, max_tokens)
    bound = 3 * max_tokens if max_tokens else 3 * estimated(PROMPT) + 10
    assert found.truncated
    assert said.startswith(found.text)
    assert bound - 2 < estimated(found.text) <= bound


def test_a_bound_in_the_servers_tokens_cuts_no_long_words() -> None:
    """An answer of 30 tokens of a server's has 150 bytes and more."""
    said = Generation("The extraordinarily well-attended inauguration ceremony of the international bridge took place.")
    assert bounded(said, PROMPT, 20) == said
