"""What the page shows of a result: all of it, in order, escaped, in the reader's language."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.config import Config
from summarizer.errors import EmptyInput
from summarizer.progress import Stage
from summarizer.render import markdown
from summarizer.service.page.kinds import _JUNK, finding_title
from summarizer.service.page.pieces import SHOWN_WHOLE, pieces
from summarizer.service.page.speech import elsewhere
from summarizer.service.page.told import Told, told
from summarizer.service.page.view import panel, render, render_error, render_working
from summarizer.service.page.words import WORDS, interface_language
from summarizer.text.clean import KINDS
from summarizer.text.facts.fact import Kind as FactKind
from summarizer.types import Coverage, Dropped, Finding, Line, Result, Span, Step

ROOT = Path(__file__).parents[2]
EVIL = "<script>alert(1)</script> \"'><img src=x onerror=alert(2)> {{7*7}} {% raw %} ${8*8} </textarea> **fett** &amp;"
TAGS = {"section", "p", "span", "button", "div", "article", "header", "h2", "small", "ol", "ul", "li", "strong"}
TAGS |= {"mark", "del", "code", "textarea", "details", "summary"}


def result(
    text: str, *, lines: tuple[tuple[int, int], ...] = (), junk: tuple[tuple[int, int, str], ...] = ()
) -> Result:
    """A result whose lines rest on the spans given and say their text in English too."""

    def span(start: int, end: int) -> Span:
        return Span(start, end, text[start:end])

    made = tuple(Line(text[a:b], {"en": f"«en» {text[a:b]}"}, (span(a, b),), 1.0) for a, b in lines)
    dropped = tuple(Dropped(kind, span(a, b)) for a, b, kind in junk)
    lost = sum(len(item.span) for item in dropped)
    coverage = Coverage(len(text), len(text) - lost, lost, 0, dropped)
    summary = " ".join(line.text for line in made)
    return Result(summary, {"en": summary}, "", "de", 0.9, made, (), coverage, {"total": 0.5}, "summarizer 0 | test")


class Seen(HTMLParser):
    """Tags, handlers and the text of a fragment, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("ui", ["en", "de"])
def test_everything_is_escaped(ui: str) -> None:
    """Markup in text, title, translation, finding, kind or signature is shown, never obeyed."""
    finding = Finding("summary", EVIL, EVIL, EVIL, 0, "en", EVIL, 1.0, Span(3, 20, EVIL), Span(3, 20, EVIL))
    others = (replace(finding, step="translation", kind="number"), replace(finding, confidence=0.3, kind="name"))
    evil = replace(
        result(EVIL + EVIL, lines=((0, len(EVIL)),), junk=((len(EVIL), 2 * len(EVIL), EVIL),)),
        title=EVIL, findings=(finding, *others), signature=EVIL, translations={"en": EVIL, EVIL: EVIL},
    )  # fmt: skip
    seen = Seen(render(EVIL + EVIL, evil, ui=ui))
    assert seen.tags <= TAGS
    assert not seen.handlers
    assert seen.text.count("alert(1)") >= 12
    assert "{{7*7}}" in seen.text
    assert Seen(render_error(EmptyInput(EVIL), ui=ui, facts={})).tags == {"section", "h2", "p"}


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_pieces_hold_the_whole_text(data: st.DataObject) -> None:
    """Whatever overlaps what, the pieces joined are the text, and each character knows its lines and junk."""
    text = data.draw(st.text(max_size=40))
    edge = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(edge, edge).map(sorted), max_size=6))
    lines = tuple((a, b) for a, b in spans[:3])
    junk = tuple((a, b, "credit") for a, b in spans[3:])
    cut = list(pieces(text, result(text, lines=lines, junk=junk)))
    assert "".join(piece.text for piece in cut) == text
    at = 0
    for piece in cut:
        for position in range(at, at + len(piece.text)):
            assert set(piece.lines) == {n for n, (a, b) in enumerate(lines) if a <= position < b}
            assert (piece.junk is not None) == any(a <= position < b for a, b, _ in junk)
        at += len(piece.text)


