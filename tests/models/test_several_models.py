"""Several translation models in one preset, each of one pair, as OPUS has them: real tiny ones, from YAML to the result."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import summarizer
from summarizer.batch.work import Task, Worker, tokens
from summarizer.config import Config
from summarizer.errors import ConfigError, LanguageNotSupported, ModelNotFound
from summarizer.models.chat import shared
from tests import tiny

ARTICLE = f"{tiny.FEW[0][0]} {tiny.FEW[1][0]}"
ENGLISH = " ".join(english for _, english in tiny.FEW[:2])
FRENCH = " ".join(tiny.FRENCH[:2])
LESSONS = {
    "opus-mt-de-en": tiny.FEW,
    "opus-mt-en-fr": [(english, french) for (_, english), french in zip(tiny.FEW, tiny.FRENCH, strict=True)],
    "opus-mt-de-fr": [(german, french) for (german, _), french in zip(tiny.FEW, tiny.FRENCH, strict=True)],
}


@pytest.fixture(scope="module")
def opus(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """``opus("de-en")``: the folder of that pair's tiny model, whose name alone says what it translates."""
    root = tmp_path_factory.mktemp("opus")
    return cache(lambda pair: tiny.marian(root / f"opus-mt-{pair}", pairs=LESSONS[f"opus-mt-{pair}"]))


def section(folder: Path, **more: Any) -> dict[str, Any]:
    return {"model": "ct2", "weights": str(folder), "precision": "float32", "beams": 1, **more}


def preset(*sections: dict[str, Any]) -> Config:
    return Config.parse({"summary": {"model": "extractive"}, "translation": sections, "threads": 1}, origin="test")


def pivots(result: summarizer.Result) -> set[tuple[str, str | None, str]]:
    return {(each.step, each.language, each.value) for each in result.findings if each.kind == "pivot"}


def test_two_models_of_a_preset_file(opus: Callable[[str], Path], tmp_path: Path) -> None:
    """German → English by one, English → French by the other, German → French by both, which a finding says."""
    path = tmp_path / "opus.yaml"
    path.write_text(
        "summary: {model: extractive}\n"
        "threads: 1\n"
        "translation:\n"
        f"  - {{model: ct2, weights: '{opus('de-en')}', precision: float32, beams: 2}}\n"
        f"  - {{model: ct2, weights: '{opus('en-fr')}', precision: float32, beams: 1}}\n",
        encoding="utf-8",
    )
    with summarizer.load(path) as chain:
        result = chain(ARTICLE, to=("en", "fr"), sentences=2, language="de")
        english = chain.translate([tiny.FEW[0][1]], to="fr", source="en")
        with pytest.raises(LanguageNotSupported, match="fr → en"):
            chain.translate(["Bonjour."], to="en", source="fr")
    assert dict(result.translations) == {"en": ENGLISH, "fr": FRENCH}
    assert pivots(result) == {("translation", "fr", "en")}
    assert english == [tiny.FRENCH[0]]
    said = result.signature
    assert said.index("opus-mt-de-en") < said.index("opus-mt-en-fr") < said.index("beams=2") < said.index("beams=1")


def test_a_direct_model_comes_before_the_way_through_english(opus: Callable[[str], Path]) -> None:
    """A third model for the pair, named last, and nothing is said of a pivot; ``load`` takes sections from Python too."""
    sections = [section(opus(pair)) for pair in ("de-en", "en-fr", "de-fr")]
    with summarizer.load(preset(sections[0]), translation=sections) as chain:
        result = chain(ARTICLE, to="fr", sentences=2, language="de")
    assert result.translation == FRENCH
    assert pivots(result) == set()


def test_one_section_in_a_list_is_one_section(opus: Callable[[str], Path]) -> None:
    """The same preset, the same signature."""
    plain = {"summary": {"model": "extractive"}, "translation": section(opus("de-en")), "threads": 1}
    assert preset(section(opus("de-en"))) == Config.parse(plain)
    with summarizer.load(preset(section(opus("de-en")))) as chain:
        assert chain.signature().endswith(":float32 | beams=1 | to=en | order=summarize-first")


@pytest.mark.parametrize(("first", "second"), [(True, True), (False, True), (False, False)])
def test_a_model_that_would_never_be_asked_is_refused(first: bool, second: bool, opus: Callable[[str], Path]) -> None:
    """It would be loaded for nothing; whether the one before it covers the pair by the preset's word or by its own.

    One new pair is enough.
    """
    pair: dict[str, Any] = {"languages": {"source": ["de"], "target": ["en"]}}
    before = section(opus("de-en"), **(pair if first else {}))
    after = section(opus("de-en"), beams=2, **(pair if second else {}))
    with pytest.raises(
        ConfigError, match=r"^translation\[1\]: what it translates is translated by the sections before"
    ):
        summarizer.load(preset(before, after))
    summarizer.load(preset(before, section(opus("de-en"), languages={"pairs": ["de-en", "de-fr"]}))).close()


def test_a_missing_model_is_named_and_the_others_are_freed(tmp_path: Path, folder_of: Callable[[str], Path]) -> None:
    """What was open before it is closed again; a wrong setting has the path of its section."""
    before = len(shared._OPEN)
    own = shutil.copytree(folder_of("llama"), tmp_path / "own")  # other tests may have theirs open
    chat = section(own) | {"model": "chat", "languages": {"source": ["de"], "target": ["en"]}}
    with pytest.raises(ModelNotFound, match="no-such"):
        summarizer.load(preset(chat, section(tmp_path / "no-such")))
    with pytest.raises(ConfigError, match=r"^translation\[1\]\.weights: 'foo'"):
        summarizer.load(preset(chat, section(Path("foo"))))
    assert len(shared._OPEN) == before


def test_two_sections_share_the_weights_they_both_name(folder_of: Callable[[str], Path], tmp_path: Path) -> None:
    """An instruction model with a prompt for each direction is in memory once, and freed with its last user."""
    before = len(shared._OPEN)
    own = shutil.copytree(folder_of("llama"), tmp_path / "own")  # other tests may have theirs open
    chat = section(own) | {"model": "chat"}
    there = {"languages": {"source": ["de"], "target": ["en"]}}
    back = {"languages": {"source": ["en"], "target": ["de"]}, "template": "Auf Deutsch: {text}"}
    with summarizer.load(preset(chat | there, chat | back)):
        assert len(shared._OPEN) == before + 1
    assert len(shared._OPEN) == before


def test_a_batch_knows_each_model(opus: Callable[[str], Path]) -> None:
    """What identifies a job changes with any of the models, and with their order; tokens are counted for each language."""
    first, second, third = (section(opus(pair)) for pair in ("de-en", "en-fr", "de-fr"))
    task, seen = Task(to=("en", "fr")), []
    for config in (preset(first, second), preset(second, first), preset(first, second, third), preset(first, third)):
        with summarizer.load(config) as chain:
            seen.append(Worker(chain, task).identity())
            result = chain(ARTICLE, to=("en", "fr"), sentences=2, language="de")
            assert tokens(chain, result) > tokens(chain, chain(ARTICLE, to="en", sentences=2, language="de")) > 0
    assert len({each.signature for each in seen}) == len({each.settings for each in seen}) == len(seen)
