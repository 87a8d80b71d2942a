"""Rules of sentence splitting. Expected values are written as one text with ``|`` where a sentence starts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.sentences import sentences, split, tidy
from summarizer.types import Article, Block, Role, Span

GERMAN = [
    "Am 18. Dezember kam der Brief.|Er war leer.",
    "Das gilt z. B. für Kinder, z.B. Schüler, d. h. Minderjährige.|Mehr nicht.",
    "Dr. Müller und Prof. Dr. med. Anna Schulz kamen.|Hr. Weber blieb.",
    "Der Bau kostet 1.250.000 Euro.|Das sind 2.000 mehr.",
    "Am 3. 4. 2024 und am 05.06.2024 wurde gewählt.|Danach nicht mehr.",
    "Der 2. Weltkrieg endete 1945.|Im 21. Jahrhundert ist das lange her.",
    "Ludwig XIV. regierte lange.|Elisabeth II. und Papst Benedikt XVI. auch.",
    "Es gab Äpfel, Birnen usw.|Danach gab es Kaffee.",
    "In St. Gallen, Nr. 5, wohnen ca. 20 Leute bzw. zwei Familien.|Art. 5 Abs. 2 gilt vgl. S. 12 auch dort.",
    "Der Konzern verlor 5 Mio. Euro.|Der Umsatz sank auf 3 Mrd.|Die Aktie fiel.",
    "Die U.S.A. sind groß.|J. R. R. Tolkien war nie dort.",
    "„Das ist gut.“|Er ging.|„Jeder will gewinnen!“, schrieb er.|„Kommst du?“ fragte sie.",
    "Dann sagte er: „Nein.“|Danach war Ruhe.",
    "»Das ist so«, sagte sie.|»Ja!«, rief er.|Dann war Ruhe.",
    "„Er rief ‚Halt!‘ und lief.“|Wir auch.",
    '"Das ist gut. Das bleibt", sagte er.|"Wirklich?", fragte sie.|Er nickte.',
    "Und dann…|Er kam und … blieb.|Oder auch nicht ...|Das war es.",
    "Um 19.30 Uhr ging es los.|Um 22 Uhr.|Danach war Schluss.",
    "Mehr steht auf www.example.de und im Netz.|Die Adresse info@example.de gilt.",
    "(Das ist so.)|Das bleibt so (vgl. Abs. 3).|Ende.",
    "Sie wohnt im 3. Stock, er wurde 3.|Danach hörte er auf.",
    "Sie gewann Silber, 2. Platz hinter Polen.|Gold holte niemand.",
    "Der Verein spielt im 1. FC Haus.|Platz 2.|Das reicht.",
    "Es war um 8 Uhr.|12 Leute kamen.|2020 waren es 20.",
    "Was?!|Wie bitte??|Nein!!!|Doch.",
    "Das steht im Vertrag.[1]|Der gilt [2].|Immer.",
    "Er traf Merkel (CDU).|„Gut so“, sagte die FDP.|Die Grünen schwiegen.",
    "Der Verein 1. FC Heidenheim stieg auf.|Verein 1. FC Köln blieb, Nachbar 1. FSV Mainz auch.",
    "Er wohnt in der Hauptstr. 5.|Danach zog er in die Karl-Marx-Str. 7.|Peter blieb.",
    "DAS FEUER WAR AM DONNERSTAG, DEM 18. JULI, AUSGEBROCHEN.|DANN WAR RUHE.",
    "Am 18.\u200b Juli kam er, am 19. \u200bJuli ging er.\u200b|Mehr nicht.",
    "Der Sprecher der Uni Missouri-St. Louis sprach.|Niemand hörte zu.",
]


@pytest.mark.parametrize("marked", GERMAN)
def test_german_sentences(marked: str) -> None:
    """Dates, titles, abbreviations, ordinals, kings, quotations and dots of omission."""
    assert _split(marked.replace("|", " "), "de") == marked.split("|")


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("en", "Mr. Smith met the U.S. President.|He left at 5 p.m.|The end."),
        ("en", "“He came. He saw.”|Then he left the U.S.|It was No. 5 in 2018.|Only 25.|UEFA agreed."),
        ("en", "Prof. A. B. Jones paid $1.5 million.|Nobody else did, e.g. Dr. Who."),
        ("fr", "M. Dupont est venu.|Mme Durand est partie.|« Bonjour. »|Il sourit."),
        ("es", "La Sra. García vino.|El Dr. López no.|¿Qué pasó?|¡Nada!|Se fue."),
        ("it", "Il Sig. Rossi è qui.|Il Dott. Bianchi parte domani.|Perché?|Non si sa."),
        ("ru", "Он пришёл.|Потом ушёл!|Почему?"),
    ],
)
def test_sentences_of_other_languages(language: str, marked: str) -> None:
    """Titles and abbreviations hold in the languages next door."""
    assert _split(marked.replace("|", " "), language) == marked.split("|")


@pytest.mark.parametrize(
    ("language", "marked"),
    [("zh", "他来了。|他走了！|为什么？"), ("ja", "彼は来た。|彼は去った。"), ("de", "他来了。|他走了。")],
)
def test_sentences_without_blanks(language: str, marked: str) -> None:
    """Chinese and Japanese full stops need no blank."""
    assert _split(marked.replace("|", ""), language) == marked.split("|")


WRAPPED = (
    "Der Rat der kleinen Stadt am Fluss hat gestern Abend den\n"
    "Haushalt für das kommende Jahr nach langer Debatte ohne die\n"
    "Stimmen der Opposition beschlossen."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Eins\n\nZwei", ["Eins", "Zwei"]),
        ("Eins\r\n \r\nZwei", ["Eins", "Zwei"]),
        ("Das gehört\r\nzusammen.", ["Das gehört\r\nzusammen."]),
        ("Berlin\nHamburg\nMünchen", ["Berlin", "Hamburg", "München"]),
        ("Das ist neu:\n- ein Rad\n- Ein Tor\n3. Ein Haus", ["Das ist neu:", "- ein Rad", "- Ein Tor", "3. Ein Haus"]),
        (WRAPPED + " Er gilt.", [WRAPPED, "Er gilt."]),
        (
            "Rat beschließt Haushalt\nDer Rat der kleinen Stadt am Fluss hat gestern Abend den Haushalt beschlossen.",
            [
                "Rat beschließt Haushalt",
                "Der Rat der kleinen Stadt am Fluss hat gestern Abend den Haushalt beschlossen.",
            ],
        ),
        ("ohne jedes Zeichen am Ende", ["ohne jedes Zeichen am Ende"]),
        ("z.\u00a0B. das", ["z.\u00a0B. das"]),
        ("", []),
        (" \n\t ", []),
        ("...", ["..."]),
        ("1" * 5000 + " ist viel. Ja.", ["1" * 5000 + " ist viel.", "Ja."]),
        (
            "\n".join(["Die Zahl Pi ist 3,", *["1" * 70] * 72, "und so weiter. Ja."]),
            ["\n".join(["Die Zahl Pi ist 3,", *["1" * 70] * 72, "und so weiter."]), "Ja."],
        ),
        ("Ein \ud800 Zeichen. Ja.", ["Ein \ud800 Zeichen.", "Ja."]),
    ],
)
def test_line_breaks(text: str, expected: list[str]) -> None:
    """A wrapped line goes on; a blank line, a bullet or a break that was meant ends the sentence."""
    assert _split(text, "de") == expected


def test_a_long_quotation_is_split() -> None:
    """A quotation over a hundred characters is split; the speaker stays with its last sentence."""
    text = (
        "„Wir haben lange über diese Brücke gesprochen, viel zu lange. Jetzt muss sie endlich gebaut werden. "
        "Das weiß hier jeder“, sagte die Bürgermeisterin."
    )
    assert _split(text, "de")[1:] == [
        "Jetzt muss sie endlich gebaut werden.",
        "Das weiß hier jeder“, sagte die Bürgermeisterin.",
    ]


FRAGMENTS = st.sampled_from(
    [
        "Dr. ",
        "z. B. ",
        "„",
        "“",
        '"',
        "(",
        ")",
        "18. ",
        "XIV. ",
        "…",
        "...",
        "! ",
        "? ",
        ". ",
        "\n",
        "\n\n",
        "。",
        "Haus",
    ]
)
ANY = st.one_of(st.text(), st.lists(FRAGMENTS).map("".join))


@given(text=ANY, language=st.sampled_from(["de", "en", "fr", "zh", "und", ""]))
def test_every_character_is_in_one_sentence(text: str, language: str) -> None:
    """For any string: spans in order, none overlapping, ends on no white space, nothing but white space between."""
    spans = split(text, language)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    assert all(text[start:end] and text[start:end] == text[start:end].strip() for start, end in spans)
    gaps = zip(edges[::2], edges[1::2], strict=True)
    assert not "".join(text[start:end] for start, end in gaps).strip()


@pytest.mark.parametrize(
    "text", ["a" * 10_000_000, " " * 10_000_000, "\n" * 2_000_000, "." * 2_000_000, "„" * 1_000_000, "(" * 2_000_000]
)
def test_time_grows_with_the_length_only(text: str) -> None:
    """Ten megabytes of one letter take under two seconds."""
    before = time.perf_counter()
    assert len(split(text)) <= 1
    assert time.perf_counter() - before < 2


def test_a_sentence_longer_than_any_piece_stays_whole() -> None:
    """What is fed to the splitter in pieces comes back in sentences."""
    long = "Der Rat tagte, " * 1000 + "er tagte."
    text = f"Kurz. {long} Danach war Schluss. {long} Ende."
    assert _split(text, "de") == ["Kurz.", long, "Danach war Schluss.", long, "Ende."]


@pytest.mark.parametrize("shift", range(1, 23))
def test_no_sentence_is_cut_where_a_piece_ends(shift: int) -> None:
    """Wherever the end of a piece falls, also inside a title, the sentences are the same."""
    expected = ["x" * shift + ".", *["Vino la Sra. García."] * 500]
    assert _split(" ".join(expected), "es") == expected


def test_sentences_of_an_article_from_plain_text() -> None:
    """Spans are slices of the caller's text; a title is one sentence; paragraphs are counted with it."""
    article = Article.from_parts(["Er kam.\u00a0 Sie\nging.", "„Gut.“"], title="Dr. Wer? Das fragt die Stadt")
    found = sentences(article, "de")
    assert [(s.text, s.paragraph, s.role) for s in found] == [
        ("Dr. Wer? Das fragt die Stadt", 0, "title"),
        ("Er kam.", 1, "body"),
        ("Sie ging.", 1, "body"),
        ("„Gut.“", 2, "body"),
    ]
    assert all(article.text[s.span.start : s.span.end] == s.span.text for s in found)