def test_a_very_long_text_is_shown_around_its_marks() -> None:
    """What is not shown is counted, and nothing that is marked is left out."""
    text = "a" * SHOWN_WHOLE + "Der Satz." + "b" * 5000
    cut = list(pieces(text, result(text, lines=((SHOWN_WHOLE, SHOWN_WHOLE + 9),))))
    assert sum(len(piece.text) + piece.elided for piece in cut) == len(text)
    assert [piece.text for piece in cut if piece.lines] == ["Der Satz."]
    assert sum(len(piece.text) for piece in cut) < 3000
    assert "characters not shown" in render(text, result(text, lines=((SHOWN_WHOLE, SHOWN_WHOLE + 9),)))


def test_files_hold_what_the_page_shows() -> None:
    """The .json is the result, the .md the same page that the command line writes."""
    text = "Erster <b>Satz</b>.\nZweiter Satz."
    made = replace(result(text, lines=((0, 19), (20, 33))), findings=(Finding("summary", "number", "3", "why", 0),))
    html = render(text, made)
    assert json.loads(_file(html, "summary.json")) == made.to_dict()
    assert _file(html, "summary.md") == markdown(made)


def test_a_draft_is_called_a_draft() -> None:
    """When the bundled model translated, the page says so, as the command line does."""
    made = result("Ein Satz.", lines=((0, 9),))
    hint = WORDS["en"]["draft"]
    assert hint not in render("Ein Satz.", made)
    drafted = replace(made, signature="translation=bundled:de-en")
    assert hint in render("Ein Satz.", drafted)
    assert hint not in render("Ein Satz.", replace(drafted, translations={"de": "Ein Satz."}))


def _file(html: str, name: str) -> str:
    return Seen(html.split(f'data-file="{name}">\n')[1].split("</textarea>", maxsplit=1)[0]).text


@pytest.mark.parametrize(
    ("accepted", "ui"),
    [("de-DE,de;q=0.9,en;q=0.8", "de"), ("en-US,de", "en"), ("fr,de", "en"), ("", "en"), (None, "en"), ("DE", "de")],
)
def test_the_interface_speaks_the_readers_language(accepted: str | None, ui: str) -> None:
    """German for browsers that put German first, English for all others."""
    assert interface_language(accepted) == ui


def test_both_languages_say_everything() -> None:
    """No word is missing in one interface, and every kind of junk the cleaner knows has a name a reader knows."""
    assert WORDS["de"].keys() == WORDS["en"].keys()
    for ui in WORDS:
        assert set(_JUNK[ui]) >= KINDS


def kinds() -> set[str]:
    """Every kind of finding that a call of ``Finding`` in the package names, and the kinds of facts."""
    calls = (
        node
        for path in (ROOT / "summarizer").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding"
    )
    named = (node for call in calls for node in [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "kind")])
    return {node.value for node in named if isinstance(node, ast.Constant)} | set(get_args(FactKind))


@pytest.mark.parametrize("kind", sorted(kinds()))
@pytest.mark.parametrize("step", ["input", "summary", "translation"])
@pytest.mark.parametrize(("value", "expected"), [("drei", None), ("drei", "vier"), ("", "vier")])
def test_every_finding_is_told_in_plain_words(kind: str, step: Step, value: str, expected: str | None) -> None:
    """Whatever a stage can find has a title in both languages and, in German, a German sentence; English is the message."""
    finding = Finding(step, kind, value, "the message", 0, "en", expected)
    german = told(finding, "de")
    assert german.language == "de"
    assert re.fullmatch(r"[A-ZÄÖÜ„].+[.]", german.text)
    assert "„“" not in german.text
    assert told(finding, "en") == Told("The message.", "en")
    assert finding_title(finding, "de") != finding_title(finding, "en") != kind.capitalize()


