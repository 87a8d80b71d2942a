"""The articles to try: in several languages, and only those a preset makes something of."""

from __future__ import annotations

import pytest

from summarizer.config import Config
from summarizer.service.page.examples import everything, examples
from summarizer.text.language import detect


def test_there_are_examples() -> None:
    """Articles in three languages, each with a headline and enough text to summarise, in the language it says."""
    found = list(everything())
    assert {example.language for example in found} >= {"de", "en", "fr"}
    assert all(len(example.name) > 20 and len(example.text) > 300 for example in found)
    assert [detect(example.text).language for example in found] == [example.language for example in found]


@pytest.mark.parametrize(("preset", "languages"), [("default", ["de", "en"]), ("multilingual", ["de", "en", "fr"])])
def test_examples_suit_the_preset(preset: str, languages: list[str]) -> None:
    """No example is offered that the preset would refuse; the first are of different languages."""
    found = [example.language for example in examples(Config.load(preset))]
    assert found[: len(languages)] == languages
    assert set(found) == set(languages)
