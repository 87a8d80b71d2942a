"""Every wrapper around every family keeps the promises of ``summarizer.models.protocol``."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import InputTooLarge, LanguageNotSupported, ModelFailed
from summarizer.models import registry
from summarizer.models.chat.settings import ChatSettings
from summarizer.models.protocol import Model, Options
from summarizer.models.settings import Settings
from summarizer.progress import heard_by
from summarizer.types import Generation
from tests import tiny, tiny_chat

GREEDY = Options(source="de", target="en")
LEARNT = [german for german, _ in tiny.FEW]
EXPECTED = [english for _, english in tiny.FEW]
# Nothing is learnt here, so the words are nonsense, but it must be the same nonsense every time.
STRANGE = [
    "Im Rathaus wurde gestern lange gestritten.",
    "Die Kosten liegen bei 1,2 Millionen Euro.",
    "Bäcker",
    "Die Feuerwehr rückte mit vier Wagen aus und löschte den Brand am Markt nach 80 Minuten.",
    "3:1",
]
CASES = [("seq2seq", family) for family in tiny.BUILDERS]
CASES += [
    ("ct2", family) for family in tiny.BUILDERS if family not in tiny.TORCH_ONLY
]  # test_conversion.py: the others
CASES += [(wrapper, family) for family in tiny_chat.BUILDERS for wrapper in ("chat", "chat-ct2")]
TYPICAL = ("marian", "bart", "m2m100", "llama")
SEVERAL_TARGETS = ("marian_multi", "madlad", "m2m100")
MANY_LANGUAGES = ("mbart50", "mbart25", "m2m100", "nllb")


@pytest.fixture(params=CASES, ids="-".join)
def case(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param


@pytest.fixture(params=[case for case in CASES if "ct2" in case[0] or case[1] in TYPICAL], ids="-".join)
def some_model(request: pytest.FixtureRequest, model_of: Callable[[str, str], Model]) -> Model:
    """For what does not hang on the family: transformers, the slower engine, in four of them only."""
    return model_of(*request.param)


@pytest.fixture
def model(case: tuple[str, str], model_of: Callable[[str, str], Model]) -> Model:
    return model_of(*case)


def test_it_is_a_model_with_a_name_that_says_what_ran(case: tuple[str, str], model: Model) -> None:
    """The name holds wrapper, weights and precision: what a signature needs."""
    wrapper, family = case
    assert isinstance(model, Model)
    assert model.name == f"{wrapper}:{tiny.NAMES.get(family, family)}:float32"


def test_learnt_sentences_come_back_in_the_callers_order(case: tuple[str, str], model: Model) -> None:
    """Batches are sorted by length inside; the caller never sees it. A blank text is answered without the model."""
    expected = [text.replace("3:1", "3 : 1") if case[1] == "encoder_decoder" else text for text in EXPECTED]
    found = model.generate(["", *LEARNT, "  \n"], GREEDY)
    assert [generation.text for generation in found] == ["", *expected, ""]
    assert not any(generation.truncated for generation in found)
    assert all(generation.score is not None and -0.7 < generation.score < 0 for generation in found[1:-1])


@pytest.mark.parametrize("beams", [1, 3])
def test_the_text_does_not_depend_on_the_batch(some_model: Model, beams: int) -> None:
    """Alone, in pairs or all together: the same text."""
    options = Options(beams=beams, max_tokens=12, source="de", target="en")
    texts = [*LEARNT[:2], *STRANGE]
    whole = [worded(generation) for generation in some_model.generate(texts, options)]
    for size in (1, 2):
        assert in_batches(some_model, texts, options, size) == whole


@pytest.mark.parametrize("beams", [1, 4])
@pytest.mark.parametrize(("wrapper", "family"), [("seq2seq", "marian"), ("ct2", "marian"), ("ct2", "madlad")])
def test_32_texts_do_not_depend_on_the_batch(
    wrapper: str, family: str, beams: int, model_of: Callable[[str, str], Model]
) -> None:
    """The batch sizes the chain promises, other hypotheses included."""
    options = Options(max_tokens=8, beams=beams, hypotheses=beams, source="de", target="en")
    one, *others = (in_batches(model_of(wrapper, family), tiny.SENTENCES, options, size) for size in (1, 2, 8, 32))
    assert others == [one] * 3


def in_batches(model: Model, texts: Sequence[str], options: Options, size: int) -> list[list[str]]:
    parts = (model.generate(texts[at : at + size], options) for at in range(0, len(texts), size))
    return [worded(generation) for part in parts for generation in part]


def worded(generation: Generation) -> list[str]:
    return [generation.text, *(other.text for other in generation.alternatives)]


def test_the_ruler_is_the_tokenizers(case: tuple[str, str], model: Model, folder_of: Callable) -> None:
    """``count`` is what transformers' own tokenizer counts, special tokens off."""
    tokenizer = tiny.tokenizer_of(folder_of(case[1]))
    for text in [*LEARNT, *STRANGE, "", " ", "Straße\tund  Weg", "日本"]:
        read = text.strip() if case[0].startswith("chat") else text  # as chat templates do
        assert model.count(text) == len(tokenizer(read, add_special_tokens=False)["input_ids"])


