"""What kind of junk one line is, by its own wording; and the junk inside a paragraph."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from summarizer.text.junk import (
    AGENCIES,
    ANYWHERE,
    FURNITURE,
    NO_PLACE,
    OF_THE_SITE,
    PLACES,
    SHAPES,
    START,
    WHOLE,
    words,
)
from summarizer.text.lines import Line

LONGEST_SHAPE = 170  # characters; longer lines are no time stamp, credit or bread crumb
SENTENCE = 6  # words from which a line with a full stop is a sentence, whatever it opens with
LONGEST_NOTICE = 700  # characters; a notice of the site is no page-long paragraph

_WHOLE = {
    phrase.strip(): kind for kind, table in WHOLE.items() for phrase in re.split(r"[|\n]", table) if phrase.strip()
}
_START: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
for _kind, _most, _table in START:
    for _opening_words in _table.split("|"):
        _START[_opening_words[:3]].append((_opening_words, _kind, _most))
_ANYWHERE = tuple((kind, re.compile(pattern)) for kind, pattern in ANYWHERE.items())
_NOTICE = words(
    """cookie newsletter akismet captcha veröffentlicht kommentar comment published rechte rights © creative nutzungs powered
    inhalt affiliate provision links käufe gefallen artikel beitrag gefällt follow folg unterstütz spende registrieren"""
) | {"abo "}
# One look that spares most lines the many patterns: without any of these signs none of them fits.
_SIGN = re.compile(
    r"[\d©:@()/|>›»→]|dpa|afp|apa|\bap\b|epa|reuters|imago|getty|alliance|stock|pixabay|unsplash|keystone|fotolia|anzeige|werbung|advert"
    r"|foto|bild|photo|grafik|copyright|mit |www|https?|epd|kna|sid|rtr|ansa|efe|tass|upi|cnn|dts|ots|awp|sda|ag|pm|red|lno|tmn|ddp|vor |ago|geändert|\+\+"
)
_EDGES = " \t•*|·▶►▸→←↑↓»«›‹>+–—-✓✕×\"'“”„"
_COUNTER = re.compile(r"\s*[(\[]?\d{1,5}[)\]]?\+?$")

_BETWEEN = re.compile(r"[\s|·•/]+")

_NAME = r"(?:[A-ZÄÖÜÁÉ][\w'’.-]+|(?:van|von|de|der|den|zu|di|da|del|la|le|al|bin)(?=\s))"
_PERSON = rf"{_NAME}(?:\s{_NAME}){{1,3}}"
_BYLINE = re.compile(
    rf"(?:Von|VON|von|By|BY|by|Par|Por|Di|Interview:|Text:|(?:Das (?:Gespräch|Interview)|Interview) führten?"
    r"|(?:Eine?\s)?(?:Essay|Reportage|Porträt|Kommentar|Gastkommentar|Analyse|Interview|Gastbeitrag|Kolumne|Glosse|Bericht|Leitartikel|Rezension)\svon)"
    rf"\s(?:Redakteur(?:in)?\s)?"
    rf"{_PERSON}(?:(?:,|\s(?:und|and|et|y|e|&))\s{_PERSON}){{0,3}}(?:\s?[,(|/–—-]\s?[^.!?]{{2,50}})?"
)


def kind_of(line: Line) -> str:
    """The kind of junk the line is by its own wording, or an empty string."""
    text = line.text
    if not any(map(str.isalnum, text[:400])) and not any(map(str.isalnum, text)):
        return "markup"
    if len(text) > LONGEST_NOTICE:
        return ""
    folded = text.casefold()
    if line.words <= 30:
        if kind := _phrase(folded, line.words, sentence=line.words >= 3 and text.endswith(".")):
            return kind
        if len(text) <= LONGEST_SHAPE and _SIGN.search(folded) and (kind := _shape(text)):
            return kind
        if line.words <= 14 and _BYLINE.fullmatch(text):
            return "byline"
    return _notice(folded)


def _phrase(folded: str, words: int, *, sentence: bool) -> str:
    bare = folded.strip(_EDGES)
    if words <= 8:
        for form in (bare, bare.rstrip(":.…!? "), _COUNTER.sub("", bare).rstrip(": ")):
            if kind := _WHOLE.get(form):
                return kind
    for phrase, kind, most in _START.get(bare[:3], ()):
        if words <= most and bare.startswith(phrase) and (not sentence or _tells(bare, phrase, words, kind)):
            return kind
    return _row(bare) if not sentence and 2 <= words <= 8 else ""


def _tells(bare: str, phrase: str, words: int, kind: str) -> bool:
    """Whether a sentence that opens so is junk all the same: "Datenschutz kostet Geld." opens like a footer."""
    if phrase.endswith(":") or bare[len(phrase.rstrip()) :].lstrip().startswith(":"):
        return True
    of_site = kind not in ("byline", "advert", "agency", "credit") and OF_THE_SITE.search(phrase) is not None
    return phrase.strip().count(" ") >= 2 and (words < SENTENCE or of_site)


def _row(bare: str) -> str:
    """The kind of a row of buttons ("Drucken Teilen"); two words make one only if one of them is for sharing."""
    kinds = [_WHOLE.get(word, "") for word in _BETWEEN.split(bare)]
    if not FURNITURE.issuperset(kinds):
        return ""
    telling = next((kind for kind in ("newsletter", "share") if kind in kinds), "")
    return telling or (kinds[0] if len(kinds) > 2 else "")


def _shape(text: str) -> str:
    bare = text.strip(" •*|·►▶▸")
    kind = next((kind for kind, pattern in SHAPES if pattern.fullmatch(bare)), "")
    # "© steht für Copyright, sagte er." is a sentence; a credit this long that ends with a full stop has a colon.
    is_sentence = bare.endswith(".") and ":" not in bare and bare.count(" ") + 1 >= SENTENCE
    return "" if kind == "credit" and is_sentence else kind


def _notice(folded: str) -> str:
    if not any(map(folded.__contains__, _NOTICE)):  # a quarter of the time that one pattern of all takes
        return ""
    return next((kind for kind, pattern in _ANYWHERE if pattern.search(folded)), "")


# ---- inside a paragraph

_AGENCY = rf"(?:{AGENCIES}|dpa|AFP|APA|AP|dts|Reuters|KNA|epd|SID)(?:[/,;\s+-]{{1,2}}[\w-]{{2,12}}){{0,3}}"
_PLACE = r"(?:(?:Bad|St\.|Sankt|San|Los|Las|New|Den|Palm|Tel|Rio|Santa|Saint|El|La|Le|Mar-a-)\s)?[A-ZÄÖÜ][\w’'.-]+"
_PLACES = rf"{_PLACE}(?:\s(?:am|an|der|in|bei|im|ob|a\.\s?d\.|a\.\s?M\.)\s{_PLACE}|\s{_PLACE}){{0,2}}(?:\s?[/,]\s?{_PLACE}(?:\s{_PLACE})?){{0,2}}"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACES})(?:,?\s\d{{1,2}}\.\s?(?:\d{{1,2}}\.|[A-Z][a-zä]+\.?)(?:\s?\d{{4}})?)?\s?"
    rf"(?:\((?P<agency>[^()\n]{{2,40}})\)|(?P<taz>taz|dpa|ap|afp))?\s?(?P<dash>[-–—|:.]|--)\s+(?=[A-ZÄÖÜÁÉ„“\"»«‚'\d])"
)
_AGENCY_NAME = re.compile(rf"(?:{AGENCIES})(?![a-zäöü])", re.IGNORECASE)
_SECOND_DASH = re.compile(r"[.!?]\s|\s[-–—]\s")
_CODE = re.compile(
    r"(?<=[.!?”“\"»«’…])\s*(?P<code>[(\[](?:mit\s|with\s)?[A-Za-zäöü]{2,5}(?:[-\s]?[/,;+.]\s?[\w-]{2,10}){0,4}[)\]]|"
    r"(?:dpa|afp|AFP|APA|Reuters|epd|KNA|SID|dapd)(?:[/,-]\s?\w{2,8}){0,3})\s*$"
)
_CODE_OPEN = re.compile(rf"\((?:{AGENCIES}|dpa/\w{{2,4}}|AFP|APA)(?:/\w{{2,5}}){{0,2}}\)\s*[-–—:]?\s*")
_NO_CODE = words("sic ebd usw etc vgl ja nein idr inkl uvm nato eu usa uno cdu csu spd fdp afd övp spö fpö")
_CREDIT = re.compile(
    r"[(\[](?:Foto|Fotos|Bild|Bilder|Photo|Photos|Grafik|Archivbild|Archivfoto|Symbolbild|Symbolfoto|Rubriklistenbild|Titelbild|Video|Quelle|Image|Credit)"
    r"(?:\s?:|\s?©|\s?/)[^()\[\]\n]{1,150}[)\]]|\((?:Symbolbild|Archivbild|Symbolfoto|Archivfoto)\)|[(\[]©[^()\n]{2,100}[)\]]"
)
_CREDIT_END = re.compile(
    r"(?<=[.!?)”“\"»\w])[\s|]+(?:Rubriklistenbild|(?:Archiv|Symbol|Titel)?(?:Foto|Bild|foto|bild)s?|Fotos|Photo|Grafik|Copyright)\s?(?::|/|©|\(c\))\s?[^.!?\n:]{2,80}(?:\.com|\.de)?$"
    r"|(?<=[.!?)”“\"»\w])\s+(?:©|\(c\)\s)\s?[^.!?\n]{2,90}(?:\.com|\.de)?$"
    r"|(?<=[.!?”“\"»])\s+(?:dpa|AFP|AP|Reuters|imago|IMAGO|picture[ -]alliance|Getty Images)\s?/\s?[A-ZÄÖÜ][^.!?\n]{2,60}$"
)
_CREDIT_SIGN = re.compile(r"[:/©(]")  # a credit at the end holds one of them
_BRACKET = re.compile(r"[(\[]")
CAPTION_WORDS = 45  # with a credit at its end a line up to this long is a caption


def inside(line: Line, view: str, *, first: bool) -> Iterator[tuple[int, int, str]]:
    """Junk within the paragraph, in order: start, end, kind. ``first`` lets it open with a place."""
    start, end = line.start, line.end
    if opening := _opening(view, start, end, first=first):
        yield opening
        start = opening[1]
    closing = _closing(view, start, end)
    end = closing[0] if closing else end
    if _BRACKET.search(view, start, end):
        for found in _CREDIT.finditer(view, start, end):
            yield found.start(), found.end(), "credit"
    if closing:
        yield closing


def is_caption(line: Line) -> bool:
    """Whether the line is the text below a picture, known by the credit it ends with."""
    signed = line.words <= CAPTION_WORDS and ("[" in line.text or _CREDIT_SIGN.search(line.text))
    if not signed or not _SIGN.search(line.text.casefold()):
        return False
    found = _CREDIT_END.search(line.text) or next(
        (hit for hit in _CREDIT.finditer(line.text) if hit.end() == len(line.text)), None
    )
    return found is not None and found.start() > 0


def _opening(view: str, start: int, end: int, *, first: bool) -> tuple[int, int, str] | None:
    if code := _CODE_OPEN.match(view, start, end):
        return (start, code.end(), "agency") if code.end() < end else None
    found = _DATELINE.match(view, start, min(end, start + 200))
    if not found or found.end() >= end:
        return None
    agency = bool(found["taz"]) or (bool(found["agency"]) and bool(_AGENCY_NAME.search(found["agency"])))
    place = found["place"].casefold()
    words = set(place.replace("/", " ").replace(",", " ").split())
    known = bool(words & PLACES)
    if not agency and (words & NO_PLACE or not (first or (known and found["dash"] in "–—"))):
        return None
    if found["dash"] in "|:." and not agency and not (known and (found["place"].isupper() and first)):
        return None
    if not agency:
        # "Wien – Stadt der Musik – lädt ein": a second dash in the sentence makes the first one part of it.
        after = _SECOND_DASH.search(view, found.end(), min(end, found.end() + 160))
        if after and after[0].strip() in ("-", "–", "—"):
            return None
    return start, found.end(), "dateline"


def _closing(view: str, start: int, end: int) -> tuple[int, int, str] | None:
    tail = max(start, end - 200)
    if found := _CODE.search(view, tail, end):
        code = found["code"]
        words = re.findall(r"\w+", code.casefold())
        if not _NO_CODE.intersection(words) and (
            code.startswith("(") is False or code[1].islower() or _AGENCY_NAME.search(code)
        ):
            kind = "agency" if _AGENCY_NAME.search(code) else "byline"
            return found.start("code"), end, kind
    if not _CREDIT_SIGN.search(view, tail, end):
        return None
    if (found := _CREDIT_END.search(view, tail, end)) and found.start() > start:
        begin = found.start() + len(found[0]) - len(found[0].lstrip(" |\t\xa0"))
        return begin, end, "credit"
    return None
