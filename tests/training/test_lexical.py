"""Word tables of IBM model 1 tell pairs that belong together from pairs that do not."""

from __future__ import annotations

import random

import pytest

from training.lexical import WORST, Judge

NOUNS = {
    "Hund": "dog",
    "Katze": "cat",
    "Haus": "house",
    "Brücke": "bridge",
    "Stadt": "town",
    "Fluss": "river",
    "Bauer": "farmer",
}
VERBS = {"sieht": "sees", "kauft": "buys", "findet": "finds", "baut": "builds", "malt": "paints"}
TIMES = {"heute": "today", "gestern": "yesterday", "morgen": "tomorrow", "bald": "soon"}


def sentence(rng: random.Random) -> tuple[str, str]:
    first, second, third = rng.sample(sorted(NOUNS), 3)
    verb, time = rng.choice(sorted(VERBS)), rng.choice(sorted(TIMES))
    german = f"der {first} {verb} {time} neben der {second} auch noch ein {third} dazu"
    return german, f"{TIMES[time]} the {NOUNS[first]} {VERBS[verb]} a {NOUNS[third]} too besides the {NOUNS[second]}"


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str]]:
    rng = random.Random(5)
    return [sentence(rng) for _ in range(600)]


@pytest.fixture(scope="module")
def judge(pairs: list[tuple[str, str]]) -> Judge:
    return Judge(pairs)


def test_translations_score_above_strangers(judge: Judge, pairs: list[tuple[str, str]]) -> None:
    """Every pair scores better than its German beside an English sentence with no word in common."""
    for (german, english), (_, other) in zip(pairs[:50], pairs[50:100], strict=True):
        if not set(english.split()) & set(other.split()) - {"the", "a", "too", "besides"}:
            assert judge.score(german, english) > judge.score(german, other) + 0.5


def test_what_nothing_explains_is_refused(judge: Judge, pairs: list[tuple[str, str]]) -> None:
    """A sentence of known words beside one that means something else altogether falls under the bound."""
    german, english = pairs[0]
    assert judge.score(german, english) > WORST
    wrong = Judge(
        [(german, english) for german, english in pairs] + [(f"{n} " * 10, f"{n}x " * 10) for n in "abcdefgh"]
    )
    assert wrong.score(german, "ax bx cx dx ex fx gx hx ax bx") < WORST


def test_short_pairs_are_not_judged(judge: Judge) -> None:
    """Idioms are short and free."""
    assert judge.score("Kopf hoch!", "Don't lose heart.") == 0.0