def test_a_text_fills_the_window_to_the_last_token_and_not_beyond(model: Model) -> None:
    """Exactly ``window`` tokens are read; one more is refused by name, never cut."""
    words = "Bäcker " * (model.window // model.count("Bäcker Bäcker ") * 2 - 2)
    full = next(text for dots in range(60) if model.count(text := words + "." * dots) == model.window)
    options = Options(max_tokens=4, source="de", target="en")
    assert len(model.generate([full], options)) == 1
    with pytest.raises(InputTooLarge, match=str(model.window)):
        model.generate(["Bäcker", full + " Brücke"], options)


@pytest.mark.parametrize(("beams", "bound"), [(1, 1), (1, 5), (3, 5)])
def test_an_output_that_stops_at_its_bound_says_so(model: Model, beams: int, bound: int) -> None:
    """No checkpoint's forced end token may hide a cut."""
    (found,) = model.generate(LEARNT[:1], Options(beams=beams, max_tokens=bound, source="de", target="en"))
    assert found.truncated
    assert found.tokens == bound


def test_an_output_as_long_as_its_bound_is_whole(some_model: Model) -> None:
    """``max_tokens`` does not count the end token."""
    (free,) = some_model.generate(LEARNT[:1], GREEDY)
    (bound,) = some_model.generate(LEARNT[:1], Options(max_tokens=free.tokens, source="de", target="en"))
    assert (bound.text, bound.truncated, bound.tokens) == (free.text, False, free.tokens)


def test_other_hypotheses_come_best_first(some_model: Model) -> None:
    """As many as asked for, all different, scores falling."""
    options = Options(beams=4, hypotheses=3, source="de", target="en")
    for found in some_model.generate(LEARNT[:2], options):
        texts = [found.text, *(other.text for other in found.alternatives)]
        assert len(set(texts)) == 3
        scores = [found.score, *(other.score for other in found.alternatives)]
        if some_model.name.startswith("chat:"):  # transformers tells the scores of beams only with all their logits
            assert scores == [None] * 3
        else:
            assert scores == sorted(scores, reverse=True)


def test_special_tokens_in_a_text_are_text(model: Model) -> None:
    """An article that speaks of ``</s>`` or ``<pad>`` neither ends the input nor vanishes from the count."""
    for word in ("</s>", "<pad>", "__en__", "en_XX", "eng_Latn", "[SEP]", "<2fr>", ">>fra<<", "<|im_end|>", "<end>"):
        assert model.count(word) > 1
        assert (
            len(model.generate([f"Das Zeichen {word} steht hier."], Options(max_tokens=5, source="de", target="en")))
            == 1
        )


def test_minimum_and_repetition_options_are_honoured(some_model: Model) -> None:
    """``min_tokens`` holds the end back; ``no_repeat_ngram=1`` never says a token twice."""
    (longer,) = some_model.generate(LEARNT[:1], Options(min_tokens=25, max_tokens=28, source="de", target="en"))
    assert longer.tokens >= 25
    (once,) = some_model.generate(LEARNT[:1], Options(no_repeat_ngram=1, max_tokens=25, source="de", target="en"))
    words = once.text.split()
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("options", "message"),
    [(Options(beams=1, hypotheses=2), "hypotheses=2"), (Options(max_tokens=0), "max_tokens=0")],
)
def test_options_nobody_can_honour_are_refused(model: Model, options: Options, message: str) -> None:
    """The message names the option."""
    with pytest.raises(ModelFailed, match=message):
        model.generate(LEARNT[:1], options)


