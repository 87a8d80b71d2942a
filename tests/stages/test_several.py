"""Several translation models in one stage: who is asked, how, and who hands on to whom."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from summarizer.errors import LanguageNotSupported
from summarizer.models.protocol import Options
from summarizer.stages.translation import Translator, Translators
from summarizer.testing import FakeModel
from summarizer.types import Generation


class One(FakeModel):
    """A model of some pairs; its answer says which of them it was, and from what."""

    def __init__(self, name: str, *pairs: str, window: int = 512) -> None:
        super().__init__(
            reply=lambda text, options: f"{options.source}→{options.target}:{self.name}({text})",
            window=window,
            pairs=lambda source, target: f"{source}-{target}" in pairs,
        )
        self.name = name
        self.asked: list[tuple[Sequence[str], Options]] = []

    def generate(self, texts: Sequence[str], options: Options) -> list[Generation]:
        self.asked.append((list(texts), options))
        return super().generate(texts, options)


def several(*models: FakeModel) -> Translators:
    return Translators([Translator(model, repair=False) for model in models])


@pytest.mark.parametrize(
    ("models", "pair", "text", "pivot"),
    [
        (("de-en",), "de-en", "de→en:0(x)", None),
        (("de-en", "en-fr"), "en-fr", "en→fr:1(x)", None),
        (("de-en", "en-fr"), "de-fr", "en→fr:1(de→en:0(x))", "en"),
        (("en-fr", "de-en"), "de-fr", "en→fr:0(de→en:1(x))", "en"),
        (("de-en en-es", "en-fr"), "de-fr", "en→fr:1(de→en:0(x))", "en"),
        (("de-en", "en-fr", "de-fr"), "de-fr", "de→fr:2(x)", None),  # direct before by way of English
        (("de-en en-fr", "de-fr"), "de-fr", "de→fr:1(x)", None),  # though the first alone would have a way
        (("de-en de-fr", "de-fr en-fr"), "de-fr", "de→fr:0(x)", None),  # the first that can
        (("de-en en-fr", "en-fr"), "de-fr", "en→fr:0(de→en:0(x))", "en"),
        (("de-en", "en-fr"), "fr-fr", "x", None),
        (("de-en", "en-fr"), "fr-de", None, None),
        (("de-fr", "fr-es"), "de-es", None, None),  # English is the one language between
        (("de-en", "fr-en"), "de-fr", None, None),
    ],
)
def test_who_translates(models: Sequence[str], pair: str, text: str | None, pivot: str | None) -> None:
    """The first that knows the pair; else two steps through English, by one model or two; else nobody."""
    stage = several(*[One(str(number), *pairs.split()) for number, pairs in enumerate(models)])
    source, target = pair.split("-")
    assert stage.supports(source, target) is (text is not None)
    if text is None:
        with pytest.raises(LanguageNotSupported, match=rf"0\+1 does not translate {source} → {target}"):
            stage.translate(["x"], source=source, target=target)
        return
    (done,) = stage.translate(["x"], source=source, target=target)
    assert (done.text, done.pivot) == (text, pivot)


def test_each_keeps_its_own_ways() -> None:
    """Options, template and window are those of the model that is asked; its sentences fit its own window."""
    german, english = One("de", "de-en", window=9), One("en", "en-fr", window=64)
    stage = Translators(
        [
            Translator(german, options=Options(beams=2), repair=False),
            Translator(english, options=Options(beams=5), template="into {target}: {text}", repair=False),
        ]
    )
    line = "Der Rat der Stadt baut im Mai am Fluss und im Wald neue Wege für alle."
    (done,) = stage.translate([line], source="de", target="fr")
    ((pieces, first),) = german.asked
    ((sentences, second),) = english.asked
    assert len(pieces) > 1  # 15 words for a window of 9
    assert [(first.beams, first.source, first.target), (second.beams, second.source, second.target)] == [
        (2, "de", "en"),
        (5, "en", "fr"),
    ]
    assert all(sentence.startswith("into French: ") for sentence in sentences)
    assert done.pivot == "en"


def test_what_happened_on_the_way_is_kept() -> None:
    """An output that stopped at its bound in the first step is not forgotten after the second."""
    first = Translator(One("0", "de-en"), options=Options(max_tokens=2), repair=False)
    second = Translator(One("1", "en-fr"), repair=False)
    (done,) = Translators([first, second]).translate(["Ein Satz von einigen Worten."], source="de", target="fr")
    assert done.truncated


def test_tokens_are_counted_by_the_model_that_wrote_them() -> None:
    """The last on the way; where there is no way, by the first, as a text that stayed as it was."""

    class Letters(One):
        def count(self, text: str) -> int:
            return len(text)

    stage = several(One("0", "de-en"), Letters("1", "en-fr"))
    assert stage.count("two words", source="de", target="en") == 2
    assert stage.count("two words", source="de", target="fr") == 9
    assert stage.count("two words", source="fr", target="de") == 2


def test_all_are_closed() -> None:
    """None keeps its weights; closing twice is no error."""
    models = [One("0", "de-en"), One("1", "en-fr")]
    stage = several(*models)
    stage.close()
    stage.close()
    assert [model.closed for model in models] == [True, True]
