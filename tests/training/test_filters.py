"""Rules of what is refused."""

import pytest

from training.filters import refusal


@pytest.mark.parametrize(
    ("german", "english", "reason"),
    [
        ("Das Haus ist alt.", "The house is old.", None),
        ("Ja.", "Yes, I do indeed.", None),
        ("Angela Merkel", "Angela Merkel", None),
        ("", "Nothing here.", "empty"),
        ("Kurz.", "This goes on and on without any reason at all, far beyond.", "ratio"),
        ("Klicken Sie auf <b>OK</b>.", "Click <b>OK</b>.", "markup"),
        ("Das ist Привет heute.", "This is a greeting today.", "script"),
        ("12 34 56 78 a", "12 34 56 78 b", "letters"),
        ("Berlin Hamburg Köln Bremen", "Berlin Hamburg Köln Bremen", "copy"),
        ("The house is the oldest of all.", "That house is the oldest one.", "language"),
        ("Das Haus ist alt.", "Das Haus ist alt und schön.", "language"),
        ("a" * 701, "b" * 701, "long"),
    ],
)
def test_every_refusal_names_its_reason(german: str, english: str, reason: str | None) -> None:
    """One faulty pair per reason, and pairs that look odd but are fine."""
    assert refusal(german, english) == reason
