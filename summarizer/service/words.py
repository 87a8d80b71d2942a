"""What the page says, in German and English. The result's own text is never touched."""

from __future__ import annotations

from collections.abc import Mapping

from summarizer.types import Finding

Words = Mapping[str, str]

_EN = {
    "title": "Summarizer",
    "intro": "An article in, a short checked summary and its translation out. Everything runs on this machine; "
    "no text leaves it.",
    "article": "Article",
    "placeholder": "Paste a news article here, with or without its headline. HTML is fine too.",
    "to": "Translate into",
    "length": "Length",
    "short": "short",
    "medium": "medium",
    "long": "long",
    "sentences": "Sentences",
    "run": "Summarize",
    "clear": "Clear",
    "examples": "Try an example",
    "result": "Result",
    "summary": "Summary",
    "translation": "Translation",
    "hint": "Point at a sentence, click it or tab to it to see where it comes from.",
    "source": "Source",
    "key": "What the colours mean",
    "key_evidence": "what the summary rests on",
    "key_junk": "left out, no article text",
    "key_number": "number",
    "key_date": "date",
    "key_name": "name",
    "key_negation": "negation",
    "key_other": "other finding",
    "findings": "Check before you trust it",
    "checked": "Checked",
    "no_findings": "Numbers, dates, names and negations were compared. Nothing stood out.",
    "hints": "{count} hints, less sure",
    "hints_one": "1 hint, less sure",
    "limits": "Not seen here: who did what to whom, wrong pronouns, tone, and what a summary leaves out.",
    "waiting": "Translating …",
    "queued": "Comes next",
    "working": "Reading and summarizing …",
    "progress": "Summary and translations done",
    "stop": "Stop",
    "from": "Language of the article",
    "detected": "detected",
    "coverage": "What was read",
    "read": "read",
    "dropped": "left out as junk",
    "unread": "not read",
    "copy": "Copy",
    "copied": "Copied",
    "save_md": "Save as .md",
    "save_json": "Save as .json",
    "verbatim": "Every sentence is taken word for word from the article.",
    "supported_whole": "backed by the source",
    "supported": "{percent} % backed by the source",
    "unsupported": "not found in the source",
    "draft": "The small built-in model translates as a draft. For a better one, run once: summarizer pull default",
    "line": "line {number}",
    "sure": "{percent} % sure",
    "seconds": "{seconds} s",
    "elided": "{count} characters not shown",
    "evidence_said": "Source of line {number}: {text}",
    "evidence_none": "Line {number} has no source in the article.",
}

_DE = {
    "title": "Summarizer",
    "intro": "Ein Artikel hinein, eine kurze geprüfte Zusammenfassung samt Übersetzung heraus. Alles läuft auf diesem "
    "Rechner; kein Text verlässt ihn.",
    "article": "Artikel",
    "placeholder": "Hier einen Zeitungsartikel einfügen, mit oder ohne Überschrift. HTML geht auch.",
    "to": "Übersetzen ins",
    "length": "Länge",
    "short": "kurz",
    "medium": "mittel",
    "long": "lang",
    "sentences": "Sätze",
    "run": "Zusammenfassen",
    "clear": "Leeren",
    "examples": "Ein Beispiel",
    "result": "Ergebnis",
    "summary": "Zusammenfassung",
    "translation": "Übersetzung",
    "hint": "Zeigen, klicken oder mit Tab ansteuern: So zeigt ein Satz, woher er stammt.",
    "source": "Quelle",
    "key": "Was die Farben bedeuten",
    "key_evidence": "worauf die Zusammenfassung beruht",
    "key_junk": "weggelassen, kein Artikeltext",
    "key_number": "Zahl",
    "key_date": "Datum",
    "key_name": "Name",
    "key_negation": "Verneinung",
    "key_other": "anderer Befund",
    "findings": "Vor Gebrauch prüfen",
    "checked": "Geprüft",
    "no_findings": "Zahlen, Daten, Namen und Verneinungen wurden verglichen. Nichts fiel auf.",
    "hints": "{count} Hinweise, weniger sicher",
    "hints_one": "1 Hinweis, weniger sicher",
    "limits": "Hier nicht zu sehen: wer wem was tat, falsche Bezüge, Tonfall und was eine Zusammenfassung weglässt.",
    "waiting": "Wird übersetzt …",
    "queued": "Kommt danach",
    "working": "Liest und fasst zusammen …",
    "progress": "Zusammenfassung und Übersetzungen fertig",
    "stop": "Abbrechen",
    "from": "Sprache des Artikels",
    "detected": "wird erkannt",
    "coverage": "Was gelesen wurde",
    "read": "gelesen",
    "dropped": "als Beiwerk weggelassen",
    "unread": "nicht gelesen",
    "copy": "Kopieren",
    "copied": "Kopiert",
    "save_md": "Als .md sichern",
    "save_json": "Als .json sichern",
    "verbatim": "Jeder Satz ist wörtlich aus dem Artikel.",
    "supported_whole": "durch die Quelle gedeckt",
    "supported": "zu {percent} % durch die Quelle gedeckt",
    "unsupported": "in der Quelle nicht gefunden",
    "draft": "Das kleine eingebaute Modell übersetzt im Entwurf. Besser nach einmaligem: summarizer pull default",
    "line": "Zeile {number}",
    "sure": "{percent} % sicher",
    "seconds": "{seconds} s",
    "elided": "{count} Zeichen nicht gezeigt",
    "evidence_said": "Quelle von Zeile {number}: {text}",
    "evidence_none": "Zeile {number} hat keine Quelle im Artikel.",
}

