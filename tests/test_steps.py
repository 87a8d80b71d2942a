"""A result as it grows: the summary first, then one translation after the other. The last one is what a call gives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import summarizer
from summarizer.chain import Chain
from summarizer.errors import EmptyInput, LanguageNotSupported
from summarizer.stages.abstractive import AbstractiveSummarizer
from summarizer.stages.extractive import ExtractiveSummarizer
from summarizer.stages.translation import Translator
from summarizer.testing import FakeModel, FakeSummarizer, fake_config
from summarizer.types import Result

ARTICLE = (
    "Die Stadt sperrt die Brücke über die Saale vom 3. Mai an für zwei Jahre. Der Bau kostet 18 Millionen Euro. "
    "Autofahrer müssen in dieser Zeit über die Autobahn fahren. Der Weg wird dadurch um zwölf Kilometer länger."
)


def built(*, abstractive: bool = False, **config: Any) -> tuple[Chain, FakeModel]:
    model = FakeModel(reply=lambda text, options: f"«{options.target}» {text.replace('18', '19')}")
    stage = AbstractiveSummarizer(FakeSummarizer()) if abstractive else ExtractiveSummarizer()
    return Chain(stage, Translator(model), fake_config(**config)), model


def timeless(result: Result) -> Result:
    return replace(result, timings={})


@pytest.mark.parametrize("abstractive", [False, True])
@pytest.mark.parametrize("order", ["summarize-first", "translate-first"])
@pytest.mark.parametrize("to", [(), "en", ("en", "fr", "de")])
def test_the_last_step_is_what_a_call_gives(to: Any, order: str, *, abstractive: bool) -> None:
    """Whatever is asked for, and in whatever order, nothing is other than in one go, findings included."""
    chain, _ = built(abstractive=abstractive, order=order)
    *_, last = chain.steps(ARTICLE, to, sentences=3)
    assert timeless(last) == timeless(chain(ARTICLE, to, sentences=3))


def test_each_step_adds_one_translation() -> None:
    """The summary is there before any translation is made; each step has the findings of what it shows, once."""
    chain, model = built()
    steps = chain.steps(ARTICLE, ("en", "fr"), sentences=2)
    first = next(steps)
    assert (len(first.lines), first.translations, model.generated) == (2, {}, 0)
    assert not first.findings
    seen = list(steps)
    assert [tuple(step.translations) for step in seen] == [("en",), ("en", "fr")]
    numbers = [{finding.language for finding in step.findings if finding.kind == "number"} for step in seen]
    assert numbers == [{"en"}, {"en", "fr"}]
    assert all(len(set(step.findings)) == len(step.findings) for step in seen)
    assert not first.lines[0].translations


def test_what_cannot_be_done_is_said_before_anything_is_shown() -> None:
    """An empty text, or a language nobody writes, gives an error and no first step."""
    with pytest.raises(EmptyInput):
        next(built()[0].steps("  "))
    chain = Chain(ExtractiveSummarizer(), Translator(FakeModel(pairs=lambda _, to: to == "en")), fake_config())
    with pytest.raises(LanguageNotSupported):
        next(chain.steps(ARTICLE, ("en", "fr")))
    with summarizer.load(fake_config(translation=None)) as bare, pytest.raises(LanguageNotSupported):
        next(bare.steps(ARTICLE, "en"))