def test_an_unknown_kind_keeps_its_message() -> None:
    """A finding of somebody's own stage is shown in English, and marked as that for screen readers."""
    made = replace(result("Ein Satz.", lines=((0, 9),)), findings=(Finding("summary", "tone", "x", "too loud", 0),))
    assert '<p lang="en">Too loud.</p>' in render("Ein Satz.", made, ui="de")


@pytest.mark.parametrize(
    ("finding", "german"),
    [
        (Finding("translation", "number", "4", "", 0, "en", "3"), "„3“ steht im Ausgangssatz, „4“ in der Übersetzung."),
        (Finding("translation", "name", "", "", 0, "en", "Rom"), "„Rom“ steht im Ausgangssatz, aber nicht in der Übersetzung."),
        (Finding("summary", "date", "Mai", "", 0), "„Mai“ steht in der Zusammenfassung, aber nicht im Artikel."),
        (Finding("translation", "negation", "", "", 0, "en", "nicht"), "Die Verneinung „nicht“ steht im Ausgangssatz, fehlt aber in der Übersetzung."),
        (Finding("translation", "name", "Rom", "", 0, "en", "Rom", 0.3), "Das Modell hatte „Rom“ verloren; es wurde aus dem Ausgangssatz übernommen."),
        (Finding("summary", "unsupported", "Alt.", "", 0, None, "Neu."), "Das Modell schrieb „Alt.“, was der Artikel nicht deckt; dafür steht hier ein gedeckter Satz."),
        (Finding("translation", "repetition", "da da", "", 0, "en", span=Span(0, 5, "da da")), "Die Übersetzung wiederholt „da da“."),
        (Finding("translation", "language", "de", "", 0, "en", "en"), "Die Übersetzung liest sich wie Deutsch; verlangt war Englisch."),
        (Finding("translation", "pivot", "en", "", 0, "pl"), "Für dieses Sprachpaar gibt es kein direktes Modell; übersetzt wurde über Englisch."),
    ],
)  # fmt: skip
def test_german_sentences(finding: Finding, german: str) -> None:
    """What stands where, in words a reader knows."""
    assert told(finding, "de").text == german


def marks(html: str, place: str) -> list[tuple[str, str, str]]:
    """Class, marks and words of each finding shown within ``place``: a card by its number, or the source."""
    part = html.split('class="sz-source"')[1] if place == "source" else html.split('class="sz-lines"')[int(place)]
    found = re.findall(r'<(?:mark|span) class="([^"]*sz-note[^"]*)"[^>]*?data-mark="([^"]*)"[^>]*>(.*?)</', part)
    return [(cls.replace("sz-note ", ""), mark, words) for cls, mark, words in found]


def test_findings_are_marked_at_their_words() -> None:
    """What is wrong is marked where it stands, what was lost where it was; what concerns a whole line, at its end."""
    text = "Rom hat 3 Brücken. Der Rat sagte am 2. Mai nichts."
    lines = (
        Line("Rom hat 3 Brücken.", {"en": "It has 4 bridges."}, (Span(0, 18, text[:18]),), 1.0),
        Line("Der Rat sagte 5.", {"en": "The council said 5."}, (Span(19, 50, text[19:]),), 0.8),
    )
    findings = (
        Finding("translation", "number", "4", "", 0, "en", "3", 0.9, Span(7, 8, "4"), Span(8, 9, "3")),
        Finding("translation", "name", "", "", 0, "en", "Rom", 0.3, None, Span(0, 3, "Rom")),
        Finding("summary", "date", "5", "", 1, None, "2. Mai", 0.8, Span(14, 15, "5"), Span(36, 42, "2. Mai")),
        Finding("translation", "omission", "", "", 1, "en", None, 0.7),
        Finding("translation", "date", "5", "", 1, "fr", None, 0.7, Span(0, 3, "The")),
    )
    html = render(text, replace(result(text), lines=lines, findings=findings))
    assert marks(html, "1") == [("sz-name sz-quiet", "1b", "Rom"), ("sz-number", "1a", "3"), ("sz-date", "2a", "5")]
    assert marks(html, "2")[:3] == [
        ("sz-number", "1a", "4"), ("sz-name sz-quiet sz-whole", "1b", ""), ("sz-other sz-whole", "2b", ""),
    ]  # fmt: skip
    assert marks(html, "source") == [("sz-evidence sz-date", "2a", "2. Mai")]


