"""Whole chains over real tiny models: several targets from one model, a template that names languages, a pivot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import summarizer
from summarizer.config import Config
from summarizer.errors import LanguageNotSupported
from tests import tiny

ARTICLE = f"{tiny.FEW[0][0]} {tiny.FEW[1][0]}"
ENGLISH = " ".join(english for _, english in tiny.FEW[:2])
FRENCH = " ".join(tiny.FRENCH[:2])


def preset(folder: Path, **more: Any) -> Config:
    part = {"model": "ct2", "weights": str(folder), "precision": "float32", "beams": 1, **more}
    return Config.parse({"summary": {"model": "extractive"}, "translation": part, "threads": 1}, origin="test")


@pytest.mark.parametrize("family", ["marian_multi", "madlad", "m2m100"])
def test_one_model_gives_every_target(family: str, folder_of: Callable[[str], Path]) -> None:
    """``to=("en", "fr")`` asks one model twice, without a pivot."""
    with summarizer.load(preset(folder_of(family))) as chain:
        result = chain(ARTICLE, to=("en", "fr"), sentences=2, language="de")
    assert result.translations["en"] == ENGLISH
    assert result.translations["fr"] == FRENCH
    assert "pivot" not in {finding.kind for finding in result.findings}


@pytest.mark.parametrize("wrapper", ["ct2", "seq2seq"])
def test_t5_is_told_languages_in_words(wrapper: str, folder_of: Callable[[str], Path]) -> None:
    """A template with ``{language}`` and ``{target}``; a pair not declared is refused."""
    told = {
        "model": wrapper,
        "template": "translate {language} to {target}: {text}",
        "languages": {"source": ["de", "en"], "target": ["de", "en"]},
    }
    with summarizer.load(preset(folder_of("t5"), **told)) as chain:
        assert chain(ARTICLE, to="en", sentences=2, language="de").translation == ENGLISH
        german, english = (list(texts) for texts in zip(*tiny.FEW, strict=True))
        assert chain.translate(german, to="en", source="de") == english
        assert chain.translate(english, to="de", source="en") == german
        with pytest.raises(LanguageNotSupported, match="de → fr"):
            chain(ARTICLE, to="fr", language="de")


def test_a_pair_without_a_model_goes_through_english(folder_of: Callable[[str], Path]) -> None:
    """Weights that know de → en and en → fr alone: the French is right, and the finding says how it came."""
    config = preset(folder_of("m2m100"), languages={"pairs": ["de-en", "en-fr"]})
    with summarizer.load(config) as chain:
        result = chain(ARTICLE, to=("fr", "en"), sentences=2, language="de")
        with pytest.raises(LanguageNotSupported, match="fr → de"):
            chain.translate(["Bonjour."], to="de", source="fr")
    assert dict(result.translations) == {"fr": FRENCH, "en": ENGLISH}
    found = [finding for finding in result.findings if finding.kind == "pivot"]
    assert {(finding.step, finding.language, finding.value) for finding in found} == {("translation", "fr", "en")}
