"""Presets are strict, and their errors name path and choices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from summarizer.config import Config, presets
from summarizer.errors import ConfigError

GOOD: dict[str, Any] = {"summary": {"model": "extractive"}, "translation": {"model": "ct2", "weights": "bundled:de-en"}}


@pytest.mark.parametrize("name", ["default", "hub", "transformers", "multilingual"])
def test_presets_that_come_with_the_package_are_valid(name: str) -> None:
    """Each says what it is for, and names the licence of every model with weights."""
    config = Config.load(name)
    assert config.name == name
    assert config.description
    for part in (config.summary, config.translation):
        assert part is not None
        assert part.model == "extractive" or (part.licence and part.weights)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"summary": {"model": "extractiv"}}, "summary.model: .*choose from extractive, ct2, seq2seq, chat"),
        ({"summary": {"model": "ct2", "beems": 3}}, r"summary.beems: unknown key; .*did you mean 'beams'"),
        ({"summary": {"model": "ct2", "beams": "3"}}, "summary.beams: .*integer, not '3'"),
        ({"summary": {"model": "ct2", "beams": 2, "hypotheses": 3}}, r"hypotheses \(3\) cannot exceed beams \(2\)"),
        ({"summary": {"model": "ct2", "beams": 2, "hypotheses": 3}}, r"beams \(2\)$"),  # not the whole section again
        ({"summary": {"model": "ct2", "min_tokens": 9, "max_tokens": 5}}, r"summary: min_tokens \(9\) .* max_tokens"),
        ({"translation": {"model": "ct2", "languages": {"source": "de"}}}, r"languages.source: .* a list, such as \["),
        ({"translation": {"model": "extractive"}}, "translation.model: .*choose from ct2, seq2seq, chat"),
        ({"translation": {"model": "ct2", "languages": {"from": ["de"]}}}, "languages.from: .*source, target"),
        (
            {"translation": {"model": "ct2", "languages": {"pairs": ["deutsch"]}}},
            "languages.pairs: .*'deutsch' is no pair",
        ),
        (
            {"translation": {"model": "ct2", "languages": {"pairs": ["de-en"], "target": ["fr"]}}},
            "languages: give pairs, or source and target, not both",
        ),
        ({"translation": [{"model": "ct2"}, {"model": "ct2", "weight": 1}]}, r"translation\[1\].weight: .*'weights'\?"),
        (
            {"translation": [{"model": "ct2", "weights": ["x", 3]}, 4]},
            r"translation\[0\].weights.*\[1\]: .* string, not 3",
        ),
        (
            {"translation": [{"model": "ct2"}, 4]},
            r": translation\[1\]: Input should be a section of keys and values, not 4",
        ),
        ({"translation": []}, r": translation: Input should be a section, or a list of at least one, not \[\]"),
        ({"translation": "ct2"}, ": translation: Input should be a section of keys and values, not 'ct2'"),
        ({"order": "both"}, "order: .*'summarize-first' or 'translate-first', not 'both'"),
        ({"clean": ["credit", 3]}, "clean.*3"),
        ({"ordr": "x"}, "ordr: unknown key.*did you mean 'order'"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], message: str) -> None:
    """Dotted path, what is allowed, what was given."""
    with pytest.raises(ConfigError, match=message):
        Config.parse({**GOOD, **change})


def test_a_missing_section_is_named() -> None:
    """The summary is the one part that must be there."""
    with pytest.raises(ConfigError, match="summary: Field required"):
        Config.parse({})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("summary: {model: extractive}\nsummary: {model: ct2}", "'summary' stands twice"),
        ("- a list", "keys and values"),
        ("summary: {model: [", "not readable YAML"),
        ("\x00", "not readable YAML"),
        ("summary: {model: !!python/object/apply:os.getcwd []}", "not readable YAML"),
    ],
)
def test_yaml_that_is_no_preset(tmp_path: Path, text: str, message: str) -> None:
    """Broken YAML, doubled keys and tags that would run code are refused."""
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=message):
        Config.load(path)


def test_a_file_and_overrides(tmp_path: Path) -> None:
    """A file is named after itself, and keyword arguments win over it."""
    path = tmp_path / "own.yaml"
    path.write_text("summary: {model: extractive, sentences: 5}\ndevice: cpu\n")
    config = Config.load(path, device="cuda")
    assert (config.name, config.device, config.summary.sentences) == ("own", "cuda", 5)
    assert Config.load(config, device="cpu").device == "cpu"


def test_unknown_preset_names_the_choices() -> None:
    """A slip of the pen is met with the word that was meant."""
    with pytest.raises(ConfigError, match=r"no preset or file 'defualt'; presets are .*did you mean 'default'"):
        Config.load("defualt")


def test_several_models_are_known_together() -> None:
    """Languages are those of all, ways may lead from one to another through English, and sections have their paths."""
    ways = (["de", "nl"], ["en"]), (["en"], ["fr", "es"]), (["fr"], ["it"])
    parts = [{"model": "ct2", "languages": {"source": source, "target": target}} for source, target in ways]
    config = Config.parse({**GOOD, "translation": parts})
    assert config.languages is not None
    assert config.languages.source == ("de", "nl", "en", "fr")
    assert config.languages.target == ("en", "fr", "es", "it")
    known = [config.covers(*pair.split("-")) for pair in ("de-en", "nl-es", "fr-it", "en-it", "de-it", "fr-en")]
    assert known == [True, True, True, False, False, False]
    assert list(config.parts()) == ["summary", "translation[0]", "translation[1]", "translation[2]"]
    assert Config.load(config) == config
    assert Config.load(config, translation=config.translations[:1]).translation == config.translations[0]


def test_the_list_that_a_preset_shows_in_comments_is_valid() -> None:
    """configs/hub.yaml, with its two models in place of the one."""
    _, _, after = presets()["hub"].read_text("utf-8").partition("# translation:\n")
    shown = "".join(line[2:] + "\n" for line in after.splitlines() if line.startswith("# "))
    parts = yaml.safe_load("translation:\n" + shown)["translation"]
    assert [part.weights for part in Config.load("hub", translation=parts).translations] == [
        "Helsinki-NLP/opus-mt-de-en",
        "Helsinki-NLP/opus-mt-en-fr",
    ]


def test_a_preset_without_translation_knows_none() -> None:
    """Nothing is covered, and there are no languages to choose from."""
    config = Config.parse({"summary": GOOD["summary"]})
    assert (config.languages, config.translations, config.covers("de", "en")) == (None, (), False)


def test_a_config_can_be_a_key() -> None:
    """Loaded chains are kept by their config."""
    assert hash(Config.parse(GOOD)) == hash(Config.parse(GOOD))
    several = {**GOOD, "translation": [GOOD["translation"]] * 2}
    assert hash(Config.parse(several)) == hash(Config.parse(several)) != hash(Config.parse(GOOD))
    assert set(presets()) >= {"default", "hub", "transformers", "multilingual"}
