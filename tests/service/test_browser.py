"""The page in a real Chromium: what a reader does, and what an attacker tries. Screenshots are kept in ``artifacts/``."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import uvicorn

import summarizer
from summarizer.service.app import create_app
from summarizer.service.limits import Limits
from summarizer.testing import fake_config
from tests.service.shared import ARTICLE, ROOT, SLOW

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SHOTS = ROOT / "artifacts"
EVIL = (
    "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'> ${window.pwned = 3} {{7*7}} **fett** "
    "</textarea><svg onload='window.pwned = 4'>"
)

DONE = ".sz-result:not([aria-busy]), .sz-error"

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The page on a free port, served as in earnest; only the translator is a fake."""
    translation = {
        "model": "tests.service.shared:Careless",
        "languages": {"source": ["*"], "target": ["en", "fr", "es"]},
    }
    chain = summarizer.load(fake_config(translation=translation, max_characters=100_000))
    config = uvicorn.Config(
        create_app(chain, limits=Limits(body=200_000)),
        port=0,
        log_level="error",
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        threading.Event().wait(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; install it with: apt-get install chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - without Chromium it is not needed

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def contexts(browser: Any) -> Callable[[str], Any]:
    """A browser context per language of the reader, shared so that the page's own files are loaded once."""

    @cache
    def context(language: str) -> Any:
        made = browser.new_context(locale=language, reduced_motion="reduce")
        made.set_default_timeout(60_000)
        return made

    return context


@pytest.fixture
def visit(contexts: Callable[[str], Any], address: str) -> Iterator[Open]:
    """Opens the page; at the end no page has complained, and none has asked another host for anything."""
    complaints: list[str] = []
    pages = []

    def open_page(*, width: int = 1280, language: str = "en-GB", scheme: str = "light") -> Any:
        page = contexts(language).new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: None if _local(asked.url, address) else complaints.append(asked.url))
        page.goto(address)
        page.wait_for_selector("#sz-article textarea")
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []


def summarize(page: Any, text: str) -> None:
    page.fill("#sz-article textarea", text)
    page.click("#sz-run")
    page.wait_for_selector(DONE)


def shoot(page: Any, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"page-{name}.png", full_page=True)


def test_paste_run_and_follow_a_line_to_its_source(visit: Open) -> None:
    """Summary and translation appear; a click on a line lights it and its source, a click on the source lights it back."""
    page = visit()
    page.get_by_label("Français").check()
    summarize(page, ARTICLE)
    cards = page.locator(".sz-lines")
    assert cards.count() == 3
    summary = cards.nth(0).locator(".sz-line").all_inner_texts()
    assert len(summary) == 3
    assert cards.nth(1).locator(".sz-line").all_inner_texts() == [f"«en» {line}" for line in summary]
    assert cards.nth(2).locator(".sz-line").all_inner_texts() == [f"«fr» {line}" for line in summary]
    assert page.locator(".sz-evidence").all_inner_texts() == summary
    page.locator(".sz-line").nth(1).click()
    assert page.locator(".sz-evidence.sz-lit").all_inner_texts() == [summary[1]]
    assert page.locator(".sz-line.sz-lit").count() == 3
    assert page.locator(".sz-line[aria-pressed=true]").count() == 3
    assert summary[1] in page.locator("#sz-result .sz-live").inner_text()
    shoot(page, "desktop")
    page.locator(".sz-evidence").nth(2).click()
    assert page.locator(".sz-line.sz-lit").first.inner_text() == summary[2]


def test_pointing_and_tabbing_light_the_source(visit: Open) -> None:
    """Pointing lights a line's source for as long as it lasts, the focus for good, and both say it to everybody."""
    page = visit()
    summarize(page, ARTICLE)
    lines, lit = page.locator(".sz-lines").nth(1).locator(".sz-line"), page.locator(".sz-evidence.sz-lit")
    sources = page.locator(".sz-lines").first.locator(".sz-line").all_inner_texts()
    lines.nth(0).focus()
    assert lit.all_inner_texts() == [sources[0]]
    assert sources[0] in page.locator("#sz-result .sz-live").inner_text()
    page.keyboard.press("Tab")
    assert lit.all_inner_texts() == [sources[1]]
    lines.nth(2).hover()
    assert lit.all_inner_texts() == [sources[2]]
    page.locator(".sz-signature").hover()
    assert lit.all_inner_texts() == [sources[1]]


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
    assert "sz-on" in wrong.get_attribute("class")
    for place in (".sz-lines .sz-date", ".sz-finding p", ".sz-key .sz-date", ".sz-swatch-junk", ".sz-limits"):
        assert _contrast(page, place) >= 4.5, place
    line.click()
    assert _contrast(page, ".sz-lines .sz-lit .sz-date") >= 4.5
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
    page.wait_for_timeout(300)
    assert page.evaluate("window.pwned") is None
    assert page.locator(".sz-source").evaluate("node => node.textContent") == text
    assert page.locator(".sz-result :is(script, img, svg)").count() == 0
    shoot(page, "markup")


@pytest.mark.parametrize(("scheme", "language"), [("light", "de-DE"), ("dark", "en-GB")])
def test_it_fits_every_screen(visit: Open, scheme: str, language: str) -> None:
    """No sideways scrolling, from a phone up, by day and by night; text stands out from its ground."""
    page = visit(width=390, scheme=scheme, language=language)
    summarize(page, ARTICLE + "\n\n" + "Donaudampfschifffahrtsgesellschaft" * 9)
    page.locator(".sz-line").first.click()
    for place in (".sz-line", ".sz-line.sz-lit", ".sz-hint", ".sz-source", ".sz-junk", "#sz-run", "#sz-clear"):
        assert _contrast(page, place) >= 4.5, place
    for width in (390, 820, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shoot(page, f"{width}-{scheme}-{language[:2]}")


def test_keyboard_and_screen_reader(visit: Open) -> None:
    """Every control has a name, Ctrl+Enter runs, lines are buttons that take the focus."""
    page = visit()
    page.get_by_label("Article", exact=True).fill(ARTICLE)
    page.get_by_label("Article", exact=True).press("Control+Enter")
    page.wait_for_selector(DONE)
    line = page.locator(".sz-line").first
    line.focus()
    line.press("Enter")
    assert page.locator(".sz-evidence.sz-lit").count() == 1
    unnamed = page.locator("button, input, textarea, select").evaluate_all(
        "nodes => nodes.filter(n => n.checkVisibility() && !(n.ariaLabel || n.innerText?.trim() || n.labels?.length"
        " || n.title || n.getAttribute('aria-labelledby'))).map(n => n.outerHTML.slice(0, 120))"
    )
    assert unnamed == []
    assert page.locator("html").get_attribute("lang") == "en"


def test_length_and_number_go_together(visit: Open) -> None:
    """A length sets the number of sentences, and the number is what counts."""
    page = visit()
    page.get_by_label("short").check()
    page.wait_for_function("document.querySelector('#sz-sentences input[type=number]').value === '2'")
    summarize(page, ARTICLE)
    assert page.locator(".sz-lines").first.locator(".sz-line").count() == 2


def test_copy_and_save(visit: Open) -> None:
    """Copy puts the lines on the clipboard; the files hold the result."""
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    summarize(page, ARTICLE)
    page.get_by_label("Copy: Summary").click()
    lines = page.locator(".sz-lines").first.locator(".sz-line").all_inner_texts()
    page.wait_for_selector("text=Copied")
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
        assert page.locator(".sz-lines").count() == 1
        assert page.locator(".sz-coming").count() == 1
        assert not page.locator("#sz-result .sz-actions").is_visible()
        page.locator(".sz-line").nth(1).click()
        SLOW.set()
        page.wait_for_selector(DONE)
        assert page.locator(".sz-line.sz-lit").count() == 2
        assert page.locator("#sz-run").is_visible()
        SLOW.clear()
        page.fill("#sz-article textarea", ARTICLE.replace("Montag", "Freitag"))
        page.click("#sz-run")
        page.wait_for_selector(".sz-result[aria-busy]")
        page.click("#sz-stop")
        page.wait_for_selector(DONE)
        assert page.locator(".sz-lines").count() == 1
        assert page.locator(".sz-coming").count() == 0
        assert page.locator("#sz-run").is_visible()
    finally:
        SLOW.set()
    page.click("#sz-run")
    page.wait_for_function("document.querySelectorAll('.sz-lines').length === 2")


def test_the_language_can_be_said(visit: Open) -> None:
    """What is detected is shown; what the reader says goes before it."""
    page = visit()
    page.get_by_label("Language of the article").click()
    page.get_by_role("option", name="Français").click()
    summarize(page, ARTICLE)
    assert page.locator(".sz-lines").first.get_attribute("lang") == "fr"
    assert page.locator("#sz-result .sz-facts").inner_text().startswith("French")


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
        assert title in page.locator(".sz-error").inner_text()
        assert "Traceback" not in page.content()
    shoot(page, "error")
    summarize(page, ARTICLE)
    page.wait_for_selector(".sz-result")


def test_examples_fill_the_article(visit: Open) -> None:
    """A click on an example puts it into the field; Clear empties field and result."""
    page = visit()
    page.locator(".sz-example").first.click()
    page.wait_for_function("document.querySelector('#sz-article textarea').value.length > 300")
    page.click("#sz-run")
    page.wait_for_selector(DONE)
    shoot(page, "example")
    page.click("#sz-clear")
    page.wait_for_selector(".sz-result", state="detached")
    assert page.locator("#sz-article textarea").input_value() == ""


def _local(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:" + address))


def _contrast(page: Any, place: str) -> float:
    """The WCAG contrast of a place's text with the ground behind it."""
    return float(
        page.locator(place).first.evaluate(
            """node => {
        const parse = (colour) => {
            const canvas = new OffscreenCanvas(1, 1).getContext("2d");
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            return canvas.getImageData(0, 0, 1, 1).data;
        };
        const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
        let ground = node;
        while (ground.parentElement && parse(getComputedStyle(ground).backgroundColor)[3] < 255) ground = ground.parentElement;
        const pair = [parse(getComputedStyle(node).color), parse(getComputedStyle(ground).backgroundColor)].map(light);
        return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    }"""
        )
    )
