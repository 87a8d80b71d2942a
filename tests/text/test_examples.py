"""The examples hold every kind of junk, and cleaning takes them apart line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.text.clean import clean

EXAMPLES = Path(__file__).parents[2] / "examples"

FERRY = [
    ("navigation", "Startseite >"),
    ("kicker", "Verkehr im Hafen"),
    ("title", "Hamburg testet"),
    ("standfirst", "Die Hansestadt"),
    ("timestamp", "Stand: 12.03.2024"),
    ("byline", "Von Jana"),
    ("newsletter", "Teilen"),
    ("credit", "Rubriklistenbild"),
    ("dateline", "Hamburg –"),
    ("body", "Die Regierung der Stadt"),
    ("body", "Verkehrssenatorin"),
    ("caption", "Die neue Fähre soll"),
    ("heading", "So funktioniert"),
    ("body", "Die Fähre ist"),
    ("body", "Der Leiter"),
    ("related", "Lesen Sie auch: Warum"),
    ("body", "Lob kam"),
    ("post", "Ingrid Solheim"),
    ("advert", "Anzeige"),
    ("heading", "Gewerkschaft fürchtet"),
    ("body", "Kritik kam"),
    ("body", "Auch die Opposition"),
    ("related", "Lesen Sie auch"),
    ("heading", "Fahrgäste sind"),
    ("body", "Auf der Linie"),
    ("body", "Über die Zukunft"),
    ("agency", "(jpe/dpa)"),
    ("comments", "23 Kommentare"),
    ("related", "Mehr zum Thema"),
    ("boilerplate", "Elbe"),
    ("cookie", "Wir verwenden Cookies"),
    ("footer", "© 2024"),
]
FIRE = [
    ("kicker", "Waldbrände"),
    ("title", "Feuer in"),
    ("standfirst", "Nach drei Tagen"),
    ("dateline", "Munster (dpa)"),
    ("body", "Der Waldbrand"),
    ("credit", "Bild: imago"),
    ("body", "„Wir hatten"),
    ("heading", "Ursache"),
    ("body", "Die Polizei"),
    ("body", "Umweltminister"),
    ("byline", "(abc)"),
]


@pytest.mark.parametrize(("name", "expected"), [("faehre.txt", FERRY), ("waldbrand.txt", FIRE)])
def test_example_is_taken_apart(name: str, expected: list[tuple[str, str]]) -> None:
    """Each stretch has its role or its kind of junk, in order; a link box does not end an article that goes on."""
    article = clean((EXAMPLES / name).read_text("utf-8"))
    parts = [(block.span, block.role) for block in article.blocks] + [
        (item.span, item.kind) for item in article.dropped
    ]
    parts.sort(key=lambda part: part[0].start)
    assert [
        (kind, span.text[: len(start)]) for (span, kind), (_, start) in zip(parts, expected, strict=True)
    ] == expected
