"""What both engines share, tried with an engine that says what it is told to."""
# ruff: noqa: ARG002  # a parrot hears more than it needs

from __future__ import annotations

from collections.abc import Sequence

import pytest

from summarizer.models.decoding import BATCH_TOKENS, Hypothesis, TokenModel
from summarizer.models.languages import Languages
from summarizer.models.protocol import Options


class Words:
    """A tokenizer of words, for languages that need no tokens."""

    languages = Languages(())
    special = 0
    window = None
    unknown = None

    def encode(self, text: str) -> list[str]:
        return text.split()

    def source(self, tokens: Sequence[str], source: str | None, target: str | None) -> list[str]:
        return list(tokens)

    def prefix(self, target: str | None) -> list[str]:
        return []

    def decode(self, tokens: Sequence[str]) -> str:
        return " ".join(tokens)

    def ids(self, tokens: Sequence[str]) -> list[int]:
        raise NotImplementedError

    def tokens(self, ids: Sequence[int]) -> list[str]:
        raise NotImplementedError


class Parrot(TokenModel):
    """Repeats its source; says ``stuck`` for ever unless n-grams may not repeat. Remembers what it was asked."""

    def __init__(self, *, cured: str = "cured", longest: int | None = None) -> None:
        super().__init__("parrot", Words(), 100, longest)
        self.cured = cured
        self.calls: list[tuple[list[list[str]], int, Options]] = []

    def _decode(
        self, sources: Sequence[list[str]], prefix: list[str], bound: int, options: Options
    ) -> list[list[Hypothesis]]:
        self.calls.append((list(sources), bound, options))
        return [[self._said(source, bound, options)] for source in sources]

    def _said(self, source: list[str], bound: int, options: Options) -> Hypothesis:
        if source != ["stuck"]:
            return Hypothesis(tuple(source[:bound]), -0.1, len(source) <= bound)
        if options.no_repeat_ngram:
            return Hypothesis(tuple(self.cured.split()), -0.5, ended=True)
        return Hypothesis(("a", "b", "c") * (bound // 3), -0.1, ended=False)

    def _free(self) -> None:
        pass


def test_a_loop_is_tried_again_without_repetition() -> None:
    """Only the text that loops is decoded again, and the text without the loop is kept."""
    model = Parrot()
    found = model.generate(["eins zwei", "stuck"], Options())
    assert [generation.text for generation in found] == ["eins zwei", "cured"]
    assert [len(sources) for sources, _, _ in model.calls] == [2, 1]


@pytest.mark.parametrize(
    ("said", "loops"),
    [
        ("a " * 11, False),
        ("a " * 12, True),
        ("a b c d " * 3, True),
        ("a b c d " * 2 + "a b c e", False),
        ("eins zwei drei vier fünf sechs sieben " * 3, True),
        ("x y " + "a b " * 6 + "z", True),
        ("der Mann und die Frau und das Kind und der Hund und die Katze", False),
    ],
)
def test_a_loop_is_a_block_three_times_in_a_row_over_a_dozen_tokens(said: str, loops: bool) -> None:
    """A list or a refrain is none. The attempt stands if trying again loops too."""
    model = Parrot(cured=said)
    (found,) = model.generate(["stuck"], Options())
    assert (found.text != said.strip()) is loops


def test_a_source_that_loops_may_be_repeated() -> None:
    """A table of dashes is translated as it stands."""
    model = Parrot()
    (found,) = model.generate(["- " * 20], Options())
    assert found.text == ("- " * 20).strip()
    assert len(model.calls) == 1


def test_one_batch_has_one_bound_that_no_neighbour_changes() -> None:
    """Where an output must stop depends on its own source only, or batches would change texts."""
    texts = ["wort " * length for length in (1, 15, 16, 17, 40, 90)]
    model = Parrot()
    model.generate(texts, Options())
    together = {len(source): bound for sources, bound, _ in model.calls for source in sources}
    for text in texts:
        alone = Parrot()
        alone.generate([text], Options())
        assert together[len(text.split())] == alone.calls[0][1]
    assert together[1] == together[16] < together[17]


def test_a_batch_holds_no_more_than_its_token_budget() -> None:
    """Padding counted, so that memory is bounded however many texts come."""
    model = Parrot()
    model.generate(["wort " * 90] * 100 + ["wort"] * 100, Options(max_tokens=5))
    widths = [len(sources) * max(map(len, sources)) for sources, _, _ in model.calls]
    assert max(widths) <= BATCH_TOKENS
    assert len(widths) <= 6


def test_the_decoders_own_limit_bounds_every_output() -> None:
    """A request beyond the decoder's positions is cut to them, and the output says so."""
    (found,) = Parrot(longest=7).generate(["wort " * 20], Options(max_tokens=50))
    assert (found.tokens, found.truncated) == (7, True)
