"""Cleaning of pasted text: what stays, what goes and why, and the promises that hold for any string."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text.clean import KINDS, clean
from summarizer.text.html import looks_like_html
from summarizer.types import Article

TITLE, BODY, HEAD = "title", "body", "heading"

NEWS = """Streit um Golfclub
Präsident kündigt Neubau an: „Der schönste Ballsaal aller Zeiten“
Der Streit um den Golfclub geht weiter. Nun soll ein neuer Saal entstehen.
Von Max Mustermann
Stand: 12.03.2024, 10:15 Uhr
Teilen
Palm Beach – Der Präsident hat am Montag den Bau eines Saals angekündigt. Er soll 1.250.000 Dollar kosten.
Anzeige
Rubriklistenbild: © picture alliance/dpa | Kay Beispiel
„Jeder will ihn sehen!“, schrieb er auf seiner Plattform. Die Nachbarn (Foto: © dpa/Muster) wollen klagen.
Der Saal des Clubs im Abendlicht. Foto: Kay Beispiel/dpa
Nachbarn wehren sich
Die Anwohner haben am 18. Dezember eine Beschwerde bei der Stadt eingereicht. (abc)
This is the greatest ballroom in the history of our country and everybody knows it!
— Donald J. Example (@example) March 3, 2024
Lesen Sie auch: Wie der Golfclub zum Politikum wurde
Die Stadt will im Mai entscheiden, sagte eine Sprecherin der Verwaltung. (dpa/xyz)
23 Kommentare
© 2024 Beispiel Verlag GmbH"""

NEWS_PARTS = [
    ("kicker", "Streit um Golfclub"),
    (TITLE, "Präsident kündigt Neubau an: „Der schönste Ballsaal aller Zeiten“"),
    ("standfirst", "Der Streit um den Golfclub geht weiter. Nun soll ein neuer Saal entstehen."),
    ("byline", "Von Max Mustermann"),
    ("timestamp", "Stand: 12.03.2024, 10:15 Uhr"),
    ("share", "Teilen"),
    ("dateline", "Palm Beach –"),
    (BODY, "Der Präsident hat am Montag den Bau eines Saals angekündigt. Er soll 1.250.000 Dollar kosten."),
    ("advert", "Anzeige"),
    ("credit", "Rubriklistenbild: © picture alliance/dpa | Kay Beispiel"),
    (BODY, "„Jeder will ihn sehen!“, schrieb er auf seiner Plattform. Die Nachbarn"),
    ("credit", "(Foto: © dpa/Muster)"),
    (BODY, "wollen klagen."),
    ("caption", "Der Saal des Clubs im Abendlicht. Foto: Kay Beispiel/dpa"),
    (HEAD, "Nachbarn wehren sich"),
    (BODY, "Die Anwohner haben am 18. Dezember eine Beschwerde bei der Stadt eingereicht."),
    ("byline", "(abc)"),
    (
        "post",
        (
            "This is the greatest ballroom in the history of our country and everybody knows it! "
            "— Donald J. Example (@example) March 3, 2024"
        ),
    ),
    ("related", "Lesen Sie auch: Wie der Golfclub zum Politikum wurde"),
    (BODY, "Die Stadt will im Mai entscheiden, sagte eine Sprecherin der Verwaltung."),
    ("agency", "(dpa/xyz)"),
    ("comments", "23 Kommentare"),
    ("footer", "© 2024 Beispiel Verlag GmbH"),
]

FIRST = "Der Gemeinderat hat am Dienstagabend den Haushalt für das kommende Jahr beschlossen."
SECOND = "Die Opposition stimmte dagegen und kündigte an, den Beschluss prüfen zu lassen."
THIRD = "Am Ende fehlten der Mehrheit nur zwei Stimmen, wie das Protokoll der Sitzung zeigt."


def parts(article: Article) -> list[tuple[str, str]]:
    """Blocks and dropped spans in reading order, white space put in order."""
    found = [(block.span.start, block.role, block.span.text) for block in article.blocks]
    found += [(gone.span.start, gone.kind, gone.span.text) for gone in article.dropped]
    return [(name, " ".join(text.split())) for _, name, text in sorted(found)]


@pytest.mark.parametrize("ends", ["\n", "\n\n", "\r\n", "\u2028", "\n \n"])
def test_a_whole_article_whatever_parts_its_lines(ends: str) -> None:
    """Every piece of a typical news page has its role or its kind, however the lines end."""
    assert parts(clean(NEWS.replace("\n", ends))) == NEWS_PARTS


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Anzeige", "advert"),
        ("Artikel teilen", "share"),
        ("Newsletter abonnieren", "newsletter"),
        ("Lesen Sie auch: So stimmte der Rat im Vorjahr", "related"),
        ("Mehr zum Thema", "related"),
        ("12.03.2024 – 10:15 Uhr", "timestamp"),
        ("Aktualisiert am 3. März 2024 um 18:02 Uhr", "timestamp"),
        ("Lesezeit: 3 Min.", "timestamp"),
        ("Montag, 4. März 2024, 9.30 Uhr", "timestamp"),
        ("23 Kommentare", "comments"),
        ("Kommentare (7)", "comments"),
        ("Startseite > Politik > Kommunales", "navigation"),
        ("https://nachrichten.example/politik/haushalt-123.html", "url"),
        ("Foto: Erika Beispiel/dpa", "credit"),
        ("© picture alliance/dpa | Erika Beispiel", "credit"),
        ("Bild: imago", "credit"),
        ("Von Erika Beispiel und Max van Muster", "byline"),
        ("By Jane Doe", "byline"),
        ("(dpa/abc)", "agency"),
        ("Mit Material von dpa", "agency"),
        ("Alle akzeptieren", "cookie"),
        ("Diese Website verwendet Cookies, um Ihnen den bestmöglichen Service zu bieten.", "cookie"),
        ("Nur für Abonnenten", "paywall"),
        ("Alle Rechte vorbehalten", "footer"),
        ("Sieh dir diesen Beitrag auf Instagram an", "post"),
        ("pic.twitter.com/AbCd1234", "post"),
        ("Read more: What the council decided last year", "related"),
        ("À lire aussi", "related"),
        ("Leggi anche", "related"),
        ("Lesen Sie auch: Warum die S-Bahn nach Harburg so oft ausfällt", "related"),
        ("Drucken Teilen", "share"),
        ("Teilen | Drucken | Merken", "share"),
        ("Politik Wirtschaft Kultur Sport", "navigation"),
        ("Folgen Sie uns auf Facebook, Instagram und Twitter.", "share"),
        ("Ein Essay von Tobias Rieländer", "byline"),
        ("Eine Reportage von Ina van Dorn und Max Muster", "byline"),
        ("Das Gespräch führte Bernd Kasparek.", "byline"),
        ("Artikel anhören (8 Minuten)", "share"),
        ("Icon: Merken", "navigation"),
        ("* Name von der Redaktion geändert", "boilerplate"),
        ("*Namen geändert", "boilerplate"),
        ("9. März 2025, 8:00 Uhr · Quelle: MAGAZIN Nr. 11/2025 · 212 Kommentare", "timestamp"),
        ("13.02.2024, 07:42 | dpa", "timestamp"),
        ("1.204 Reposts 312 Likes", "post"),
        ("Mit dpa-Material", "agency"),
        ("mit Material der dpa", "agency"),
        ("dpa lbr yyhe n1 jfi", "agency"),
        ("130742 Feb 24", "agency"),
    ],
)
def test_a_line_of_junk_between_paragraphs(line: str, kind: str) -> None:
    """One line of junk is dropped with its kind; the paragraphs around it stay whole."""
    assert parts(clean(f"{FIRST}\n\n{line}\n\n{SECOND}")) == [(BODY, FIRST), (kind, line), (BODY, SECOND)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Teilen Sie das Brot in zwei Hälften und lassen Sie es eine Stunde lang ruhen.",
        "Anzeige erstattete am Montag auch der Bürgermeister der kleinen Gemeinde.",
        "Datenschutz kostet Geld.",
        "Von Berlin bis nach Wien fährt der neue Zug in weniger als sechs Stunden.",
        "Wien – Stadt der Musik – lädt im Mai zum großen Fest der Chöre ein.",
        "Hamburg – das Tor zur Welt – wächst seit Jahren langsamer als das Umland.",
        "Fazit – Die Reform ist besser als ihr Ruf, sagen die meisten Fachleute.",
        "Mehr als 1.250.000 Menschen lasen den Newsletter im Jahr 2023, sagte der Verlag.",
        "Er teilte das Foto auf Facebook, dann auf Instagram und schließlich überall.",
        "Die Kommentare waren scharf, am 3. März 2024 wurden 23 davon gelöscht.",
        "Die Partei (CDU) und ihr Partner (SPD) einigten sich am Abend auf den Etat. (sic)",
        "Stille. Der Raum war leer, als die Polizei am frühen Morgen eintraf.",
        "Auch auf der Insel ist der Vogel noch häufig.",
        "Weitere Themen sind Wohnungsbau, Verkehr und die Pflege in der Region.",
        "Mehr zum Thema Brandschutz will die Ministerin am Freitag sagen.",
        "Lesen Sie auch Krimis? Diese Frage stellte die Bibliothek 500 Kunden.",
        "© steht für Copyright, erklärte der Anwalt.",
        "Wenn Sie diesen Weg gehen, kommen Sie ans Ziel.",
        "Mit der Anmeldung beginnt für viele Eltern das Warten.",
        "Mit Informationen von Zeugen fand die Polizei den Täter.",
        "In Kooperation mit der Stadt baut der Verein ein Haus.",
        "Ein Beitrag von zehn Euro wird künftig im Jahr erhoben.",
        "Ein Kommentar von zwei Sätzen genügte dem Minister am Abend.",
        "Am 13. Februar 2024 um 7.42 Uhr meldete die dpa den Brand.",
        "Die dpa hat es so nie gemeldet.",
    ],
)
def test_body_text_is_never_dropped(sentence: str) -> None:
    """A sentence that holds the words of junk is still a sentence."""
    article = clean(f"{sentence}\n\n{FIRST}\n\n{sentence}")
    assert parts(article) == [(BODY, sentence), (BODY, FIRST), (BODY, sentence)]


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("Palm Beach –", "dateline"),
        ("BERLIN (dpa) -", "dateline"),
        ("Wien –", "dateline"),
        ("Frankfurt am Main –", "dateline"),
        ("Washington/New York (AP) —", "dateline"),
        ("Brüssel, 12. März 2024 (AFP) –", "dateline"),
        ("(dpa)", "agency"),
    ],
)
def test_the_dateline_is_taken_off_the_paragraph(opening: str, kind: str) -> None:
    """The block starts after the dateline, to the character."""
    text = f"{opening} {FIRST}\n\n{SECOND}"
    article = clean(text)
    assert parts(article) == [(kind, opening), (BODY, FIRST), (BODY, SECOND)]
    assert article.blocks[0].span.start == text.index(FIRST)


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("(abc)", "byline"),
        ("(dpa/xyz)", "agency"),
        ("(mit dpa)", "agency"),
        ("dpa/abc", "agency"),
        ("(abc/dpa)", "agency"),
    ],
)
def test_the_author_code_is_taken_off_the_paragraph(ending: str, kind: str) -> None:
    """The block ends before the code, to the character."""
    article = clean(f"{FIRST}\n\n{SECOND} {ending}")
    assert parts(article) == [(BODY, FIRST), (BODY, SECOND), (kind, ending)]


@pytest.mark.parametrize(
    ("mark", "kind"),
    [("+++ 20:41 Uhr +++", "timestamp"), ("+++ 19.58 Uhr +++", "timestamp"), ("++ EIL ++", "boilerplate")],
)
def test_the_mark_of_a_ticker_is_taken_off(mark: str, kind: str) -> None:
    """A clock time between plus signs goes, what it stands before stays: a paragraph, or a headline."""
    assert parts(clean(f"{FIRST}\n\n{mark} {SECOND}")) == [(BODY, FIRST), (kind, mark), (BODY, SECOND)]
    title = "Rat beschließt Haushalt"
    assert parts(clean(f"{mark} {title}\n\n{FIRST}\n\n{SECOND}"))[:2] == [(kind, mark), (TITLE, title)]
    assert not clean(f"{FIRST}\n\n+++ Fähren stehen still +++\n\n{SECOND}").dropped


def test_a_row_of_buttons_is_no_standfirst() -> None:
    """What stands between headline and text is not the standfirst if it is nothing but buttons."""
    found = parts(clean(f"Rat beschließt Haushalt\n\nDrucken Teilen\n\nVon Max Muster\n\n{FIRST}\n\n{SECOND}"))
    assert [name for name, _ in found] == [TITLE, "share", "byline", BODY, BODY]


def test_numbered_headings_and_numbered_lists() -> None:
    """A number before a line that stands alone above a paragraph is a heading's; lines in a row are a list."""
    heads = ["1. Die Produktivität steigt nicht genug", "2. Der Rat zögert", "3. Was bleibt"]
    text = "\n\n".join(f"{head}\n{FIRST}" for head in heads)
    assert parts(clean(f"Rat beschließt Haushalt\n\n{text}"))[1:] == [
        part for head in heads for part in ((HEAD, head), (BODY, FIRST))
    ]
    items = ["1. Brot und Salz", "2. Wasser", "3. Ein Messer"]
    listed = parts(clean("\n".join([FIRST, "", *items, "", SECOND])))
    assert listed == [(BODY, FIRST), *((BODY, item) for item in items), (BODY, SECOND)]


