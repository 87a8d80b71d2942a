"""What went wrong, in the language of the interface: a title, and what to do about it.

Errors speak English. German is built here from the class of the error and from what the service is; the reader of an
error that is not known here sees its English message, marked as English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from summarizer.render import sentence
from summarizer.service.page.told import Told
from summarizer.service.page.words import Words
from summarizer.service.problems import problem

# By class name; the nearest class of an error that is named here speaks for it.
_TITLES: Mapping[str, Words] = {
    "en": {
        "EmptyInput": "There is nothing to summarize yet",
        "InputTooLarge": "That is more text than this page takes",
        "BodyTooLarge": "That is more than this page takes",
        "UndecodableInput": "This does not read as text",
        "InputError": "This input cannot be summarized",
        "LanguageNotSupported": "This language pair is not covered",
        "ConfigError": "An option does not fit",
        "ModelNotFound": "A model is missing on this machine",
        "MissingDependency": "Something is not installed on this machine",
        "QueueFull": "Busy right now, please try again in a moment",
        "TooOften": "That was very often, please wait a moment",
        "Draining": "The service is about to end",
        "DeadlineExceeded": "That took too long and was stopped",
        "BadShape": "That is not as it must be",
        "": "That did not work",
    },
    "de": {
        "EmptyInput": "Noch nichts da zum Zusammenfassen",
        "InputTooLarge": "So viel Text nimmt diese Seite nicht an",
        "BodyTooLarge": "So viel nimmt diese Seite nicht an",
        "UndecodableInput": "Das lässt sich nicht als Text lesen",
        "InputError": "Diese Eingabe lässt sich nicht zusammenfassen",
        "LanguageNotSupported": "Dieses Sprachpaar wird nicht abgedeckt",
        "ConfigError": "Eine Einstellung passt nicht",
        "ModelNotFound": "Auf diesem Rechner fehlt ein Modell",
        "MissingDependency": "Auf diesem Rechner fehlt ein Baustein",
        "QueueFull": "Gerade ausgelastet, bitte gleich noch einmal versuchen",
        "TooOften": "Das war sehr oft, bitte einen Augenblick warten",
        "Draining": "Der Dienst wird gerade beendet",
        "DeadlineExceeded": "Das dauerte zu lange und wurde abgebrochen",
        "BadShape": "Das hat nicht die richtige Form",
        "": "Das hat nicht geklappt",
    },
}

_GERMAN: Words = {
    "EmptyInput": "Darin steht kein Text, den man lesen könnte. Bitte einen Artikel mit ganzen Sätzen geben; eingescannte "
    "Seiten sind Bilder und brauchen zuerst eine Texterkennung.",
    "InputTooLarge": "Ein Artikel darf hier {characters} Zeichen haben, eine Datei {file}. Bitte kürzen oder teilen, oder "
    "summarizer auf einem eigenen Rechner laufen lassen.",
    "BodyTooLarge": "Ein Artikel darf hier {size} haben, eine Datei {file}. Bitte weniger auf einmal schicken.",
    "UndecodableInput": "Der Inhalt ist beschädigt, verschlüsselt oder von anderer Art, als der Name sagt. Bitte neu sichern, am "
    "einfachsten als Text.",
    "InputError": "Bitte prüfen, ob die Datei heil ist oder die Adresse stimmt und für alle erreichbar ist; sonst den Text selbst "
    "einfügen.",
    "LanguageNotSupported": "Die Voreinstellung „{preset}“ fasst zusammen: {readable}. Sie übersetzt aus: {source}; in: "
    "{target}. Bitte eine dieser Sprachen wählen, eine Voreinstellung, die mehr kann, oder für die Zusammenfassung "
    "allein gar kein Ziel.",
    "ConfigError": "Bitte die Einstellungen neben dem Artikel prüfen.",
    "ModelNotFound": "Wer den Dienst betreibt, holt es mit: summarizer pull {preset}",
    "MissingDependency": "Wer den Dienst betreibt, holt ihn mit: pip install 'summarizer[{extra}]'",
    "ModelFailed": "Ein Modell hat seine Arbeit nicht getan. Bitte noch einmal versuchen; das Protokoll des Dienstes sagt mehr.",
    "QueueFull": "Alle Plätze sind besetzt. Der Text bleibt stehen.",
    "TooOften": "Der Dienst nimmt von jeder Adresse nur so viele Artikel in der Minute.",
    "Draining": "Er nimmt nichts mehr an. Gleich noch einmal versuchen.",
    "NotReady": "Die Modelle werden noch geladen. Gleich noch einmal versuchen.",
    "TooSlow": "Die Datei kam nicht rechtzeitig an. Bitte noch einmal versuchen.",
    "DeadlineExceeded": "Nach {deadline} Sekunden ist Schluss. Bitte weniger Text auf einmal schicken oder es später versuchen.",
    "BadShape": "So, wie sie geschickt wurde, versteht der Dienst die Anfrage nicht.",
    "Unauthorized": "Dieser Dienst verlangt einen Schlüssel. Bitte die Seite neu laden und ihn angeben.",
    "Forbidden": "Von einer anderen Website aus nimmt der Dienst nichts an.",
    "NotFound": "Das gibt es hier nicht; vielleicht hat der Betreiber es nicht erlaubt. Bitte die Seite neu laden.",
    "MethodNotAllowed": "Diesen Weg gibt es hier nicht. Bitte die Seite neu laden.",
    "ServiceError": "So nimmt der Dienst die Anfrage nicht an. Bitte die Seite neu laden und es noch einmal versuchen.",
    "InternalError": "Der Dienst ist an etwas gescheitert, das niemand vorausgesehen hat; sein Protokoll sagt, wo.",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """An error as the page shows it."""

    title: str
    told: Told


def wrong(error: Exception, ui: str, facts: Mapping[str, str]) -> Wrong:
    """What went wrong and the cure. ``facts`` are what is true of the service, as :func:`told_by_name` takes them."""
    said = problem(error)["error"]
    names = [cls.__name__ for cls in type(error).__mro__]
    if said["type"] not in names:  # nobody foresaw it; its own name and words stay here
        names = [said["type"]]
    german = next((_GERMAN[name] for name in names if name in _GERMAN), "") if ui == "de" else ""
    told = Told(_filled(german, {**facts, **_own(error)}), "de") if german else Told(sentence(said["message"]), "en")
    return Wrong(_title(names, ui), told)


def told_by_name(ui: str, facts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """For each class of errors its title and, in German, its sentence: what a script needs that has only the name."""
    names = {*_TITLES[ui], *(_GERMAN if ui == "de" else ())}
    told = {name: _filled(_GERMAN[name], facts) for name in _GERMAN} if ui == "de" else {}
    return {name: {"title": _title([name], ui), "told": told.get(name, "")} for name in sorted(names)}


def _title(names: list[str], ui: str) -> str:
    return next((_TITLES[ui][name] for name in names if name in _TITLES[ui]), _TITLES[ui][""])


def _filled(told: str, facts: Mapping[str, str]) -> str:
    for name, value in facts.items():
        told = told.replace("{" + name + "}", value)
    return told


def _own(error: Exception) -> dict[str, str]:
    """What an error itself holds beside its message."""
    return {"extra": extra} if (extra := getattr(error, "extra", "")) else {}