WORDS: Mapping[str, Words] = {"en": _EN, "de": _DE}

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

# What went wrong, by class name, for people; the error's own message follows and names the cure.
_ERROR: Mapping[str, Words] = {
    "en": {
        "EmptyInput": "There is nothing to summarize yet",
        "InputTooLarge": "That is more text than this page takes",
        "UndecodableInput": "This does not read as text",
        "InputError": "This input cannot be summarized",
        "LanguageNotSupported": "This language pair is not covered",
        "ConfigError": "An option does not fit",
        "ModelNotFound": "A model is missing on this machine",
        "QueueFull": "Busy right now, please try again in a moment",
        "DeadlineExceeded": "That took too long and was stopped",
        "": "That did not work",
    },
    "de": {
        "EmptyInput": "Noch nichts da zum Zusammenfassen",
        "InputTooLarge": "So viel Text nimmt diese Seite nicht an",
        "UndecodableInput": "Das lässt sich nicht als Text lesen",
        "InputError": "Diese Eingabe lässt sich nicht zusammenfassen",
        "LanguageNotSupported": "Dieses Sprachpaar wird nicht abgedeckt",
        "ConfigError": "Eine Einstellung passt nicht",
        "ModelNotFound": "Auf diesem Rechner fehlt ein Modell",
        "QueueFull": "Gerade ausgelastet, bitte gleich noch einmal versuchen",
        "DeadlineExceeded": "Das dauerte zu lange und wurde abgebrochen",
        "": "Das hat nicht geklappt",
    },
}


def interface_language(accepted: str | None) -> str:
    """``de`` or ``en`` from an ``Accept-Language`` header: the language named first, English for all others."""
    code = (accepted or "")[:2].lower()
    return code if code in WORDS else "en"


def finding_title(finding: Finding, ui: str) -> str:
    """What a finding means, in a few plain words."""
    plain = _FINDING[ui].get(finding.kind)
    return plain.replace("{value}", finding.value or finding.expected or "") if plain else finding.kind.capitalize()


def junk_name(kind: str, ui: str) -> str:
    """A kind of junk as a reader calls it."""
    return _JUNK[ui].get(kind, kind)


def error_title(error: Exception, ui: str) -> str:
    """What went wrong, by the nearest class that has words."""
    names = (cls.__name__ for cls in type(error).__mro__)
    return next((_ERROR[ui][name] for name in names if name in _ERROR[ui]), _ERROR[ui][""])


def language_name(code: str, ui: str) -> str:
    """``Englisch`` for ``en`` in the German interface; the code itself where it is not known."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - only a page needs names

    try:
        return Locale.parse(code).get_display_name(ui) or code
    except (UnknownLocaleError, ValueError):
        return code