def test_a_tweet_with_name_handle_text_and_date() -> None:
    """Name, handle, text and date of an embedded post go together, in the article's own language too."""
    post = "Rathaus Musterstadt\n@rathaus_muster\nDer Haushalt steht!\n10:15 - 3. März 2024"
    article = clean(f"Rat beschließt Haushalt\n\n{FIRST}\n\n{post}\n\n{SECOND}")
    assert parts(article) == [
        (TITLE, "Rat beschließt Haushalt"),
        (BODY, FIRST),
        ("post", " ".join(post.split())),
        (BODY, SECOND),
    ]


def test_headlines_below_a_link_box() -> None:
    """Headlines listed under "Mehr zum Thema" go with it; the heading of the next section stays."""
    text = f"{FIRST}\n\nMehr zum Thema\nBürger fordern mehr Radwege\nNeue Schule wird teurer\n\nWie es weitergeht\n\n{SECOND}"
    assert parts(clean(text)) == [
        (BODY, FIRST),
        ("related", "Mehr zum Thema Bürger fordern mehr Radwege Neue Schule wird teurer"),
        (HEAD, "Wie es weitergeht"),
        (BODY, SECOND),
    ]


def test_a_pasted_page_with_its_furniture() -> None:
    """Menus before and teasers, comments and footer after the article go; headline and text stay."""
    menu = "Menü\nAnmelden\nPolitik\nWirtschaft\nSport\nKultur\nStartseite > Politik > Kommunales"
    after = (
        "Teilen\nFacebook\nTwitter\nKommentare\nNutzer123\nDas ist doch alles Unsinn, was die da im Rathaus wieder machen.\n"
        "Meistgelesen\nZoo freut sich über Nachwuchs\nImpressum\nDatenschutz\n© 2024 Musterstädter Bote"
    )
    body = f"{FIRST} {SECOND} {THIRD}"
    long = f"{THIRD} {SECOND} {FIRST} {SECOND} {THIRD}"
    article = clean(f"{menu}\nRat beschließt Haushalt\n{body}\n{long}\n{body} {long}\n{after}")
    assert [(block.role, block.span.text) for block in article.blocks] == [
        (TITLE, "Rat beschließt Haushalt"),
        (BODY, body),
        (BODY, long),
        (BODY, f"{body} {long}"),
    ]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    """Lines broken at a column are joined; the block's text is the slice, line feeds and all."""
    wrapped = (
        "Der Gemeinderat hat am Dienstagabend den Haushalt für das kommende\n"
        "Jahr beschlossen. Die Opposition stimmte dagegen und kündigte an, den\n"
        "Beschluss prüfen zu lassen. Am Ende fehlten der Mehrheit nur zwei\nStimmen."
    )
    assert [(b.role, b.span.text) for b in clean(f"{wrapped}\n\n{FIRST}").blocks] == [(BODY, wrapped), (BODY, FIRST)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FIRST, [(BODY, FIRST)]),
        ("Hallo Welt", [(BODY, "Hallo Welt")]),
        ("Die neue Schule\n\nDer alte Plan\n\nDas große Geld", [(HEAD, "Die neue Schule"), (HEAD, "Der alte Plan"), (HEAD, "Das große Geld")]),
        ("", []),
        (" \n\t\u2003\n", []),
        ("***\n---", [("markup", "*** ---")]),
        (f"{FIRST}\n\n== Geschichte ==\n\n{SECOND}", [(BODY, FIRST), ("markup", "=="), (HEAD, "Geschichte"), ("markup", "=="), (BODY, SECOND)]),
        (f"{FIRST}\n\n=== Verlauf\n\n{SECOND}", [(BODY, FIRST), ("markup", "==="), (HEAD, "Verlauf"), (BODY, SECOND)]),
        (f"{FIRST}\n\n## Verlauf\n\n{SECOND}", [(BODY, FIRST), ("markup", "##"), (HEAD, "Verlauf"), (BODY, SECOND)]),
        ("a < b and c > d", [(BODY, "a < b and c > d")]),
    ],
    ids=["one-paragraph", "two-words", "headings-only", "empty", "blank", "no-letters", "wiki", "wiki-open", "markdown", "no-html"],
)  # fmt: skip
def test_edges(text: str, expected: list[tuple[str, str]]) -> None:
    """A lone paragraph has no title, headings alone are headings, and nothing gives nothing."""
    assert parts(clean(text)) == expected


