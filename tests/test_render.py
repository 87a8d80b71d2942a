"""A result as text and Markdown: every line has its source, every finding its place, and nothing steers the screen."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.render import blocks, markdown, plain, spelled, verbatim
from summarizer.types import Coverage, Dropped, Finding, Line, Result, Span

SOURCE = "Die Fähre kostet 12,5 Millionen Euro. Ahlers lobte das Schiff. Der Rat war nicht dafür."
TAKEN = Line("Die Fähre kostet 12,5 Millionen Euro.", {"en": "It costs 12 million."}, (Span(0, 37, SOURCE[:37]),), 1.0)
WRITTEN = Line("Ahlers lobte drei Schiffe.", {"en": "Ahlers praised the ships."}, (Span(38, 62, SOURCE[38:62]),), 0.756)
LOST = Finding("translation", "number", "12", "the source says “12,5”, the translation “12”", 0, "en", "12,5", 0.9)
MADE_UP = Finding("summary", "number", "drei", "“drei” is not in the article", 1, None, None, 0.8)
GUESSED = Finding("input", "language", "de", "The language is a guess.")
HINT = Finding("translation", "name", "", "“Ahlers” is missing in the translation", 1, "en", "Ahlers", 0.3)


def result(*findings: Finding, lines: tuple[Line, ...] = (TAKEN, WRITTEN), title: str = "Die Fähre") -> Result:
    coverage = Coverage(
        120, 90, 30, 0, (Dropped("credit", Span(90, 110, "Foto: dpa")), Dropped("url", Span(110, 120, "x.de")))
    )
    return Result("s", {"en": "t"}, title, "de", 0.9, lines, findings, coverage, {"total": 0.5}, "summarizer 0 | test")


PAGE = """\
Die Fähre

Summary (de)

Die Fähre kostet 12,5 Millionen Euro. [1] Ahlers lobte drei Schiffe. [2a]

Translation (en)

It costs 12 million. [1a] Ahlers praised the ships. [2]

Check before you trust it

- The language is a guess.
[1a] The source says “12,5”, the translation “12”.
[2a] “drei” is not in the article.

1 hint: --format markdown shows it

Sources (characters in the article)

[1] 0–37, word for word
[2] 76% held by “Ahlers lobte das Schiff.” (38–62)

120 characters: 90 read, 30 left out as junk, 0 not read.
"""

PAGE_IN_MARKDOWN = """\
# Die Fähre

## Summary (de)

Die Fähre kostet 12,5 Millionen Euro. [1] Ahlers lobte drei Schiffe. [2a]

## Translation (en)

It costs 12 million. [1a] Ahlers praised the ships. [2]

## Check before you trust it

- The language is a guess.
- [1a] The source says “12,5”, the translation “12”.
- [2a] “drei” is not in the article.

## Hints, less sure

- line 2, en: “Ahlers” is missing in the translation.

## Sources (characters in the article)

- [1] 0–37, word for word
- [2] 76% held by “Ahlers lobte das Schiff.” (38–62)

120 characters: 90 read, 30 left out as junk (1 × credit, 1 × url), 0 not read.

`summarizer 0 | test`
"""


def test_the_page_for_a_terminal() -> None:
    """Lines carry the number of their source and a letter for each finding; hints are counted, not shown."""
    assert plain(result(MADE_UP, HINT, LOST, GUESSED)) == PAGE


def test_the_page_in_markdown() -> None:
    """The same page with its hints under a heading of their own, the kinds of junk and the signature."""
    assert markdown(result(MADE_UP, HINT, LOST, GUESSED)) == PAGE_IN_MARKDOWN


def test_without_findings_it_says_what_was_compared() -> None:
    """Silence is not taken for a check: the page says that there was one, and does not ask to doubt it."""
    for page in (plain(result()), markdown(result())):
        assert "nothing stood out" in page
        assert "Check before" not in page
        assert "hint" not in page.lower()


def test_several_findings_of_several_languages() -> None:
    """Each finding has a letter of its own on its line, and says of which translation it speaks."""
    line = replace(TAKEN, translations={"en": "A.", "fr": "B."})
    found = (LOST, replace(LOST, language="fr"), replace(LOST, kind="name", language="fr"))
    page = plain(replace(result(*found, lines=(line,)), translations={"en": "A.", "fr": "B."}))
    assert "A. [1a]" in page
    assert "B. [1b, 1c]" in page
    assert "\n[1b] fr: The source" in page


def test_there_are_letters_for_any_number_of_findings() -> None:
    """The twenty-seventh finding on a line is ``aa``."""
    page = plain(result(*[LOST] * 28, lines=(TAKEN,)))
    assert "[1z] " in page
    assert "\n[1aa] " in page
    assert "1aa, 1ab]" in page


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (replace(TAKEN, text="Die  Fähre kostet\n12,5 Millionen Euro."), "0–37, word for word"),
        (replace(WRITTEN, evidence=()), "no sentence of the article holds this"),
        (replace(TAKEN, text="Die Fähre kostet zwölf Euro.", support=1.0), "100% held by “Die Fähre"),
    ],
)
def test_every_line_has_its_source(line: Line, told: str) -> None:
    """Word for word is said only of what is; a line without a source says so."""
    assert f"[1] {told}" in plain(result(lines=(line,)))
    assert verbatim(line) == told.endswith("word for word")


EVIL = "\x1b[31mrot\x1b[0m \x07\x9b2J\u202edrehen\u2066 \r\n# kein Titel\n[1]: http://x\n- <b>&amp;</b> `a` ~b~ | ![x](y) \ud83d"


def test_an_article_does_not_steer_the_terminal() -> None:
    """Escape sequences, controls and turned writing stay out; a line of the article is no line of the page."""
    evil = replace(
        TAKEN, text=EVIL, translations={"en": EVIL, EVIL: EVIL}, evidence=(Span(0, 9, EVIL), Span(0, 9, EVIL))
    )
    found = Finding("translation", "name", EVIL, EVIL, 0, "en", EVIL)
    made = replace(result(found, lines=(evil,), title=EVIL), translations={"en": EVIL}, signature=EVIL)
    for page in (plain(made), markdown(made)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
        assert "rot drehen # kein Titel" in page
        page.encode()
    assert not any(re.match(r"\[1\]: |# kein|- <b>", line) for line in markdown(made).splitlines())
    assert "\\<b\\>\\&amp;\\</b\\> \\`a\\`" in markdown(made)


@pytest.mark.parametrize(
    "text", ["# a", "- a", "+ a", "18. Dezember", "3) a", "---", "- - -", "===", "> a", "* a", "1986"]
)
def test_a_line_of_the_article_is_no_markdown(text: str) -> None:
    """What begins like a heading, a list, a rule or a quote is shown as it is."""
    body = markdown(result(lines=(replace(TAKEN, text=text),))).split("\n\n")[2]
    assert body.replace("\\", "") == f"{text} [1]"
    assert re.match(r"\\|\d+\\|1986", body)


@given(st.text(max_size=60))
def test_any_text_stays_in_its_place(text: str) -> None:
    """Whatever a line says, the page has the same blocks, one line each."""
    made = result(lines=(replace(TAKEN, text=text or "x"),))
    assert len(plain(made).splitlines()) == len(plain(result(lines=(TAKEN,))).splitlines()) or not text.strip()
    assert all("\n" not in spelled(block) for block in blocks(made, whole=True))
