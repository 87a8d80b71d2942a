"""Rules of the exchanges: what changes on one side changes on the other, and nothing else does."""

import random
import re

import pytest

from training import augment

NAMES = ["Havel", "Nkrumah"]


@pytest.mark.parametrize(
    ("german", "english", "expected"),
    [
        ("Merkel traf Macron in Paris.", "Merkel met Macron in Paris.", {"Merkel", "Macron", "Paris"}),
        ("Die Hand war kalt.", "The hand was cold.", set()),
        ("Sie rief Tom, und Tom kam.", "She called Tom, and Tom came.", set()),
        ("Trump reiste nach Mar-a-Lago.", "Trump went to Mar-a-Lago.", {"Trump", "Mar-a-Lago"}),
        ("Die NATO tagte.", "NATO met.", set()),
    ],
)
def test_names_are_words_spelt_alike_once_on_each_side(german: str, english: str, expected: set[str]) -> None:
    """Common nouns differ in spelling or case; what stands twice cannot be told apart."""
    assert set(augment.shared_names(german, english)) == expected


@pytest.mark.parametrize("seed", range(30))
def test_a_swapped_name_stands_on_both_sides(seed: int) -> None:
    """The new name is the same on both sides and the words around it stay."""
    german, english = augment.swap_names(("Merkel kam.", "Merkel came."), random.Random(seed), NAMES)
    assert german.removesuffix(" kam.") == english.removesuffix(" came.")


@pytest.mark.parametrize("seed", range(30))
def test_swapped_numbers_keep_their_value_across_notations(seed: int) -> None:
    """1.250.000 and 1,250,000 change together; so do 3,5 and 3.5; a year stays in its century."""
    pair = ("2019 gab es 1.250.000 Euro, 3,5 Prozent mehr.", "In 2019 there were 1,250,000 euros, 3.5 percent more.")
    german, english = augment.swap_numbers(pair, random.Random(seed))
    found = re.fullmatch(r"(20\d\d) gab es (\d\.\d{3}\.\d{3}) Euro, (\d,\d) Prozent mehr\.", german)
    assert found
    year, amount, share = found.groups()
    there = f"In {year} there were {amount.replace('.', ',')} euros, {share.replace(',', '.')} percent more."
    assert english == there


@pytest.mark.parametrize(
    "pair",
    [
        ("Um 8 Uhr.", "At 8 o'clock."),
        ("Von 10 bis 10.", "From 10 to 10."),
        ("Am 3.5.2019", "On May 3"),
        ("Das Modell A-380 flog.", "The A-380 flew."),
    ],
)
def test_numbers_without_a_sure_partner_stay(pair: tuple[str, str]) -> None:
    """One digit, twice the same, dates and parts of names are left alone."""
    assert augment.swap_numbers(pair, random.Random(0)) == pair


def test_quotes_are_varied_on_the_source_only() -> None:
    """Every printed style of quotes appears, around the same words."""
    rng = random.Random(1)
    seen = {augment.requote('Er rief "Halt" laut.', rng) for _ in range(100)}
    assert len(seen) == 5
    assert all("Halt" in text and '"' not in text for text in seen)


def test_a_stop_goes_on_both_sides_or_on_none() -> None:
    """Otherwise the translator would learn to drop or to add it."""
    assert augment.without_stop(("Gut.", "Good.")) == ("Gut", "Good")
    assert augment.without_stop(("Gut.", "Good!")) == ("Gut.", "Good!")


@pytest.mark.parametrize("seed", range(50))
def test_invented_names_are_capitalised_words(seed: int) -> None:
    """No spaces, no digits, nothing that would split into two words."""
    assert re.fullmatch(r"[^\W\d_a-z][\w'-]+", augment.invented_name(random.Random(seed)))


@pytest.mark.parametrize(
    ("german", "english"), [("1.250.000", "1,250,000"), ("3,5", "3.5"), ("1.234,56", "1,234.56"), ("42", "42")]
)
def test_number_signs_trade_places(german: str, english: str) -> None:
    """The dot groups in German and divides in English."""
    assert augment.english_number(german) == english


def test_numbers_are_swapped_in_both_notations() -> None:
    """Neither the grouped nor the divided number survives many draws unchanged."""
    pair = ("Es waren 1.250.000 Euro, 3,5 Prozent mehr.", "It was 1,250,000 euros, 3.5 percent more.")
    drawn = [augment.swap_numbers(pair, random.Random(seed))[1] for seed in range(40)]
    assert sum("1,250,000" in text for text in drawn) < 3
    assert sum(" 3.5 " in text for text in drawn) < 10
