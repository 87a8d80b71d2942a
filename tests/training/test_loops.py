"""Rules of the junk test's two alarms."""

import pytest

ctranslate2 = pytest.importorskip("ctranslate2")
pytest.importorskip("sacrebleu")
junktest = pytest.importorskip("training.junktest")


@pytest.mark.parametrize(
    ("text", "looping"),
    [
        ("a b c d a b c d a b c d", True),
        ("x a b c d a b c d a b c d y", True),
        ("a b a b a b a b a b a b", True),
        ("a a a a a a a a a a a a", True),
        ("a b c d a b c d a b c", False),
        ("no no no", False),
        ("a b c d e f g h", False),
    ],
)
def test_a_loop_is_four_pieces_three_times(text: str, looping: bool) -> None:
    """Shorter periods count once they fill as many pieces."""
    assert junktest.loops(text.split()) is looping


def test_too_long_is_three_times_the_source_and_ten() -> None:
    """The bound is inclusive."""
    assert not junktest.too_long(["a"], ["b"] * 13)
    assert junktest.too_long(["a"], ["b"] * 14)
