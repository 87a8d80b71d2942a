"""HTML: what a reader sees, where it stands in the source, and what trafilatura calls the article."""

from __future__ import annotations

import logging
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text.clean import clean
from summarizer.text.html import looks_like_html, read
from summarizer.types import Article

FIRST = "Der Gemeinderat hat am Dienstagabend den Haushalt für das kommende Jahr beschlossen."
SECOND = "Die Opposition stimmte dagegen und kündigte an, den Beschluss prüfen zu lassen."
THIRD = "Am Ende fehlten der Mehrheit nur zwei Stimmen, wie das Protokoll der Sitzung zeigt."

PAGE = f"""<!DOCTYPE html><html lang="de"><head><title>Rat beschließt Haushalt - Bote</title>
<script>var geheim = "<p>nicht lesen</p>";</script><style>p {{ color: red }}</style></head><body>
<nav><ul><li><a href="/">Startseite</a></li><li><a href="/p">Politik</a></li></ul></nav>
<article><h1>Rat beschließt Haushalt</h1>
<p>Musterstadt &#8211; {FIRST} {SECOND}</p>
<figure><img src="a.jpg"><figcaption>Das Rathaus am Abend. Foto: Erika Beispiel</figcaption></figure>
<p>{SECOND} F&uuml;r <b>1.250.000</b>&nbsp;Euro wird gebaut. {THIRD}</p>
<h2>Wie es weitergeht</h2>
<blockquote class="twitter-tweet"><p lang="en">Great news for all of us in the city!</p>&mdash; Rathaus (@rathaus) March 3, 2024</blockquote>
<p>{THIRD} {FIRST} (abc)</p></article>
<footer><p>Impressum</p><p>&copy; 2024 Bote</p></footer></body></html>"""


def blocks(article: Article) -> list[tuple[str, str]]:
    return [(block.role, " ".join(block.span.text.split())) for block in article.blocks]


def kinds(article: Article, text: str) -> set[str]:
    return {gone.kind for gone in article.dropped if text in gone.span.text}


def test_a_page() -> None:
    """Headline, paragraphs and heading stay with their roles; dateline, caption, post, code and footer go."""
    article = clean(PAGE)
    assert blocks(article) == [
        ("title", "Rat beschließt Haushalt"),
        ("body", f"{FIRST} {SECOND}"),
        ("body", f"{SECOND} Für 1.250.000 Euro wird gebaut. {THIRD}"),
        ("heading", "Wie es weitergeht"),
        ("body", f"{THIRD} {FIRST}"),
    ]
    assert kinds(article, "Musterstadt –") == {"dateline"}
    assert kinds(article, "Das Rathaus am Abend.") == {"caption"}
    assert kinds(article, "Great news") == {"post"}
    assert kinds(article, "(abc)") == {"byline"}


