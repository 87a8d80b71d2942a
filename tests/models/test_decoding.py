"""What both engines share, tried with an engine that says what it is told to."""
# ruff: noqa: ARG002  # a parrot hears more than it needs

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.models.decoding import AHEAD, BATCH_TOKENS, Hypothesis, TokenModel
from summarizer.models.languages import Languages
from summarizer.models.loops import cut_loops, loop_in
from summarizer.models.protocol import Options
from summarizer.progress import Stage, heard_by


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
    """Repeats its source; to "stuck" it says ``stuck``, and ``cured`` where n-grams may not repeat. Keeps its orders.

    Of several texts in ``stuck``, split at "|", the first is the best.
    """

    def __init__(self, *, stuck: str = "a b c " * 50, cured: str = "cured", longest: int | None = None) -> None:
        super().__init__("parrot", Words(), 100, longest)
        self.stuck, self.cured = stuck, cured
        self.calls: list[tuple[list[list[str]], int, Options]] = []

    def _decode(
        self, sources: Sequence[list[str]], prefix: list[str], bound: int, options: Options
    ) -> list[list[Hypothesis]]:
        self.calls.append((list(sources), bound, options))
        return [
            [self._said(source, text, bound) for text in self._texts(source, options)[: options.hypotheses]]
            for source in sources
        ]

    def _texts(self, source: list[str], options: Options) -> list[str]:
        if source != ["stuck"]:
            return [" ".join(source)] * options.hypotheses
        return [self.cured] if options.no_repeat_ngram else self.stuck.split("|")

    def _said(self, source: list[str], text: str, bound: int) -> Hypothesis:
        tokens = text.split()
        return Hypothesis(tuple(tokens[:bound]), -0.1, ended=len(tokens) <= bound)

    def _free(self) -> None:
        pass


def test_a_loop_is_tried_again_without_repetition() -> None:
    """Only the text that loops is decoded again, and the text without the loop is kept."""
    model = Parrot()
    found = model.generate(["eins zwei", "stuck"], Options())
    assert [generation.text for generation in found] == ["eins zwei", "cured"]
    assert not any(generation.repeated for generation in found)
    assert [len(sources) for sources, _, _ in model.calls] == [2, 1]


class Ordering(Parrot):
    """Has two workers, and keeps how many of its orders were open at a time."""

    _workers = 2

    def __init__(self) -> None:
        super().__init__()
        self.ordered, self.open, self.most = 0, 0, 0

    def _start(
        self, sources: Sequence[list[str]], prefix: list[str], bound: int, options: Options
    ) -> Callable[[], list[list[Hypothesis]]]:
        self.ordered += 1
        self.open += 1
        self.most = max(self.most, self.open)
        answer = super()._start(sources, prefix, bound, options)

        def answering() -> list[list[Hypothesis]]:
            self.open -= 1
            return answer()

        return answering


def test_workers_have_orders_ahead_and_who_leaves_off_leaves_few() -> None:
    """Two for each worker, so that none is idle; a listener that raises has no more of them done for nobody."""
    texts = [f"{number} " + "wort " * 90 for number in range(120)]
    model = Ordering()
    assert [found.text.split()[0] for found in model.generate(texts, Options())] == [text.split()[0] for text in texts]
    assert model.most == AHEAD * 2 < model.ordered
    left = Ordering()

    def leave(_stage: Stage) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), heard_by(leave):
        left.generate(texts, Options())
    assert left.ordered == AHEAD * 2


LOOPS = [
    # said, and what is left of it; None: no loop
    ("a " * 11, None),
    ("a " * 12, "a"),
    ("x " + "a " * 11 + "a", "x a"),
    ("a b c d " * 3, "a b c d"),
    ("a b c d " * 2 + "a b c e", None),
    ("a b c d " * 3 + "a b", "a b c d"),  # an unfinished turn at the end goes with the loop
    ("a b c d " * 3 + "a b e", "a b c d a b e"),
    ("eins zwei drei vier fünf sechs sieben " * 3, "eins zwei drei vier fünf sechs sieben"),
    ("x y " + "a b " * 6 + "z", "x y a b z"),
    ("a " * 12 + "und " + "b c " * 6, "a und b c"),
    ("der Mann und die Frau und das Kind und der Hund und die Katze", None),
]


@pytest.mark.parametrize(("said", "left"), LOOPS)
def test_a_loop_that_comes_back_is_cut_to_one_turn_and_told(said: str, left: str | None) -> None:
    """A block three times in a row over a dozen tokens, however it goes on. A list or a refrain is none."""
    (found,) = Parrot(stuck=said, cured=said).generate(["stuck"], Options(max_tokens=30))
    assert (found.text, found.repeated) == (left or said.strip(), left is not None)
    assert found.tokens == len(found.text.split())


@given(st.lists(st.sampled_from("abc"), max_size=60), st.integers(1, 8), st.integers(2, 20))
def test_nothing_loops_after_the_cut(words: list[str], block: int, turns: int) -> None:
    """Whatever it is; and what does not loop is not touched."""
    for tokens in (tuple(words), tuple(words[:block] * turns + words)):
        left = cut_loops(tokens)
        assert loop_in(left) is None
        assert left == tokens or (len(left) < len(tokens) and loop_in(tokens) is not None)


