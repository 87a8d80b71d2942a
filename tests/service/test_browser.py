"""The page in a real Chromium: one article, as a reader pastes it, and as an attacker does."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.service.browsing import EVIL, LIMITS, Open, at_rest, careless, contrast, serving, shoot, summarize, until
from tests.service.shared import ARTICLE, SLOW

pytestmark = pytest.mark.browser


def test_paste_run_and_follow_a_line_to_its_source(visit: Open) -> None:
    """Summary and translation appear; a click on a line lights it and its source, a click on the source lights it back."""
    page = visit()
    page.get_by_label("Français").check()
    summarize(page, ARTICLE)
    cards = page.locator(".sz-lines")
    expect(cards).to_have_count(3)
    summary = cards.nth(0).locator(".sz-line").all_inner_texts()
    assert len(summary) == 3
    assert cards.nth(1).locator(".sz-line").all_inner_texts() == [f"«en» {line}" for line in summary]
    assert cards.nth(2).locator(".sz-line").all_inner_texts() == [f"«fr» {line}" for line in summary]
    assert page.locator(".sz-evidence").all_inner_texts() == summary
    page.locator(".sz-line").nth(1).click()
    expect(page.locator(".sz-evidence.sz-lit")).to_have_text([summary[1]])
    expect(page.locator(".sz-line.sz-lit")).to_have_count(3)
    expect(page.locator(".sz-line[aria-pressed=true]")).to_have_count(3)
    expect(page.locator("#sz-result .sz-live")).to_contain_text(summary[1])
    shoot(page, "desktop")
    page.locator(".sz-evidence").nth(2).click()
    expect(page.locator(".sz-line.sz-lit").first).to_have_text(summary[2])


def test_pointing_and_tabbing_light_the_source(visit: Open) -> None:
    """Pointing lights a line's source for as long as it lasts, the focus for good, and both say it to everybody."""
    page = visit()
    summarize(page, ARTICLE)
    lines, lit = page.locator(".sz-lines").nth(1).locator(".sz-line"), page.locator(".sz-evidence.sz-lit")
    sources = page.locator(".sz-lines").first.locator(".sz-line").all_inner_texts()
    lines.nth(0).focus()
    expect(lit).to_have_text([sources[0]])
    expect(page.locator("#sz-result .sz-live")).to_contain_text(sources[0])
    page.keyboard.press("Tab")
    expect(lit).to_have_text([sources[1]])
    lines.nth(2).hover()
    expect(lit).to_have_text([sources[2]])
    page.locator(".sz-signature").hover()
    expect(lit).to_have_text([sources[1]])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_findings_stand_at_their_words_and_say_what_they_mean(visit: Open, scheme: str) -> None:
    """A wrong year is marked on both sides and told in the reader's language; pointing at one shows the other."""
    page = visit(language="de-DE", scheme=scheme)
    page.get_by_label("Español").check()
    summarize(page, ARTICLE)
    german, spanish = page.locator(".sz-lines").nth(0), page.locator(".sz-lines").nth(2)
    assert "1904" in german.locator(".sz-note.sz-date").all_inner_texts()
    wrong = spanish.locator(".sz-note.sz-date").filter(has_text="1940")
    assert wrong.get_attribute("title") == "„1904“ steht im Ausgangssatz, „1940“ in der Übersetzung."
    finding = page.locator(".sz-finding[data-kind=date]").filter(has_text="1940")
    assert "„1904“ steht im Ausgangssatz" in finding.inner_text()
    mark = finding.get_attribute("data-note")
    assert mark in wrong.get_attribute("data-notes").split()
    line = spanish.locator(".sz-line").filter(has_text="1940")
    assert f"sz-note-{mark}" in line.get_attribute("aria-describedby").split()
    finding.hover()
    expect(wrong).to_have_class(re.compile(r"\bsz-on\b"))
    for place in (".sz-lines .sz-date", ".sz-finding p", ".sz-key .sz-date", ".sz-swatch-junk", ".sz-limits"):
        assert contrast(page, place) >= 4.5, place
    line.click()
    until(lambda: contrast(page, ".sz-lines .sz-lit .sz-date") >= 4.5)
    shoot(page, f"findings-{scheme}")


def test_junk_is_greyed_with_its_kind(visit: Open) -> None:
    """What was left out stands in the source, struck out, and says what it is; coverage counts it."""
    page = visit(language="de-DE")
    summarize(page, ARTICLE)
    junk = page.locator(".sz-junk")
    assert "Foto: © Petra Beispiel" in " ".join(junk.all_inner_texts())
    assert "Bildnachweis" in [node.get_attribute("title") for node in junk.all()]
    assert page.locator(".sz-source").evaluate("node => node.textContent") == ARTICLE
    assert "Bildnachweis" in page.locator(".sz-junk-kinds").inner_text()
    assert re.search(r"\d+ % gelesen", page.locator(".sz-legend").inner_text())


def test_markup_in_an_article_is_text(visit: Open) -> None:
    """Scripts, handlers, templates and markdown are shown as they are, nothing runs."""
    page = visit()
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    text = f"{EVIL}\n\n{ARTICLE}\n\nDer Rat sagte {EVIL} am Montag im Rathaus nichts weiter dazu."
    summarize(page, text)
    page.locator(".sz-line").first.click()
    expect(page.locator(".sz-line.sz-lit")).not_to_have_count(0)
    assert page.evaluate("window.pwned") is None  # and again when the page is left
    assert page.locator(".sz-source").evaluate("node => node.textContent") == text
    assert page.locator(".sz-result :is(script, img, svg)").count() == 0
    shoot(page, "markup")