def test_soft_hyphens_and_hard_blanks() -> None:
    """A rule sees through soft hyphens and non-breaking spaces; the spans keep them."""
    text = f"{FIRST}\n\nNews\xadletter\xa0abonnieren\n\n{SECOND}"
    assert parts(clean(text))[1] == ("newsletter", "News\xadletter abonnieren")


def test_chinese_is_body() -> None:
    """Text without blanks between words is text."""
    text = "市议会周二晚上通过了明年的预算。反对派投了反对票。"
    assert parts(clean(text)) == [(BODY, text)]


def test_nothing_is_dropped_on_demand() -> None:
    """``drop=False`` keeps all of it as blocks."""
    article = clean(NEWS, drop=False)
    assert article.dropped == ()
    assert "".join("".join(b.span.text.split()) for b in article.blocks) == "".join(NEWS.split())


def test_only_the_named_kinds_are_dropped() -> None:
    """A collection names the kinds; a paragraph is not split where its junk stays."""
    article = clean(NEWS, drop={"timestamp", "share"})
    assert {gone.kind for gone in article.dropped} == {"timestamp", "share"}
    assert any(b.span.text.endswith("Die Nachbarn (Foto: © dpa/Muster) wollen klagen.") for b in article.blocks)


def check_promises(text: str, article: Article) -> None:
    spans = sorted([b.span for b in article.blocks] + [d.span for d in article.dropped], key=lambda span: span.start)
    assert [b.span.start for b in article.blocks] == sorted(b.span.start for b in article.blocks)
    assert [d.span.start for d in article.dropped] == sorted(d.span.start for d in article.dropped)
    at = 0
    for span in spans:
        assert at <= span.start <= span.end <= len(text)
        assert not text[at : span.start].strip()
        at = span.end
    assert not text[at:].strip()