def test_threads_may_share_a_model(some_model: Model) -> None:
    """Fast tokenizers raise "Already borrowed" between threads; a model does not."""

    def both(_: int) -> list[str]:
        some_model.count(LEARNT[0])
        return [generation.text for generation in some_model.generate(LEARNT[:2], GREEDY)]

    expected = both(0)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(both, range(8))) == [expected] * 8


@pytest.mark.parametrize("family", MANY_LANGUAGES)
@pytest.mark.parametrize("wrapper", ["seq2seq", "ct2"])
def test_a_model_of_many_languages_does_as_told(
    wrapper: str, family: str, model_of: Callable[[str, str], Model]
) -> None:
    """The same model translates both ways; without a language, or with one it lacks, it says so."""
    model = model_of(wrapper, family)
    found = model.generate(EXPECTED, Options(source="en", target="de"))
    assert [generation.text for generation in found] == LEARNT
    assert model.supports("de", "en")
    assert model.supports("en", "de")
    assert not model.supports("de", "xx")
    with pytest.raises(LanguageNotSupported, match="target"):
        model.generate(LEARNT, Options(source="de"))
    with pytest.raises(LanguageNotSupported, match="'xx'"):
        model.generate(LEARNT, Options(source="xx", target="en"))


@pytest.mark.parametrize("family", SEVERAL_TARGETS)
@pytest.mark.parametrize("wrapper", ["seq2seq", "ct2"])
def test_one_model_has_several_targets(wrapper: str, family: str, model_of: Callable[[str, str], Model]) -> None:
    """The target asked for is the one that comes; one it lacks is refused by name."""
    model = model_of(wrapper, family)
    for target, expected in (("fr", list(tiny.FRENCH)), ("en", EXPECTED)):
        assert model.supports("de", target)
        found = model.generate(LEARNT, Options(source="de", target=target))
        assert [generation.text for generation in found] == expected
    with pytest.raises(LanguageNotSupported, match="'xx'"):
        model.generate(LEARNT, Options(source="de", target="xx"))


@pytest.mark.parametrize(("wrapper", "family"), [("seq2seq", "marian"), ("ct2", "marian"), ("chat", "llama")])
def test_a_closed_model_says_so(wrapper: str, family: str, folder_of: Callable) -> None:
    """Closing twice is no error; using it afterwards is one that a caller understands."""
    model = registry.load(wrapper, Settings((str(folder_of(family)),), precision="float32"))
    model.close()
    model.close()
    with pytest.raises(ModelFailed, match="closed"):
        model.generate(LEARNT, GREEDY)


@pytest.mark.parametrize(
    ("wrapper", "family", "engine"),
    [("seq2seq", "marian", None), ("ct2", "marian", None), ("chat", "llama", "transformers"), ("chat", "llama", "ct2")],
)
def test_a_model_closed_while_it_works_is_freed_and_says_so(
    wrapper: str, family: str, engine: Any, folder_of: Callable, tmp_path: Path
) -> None:
    """Whoever waits for it is told that it is closed, by no other error; CTranslate2 passes over a close while it works."""
    own = shutil.copytree(folder_of(family), tmp_path / "own")  # one that other tests have open is not freed
    settings = Settings((str(own),), precision="float32", device="cpu", threads=1)
    model: Any = registry.load(wrapper, ChatSettings.of(settings, engine=engine))
    inner = getattr(model, "_engine", model) if engine else model
    held = getattr(inner, "_engine", None)
    held = getattr(held, "value", held)
    texts = [f"{first} {second}" for first in tiny.SENTENCES for second in tiny.SENTENCES[:16]]
    begun = threading.Event()

    def work(_: int) -> str:
        with heard_by(lambda _: begun.set()), pytest.raises(ModelFailed) as caught:
            model.generate(texts, Options(max_tokens=30, source="de", target="en"))
        return str(caught.value)

    with ThreadPoolExecutor(2) as pool:
        working = [pool.submit(work, number) for number in range(2)]
        assert begun.wait(60)
        model.close()
        assert not getattr(held, "model_is_loaded", False)
        assert all("closed" in each.result(60) for each in working)
