"""A finding in a plain sentence, in the language of the interface.

The stages speak English; German is built here from what a finding holds. A kind that is not known here keeps its
English message, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from summarizer.render import sentence
from summarizer.service.page.kinds import language_name
from summarizer.types import Finding


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence and the language it is in."""

    text: str
    language: str


def told(finding: Finding, ui: str) -> Told:
    """What a finding says, in German where the interface is German and the kind is known, else in English."""
    german = _GERMAN.get(finding.kind) if ui == "de" else None
    return Told(german(finding), "de") if german else Told(sentence(finding.message), "en")


def _fact(finding: Finding) -> str:
    there, here = _sides(finding)
    value, expected = _quoted(finding.value), _quoted(finding.expected)
    if value and value == expected:
        return f"Das Modell hatte {value} verloren; es wurde aus dem Ausgangssatz übernommen."
    if value and expected:
        return f"{expected} steht {there}, {value} {here}."
    return f"{expected} steht {there}, aber nicht {here}." if expected else f"{value} steht {here}, aber nicht {there}."


def _negation(finding: Finding) -> str:
    there, here = _sides(finding)
    if finding.expected:
        return f"Die Verneinung {_quoted(finding.expected)} steht {there}, fehlt aber {here}."
    return f"Die Verneinung {_quoted(finding.value)} steht nur {here}, nicht {there}."


def _truncated(finding: Finding) -> str:
    if finding.step == "translation":
        return "Das Übersetzungsmodell brach an seiner Längengrenze ab; das Ende könnte fehlen."
    return "Das Modell brach an seiner Längengrenze ab; ein Satz könnte unvollständig sein."


def _repetition(finding: Finding) -> str:
    if finding.span:
        return f"{_whole(finding)} wiederholt {_quoted(finding.value)}."
    return "Das Modell geriet in eine Schleife; sie wurde auf einen Durchgang gekürzt, Wörter könnten fehlen."


def _language(finding: Finding) -> str:
    found = language_name(finding.value, "de")
    if finding.step == "input":
        return f"Die Sprache des Artikels ist vermutlich {found}, sicher ist das nicht; bitte angeben, falls es eine andere ist."
    if finding.expected:
        asked = language_name(finding.expected, "de")
        return f"{_whole(finding)} liest sich wie {found}; verlangt war {asked}."
    return f"Zurück in die Sprache des Artikels übersetzt hier kein Modell; der Satz steht nur auf {found} da."


def _unsupported(finding: Finding) -> str:
    if finding.expected:
        return f"Das Modell schrieb {_quoted(finding.value)}, was der Artikel nicht deckt; dafür steht hier ein gedeckter Satz."
    return "Kein Satz des Artikels sagt das so; es könnte erfunden sein."


def _pivot(finding: Finding) -> str:
    return f"Für dieses Sprachpaar gibt es kein direktes Modell; übersetzt wurde über {language_name(finding.value, 'de')}."


def _unreadable(finding: Finding) -> str:
    example = f", zum Beispiel {_quoted(finding.value)}" if finding.value else ""
    return f"Stellen ohne Wörter wurden nicht gelesen{example}."


def _sentence(_finding: Finding) -> str:
    return "Ein sehr langes Stück ohne Punkt wurde in Teilen gelesen."


def _omission(_finding: Finding) -> str:
    return "Die Übersetzung ist viel kürzer als der Satz; etwas könnte fehlen."


_GERMAN: Mapping[str, Callable[[Finding], str]] = {
    "number": _fact,
    "date": _fact,
    "name": _fact,
    "negation": _negation,
    "truncated": _truncated,
    "repetition": _repetition,
    "language": _language,
    "unsupported": _unsupported,
    "pivot": _pivot,
    "unreadable": _unreadable,
    "sentence": _sentence,
    "omission": _omission,
}


def _sides(finding: Finding) -> tuple[str, str]:
    """Where it was looked up, and what was checked."""
    if finding.step == "translation":
        return "im Ausgangssatz", "in der Übersetzung"
    return "im Artikel", "in der Zusammenfassung"


def _whole(finding: Finding) -> str:
    return "Die Übersetzung" if finding.step == "translation" else "Die Zusammenfassung"


def _quoted(text: str | None) -> str:
    return f"„{text}“" if text else ""
