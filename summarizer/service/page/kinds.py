"""Kinds of findings, kinds of junk and languages, as a reader calls them."""

from __future__ import annotations

from collections.abc import Mapping

from summarizer.service.page.words import Words
from summarizer.types import Finding

# What a finding's kind means to a reader; {value} is what was found.
_FINDING: Mapping[str, Words] = {
    "en": {
        "number": "Check the number {value}",
        "date": "Check the date {value}",
        "name": "Check the name {value}",
        "negation": "A “not” may have been lost or added",
        "truncated": "Something was cut short",
        "repetition": "Text repeats itself",
        "language": "The language may be wrong",
        "unsupported": "Not clearly backed by the source",
        "pivot": "Translated by way of a third language",
        "unreadable": "Something could not be read",
        "sentence": "A stretch without full stops",
        "omission": "Something may be missing",
    },
    "de": {
        "number": "Zahl prüfen: {value}",
        "date": "Datum prüfen: {value}",
        "name": "Namen prüfen: {value}",
        "negation": "Eine Verneinung könnte fehlen oder zu viel sein",
        "truncated": "Etwas wurde abgeschnitten",
        "repetition": "Text wiederholt sich",
        "language": "Die Sprache könnte falsch sein",
        "unsupported": "Durch die Quelle nicht klar gedeckt",
        "pivot": "Über eine dritte Sprache übersetzt",
        "unreadable": "Etwas war nicht lesbar",
        "sentence": "Ein langes Stück ohne Punkt",
        "omission": "Etwas könnte fehlen",
    },
}

# Kinds of junk, as a reader would call them; a kind not named here is shown by its own name.
_JUNK: Mapping[str, Words] = {
    "en": {
        "credit": "picture credit",
        "post": "embedded post",
        "share": "share buttons",
        "timestamp": "time stamp",
        "markup": "HTML",
        "caption": "caption",
        "related": "related link",
        "advert": "advert",
        "newsletter": "newsletter",
        "cookie": "cookie notice",
        "comments": "comment counter",
        "byline": "author line",
        "agency": "agency code",
        "dateline": "place line",
        "navigation": "navigation",
        "footer": "page footer",
        "paywall": "paywall notice",
        "url": "address",
        "boilerplate": "said by the site",
    },
    "de": {
        "credit": "Bildnachweis",
        "post": "eingebetteter Beitrag",
        "share": "Teilen-Knöpfe",
        "timestamp": "Zeitstempel",
        "markup": "HTML",
        "caption": "Bildunterschrift",
        "related": "Lesen Sie auch",
        "advert": "Werbung",
        "newsletter": "Newsletter",
        "cookie": "Cookie-Hinweis",
        "comments": "Kommentarzähler",
        "byline": "Autorenzeile",
        "agency": "Agenturkürzel",
        "dateline": "Ortsmarke",
        "navigation": "Navigation",
        "footer": "Seitenfuß",
        "paywall": "Bezahlhinweis",
        "url": "Adresse",
        "boilerplate": "Text der Website",
    },
}


def finding_title(finding: Finding, ui: str) -> str:
    """What a finding means, in a few plain words."""
    plain = _FINDING[ui].get(finding.kind)
    return plain.replace("{value}", finding.value or finding.expected or "") if plain else finding.kind.capitalize()


def junk_name(kind: str, ui: str) -> str:
    """A kind of junk as a reader calls it."""
    return _JUNK[ui].get(kind, kind)


def language_name(code: str, ui: str) -> str:
    """``Englisch`` for ``en`` in the German interface; the code itself where it is not known."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - only a page needs names

    try:
        return Locale.parse(code).get_display_name(ui) or code
    except (UnknownLocaleError, ValueError):
        return code
