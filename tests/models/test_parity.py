"""CTranslate2 says token for token what transformers says, with the same score."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from summarizer.models.protocol import Model, Options
from tests import tiny

FAMILIES = [family for family in tiny.BUILDERS if family not in tiny.TORCH_ONLY]
TEXTS = [
    *(german for german, _ in tiny.PAIRS),
    *(text for text in tiny.OTHER_SENTENCES if "ü" in text or "." in text),
    "Der Zug nach Hamburg hat Verspätung. Niemand wurde verletzt. Die Polizei sucht nach Zeugen.",
]


@pytest.mark.parametrize("family", FAMILIES)
def test_greedy_output_is_the_same(family: str, model_of: Callable[[str, str], Model]) -> None:
    """Greedy, float32: equal text and length, also for what was never learnt; equal scores for what was.

    (Where the loop guard searches again, each engine scores its constrained search in its own way.)
    """
    options = Options(max_tokens=40, source="de", target="en")
    ours, theirs = (model_of(wrapper, family).generate(TEXTS, options) for wrapper in ("ct2", "seq2seq"))
    for text, one, other in zip(TEXTS, ours, theirs, strict=True):
        assert (one.text, one.tokens, one.truncated) == (other.text, other.tokens, other.truncated), text
    for one, other in list(zip(ours, theirs, strict=True))[: len(tiny.FEW)]:
        assert one.score == pytest.approx(other.score, abs=2e-3)


@pytest.mark.parametrize("family", FAMILIES)
def test_beam_search_finds_the_same_best(family: str, model_of: Callable[[str, str], Model]) -> None:
    """Beam searches differ in when they stop; on what is learnt by heart they agree."""
    options = Options(beams=3, source="de", target="en")
    texts = [german for german, _ in tiny.FEW]
    ours, theirs = (model_of(wrapper, family).generate(texts, options) for wrapper in ("ct2", "seq2seq"))
    assert [one.text for one in ours] == [other.text for other in theirs]