def test_hints_are_kept_apart() -> None:
    """What is not sure stands folded up, is not counted, and says so."""
    sure, unsure = (
        Finding("input", "language", "de", "sure"),
        Finding("input", "sentence", "", "unsure", confidence=0.3),
    )
    made = result("Ein Satz.", lines=((0, 9),))
    html = render("Ein Satz.", replace(made, findings=(unsure, sure)))
    shown, folded = html.split('<details class="sz-hints">')
    assert ("Sure." in shown, "Unsure." in shown, "Unsure." in folded.split("</details>")[0]) == (True, False, True)
    assert '<small class="sz-count">1</small>' in shown
    assert "sz-hints" not in render("Ein Satz.", replace(made, findings=(sure,)))


@pytest.mark.parametrize(
    ("stage", "done", "now", "share"),
    [
        (None, (), "Reading", "0.000"),
        (Stage("summary"), (), "Summarizing", "0.200"),
        (Stage("summary", 1, 4), (), "Summarizing · part 2 of 4", "0.250"),
        (Stage("summary", 4, 4), (), "Summarizing · part 4 of 4", "0.400"),
        (Stage("translation", 1, 2), ("en",), "Translating into French · part 2 of 2", "0.700"),
        (Stage("translation", 1, 1), ("en", "fr"), "Translating into French", "0.800"),
        (Stage("checks"), ("en", "fr"), "Checking", "0.800"),
    ],
)
def test_steps_are_told_by_name(stage: Stage | None, done: tuple[str, ...], now: str, share: str) -> None:
    """The step at work and its part are named, the bar shows the share of all steps that is done."""
    html = render_working(["en", "fr"], ui="en", stage=stage, done=done)
    assert re.findall(r'aria-current="step">(.*?)<', html) == [now]
    assert f'value="{share}"' in html
    assert html.count('class="sz-stage ') == 5


def test_what_is_still_to_come_is_announced() -> None:
    """While translations are made the page is busy and names each; with the last one it is whole."""
    made = replace(result("Ein Satz.", lines=((0, 9),)), translations={})
    html = render("Ein Satz.", made, waiting=["en", "fr"])
    assert 'aria-busy="true"' in html
    assert [html.count(WORDS["en"][word]) for word in ("waiting", "queued")] == [1, 1]
    assert "French" in html
    assert "aria-busy" not in render("Ein Satz.", made)


def test_nothing_the_page_brings_points_elsewhere() -> None:
    """No style sheet, script or template of ours names another host."""
    for path in (ROOT / "summarizer/service/page/static").iterdir():
        if path.is_file():
            assert not re.search(r"https?://|[\"'(]//", path.read_text("utf-8")), path.name


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (None, "no text leaves it."),
        ("http://localhost:8000/v1", "no text leaves it."),
        ("https://models.example.org/v1", "A model runs at models.example.org, which is sent the text."),
    ],
)
def test_the_page_says_where_a_text_goes(url: str | None, told: str) -> None:
    """That nothing leaves the machine is said only where it is so: a preset may ask a server somewhere else."""
    summary = {"model": "chat", "server": {"url": url, "model": "m"}} if url else {"model": "extractive"}
    intro = panel("intro.html", ui="en", hosts=", ".join(elsewhere([Config.parse({"summary": summary})])))
    assert intro.count("leaves") + intro.count("is sent") == 1
    assert told in intro
