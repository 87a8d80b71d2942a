"""Copied numbers take the target's notation, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.stages.notation import renotated


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("Das kostet 12,5 Millionen.", "It costs 12,5 million.", "It costs 12.5 million."),
        ("1.250.000 Menschen kamen.", "1.250.000 people came.", "1,250,000 people came."),
        ("Es sind 1.250,75 Euro.", "It is 1.250,75 euros.", "It is 1,250.75 euros."),
        ("Das kostet 12,5 Millionen.", "It costs 12.5 million.", "It costs 12.5 million."),
        ("Am 12.03.2024 um 17.30 Uhr.", "On 12.03.2024 at 17.30.", "On 12.03.2024 at 17.30."),
        (
            "Version 3.14 kam 2,5 Jahre später.",
            "Version 3.14 came 2,5 years later.",
            "Version 3.14 came 2.5 years later.",
        ),
        ("Es waren 8.000.", "There were 8.000.", "There were 8,000."),
        ("Es waren acht.", "There were 8.000.", "There were 8.000."),
    ],
)
def test_german_numbers_in_english(source: str, translation: str, expected: str) -> None:
    """Only what stands on both sides and is written the German way changes."""
    assert renotated(source, translation, source="de", target="en") == expected


def test_languages_with_the_same_notation_and_unknown_ones_are_left_alone() -> None:
    """German and French both write 12,5."""
    assert renotated("12,5", "12,5", source="de", target="fr") == "12,5"
    assert renotated("12,5", "12,5", source="xx", target="en") == "12,5"
    assert renotated("12.5 km", "12.5 km", source="en", target="de") == "12,5 km"


@given(st.text(), st.text())
def test_any_text_keeps_its_length(source: str, translation: str) -> None:
    """Marks change places; nothing is added or lost."""
    assert len(renotated(source, translation, source="de", target="en")) == len(translation)
