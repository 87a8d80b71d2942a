"""German news sentences and articles in any number, made on the spot: no data needed, no two alike, always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator

_WHO = (
    "die Polizei", "der Gemeinderat", "eine Sprecherin des Ministeriums", "der Betreiber der Fähre", "die Feuerwehr",
    "das Landgericht", "der Verband der Kliniken", "die Staatsanwaltschaft", "Bürgermeisterin Anke Dohrmann",
    "der Vorstand des Vereins", "die Reederei Nordwind", "das Statistische Landesamt", "der Einsatzleiter",
    "die Leiterin der Schule", "der Deutsche Wetterdienst", "ein Gutachter aus Kassel", "die Deichverwaltung",
)  # fmt: skip
_SAID = (
    "teilte mit", "bestätigte", "erklärte", "kündigte an", "räumte ein", "warnte davor", "ging davon aus",
    "wies darauf hin", "rechnete damit", "machte deutlich", "hielt fest", "gab bekannt",
)  # fmt: skip
_WHEN = (
    "am Montag", "am späten Abend", "in der Nacht zum Sonntag", "im vergangenen Jahr", "seit Anfang März",
    "nach Angaben vom Freitag", "kurz vor Mitternacht", "zum Ende des Quartals", "gegen 17 Uhr", "zwei Wochen zuvor",
)  # fmt: skip
_WHERE = (
    "in Oldenburg", "auf der Insel Föhr", "im Landkreis Uelzen", "an der Grenze zu Polen", "im Hamburger Hafen",
    "auf dem Gelände der früheren Kaserne", "in der Altstadt von Görlitz", "entlang der Bundesstraße 71",
    "in drei Gemeinden am Bodensee", "im Süden Sachsens",
)  # fmt: skip
_WHAT = (
    "die Kosten für den Neubau der Brücke", "die Zahl der Anträge auf Wohngeld", "der Pegel der Elbe",
    "die Miete für kleine Wohnungen", "der Verkehr auf der Umgehungsstraße", "die Nachfrage nach Lehrkräften",
    "der Absatz von Wärmepumpen", "die Wartezeit auf einen Termin", "das Defizit im Haushalt der Stadt",
    "die Ernte der Obstbauern", "der Bestand an Rotwild",
)  # fmt: skip
_DOES = (
    "um {n} Prozent gestiegen ist", "deutlich unter dem Stand von {y} liegt", "auf {m},{d} Millionen Euro wächst",
    "erst {y} wieder zurückgehen wird", "sich in {d} Jahren verdoppelt hat", "niemanden überraschen dürfte",
    "nicht weiter steigen darf", "die Erwartungen von {y} übertrifft", "bei {n} von 100 Befragten Sorgen auslöst",
)  # fmt: skip
_MAIN = (
    "stieg {when} um {n} Prozent", "liegt {where} noch immer unter dem Stand von {y}", "sank {when} auf {m},{d} Millionen",
    "bleibt {where} ein Streitpunkt, wie {who} {when} sagte", "ist {where} so hoch wie zuletzt {y}",
    "soll {where} bis {y} um {n} Prozent sinken",
)  # fmt: skip
_WHY = (
    "weil Fachkräfte fehlen", "obwohl das Land {m} Millionen Euro zugesagt hatte", "nachdem ein Gutachten vorlag",
    "während die Nachbarn im Westen andere Wege gehen", "ohne dass die Ursache geklärt wäre",
    "sofern der Kreistag am {d}. Mai zustimmt", "was {name} für einen Fehler hält", "denn die Frist endet {y}",
    "da die Arbeiten am Damm {d} Wochen länger dauern als geplant",
)  # fmt: skip
_SHORT = (
    "Verletzt wurde nach ersten Erkenntnissen niemand.", "Mehr ist bisher nicht bekannt.",
    "Die Ermittlungen dauern an.", "Das Ergebnis steht noch aus.", "Dagegen regt sich Widerstand.",
)  # fmt: skip
_NAMES = ("Thomas Riemer", "Sabine Olschewski", "Jonas Wiebe", "Professor Karin Lützow", "Mehmet Aydin", "Eva Brandt")

# Shares of sentences with so many further clauses: 18 words in the mean, as in German news.
_CLAUSES = (0, 0, 0, 0, 0, 1, 1, 3)
_PLAIN = 0.75  # of the sentences: a statement instead of what somebody says


def sentences(seed: int = 1) -> Iterator[str]:
    """One sentence after another, without end, no two alike."""
    rng = random.Random(seed)
    seen = set()
    while True:
        text = _sentence(rng)
        if text not in seen:
            seen.add(text)
            yield text


def some(number: int, seed: int = 1) -> list[str]:
    """So many sentences."""
    stream = sentences(seed)
    return [next(stream) for _ in range(number)]


def article(words: int, seed: int = 1) -> str:
    """An article of about so many words: a headline, then paragraphs of two to five sentences."""
    rng = random.Random(seed)
    stream = sentences(seed)
    parts, length = [f"{rng.choice(_WHAT)[4:]}: Streit {rng.choice(_WHERE)}"], 0
    while length < words:
        paragraph = " ".join(next(stream) for _ in range(rng.randint(2, 5)))
        parts.append(paragraph)
        length += len(paragraph.split())
    return "\n\n".join(parts)


def _sentence(rng: random.Random) -> str:
    # A number in each keeps short sentences apart as well.
    if rng.random() < 0.08:
        return f"{rng.choice(_SHORT)[:-1]}, hieß es um {rng.randint(1, 23)}.{rng.randint(10, 59)} Uhr."
    words = {"when": rng.choice(_WHEN), "where": rng.choice(_WHERE), "who": rng.choice(_WHO)}
    further = rng.sample(_WHY, rng.choice(_CLAUSES))
    if rng.random() < _PLAIN:
        parts = [f"{rng.choice(_WHAT)} {rng.choice(_MAIN).format_map(_Given(words))}", *further]
    else:
        start = rng.choice(("{when} {verb} {who} {rest}", "{where} {verb} {who} {rest}", "{who} {verb} {when} {rest}"))
        verb, *rest = rng.choice(_SAID).split(" ", 1)
        said = start.format(**words, verb=verb, rest=rest[0] if rest else "").strip()
        parts = [said, f"dass {rng.choice(_WHAT)} {rng.choice(_DOES)}", *further]
    text = ", ".join(parts) + "."
    text = text.format(
        n=rng.randint(2, 98), m=rng.randint(2, 900), d=rng.randint(2, 9), y=rng.randint(1990, 2030),
        name=rng.choice(_NAMES),
    )  # fmt: skip
    return text[0].upper() + text[1:]


class _Given(dict[str, str]):
    """For ``format_map``: what is not given yet stays as it stands."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