def test_a_page_without_trafilatura(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """If trafilatura cannot be imported, the plain rules read the page, and a warning says so and names the cure."""
    expected = [text for _, text in blocks(clean(PAGE))]
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with caplog.at_level(logging.WARNING, logger="summarizer"):
        assert [text for _, text in blocks(clean(PAGE))] == expected
    assert "lxml_html_clean" in caplog.text


def test_spans_point_into_the_source() -> None:
    """Offsets are those of the HTML; the text is what is seen, and the slice itself where there is no markup."""
    article = clean(PAGE)
    first, second = article.blocks[1].span, article.blocks[2].span
    assert PAGE[first.start : first.end] == first.text
    assert PAGE[second.start : second.end] == f"{SECOND} F&uuml;r <b>1.250.000</b>&nbsp;Euro wird gebaut. {THIRD}"
    assert second.text == f"{SECOND} Für 1.250.000\xa0Euro wird gebaut. {THIRD}"


def test_headline_and_standfirst_outside_the_article_element() -> None:
    """A header that trafilatura passes over: headline and sentences in it are kept, the share bar is not."""
    page = f"""<html><body><header><h1>Rat beschließt Haushalt</h1><div>{SECOND}</div></header><div>Teilen</div>
    <article><p>{FIRST} {THIRD} {SECOND}</p><p>{THIRD} {FIRST} {SECOND}</p></article></body></html>"""
    assert blocks(clean(page)) == [
        ("title", "Rat beschließt Haushalt"),
        ("body", SECOND),
        ("body", f"{FIRST} {THIRD} {SECOND}"),
        ("body", f"{THIRD} {FIRST} {SECOND}"),
    ]


def test_scripts_never_leak() -> None:
    """What a browser runs or hides is in no block and in no dropped text."""
    hidden = "".join(
        f"<{tag}>geheim</{tag}>" for tag in ("script", "style", "template", "noscript", "svg", "iframe", "textarea")
    )
    page = f"<p>{FIRST}</p>{hidden}<script/>geheim</script><SCRIPT type=x>geheim</ScRiPt ><p>{SECOND}</p><!-- geheim --><script>geheim"
    article = clean(page)
    assert blocks(article) == [("body", FIRST), ("body", SECOND)]
    assert not any("geheim" in gone.span.text for gone in article.dropped)


def test_a_fragment() -> None:
    """Paragraphs without a page around them are read as HTML."""
    assert blocks(clean(f"<p>{FIRST}</p>\n<p>{SECOND}</p>")) == [("body", FIRST), ("body", SECOND)]


def test_markup_is_never_a_block() -> None:
    """``drop=False`` keeps all that is seen, and still no tags."""
    article = clean(PAGE, drop=False)
    assert {gone.kind for gone in article.dropped} == {"markup"}
    seen = "".join("".join(block.span.text.split()) for block in article.blocks)
    assert seen == "".join(read(PAGE).text.split())


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b and c > d", False),
        ("Das Zeichen <p> öffnet einen Absatz, </p> schließt ihn, sagt das Handbuch der Sprache.", False),
        ("Preise <b>ohne</b> Gewähr", False),
        ("<3 sagt er, und <3 sagt sie.", False),
        ("<p>Hallo</p>", True),
        ("\ufeff\n<!doctype html><title>x</title>", True),
        ("<html><body>x", True),
        ("Hallo<br>Welt<br>und<br>alle<br/>andern", True),
        ("<div class='a'>x</div>", True),
        ("", False),
    ],
)
def test_html_is_recognised(text: str, html: bool) -> None:
    """Pages and fragments are HTML; prose with a sign or a tag in it is not."""
    assert looks_like_html(text) is html


@pytest.mark.parametrize(
    ("source", "view"),
    [
        ("<p>a</p><p>b</p>", "\n\na\n\nb\n\n"),
        ("a<br>b", "a\nb"),
        ("x &amp; y &lt; z &#x20AC; &auml;", "x & y < z € ä"),
        ("AT&T &unbekannt; &", "AT&T &unbekannt; &"),
        ("a\nb\tc", "a b c"),
        ('<a title="x > y">z</a>', "z"),
        ('<div id="a" "style="b">z</div>', "\nz\n"),
        ("<svg/>a<svg><title>b</title></svg>c", "ac"),
        ("a<!-- b --> c", "a c"),
        ("a<b", "a<b"),
        ("<p hidden", "<p hidden"),
    ],
)
def test_what_is_seen(source: str, view: str) -> None:
    """Blocks end lines, entities are decoded, comments and attributes are not seen."""
    assert read(source).view == view


TAGS = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<h1>", "</h1>", "<br>", "<script>", "</script>", "<b>", "<!--", "-->", "<![CDATA[", "<?x?>", "<!", "&amp;",
     "&nbsp;", "&NotEqualTilde;", "&#0;", "&#xD800;", "\ud800", "\0", '"', "'", "=", ">", "<", FIRST, "Von Max Muster", "<svg>", "<li>", "<a href='x'>"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(TAGS | st.text(max_size=8), max_size=25).map("".join), st.booleans())
def test_any_markup_is_covered_once(tail: str, drop: bool) -> None:
    """Any soup of tags: no error; spans sorted, disjoint, in bounds; every visible character in exactly one."""
    source = "<p>x</p>" + tail
    article = clean(source, drop=drop)
    at = 0
    for span in sorted(
        [b.span for b in article.blocks] + [d.span for d in article.dropped], key=lambda span: (span.start, span.end)
    ):
        assert at <= span.start <= span.end <= len(source)
        assert not source[at : span.start].strip()
        at = span.end
    assert not source[at:].strip()
