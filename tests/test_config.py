"""Presets are strict, and their errors name path and choices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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


def test_a_config_can_be_a_key() -> None:
    """Loaded chains are kept by their config."""
    assert hash(Config.parse(GOOD)) == hash(Config.parse(GOOD))
    assert set(presets()) >= {"default", "hub", "transformers", "multilingual"}
