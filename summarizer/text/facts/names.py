"""People, places and bodies: capitals that are no common words, and the names they have in other languages."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from summarizer.text.facts.fact import Fact
from summarizer.text.facts.lexicon import lexicon, word_list
from summarizer.text.facts.places import PLACE, asked, elsewhere, fold, groups, place
from summarizer.text.facts.remembering import remembered
from summarizer.text.facts.run import Run
from summarizer.text.facts.tokens import DIGITS, WORD, Token

__all__ = ["are_rivals", "common", "fold", "is_initials", "is_noun", "names", "similar", "words_of"]

# How surely a name of this sort, missing on the other side, is an error. Tuned on newstest2017.
KNOWN, FOREIGN, FULL, LONE, INITIALS, CODE = 0.6, 0.45, 0.45, 0.3, 0.25, 0.6
SURE = 0.5  # a German word with a capital in mid-sentence that is no noun, no form of one and no compound
_SIMILAR = 75  # of 100, rapidfuzz ratio of folded names: Tymoschenko/Tymoshenko 86, Merkel/Macron 50
_NEAREST = 3  # so many similar words are looked at; the names of other places are no spelling of this one
_OPENING = frozenset((".", "!", "?", ":", "“", "„", "”", '"', "»", "«", "…", "•", "*", "'", "‘", "’", "‚", "|"))
_INITIALS = re.compile("[A-ZÄÖÜ]{2,5}")  # SPD, WHO, EU: a party or body by its initials
_STATE = ("bundestag", "bundesrat")  # freely put in other words: parliament, the upper house
_NOUN = re.compile(
    r"\w+(?:ung|heit|keit|schaft|tion|tät|nis|tum|ismus|chen|lein|ling|ist|enz|anz|erei|eur|ment|ik)(?:en|es|s|e|n|er|ern)?"
    r"|\w+(?:lich|isch|ig|bar|sam|los|haft|är)(?:e[nrsm]?)?"
)
# Women, and what is made of verbs: Turnerin, Einschüchtern, Erlebte. No proof of a noun, and no name for sure.
_FORMED = re.compile(
    r"\w+(?:er|or|ist|ent|ant|at|eur)in(?:nen)?|\w+(?:tag|rat|amt|zug|bus|gas|not|bau|cup|star|ton|weg|mus|post|sau)(?:s|es|e|en)?"
    r"|(?:be|er|ver|zer|ent|ein|aus|ab|an|auf|zu|hin|um|unter|nieder|ge|un)\w{3,}(?:en|ern|eln|t|te[nr]?|er|eit)"
)
# Endings of German places and families, which begin with a noun as well: Finkenwerder, Steinmeier.
_OFPLACES = re.compile(
    "(?:mann|burg|berg|heim|dorf|stein|bach|feld|hausen|werder|m[ae][iy]er|kirchen|itz|ingen|hofen|brück|furt|haven|"
    "büttel|walde|rode|leben|egger|huber|moser|hoff|münde|horst|siek|stedt)(?:er|s|ers)?$"
)
# What stands before a name and seldom before a noun without an article; verbs that end in "t" count as well.
PLACED = frozenset(
    (
        *("in", "aus", "nach", "bei", "von", "gegen", "um", "für", "und", "sowie", "herr", "herrn", "frau"),
        *(
            "sagte",
            "meinte",
            "erklärte",
            "betonte",
            "forderte",
            "warnte",
            "ergänzte",
            "kritisierte",
            "berichtete",
            "war",
        ),
    )
)
_NO_VERB = frozenset(("mit", "seit", "erst", "fast", "jetzt", "nicht", "dort", "selbst", "zuletzt", "damit", "somit"))
_ENDINGS = ("", "s", "e", "n", "en", "es", "er", "ern")
_PLAIN = str.maketrans("äöü", "aou")
_HEADLINE = 0.7  # share of long words with a capital
_LONG = 14  # letters; hardly a name is longer


@cache
def common(language: str) -> frozenset[str]:
    """Words of the language that are no names although they may be written with a capital."""
    names = {"de": "nouns.de.txt", "en": "words.en.txt"}
    never = frozenset(map(str, word_list("exonyms.yaml")["never"].get(language, ())))
    if language not in names:
        return never
    text = files("summarizer.data").joinpath("facts/" + names[language]).read_text(encoding="utf-8")
    return frozenset(text.split()) | never


def words_of(run: Run) -> tuple[tuple[str, ...], frozenset[str]]:
    """All words folded and sorted, and the keys of all groups they belong to: what proves a name on the other side."""
    lowers = {token.lower for token in run.found if token.kind == WORD}
    language = run.lexicon.language
    return tuple(sorted(set(map(fold, lowers)))), frozenset[str]().union(*(groups(word, language) for word in lowers))


def names(run: Run) -> list[Fact]:
    """The names of a text, each with the confidence that it is one."""
    found = []
    most = LONE if _is_headline(run) else 1.0
    for index, token in enumerate(run.found):
        if token.kind != WORD:
            continue
        if token.text.isalpha() or "'" in token.text or "’" in token.text:
            confidence = _confidence(run, index, token) if token.text[0].isupper() else 0
            chain = _chain(run, index) if confidence in (SURE, LONE) and run.word(index + 1) == "-" else None
            if chain:
                found.append(chain)
            elif confidence:
                found.append(_name(run, index, token, min(confidence, most)))
        elif any(char.isdecimal() for char in token.text):
            found.append(_code(run, index, token))
    return found


def _chain(run: Run, index: int) -> Fact | None:
    """A name of three and more parts, one of them short: Mar-a-Lago, Stratford-upon-Avon. It is asked for as a whole."""
    end = index + 1
    while (
        end - index < 14
        and run.word(end) == "-"
        and run.at(end).glued
        and run.at(end + 1).glued
        and run.at(end + 1).text.isalpha()
    ):
        end += 2
    parts = [run.word(step) for step in range(index, end, 2)]
    if not 3 <= len(parts) <= 6 or min(map(len, parts)) > 4 or any(is_noun(part) for part in parts if len(part) > 4):
        return None
    joined = "-".join(map(fold, parts))
    return run.fact("name", joined, (index, end), frozenset((f"N:{joined}",)), confidence=SURE)


def _is_headline(run: Run) -> bool:
    """Whether nearly all words have a capital: Killer Pig Mauls Farmer. Then a capital tells nothing."""
    if run.lexicon.language == "de":
        return False
    long = [token.text[0].isupper() for token in run.found if token.kind == WORD and len(token.text) > 3]
    return len(long) > 3 and sum(long) > _HEADLINE * len(long)


def _name(run: Run, index: int, token: Token, confidence: float) -> Fact:
    folded = frozenset((f"N:{fold(token.lower)}",))
    known = groups(token.lower, run.lexicon.language)
    known = asked(known) if token.lower.startswith(_STATE) else known
    needs = (folded, *(frozenset((key,)) for key in known))
    return run.fact("name", token.lower, (index, index + 1), *needs, confidence=confidence)


def _code(run: Run, index: int, token: Token) -> Fact:
    """``A380``, ``G7``: letters and digits together are a name; the digits may stand apart (``U21``, under 21)."""
    digits = "".join(char for char in token.lower if char.isdecimal())
    needs = [frozenset((f"N:{fold(token.lower)}",))]
    if len(digits) < 10:
        needs.append(frozenset((f"n:{int(digits)}",)))
    return run.fact("name", token.lower, (index, index + 1), *needs, confidence=CODE)


def _confidence(run: Run, index: int, token: Token) -> float:
    word, text = token.lower, token.text
    language = run.lexicon.language
    alone, initials = _by_itself(text, word, language)
    if initials and not _is_shouted(run, index):
        return INITIALS
    if alone is not None:
        return alone
    if language == "de":
        return _german(run, index, word)
    known = groups(word, language)
    if not _opens(run, index):
        return FOREIGN if known or language != "en" else KNOWN
    named = language == "en" and len(word) > 3 and run.at(index + 1).text[:1].isupper()
    return FOREIGN if known else FULL if named else LONE


@remembered
def _by_itself(text: str, word: str, language: str) -> tuple[float | None, bool]:
    """How surely a word with a capital is a name wherever it stands, None where that depends on the words around it;
    and whether it may be initials.
    """
    known = groups(word, language)
    plain = word in lexicon(language).triggers or word in common(language)
    initials = _INITIALS.fullmatch(text) is not None and (bool(known) or (len(text) > 2 and not plain))
    state = word.startswith(_STATE)
    if language == "de" and place(word, "de"):
        return (LONE if state else KNOWN), initials
    if len(text) < 3 or plain or text.isupper() or (not state and any(key.startswith("t:") for key in known)):
        return 0, initials
    return (KNOWN if language == "de" and known else None), initials


def _is_shouted(run: Run, index: int) -> bool:
    """Whether a word beside the one at ``index`` is all capitals as well: LET US GO."""
    near = (run.at(index - 1).text, run.at(index + 1).text)
    return any(len(word) > 1 and word.isalpha() and word.isupper() for word in near)


def _german(run: Run, index: int, word: str) -> float:
    """All nouns have capitals: a name is one that is known, or that follows another capital."""
    before = run.at(index - 1)
    given = before.lower in _given() and before.text[0].isupper()
    if (not given and is_noun(word)) or _opens(run, index):
        return 0
    if given:
        return SURE  # Anna Müller, who is no miller
    follows = before.kind == WORD and before.text[:1].isupper() and not _opens(run, index - 1)
    if follows and not is_noun(before.lower) and not _is_foreign_to_german(word):
        return FULL
    return SURE if _stands_as_name(run, index) and _is_foreign_to_german(word) else LONE


@cache
def _given() -> frozenset[str]:
    return frozenset(word_list("exonyms.yaml")["given"])


def _stands_as_name(run: Run, index: int) -> bool:
    """Whether no article or adjective stands before the word: Stadtteil Finkenwerder, sagt Kokert, Annalena Baerbock."""
    before, after = run.at(index - 1), run.at(index + 1)
    capital = before.kind == WORD and before.text[:1].isupper() and not _opens(run, index - 1)
    return (
        capital
        or before.lower in PLACED
        or (after.kind == WORD and after.text[0].isupper() and not is_noun(after.lower))
        or (before.lower.endswith("t") and before.text.islower() and before.lower not in _NO_VERB)
    )


@remembered
def _is_foreign_to_german(word: str) -> bool:
    """Whether nothing in a word that is no listed noun makes it look like one: it can only be a name."""
    if len(word) < 4 or word in common("en") or _FORMED.fullmatch(word):
        return False
    listed = common("de")
    if word.endswith(("er", "ers", "ern")) and word[: word.rindex("er")] + "en" in listed:
        return False  # Turner, of turnen
    if _OFPLACES.search(word):
        return True
    return not any(word[:cut] in listed for cut in range(4, len(word) - 2))


@remembered
def is_noun(word: str) -> bool:
    """Whether a German word is a common noun: listed, with the ending of one, or a compound that ends in a listed one."""
    listed = common("de")
    if word in listed or len(word) > _LONG or _NOUN.fullmatch(word):
        return True
    place = _OFPLACES.search(word)
    if place:  # Altersheim begins with a noun, Gundelsheim does not
        return any(word[:cut] in listed for cut in (place.start(), place.start() - 1) if cut > 2)
    return any(stem in listed or any(stem[cut:] in listed for cut in range(3, len(stem) - 3)) for stem in _stems(word))


def _stems(word: str) -> Iterator[str]:
    """The word without the endings it may have, and the singular of ``Anschläge``."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stem = word.removesuffix(ending)
            yield stem
            plain = stem.translate(_PLAIN)
            if ending and plain != stem:
                yield plain