JUNKY = st.sampled_from(
    [
        *NEWS.splitlines(),
        FIRST,
        "== A ==",
        "#",
        "(abc)",
        "(Foto: x)",
        "@abc",
        "Kommentare",
        "\u2028",
        "\ud800",
        "\0",
        "Home",
        "שלום",
    ]
)
ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.lists(JUNKY | st.text(max_size=20)).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT, st.booleans() | st.sets(st.sampled_from(sorted(KINDS))))
def test_any_string_is_covered_once(text: str, drop: bool | set[str]) -> None:
    """Any string at all: no error; spans sorted, disjoint, exact; every visible character in exactly one of them."""
    article = clean(text, drop=drop)
    check_promises(text, article)
    assert article.text == text
    if not looks_like_html(text):
        assert all(
            text[s.start : s.end] == s.text
            for s in (*(b.span for b in article.blocks), *(d.span for d in article.dropped))
        )


@pytest.mark.parametrize(
    "text",
    ["a" * 3_000_000, (FIRST + " ") * 6000, "Mehr dazu\n" * 20_000, "(Foto: " * 50_000, "Lesen Sie auch\nA b c\n" * 8000, "@abc\n" * 15_000,
     "(" * 1_000_000, "= " * 300_000, "\n" * 500_000, "<" * 300_000, "<!-- >" * 50_000, "<p>x</p>" + '<a ="' * 50_000],
    ids=["letter", "one-line", "short-lines", "open-credits", "link-boxes", "handles", "brackets", "marks", "blank", "less-than", "comments", "quotes"],
)  # fmt: skip
@pytest.mark.timeout(60)
def test_large_and_hostile_texts(text: str) -> None:
    """Time grows with length, not with its square: a quadratic rule would need minutes here."""
    check_promises(text, clean(text))