def test_a_retry_that_never_ends_is_no_cure() -> None:
    """It would be another runaway; the first attempt is cut instead."""
    (found,) = Parrot(stuck="a b c " * 4, cured=" ".join(map(str, range(90)))).generate(["stuck"], Options())
    assert (found.text, found.repeated, found.truncated) == ("a b c", True, False)


def test_hypotheses_that_loop_are_left_out() -> None:
    """A stage that chooses among them must not find one; the best decides whether to try again."""
    model = Parrot(stuck="gut|" + "a " * 13 + "|besser")
    (found,) = model.generate(["stuck"], Options(beams=3, hypotheses=3))
    assert [found.text, *(other.text for other in found.alternatives)] == ["gut", "besser"]
    assert len(model.calls) == 1


def test_a_source_that_loops_may_be_repeated() -> None:
    """A table of dashes is translated as it stands."""
    model = Parrot()
    (found,) = model.generate(["- " * 20], Options())
    assert found.text == ("- " * 20).strip()
    assert len(model.calls) == 1


@pytest.mark.parametrize(
    ("source", "said", "left"),
    [
        ("- " * 12, "- " * 13, "- " * 12),  # no more turns than the source has
        ("ja und " * 6, "ja " * 12, "ja " * 6),
        ("a b c d e " * 3, "v w x y z " * 3, "v w x y z " * 3),
        ("a b c d e " * 3, "x " * 12, "x"),  # five tokens that come back excuse no single one that does
    ],
)
def test_a_source_that_loops_excuses_no_longer_loop(source: str, said: str, left: str) -> None:
    """What the output says more often than its source is cut to as often."""
    assert " ".join(cut_loops(tuple(said.split()), loop_in(source.split()))) == left.strip()


@pytest.mark.parametrize("length", [1, 2, 15, 16, 17, 40])
@pytest.mark.parametrize("over", [0, 1])
def test_no_output_is_longer_than_three_times_its_source_and_ten(length: int, over: int) -> None:
    """To the token, in any batch; what was longer says that it was cut."""

    class Talker(Parrot):
        def _texts(self, source: list[str], options: Options) -> list[str]:
            return [" ".join(f"{index}" for index in range(3 * len(source) + 10 + over))]

    (alone,) = Talker().generate(["wort " * length], Options())
    assert (alone.tokens, alone.truncated) == (3 * length + 10, bool(over))
    others = ["wort " * count for count in range(1, 50)]
    together = Talker().generate([*others, "wort " * length], Options())
    assert together[-1] == alone


def test_one_batch_has_one_bound_that_no_neighbour_changes() -> None:
    """Where an output must stop depends on its own source only, or batches would change texts."""
    texts = ["wort " * length for length in (1, 31, 32, 33, 40, 90)]
    model = Parrot()
    model.generate(texts, Options())
    together = {len(source): bound for sources, bound, _ in model.calls for source in sources}
    for text in texts:
        alone = Parrot()
        alone.generate([text], Options())
        assert together[len(text.split())] == alone.calls[0][1]
    assert together[1] == together[32] < together[33]


def test_a_batch_holds_no_more_than_its_token_budget() -> None:
    """Padding counted, so that memory is bounded however many texts come."""
    texts = [f"{number} " + "wort " * (89 if number < 100 else 0) for number in range(200)]
    model = Parrot()
    model.generate(texts, Options(max_tokens=5))
    widths = [len(sources) * max(map(len, sources)) for sources, _, _ in model.calls]
    assert max(widths) <= BATCH_TOKENS
    assert len(widths) <= 11


def test_a_text_given_twice_is_decoded_once() -> None:
    """And answered twice."""
    model = Parrot()
    found = model.generate(["eins", "zwei", "eins", "", "eins"], Options())
    assert [one.text for one in found] == ["eins", "zwei", "eins", "", "eins"]
    assert sum(len(sources) for sources, _, _ in model.calls) == 2


@pytest.mark.parametrize(
    ("lengths", "shares"),
    [([30, 25, 20], [[30], [25, 20]]), ([10], [[10]]), ([10] * 6, [[10] * 3] * 2), ([30, 5, 5, 5], [[30], [5] * 3])],
)
def test_every_worker_gets_its_share(lengths: list[int], shares: list[list[int]]) -> None:
    """A few sentences are shared out by their tokens, or a core would stand idle."""
    model = Parrot()
    model._workers = 2
    model.generate([f"{place} " + "wort " * (length - 1) for place, length in enumerate(lengths)], Options())
    assert [[len(source) for source in sources] for sources, _, _ in model.calls] == shares


def test_the_decoders_own_limit_bounds_every_output() -> None:
    """A request beyond the decoder's positions is cut to them, and the output says so."""
    (found,) = Parrot(longest=7).generate(["wort " * 20], Options(max_tokens=50))
    assert (found.tokens, found.truncated) == (7, True)
