"""Rules of the training data's typography."""

import pytest

from training.text import comparable, plain_english, tidy


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Das\u00a0ist  ein\tTest ", "Das ist ein Test"),
        ("Donau\u00addampf\u200bschiff", "Donaudampfschiff"),
        ("Mu\u0308ller", "Müller"),
        ("„Nein“, sagte er – leise.", "„Nein“, sagte er – leise."),
    ],
)
def test_tidy_changes_signs_never_words(raw: str, clean: str) -> None:
    """Spaces, invisible signs and composition are settled; German quotes and dashes stay as written."""
    assert tidy(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("“No,” he said—quietly.", '"No," he said - quietly.'),
        ("It’s 1939–1945 …", "It's 1939-1945 ..."),
        ("a – b", "a - b"),
        ("well-known", "well-known"),
    ],
)
def test_english_is_written_in_one_style(raw: str, clean: str) -> None:
    """The target side knows one double quote, one apostrophe, one dash."""
    assert plain_english(raw) == clean
    assert plain_english(clean) == clean


def test_comparable_ignores_case_and_signs() -> None:
    """Duplicates that differ in typography only are equal."""
    assert comparable("„Das ist ALLES!“") == comparable("das ist alles")
