"""Templates are filled in words, and nothing in a text is ever filled."""

from __future__ import annotations

import pytest

from summarizer.text.prompts import SUMMARY, TRANSLATION, filled, language_name, unfit


@pytest.mark.parametrize(
    ("template", "prompt"),
    [
        ("{text}", "Ein {target} kostet {x}."),
        ("summarize: {text}", "summarize: Ein {target} kostet {x}."),
        ("translate {language} to {target}: {text}", "translate German to English: Ein {target} kostet {x}."),
        ('{"a": 1} {sentences} {text}', '{"a": 1} 3 Ein {target} kostet {x}.'),
        ("{text} / {text}", "Ein {target} kostet {x}. / Ein {target} kostet {x}."),
    ],
)
def test_places_are_filled_once(template: str, prompt: str) -> None:
    """Braces in an article are characters; braces that mark no place stay."""
    assert filled(template, "Ein {target} kostet {x}.", language="de", target="en", sentences=3) == prompt


@pytest.mark.parametrize(("code", "name"), [("de", "German"), ("no", "Norwegian"), ("zh", "Chinese"), ("xqz", "xqz")])
def test_languages_have_english_names(code: str, name: str) -> None:
    """A code nobody has named stands for itself."""
    assert language_name(code) == name


@pytest.mark.parametrize(
    ("template", "wrong"),
    [
        ("{text}", None),
        ('{"a": {text}}', None),
        ("{language}: {text}", None),
        ("Sum up.", "{text} must mark where the text goes"),
        ("{txt}", "{txt} has no meaning here; choose from {text}, {language}"),
        ("{text} {target}", "{target} has no meaning here; choose from {text}, {language}"),
    ],
)
def test_a_template_is_checked(template: str, wrong: str | None) -> None:
    """A slip is named with the choices."""
    assert unfit(template, ("text", "language")) == wrong


def test_the_prompts_of_chat_are_fit() -> None:
    """They hold what their stage fills, and no more."""
    assert unfit(SUMMARY, ("text", "language", "sentences")) is None
    assert unfit(TRANSLATION, ("text", "language", "target")) is None
