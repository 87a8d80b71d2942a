"""Rules of packing sentences into windows."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import ConfigError, InputTooLarge
from summarizer.text.chunks import Count, chunks, split_to_fit


def words(text: str) -> int:
    return len(text.split())


def octets(text: str) -> int:
    """Like a byte tokenizer with merges: joined text takes less than the sum of its parts."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // 3)


def grudging(text: str) -> int:
    """A ruler whose count of a joined text is more than the sum of its parts."""
    return len(text) + len(text.split()) ** 2 // 4


def uneven(text: str) -> int:
    """A ruler that does not even grow with the text."""
    return len(text) - (3 if text.endswith("e") else 0)


RULERS = st.sampled_from([len, words, octets, grudging, uneven])


class Counting:
    def __init__(self, ruler: Count) -> None:
        self.ruler = ruler
        self.calls = 0
        self.characters = 0

    def __call__(self, text: str) -> int:
        self.calls += 1
        self.characters += len(text)
        return self.ruler(text)


@given(texts=st.lists(st.text(max_size=30)), window=st.integers(40, 200), ruler=RULERS)
def test_each_text_is_in_one_chunk_and_each_chunk_fits(texts: list[str], window: int, ruler: Count) -> None:
    """No text is dropped, doubled or moved, and no chunk is over the window."""
    texts = [text for text in texts if ruler(text) <= window]
    packed = chunks(texts, window=window, count=ruler)
    assert list(chain.from_iterable(packed)) == list(range(len(texts)))
    assert all(chunk for chunk in packed)
    assert all(ruler(" ".join(texts[index] for index in chunk)) <= window for chunk in packed)


@pytest.mark.parametrize(
    ("sizes", "window", "expected"),
    [
        ([], 10, []),
        ([10], 10, [[0]]),
        ([5, 5], 10, [[0, 1]]),
        ([5, 5, 1], 10, [[0], [1, 2]]),
        ([3, 3, 3, 3], 9, [[0, 1], [2, 3]]),  # not three and one
        ([1] * 11, 10, [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]),
        ([9, 1, 1, 9], 10, [[0, 1], [2, 3]]),
        ([0, 0, 4], 4, [[0, 1, 2]]),
    ],
)
def test_chunks_are_few_and_even(sizes: list[int], window: int, expected: list[list[int]]) -> None:
    """As few chunks as possible, and no crumb at the end."""
    texts = [" ".join(["Wort"] * size) for size in sizes]
    assert chunks(texts, window=window, count=words) == expected


def test_the_separator_takes_room() -> None:
    """Ten texts of three letters do not fit into thirty letters when blanks stand between them."""
    assert chunks(["abc"] * 10, window=30, count=len) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
    assert chunks(["abc"] * 10, window=30, count=len, separator="") == [list(range(10))]


def test_a_text_over_the_window_is_refused() -> None:
    """Packing never cuts a text; it says which one is too long and how to go on."""
    with pytest.raises(InputTooLarge, match=r"text 1 takes 4 .*split_to_fit"):
        chunks(["eins", "eins zwei drei vier"], window=3, count=words)


def test_the_ruler_is_called_seldom() -> None:
    """One call per text and few per chunk: a tokenizer is slow."""
    ruler = Counting(words)
    chunks(["eins zwei drei"] * 1000, window=50, count=ruler)
    assert ruler.calls < 1200


@given(text=st.text(), window=st.integers(1, 12), ruler=RULERS)
def test_any_text_is_split_into_pieces_that_fit(text: str, window: int, ruler: Count) -> None:
    """Every piece fits and the pieces give the text back, white space aside; or the window is named as too small."""
    try:
        pieces = split_to_fit(text, window=window, count=ruler)
    except ConfigError:
        assert max(map(ruler, text)) > window
        return
    assert all(ruler(piece) <= window for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "window", "expected"),
    [
        ("Kurz.", 10, ["Kurz."]),
        ("", 10, [""]),
        (
            "Der Rat tagte bis in die Nacht; danach stimmte er ab.",
            34,
            ["Der Rat tagte bis in die Nacht;", "danach stimmte er ab."],
        ),
        (
            "Die Brücke kostet 1,5 Millionen Euro, sagte der Bürgermeister",
            45,
            ["Die Brücke kostet 1,5 Millionen Euro,", "sagte der Bürgermeister"],
        ),
        ("eins zwei drei vier", 10, ["eins zwei", "drei vier"]),
        ("Donaudampfschiff", 8, ["Donaudam", "pfschiff"]),
        ("他来了，他走了，他又来了。", 8, ["他来了，他走了，", "他又来了。"]),
        ("u\u0308" * 4, 3, ["u\u0308", "u\u0308", "u\u0308", "u\u0308"]),
    ],
)
def test_cuts_are_made_where_they_hurt_least(text: str, window: int, expected: list[str]) -> None:
    """Clause marks first, then blanks, then characters; never inside a number or a letter with its mark."""
    assert split_to_fit(text, window=window, count=len) == expected


def test_no_crumb_is_left() -> None:
    """101 words in windows of 50 are three pieces of about equal length."""
    pieces = split_to_fit(" ".join(["Wort"] * 101), window=50, count=words)
    assert len(pieces) == 3
    assert min(map(words, pieces)) >= 25


@pytest.mark.parametrize("text", ["a" * 1_000_000, "Wort, " * 200_000, "ä " * 500_000])
def test_a_long_text_takes_few_measurements(text: str) -> None:
    """A megabyte is measured about twice, not once per piece."""
    ruler = Counting(octets)
    pieces = split_to_fit(text, window=500, count=ruler)
    assert all(octets(piece) <= 500 for piece in pieces)
    assert ruler.calls < 2 * len(pieces) + 2
    assert ruler.characters < 4 * len(text)


def test_a_window_too_small_for_one_character_is_a_setting_to_mend() -> None:
    """The error names the window."""
    with pytest.raises(ConfigError, match="window of 2 tokens"):
        split_to_fit("ein Text", window=2, count=lambda text: 3 * len(text))