def _opens(run: Run, index: int) -> bool:
    """Whether the token opens a sentence or a quotation, where every word has a capital."""
    before = run.at(index - 1)
    return (
        index == 0
        or before.text in _OPENING
        or (before.text in ("-", "–", "—", "(") and not before.glued)
        or before.kind == DIGITS
    )


def _inflected(name: str, words: Sequence[str]) -> bool:
    """Whether a short name stands among the words with an ending more or less: Lee and Lees, Ulm and Ulmer."""
    place = bisect_left(words, name)
    near = words[place : place + 8]
    if any(word.startswith(name) and word[len(name) :] in ("", "s", "r", "er", "ern", "ers") for word in near):
        return True
    place = bisect_left(words, name[:-1])
    return name.endswith("s") and place < len(words) and words[place] == name[:-1]


def is_initials(fact: Fact) -> bool:
    """Whether a name is that of a party or body: SPD, EuGH."""
    return fact.kind == "name" and len(fact.text) <= 5 and fact.text.isalpha() and sum(map(str.isupper, fact.text)) > 1


def are_rivals(fact: Fact, other: Fact) -> bool:
    """Whether both are initials and not the same ones in the order of another language: NATO and OTAN."""
    return is_initials(fact) and is_initials(other) and sorted(fact.value) != sorted(other.value)


def similar(fact: Fact, words: Sequence[str], letters: str, language: str) -> bool:
    """Whether one of the sorted, folded ``words`` may be the name in another spelling, inflected or in a compound.

    A name of several parts is looked for in ``letters``, all words without anything between them.
    """
    name = fold(fact.value)
    if "-" in name:
        return name.replace("-", "") in letters
    if len(name) < 4:
        return _inflected(name, words)
    known = asked(fact.keys - {f"N:{name}"})
    stem = name[: max(4, len(name) - 2)]
    place = bisect_left(words, stem)
    while place < len(words) and words[place].startswith(stem):
        if not elsewhere(known, words[place], language):
            return True
        place += 1
    if len(name) >= PLACE and any(name in word and not elsewhere(known, word, language) for word in words):
        return True  # Friedensnobelpreis
    nearest = process.extractOne(name, words, scorer=fuzz.ratio, score_cutoff=_SIMILAR)
    if nearest is None or not elsewhere(known, nearest[0], language):
        return nearest is not None
    near = process.extract(name, words, scorer=fuzz.ratio, score_cutoff=_SIMILAR, limit=_NEAREST)
    return any(not elsewhere(known, word, language) for word, _, _ in near)
