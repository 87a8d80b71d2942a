"""Lines that are no sentences, as pasted pages have them: handles, hashtags, addresses, numbers, bare names."""

# ruff: noqa: ARG001  (all makers share one signature)
import random
from collections.abc import Callable, Sequence

from training.augment import Pair, english_number, invented_name

_HOSTS = ("example.com", "news.example.org", "zeitung.example.de", "t.example/x", "blog.example.net")
_LABELS = (
    ("Foto", "Photo"), ("Quelle", "Source"), ("Von", "By"), ("Stand", "As of"), ("Autor", "Author"), ("Bild", "Image"),
)  # fmt: skip
_FIXED = (
    ("Teilen", "Share"), ("Drucken", "Print"), ("Startseite", "Home"), ("Impressum", "Imprint"), ("Mehr", "More"),
    ("Datenschutz", "Privacy"), ("Anmelden", "Sign in"), ("Abmelden", "Sign out"), ("Suche", "Search"),
    ("Weiterlesen", "Read more"), ("Mehr zum Thema", "More on this topic"), ("Kommentare", "Comments"),
    ("Anzeige", "Advertisement"), ("Werbung", "Advertisement"), ("Politik", "Politics"), ("Wirtschaft", "Economy"),
    ("Sport", "Sport"), ("Kultur", "Culture"), ("Wissen", "Knowledge"), ("Video", "Video"), ("Nach oben", "Back to top"),
    ("Newsletter abonnieren", "Subscribe to the newsletter"), ("Artikel merken", "Save article"), ("Panorama", "Panorama"),
    ("Jetzt lesen", "Read now"), ("Zum Artikel", "To the article"), ("Alle Rechte vorbehalten", "All rights reserved"),
    ("Lesen Sie auch", "Read also"), ("Eilmeldung", "Breaking news"), ("Wetter", "Weather"), ("Kontakt", "Contact"),
)  # fmt: skip


def junk_pair(rng: random.Random, names: Sequence[str]) -> Pair:
    """One such line with its rendering: a copy, but for labels and the signs in numbers."""
    return rng.choice(_KINDS)(rng, names)


def _name(rng: random.Random, names: Sequence[str]) -> str:
    return rng.choice(names) if names and rng.random() < 0.6 else invented_name(rng)


def _same(text: str) -> Pair:
    return text, text


def _hashtag(rng: random.Random, names: Sequence[str]) -> Pair:
    return _same(" ".join("#" + _name(rng, names).replace("-", "") for _ in range(rng.choice((1, 1, 2, 3)))))


def _handle(rng: random.Random, names: Sequence[str]) -> Pair:
    return _same("@" + _name(rng, names).lower() + rng.choice(("", "_", str(rng.randrange(100)))))


def _address(rng: random.Random, names: Sequence[str]) -> Pair:
    return _same(rng.choice(("https://", "www.", "")) + rng.choice(_HOSTS) + "/" + _name(rng, names).lower())


def _names(rng: random.Random, names: Sequence[str]) -> Pair:
    return _same(" ".join(_name(rng, names) for _ in range(rng.choice((1, 2, 2, 3)))))


def _number(rng: random.Random, names: Sequence[str]) -> Pair:
    digits = f"{rng.randrange(1, 10 ** rng.choice((1, 2, 3, 4, 6, 9))):,}".replace(",", ".")
    unit = rng.choice(("", "", " %", " €", " km", " Euro"))
    return digits + unit, english_number(digits) + unit


def _labelled(rng: random.Random, names: Sequence[str]) -> Pair:
    german, english = rng.choice(_LABELS)
    name = f"{_name(rng, names)} {_name(rng, names)}"
    return f"{german}: {name}", f"{english}: {name}"


def _menu(rng: random.Random, names: Sequence[str]) -> Pair:
    items = rng.sample(_FIXED, rng.choice((1, 1, 2, 3, 4)))
    sign = rng.choice((" ", " | ", " · ", " > "))
    return sign.join(german for german, _ in items), sign.join(english for _, english in items)


def _time(rng: random.Random, names: Sequence[str]) -> Pair:
    clock = f"{rng.randrange(24):02d}:{rng.randrange(60):02d}"
    date = f"{rng.randrange(1, 29):02d}.{rng.randrange(1, 13):02d}.{rng.randrange(1990, 2030)}"
    return rng.choice(((date, date), (clock, clock), (f"{date}, {clock} Uhr", f"{date}, {clock}")))


_KINDS: tuple[Callable[[random.Random, Sequence[str]], Pair], ...] = (
    _hashtag, _handle, _address, _names, _names, _number, _labelled, _menu, _menu, _time,
)  # fmt: skip
