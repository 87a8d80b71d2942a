"""What is asked of a chain is checked before any work is done."""

from __future__ import annotations

from typing import Any

import pytest

import summarizer
from summarizer.config import Config
from summarizer.errors import ConfigError, LanguageNotSupported
from summarizer.request import Request, check_targets, covering


@pytest.mark.parametrize(
    ("to", "targets"),
    [("en", ("en",)), (("en", "fr", "en"), ("en", "fr")), ("EN", ("en",)), ("en-US", ("en",)), (None, ()), ((), ())],
)
def test_targets(to: Any, targets: tuple[str, ...]) -> None:
    """One code or several, each once, regions set aside."""
    assert Request.of(to).to == targets


@pytest.mark.parametrize(
    ("arguments", "number"), [({}, 5), ({"sentences": 2}, 2), ({"length": "short"}, 2), ({"length": "long"}, 7)]
)
def test_number_of_sentences(arguments: dict[str, Any], number: int) -> None:
    """A number, a length, or the preset's default."""
    assert Request.of("en", **arguments, default=5).sentences == number


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"to": "english language"}, "to must be a language code such as 'en'"),
        ({"to": ""}, "language code"),
        ({"to": ["en", 3]}, "not 3"),
        ({"to": "en", "language": "?"}, "language must be"),
        ({"to": "en", "sentences": 0}, "sentences must be a number from 1"),
        ({"to": "en", "sentences": True}, "not True"),
        ({"to": "en", "sentences": 2.5}, "not 2.5"),
        ({"to": "en", "length": "huge"}, "length must be one of short, medium, long"),
        ({"to": "en", "sentences": 2, "length": "short"}, "not both"),
    ],
)
def test_slips_are_named(arguments: dict[str, Any], message: str) -> None:
    """Every wrong argument is a ConfigError that says what would be right."""
    with pytest.raises(ConfigError, match=message):
        Request.of(**arguments)


def test_presets_that_cover_a_pair() -> None:
    """The cure in a LanguageNotSupported names presets that exist."""
    assert "default" in covering("de", "en")
    assert "default" not in covering("fr", "de")
    assert "multilingual" in covering("fr", "de")


@pytest.mark.parametrize(
    ("preset", "to", "refused"),
    [
        ("default", ("en",), False),
        ("default", ("DE-at", "en"), False),
        ("default", ("en", "fr"), True),
        ("multilingual", ("fr", "sw"), False),
    ],
)
def test_a_target_nobody_writes_is_refused_at_once(preset: str, to: tuple[str, ...], *, refused: bool) -> None:
    """A preset that does not write a language says so before any work, and names one that does."""
    config = Config.load(preset)
    if refused:
        with pytest.raises(LanguageNotSupported, match=r"'default' does not translate into fr; take .*'multilingual'"):
            check_targets(config, to)
    else:
        check_targets(config, to)


@pytest.mark.parametrize("code", ["de-AT", "de_DE", "DE", " de "])
def test_check_takes_the_codes_that_a_chain_takes(code: str) -> None:
    """A region behind the language changes nothing."""
    wrong = {"source": "Am 12. März kamen 1.250 Menschen.", "candidate": "On March 12, 1,520 people came."}
    found = summarizer.check(**wrong, source_language=code, language="en-GB")
    assert [finding.kind for finding in found] == ["number"]


@pytest.mark.parametrize("code", ["", "German!", None, 7])
def test_check_refuses_what_is_no_code(code: object) -> None:
    """In silence nothing would have been compared."""
    with pytest.raises(ConfigError, match="source_language must be a language code"):
        summarizer.check("Ja.", "Yes.", source_language=code)  # type: ignore[arg-type]
