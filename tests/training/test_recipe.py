"""Rules of the schedule and of the junk lines."""

import random

import pytest

from training.junk import junk_pair
from training.recipe import DECAY_SHARE, GROUP_OF, GROUPS, draw_rates, learning_share


def test_the_rate_falls_to_zero_at_the_end_of_the_clock() -> None:
    """Constant, then linear; past the end it stays at zero."""
    assert learning_share(0) == learning_share(1 - DECAY_SHARE) == 1
    assert learning_share(1 - DECAY_SHARE / 2) == pytest.approx(0.5)
    assert learning_share(1) == learning_share(1.1) == 0


def test_news_weighs_most_at_the_end() -> None:
    """The decay phase reads news more often than any earlier phase, and than any other group."""
    end = draw_rates(0.9)
    assert end["news"] == max(end.values()) > draw_rates(0.5)["news"] > draw_rates(0.0)["news"]


def test_every_source_belongs_to_one_group() -> None:
    """A source in two groups would be read twice as often as meant."""
    assert len(GROUP_OF) == sum(len(group.sources) for group in GROUPS)


@pytest.mark.parametrize("seed", range(100))
def test_junk_stays_short(seed: int) -> None:
    """A junk line's rendering is about as long as the line."""
    german, english = junk_pair(random.Random(seed), ["Havel"])
    assert german
    assert english
    assert len(english) <= 2 * len(german) + 10
