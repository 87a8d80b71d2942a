"""Teaching to copy: numbers and names are exchanged on both sides at once, some lines come through unchanged.

Pure functions of text and a random generator; a pair that offers nothing to exchange comes back as it was.
"""

# ruff: noqa: SIM905  (word lists read best as running text)
import random
import re
from collections import Counter
from collections.abc import Sequence

from training.text import plain_english

Pair = tuple[str, str]

_WORD = re.compile(r"(?<![\w@#./-])[^\W\d_][\w'-]*(?![\w@])")
_NUMBER = re.compile(r"(?<![\w.,:/-])\d+(?:[.,]\d+)*(?![\w:/-]|[.,]\d)")
_ONSETS = (
    "b br ch d dr f fr g gl gr h j k kl kr l m n p pr r s sch sh st t tr v w z y kh ts dz mb ng sk sl qu x".split()
)
_VOWELS = "a e i o u a e i o ai au ei ia ie oo ou ya y é ö ü á".split()
_CODAS = "b ck d f g k l ll m n nd ng nn r rd rg rt s sch sh ss st t tz v x z ń s n r l".split()
_ENDINGS = [
    "",
    "",
    "",
    "ski",
    "wicz",
    "ez",
    "ova",
    "sen",
    "son",
    "idis",
    "ić",
    "shvili",
    "hausen",
    "berg",
    "mann",
    "oglu",
    "ini",
]
_NO_NAMES = frozenset("I In Die Was Man Will War Am Den An All Art Hand Name Arm Wind Bank Gold Ball Land Sand".split())


def shared_names(german: str, english: str) -> list[str]:
    """Capitalised words that stand exactly once on each side, spelt alike: names, as far as spelling can tell."""
    left, right = Counter(_WORD.findall(german)), Counter(_WORD.findall(english))
    return [word for word in left if left[word] == 1 == right[word] and _like_a_name(word)]


def _like_a_name(word: str) -> bool:
    return (
        len(word) > 2 and word[0].isupper() and not word.isupper() and not word.endswith("'") and word not in _NO_NAMES
    )


def invented_name(rng: random.Random) -> str:
    """A pronounceable word nobody bears: "Trakowicz", "Sheim", sometimes double or of the kind "Mar-a-Lago"."""
    word = _invented_word(rng)
    kind = rng.random()
    if kind < 0.12:
        return f"{word}-{_invented_word(rng)}"
    if kind < 0.15:
        return f"{word}-{rng.choice(['a', 'de', 'la', 'al', 'sur'])}-{_invented_word(rng)}"
    if kind < 0.18:
        return rng.choice(["Mc", "O'", "Al-", "De", "Le", "Mac"]) + word
    return word


def _invented_word(rng: random.Random) -> str:
    syllables = rng.choice((1, 2, 2, 2, 3))
    word = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(syllables))
    return (word + rng.choice(_CODAS) + rng.choice(_ENDINGS)).capitalize()


def swap_names(pair: Pair, rng: random.Random, names: Sequence[str]) -> Pair:
    """Each shared name replaced on both sides by another one, of the list or invented."""
    german, english = pair
    for name in shared_names(german, english):
        if rng.random() < 0.3:
            continue
        new = rng.choice(names) if names and rng.random() < 0.5 else invented_name(rng)
        german, english = _replace_word(german, name, new), _replace_word(english, name, new)
    return german, english


def _replace_word(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\w@#./-]){re.escape(old)}(?![\w@])", lambda _: new, text, count=1)


def english_number(german: str) -> str:
    """1.250.000 -> 1,250,000 and 3,5 -> 3.5: the signs trade places."""
    return german.translate(str.maketrans(".,", ",."))


def swap_numbers(pair: Pair, rng: random.Random) -> Pair:
    """Numbers of two and more digits that stand once on both sides get new digits, the same on both."""
    german, english = pair
    left, right = Counter(_NUMBER.findall(german)), Counter(_NUMBER.findall(english))
    for number in left:
        spelt = number if number in right else english_number(number)
        if left[number] == 1 == right[spelt] and len(number) > 1:
            new = _other_digits(number, rng)
            new_spelt = new if spelt == number else english_number(new)
            german, english = _replace_number(german, number, new), _replace_number(english, spelt, new_spelt)
    return german, english


def _other_digits(number: str, rng: random.Random) -> str:
    """Random digits in the same form; the first is no zero, a year stays within its century."""
    if re.fullmatch(r"(19|20)\d\d", number):
        return number[:2] + f"{rng.randrange(100):02d}"
    head, tail = number[0], number[1:]
    first = str(rng.randrange(1, 10)) if head != "0" else head
    return first + re.sub(r"\d", lambda _: str(rng.randrange(10)), tail)


def _replace_number(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\w.,:/-]){re.escape(old)}(?![\w:/-]|[.,]\d)", lambda _: new, text, count=1)


def shout(pair: Pair) -> Pair:
    """Both sides in capitals."""
    return pair[0].upper(), pair[1].upper()


def requote(german: str, rng: random.Random) -> str:
    """Straight double quotes become one of the printed pairs, so that every style is understood."""
    if german.count('"') != 2:
        return german
    opening, closing = rng.choice((("„", "“"), ("„", "”"), ("»", "«"), ("“", "”"), ("«", "»")))
    head, inner, tail = german.split('"')
    return f"{head}{opening}{inner}{closing}{tail}"


def without_stop(pair: Pair) -> Pair:
    """The full stop gone on both sides, as in headlines and captions."""
    german, english = pair
    return (german[:-1], english[:-1]) if german.endswith(".") and english.endswith(".") else pair


def joined(first: Pair, second: Pair) -> Pair:
    """Two pairs in a row, so that a line may hold more than one sentence."""
    return f"{first[0]} {second[0]}", f"{first[1]} {second[1]}"


def unchanged(english: str) -> Pair:
    """English that is English already."""
    return english, plain_english(english)
