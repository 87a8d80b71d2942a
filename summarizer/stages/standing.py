"""Which sentences can stand alone in a summary, judged by their form. No model; word lists only where a language has one.

FREE      can stand anywhere
HANGING   opens with a word that points back ("Dieser", "Er", "Doch", "Außerdem"): stands after its antecedent
AWKWARD   very short, very long, announces a list, only names a source, has no full stop: the last resort
UNFIT     question, fragment of a quotation, other language than the article: never beside any of the above
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from itertools import accumulate, groupby

from summarizer.stages.ranking import words
from summarizer.types import Sentence

# Words. 3 instead of 4 loses 0.03 ROUGE-1 on the news set; beyond 70 lie 1 in 1000 sentences, mostly lists.
SHORTEST, LONGEST = 4, 70


class Standing(IntEnum):
    """How well a sentence stands alone, best first."""

    FREE = 0
    HANGING = 1
    AWKWARD = 2
    UNFIT = 3


# Openers that point back whatever follows them.
_BACK = {
    "de": """er ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres sein seine seinem seinen seiner seines deren dessen
        dieser diese dieses diesem diesen dies jener jene jenes jenem jenen solche solcher solches solchen derselbe
        dieselbe dasselbe letzterer letztere letzteres ersterer erstere ersteres beide beides beiden
        doch aber jedoch dennoch trotzdem allerdings gleichwohl hingegen dagegen stattdessen sondern indes indessen
        außerdem ausserdem zudem überdies ferner weiters weiterhin darüber ebenso ebenfalls gleichzeitig
        dabei dazu dafür damit danach daraufhin darauf daraus darin daran davon dadurch davor dahinter darunter daneben
        daher deshalb deswegen demnach demzufolge folglich somit also denn dann dort dorthin hier hierzu hierbei hierfür
        seither seitdem anschließend anschliessend zuvor später schließlich schliesslich andererseits anderseits
        einerseits und oder nämlich immerhin jedenfalls übrigens so auch""",
    "en": """he she it they him them his her hers its their theirs this these those such
        but however yet nevertheless nonetheless still instead otherwise moreover furthermore besides also additionally
        therefore thus hence consequently then there here afterwards meanwhile and or nor so both""",
    "fr": """il elle ils elles ce cet cette ces cela ceci celui-ci celle-ci son sa ses leur leurs
        mais cependant pourtant toutefois néanmoins donc ainsi alors puis ensuite aussi et ou or car enfin""",
    "es": """él ella ellos ellas este esta estos estas ese esa esos esas esto eso su sus
        pero además también así entonces luego y o pues""",
    "it": """egli lui lei essi esse loro questo questa questi queste quello quella quelli quelle suo sua suoi sue
        ma però tuttavia inoltre anche quindi perciò così poi allora e o""",
    "nl": """hij zij ze hem haar hen hun zijn deze dit die dat
        maar echter toch bovendien ook daarom dus daarna dan daar er en of""",
}


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_POINTING_BACK = {language: _set(openers) for language, openers in _BACK.items()}

# "Die Polizei ..." stands, "Die hatte ..." hangs: an article is a pronoun when a finite verb follows it at once.
_GERMAN_ARTICLES = _set("der die das den dem sie es")
_GERMAN_VERBS = _set(
    """ist sind war waren sei seien wäre wären wird werden wurde wurden würde würden hat haben hatte hatten habe hätte hätten
    kann können könnte könnten konnte konnten soll sollen sollte sollten will wollen wollte muss müssen musste müsste
    darf dürfen durfte dürfte mag gilt gelte galt geht gehe ging gehen macht mache machte machen zeigt zeige zeigte zeigen
    sagt sagte sagten teilt teilte teilten berichtet berichtete berichteten meldet meldete meldeten bedeutet bedeutete
    bestätigt bestätigte erklärt erklärte ergibt ergab ergaben geschah geschieht heißt hieß liegt lag lagen führt führte
    kommt kam kamen bleibt blieb steht stand sieht sah reicht reichte gab gibt gäbe trifft traf entspricht entsprach"""
)
# "Das überraschte die Forscher": what stands between two articles and ends like a verb is one; "Das alte Haus" has none.
_GERMAN_DETERMINERS = _set("der die das den dem ein eine einen einem einer mich uns ihn ihm sie auch nicht aber viele")
# "Das teilte die Polizei am Montag mit." names a source and says nothing.
_REPORTING = _set(
    """teilt teilte teilten sagt sagte sagten berichtet berichtete berichteten meldet meldete meldeten bestätigt bestätigte
    bestätigten erklärt erklärte erklärten schreibt schrieb schrieben betont betonte betonten kündigt kündigte kündigten
    erfuhr verlautete verkündete gab gaben ergab ergaben geht ging"""
)
# "Es gibt ...", "Es ist ..." open many sentences whose "es" stands for nothing.
_EMPTY_ES = _set("gibt gab gäbe gebe ist war sei wäre geht ging handelt handelte kam kommt wird wurde")

_VERB_LIKE = re.compile(r"\w+ [a-zäöüß]+(?:te|ten|t) ")  # small letters: "Der Rat der Stadt" has none
_CLOSED = re.compile(r"[.!?…。！？．｡؟।](?:[\"'“”‘’»«›‹)\]]|\s)*$")
_QUESTION = re.compile(r"[?？؟⁇](?:[\"'“”‘’»«›‹)\]]|\s)*$")
_MARK = re.compile(r"[„“”»«]|(?<!\d)\"")  # 57" are inches or seconds
_QUOTE = re.compile('[„“”»«"]')
_QUOTED = re.compile(r"[„“\"»«](?P<inside>[^„“”\"»«]*)[“”\"«»]")
_FOLLOWS = re.compile(r"[”)\]…,;]|[^\W\d_]")


def standings(body: Sequence[Sentence], language: str, *, lengths: Sequence[int] | None = None) -> list[Standing]:
    """Judge the sentences of an article in ``language`` (ISO 639-1), in reading order.

    ``lengths`` are their numbers of :func:`~summarizer.stages.ranking.words`, where these are known.
    """
    counted = [len(words(sentence.text)) for sentence in body] if lengths is None else lengths
    found: list[Standing] = []
    for _, paragraph in groupby(zip(body, counted, strict=True), key=lambda pair: pair[0].paragraph):
        members = list(paragraph)
        marks = [_marks(sentence.text) for sentence, _ in members]
        found += [
            Standing.UNFIT
            if cut
            else _standing(sentence, language, length, own, follows=sentence.role == "standfirst" and number > 0)
            for number, ((sentence, length), own, cut) in enumerate(
                zip(members, marks, _inside_quotation(marks), strict=True)
            )
        ]
    return found


def points_back(text: str, language: str) -> bool:
    """Whether the sentence opens with a word whose meaning lies in the sentence before it."""
    return _points_back(text, _opening(text), language)


def _points_back(text: str, opening: tuple[str, str, str], language: str) -> bool:
    first, second, third = opening
    if language == "de" and first in _GERMAN_ARTICLES:
        verb = second in _GERMAN_VERBS or (_VERB_LIKE.match(text) is not None and third in _GERMAN_DETERMINERS)
        return first == "sie" or (second not in _EMPTY_ES if first == "es" else verb)
    return first in _POINTING_BACK.get(language, frozenset())


def _opening(text: str) -> tuple[str, str, str]:
    """The first three words, bare."""
    bare = [word.strip(".,:;!?()'\"„“”»«–-").casefold() for word in text.split(maxsplit=3)[:3]]
    first, second, third = [*bare, "", "", ""][:3]
    return first, second, third


def _only_names_a_source(opening: tuple[str, str, str], language: str) -> bool:
    return language == "de" and opening[0] in {"das", "dies"} and opening[1] in _REPORTING


def _standing(sentence: Sentence, language: str, length: int, marks: int, *, follows: bool) -> Standing:
    """``follows``: a standfirst is written as one piece, so its later sentences lean on the first."""
    text = sentence.text.strip()
    if sentence.language is not None or _QUESTION.search(text) or _is_fragment(text, marks):
        return Standing.UNFIT
    opening = _opening(text)
    if not SHORTEST <= length <= LONGEST or not _CLOSED.search(text) or _only_names_a_source(opening, language):
        return Standing.AWKWARD
    return Standing.HANGING if follows or _points_back(text, opening, language) else Standing.FREE


def _is_fragment(text: str, marks: int) -> bool:
    """A quotation left open, the rest of one, or nothing but one; or a sentence that starts in its middle."""
    if marks % 2 or (_FOLLOWS.match(text) and text[0] == text[0].lower() != text[0].upper()):
        return True
    if text[:1] in "”)]…,;":
        return True
    outside = _QUOTED.sub("", text) if _QUOTE.search(text) else text
    return outside != text and not words(outside)


def _marks(text: str) -> int:
    return len(_MARK.findall(text)) if _QUOTE.search(text) else 0


def _inside_quotation(marks: Sequence[int]) -> list[bool]:
    """Whether each sentence of a paragraph stands within a quotation that opened before it, like the second of
    „Ja. Wir bauen. Nun.“ here. ``marks`` are the quotation marks of each.

    A paragraph whose marks do not pair up says nothing about the sentences between them.
    """
    before = [0, *accumulate(marks)]
    return [count % 2 == 1 and before[-1] % 2 == 0 for count in before[:-1]]