def test_length_and_number_go_together(visit: Open) -> None:
    """A length sets the number of sentences, and the number is what counts."""
    page = visit()
    page.get_by_label("short").check()
    expect(page.locator("#sz-sentences input[type=number]")).to_have_value("2")
    summarize(page, ARTICLE)
    expect(page.locator(".sz-lines").first.locator(".sz-line")).to_have_count(2)


# What a button says for a moment only.
TELLS_ITS_NEXT_TEXT = """(node) => {
    node.next = new Promise((heard) => {
        new MutationObserver(() => heard(node.textContent)).observe(node, { childList: true });
    });
}"""


def test_copy_and_save(visit: Open) -> None:
    """Copy puts the lines on the clipboard; the files hold the result."""
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    summarize(page, ARTICLE)
    button = page.get_by_label("Copy: Summary")
    button.evaluate(TELLS_ITS_NEXT_TEXT)
    button.click()
    assert button.evaluate("node => node.next") == "Copied"
    lines = page.locator(".sz-lines").first.locator(".sz-line").all_inner_texts()
    assert page.evaluate("navigator.clipboard.readText()") == " ".join(lines)
    with page.expect_download() as waiting:
        page.locator("#sz-result").get_by_text("Save as .json").click()
    saved = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    assert (waiting.value.suggested_filename, saved["summary"]) == ("summary.json", " ".join(lines))
    with page.expect_download() as waiting:
        page.locator("#sz-result").get_by_text("Save as .md").click()
    assert lines[0] in Path(waiting.value.path()).read_text("utf-8")


def test_a_result_grows_and_can_be_stopped(visit: Open) -> None:
    """The summary stands before its translation is made; what was chosen stays lit; Stop leaves what is there."""
    page = visit()
    SLOW.clear()
    try:
        page.fill("#sz-article textarea", ARTICLE.replace("Montag", "Mittwoch"))  # not asked before, or it is known
        page.click("#sz-run")
        page.wait_for_selector(".sz-result[aria-busy]")
        expect(page.locator(".sz-lines")).to_have_count(1)
        expect(page.locator(".sz-coming")).to_have_count(1)
        expect(page.locator("#sz-result .sz-actions")).to_be_hidden()
        page.locator(".sz-line").nth(1).click()
        SLOW.set()
        at_rest(page)
        expect(page.locator(".sz-line.sz-lit")).to_have_count(2)
        SLOW.clear()
        page.fill("#sz-article textarea", ARTICLE.replace("Montag", "Freitag"))
        page.click("#sz-run")
        page.wait_for_selector(".sz-result[aria-busy]")
        page.click("#sz-stop")
        at_rest(page)
        expect(page.locator(".sz-lines")).to_have_count(1)
        expect(page.locator(".sz-coming")).to_have_count(0)
    finally:
        SLOW.set()
    page.click("#sz-run")
    expect(page.locator(".sz-lines")).to_have_count(2)


def test_the_language_can_be_said(visit: Open) -> None:
    """What is detected is shown; what the reader says goes before it."""
    page = visit()
    page.get_by_label("Language of the article").click()
    page.get_by_role("option", name="Français").click()
    summarize(page, ARTICLE)
    expect(page.locator(".sz-lines").first).to_have_attribute("lang", "fr")
    expect(page.locator("#sz-result .sz-facts")).to_have_text(re.compile(r"^\s*French"))


def test_errors_are_friendly(visit: Open) -> None:
    """What cannot be summarised is said in words, with the cure, and no traceback; then the page goes on."""
    page = visit()
    for text, title in (
        ("   \n ", "There is nothing to summarize yet"),
        ("7 7 7", "There is nothing to summarize yet"),
        ("Der Hund bellt. " * 20_000, "That is more text than this page takes"),
    ):
        page.click("#sz-clear")
        page.wait_for_selector(".sz-error", state="detached")
        summarize(page, text)
        expect(page.locator(".sz-error")).to_contain_text(title)
        assert "Traceback" not in page.content()
    shoot(page, "error")
    summarize(page, ARTICLE)
    page.wait_for_selector(".sz-result")


def test_what_the_service_does_not_take_is_said(visit: Open) -> None:
    """Too often, or more than a body may have: the reader is told, and the next try clears it."""
    with serving(careless(), limits=replace(LIMITS, batch_body=5000, address_rate="2/day")) as strict:
        page = visit(strict, refused=True, language="de-DE")
        said = page.locator(".sz-refused:visible")
        page.fill("#sz-article textarea", ARTICLE * 10)
        page.click("#sz-run")
        said.filter(has_text="So viel nimmt diese Seite nicht an.").wait_for()
        summarize(page, ARTICLE)
        expect(said).to_have_count(0)
        page.click("#sz-run")
        said.filter(has_text="Das war sehr oft, bitte einen Augenblick warten.").wait_for()


def test_examples_fill_the_article(visit: Open) -> None:
    """A click on an example puts it into the field; Clear empties field and result."""
    page = visit()
    page.locator(".sz-example").first.click()
    page.wait_for_function("document.querySelector('#sz-article textarea').value.length > 300")
    page.click("#sz-run")
    at_rest(page)
    shoot(page, "example")
    page.click("#sz-clear")
    page.wait_for_selector(".sz-result", state="detached")
    expect(page.locator("#sz-article textarea")).to_have_value("")