def test_sentences_of_an_article_from_html() -> None:
    """Spans point into the source, markup inside them included, also where the text stands there as entities."""
    source = '<p>Der <b>Rat</b> tagt.<!-- so --> M&uuml;ller &amp; Co&nbsp;bau&shy;en. <a href="x">Mehr</a></p>'
    shown = "Der Rat tagt. Müller & Co\u00a0bau\u00aden. Mehr"
    found = sentences(_html(source, shown), "de")
    assert [s.text for s in found] == ["Der Rat tagt.", "Müller & Co bauen.", "Mehr"]
    assert [source[s.span.start : s.span.end] for s in found] == [
        "Der <b>Rat</b> tagt.",
        "M&uuml;ller &amp; Co&nbsp;bau&shy;en.",
        "Mehr",
    ]


def test_a_sentence_that_is_not_in_the_source_points_to_its_block() -> None:
    """Text the parser mended has no exact place; the one after it has."""
    source = "<p>Er ka. Sie ging.</p>"
    found = sentences(_html(source, "Er kam. Sie ging."), "de")
    assert [source[s.span.start : s.span.end] for s in found] == [source, "Sie ging."]


@given(parts=st.lists(ANY, max_size=4), role=st.sampled_from(["body", "title", "heading"]))
def test_any_article_is_split(parts: list[str], role: Role) -> None:
    """No text is lost on the way from blocks to sentences, and no span is outside its block."""
    whole = Article.from_parts(parts)
    article = Article(whole.text, tuple(Block(role, block.span) for block in whole.blocks))
    found = sentences(article, "de")
    kept = "".join("".join(tidy(block.span.text).split()) for block in article.blocks)
    assert "".join("".join(s.text.split()) for s in found) == kept
    for sentence in found:
        block = article.blocks[sentence.paragraph].span
        assert block.start <= sentence.span.start < sentence.span.end <= block.end


@given(source=ANY, shown=ANY)
def test_any_markup_is_searched(source: str, shown: str) -> None:
    """Whatever a parser made of whatever source, spans stay inside the block."""
    for sentence in sentences(_html(source, shown), "de"):
        assert 0 <= sentence.span.start <= sentence.span.end <= len(source)


def _html(source: str, shown: str) -> Article:
    return Article(source, (Block("body", Span(0, len(source), shown)),))


def _split(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split(text, language)]
