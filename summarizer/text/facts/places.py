"""Places, peoples and bodies by the names they have in other languages: groups of our own, and what CLDR knows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from summarizer.text.facts.lexicon import word_list
from summarizer.text.facts.remembering import remembered

PLACE = 5  # letters of a place that a longer word may begin with: Grönlandhai, Berliner; not Malinois
_FOLDS = (("tsch", "ch"), ("sch", "sh"), ("kh", "ch"), ("ph", "f"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ck", "k"),
          ("j", "y"), ("w", "v"), ("th", "t"))  # fmt: skip
_REGION = re.compile("(?:ober|unter|nieder|mittel|nord|süd|ost|west|alt|groß)(?=\\w{4})")
_DOUBLE = re.compile(r"(.)\1+")
_MARKS = re.compile("[\u0300-\u036f'’]")


@remembered
def fold(word: str) -> str:
    """A lower-case word as it may sound in another spelling: ``müller`` and ``mueller``, ``puschkin`` and ``pushkin``."""
    if not word.isascii():
        word = _MARKS.sub("", unicodedata.normalize("NFKD", word)).replace("ß", "ss")
    for written, heard in _FOLDS:
        word = word.replace(written, heard)
    return _DOUBLE.sub(r"\1", word)


@cache
def _groups() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Whole names and beginnings of names -> the groups they belong to."""
    whole: dict[str, set[str]] = {}
    begun: dict[str, set[str]] = {}
    for section in ("groups", "things", "bodies"):
        for number, words in enumerate(word_list("exonyms.yaml")[section]):
            for word in map(str, words):
                table = begun if word.endswith("*") else whole
                table.setdefault(word.rstrip("*"), set()).add(f"{section[0]}:{number}")
    frozen = ({word: frozenset(keys) for word, keys in table.items()} for table in (whole, begun))
    return next(frozen), next(frozen)


@cache
def _cldr(language: str) -> Mapping[str, str]:
    """Countries and big cities that CLDR names in one word -> a key."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 20 ms

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    places = {
        name.lower(): f"region:{code}" for code, name in locale.territories.items() if name.isalpha() and code.isalpha()
    }
    for zone, names in locale.time_zones.items():
        city = names.get("city", "").lower()
        if city.isalpha():
            places.setdefault(city, "city:" + zone.rpartition("/")[2].lower())
    return places


@remembered
def groups(word: str, language: str) -> frozenset[str]:
    """The keys of all groups that a lower-case word belongs to."""
    whole, begun = _groups()
    found = set(whole.get(word, ()))
    places = _cldr(language)
    ends = range(2, min(len(word), 14) + 1)
    found |= frozenset[str]().union(*(begun.get(word[:end], ()) for end in ends))
    longest = next((word[:end] for end in reversed(ends) if end >= PLACE and word[:end] in places), "")
    named = word if word in places else longest  # Nigerians are of Nigeria, and not of Niger
    found |= {places[named]} if named else set()
    region = _REGION.match(word) if language == "de" else None
    return frozenset(found) if not region else frozenset(found | groups(word[region.end() :], language))


@cache
def _no_place() -> frozenset[str]:
    return frozenset(map(str, word_list("exonyms.yaml")["no_place"]))


@remembered
def place(word: str, language: str) -> frozenset[str]:
    """The groups of a word that is the name of a place as it stands, or with an "s" more: neither Nigerian nor French."""
    whole, begun = _groups()
    others = _no_place()
    for name in (word, word.removesuffix("s") if len(word) > PLACE - 1 else word):
        if name in others:
            return frozenset()
        if name in _cldr(language) or name in whole or name in begun:
            return asked(groups(name, language))
    return frozenset()


@cache
def _places(language: str) -> Mapping[str, frozenset[str]]:
    """The same for folded words."""
    whole, begun = _groups()
    return {fold(name): keys for name in (*_cldr(language), *whole, *begun) if (keys := place(name, language))}


def asked(keys: frozenset[str]) -> frozenset[str]:
    """The groups that must be held: never those of things, and for a body of the state no others than its own."""
    bodies = frozenset(key for key in keys if key.startswith("b:"))
    return bodies or frozenset(key for key in keys if not key.startswith("t:"))


def elsewhere(known: frozenset[str], word: str, language: str) -> bool:
    """Whether a folded word is the name of a place other than the one with the keys ``known``: Nigeria for Niger."""
    if not known:
        return False
    places = _places(language)
    other = places.get(word) or places.get(word.removesuffix("s"))
    return other is not None and known.isdisjoint(other)
