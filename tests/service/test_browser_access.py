"""The page for everybody, in a real Chromium: keyboard, screen reader, phone, day and night, what axe-core finds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests.service.browsing import Open, at_rest, contrast, shoot, summarize, until
from tests.service.shared import ARTICLE, SLOW

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TABLE = f'id,text\na-1,"{ARTICLE}"\n{"Donaudampfschifffahrt" * 9},"Der Rat tagt am 3. Mai."\nleer,\n'


def broken_rules(page: Any) -> list[str]:
    """What axe-core finds wrong: WCAG 2.2 A and AA, and its best practices."""
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [f"{broken['id']}: {node['html'][:160]}" for broken in found["violations"] for node in broken["nodes"]]


def beyond_the_edge(page: Any) -> list[str]:
    """What reaches out of the window to the right, though nobody can scroll there."""
    found = page.evaluate("""() => Array.from(document.querySelectorAll("main *"))
        .filter((node) => node.checkVisibility({ visibilityProperty: true }) && node.getBoundingClientRect().right > innerWidth + 1)
        .map((node) => node.outerHTML.slice(0, 100))""")
    return [str(html) for html in found]


def run_table(page: Any) -> None:
    page.get_by_role("tab").nth(1).click()
    file = {"name": "rows.csv", "mimeType": "", "buffer": TABLE.encode()}
    page.locator(".sz-many .sz-file:visible").set_input_files(file)
    page.locator(".sz-chosen:visible").wait_for()
    page.click("#sz-rows-run")
    page.locator(".sz-rows:visible .sz-state-failed").wait_for()
    page.locator("#sz-rows-run").wait_for()


@pytest.mark.parametrize(("scheme", "language"), [("light", "de-DE"), ("dark", "en-GB")])
def test_no_rule_is_broken_and_it_fits_every_screen(visit: Open, scheme: str, language: str) -> None:
    """By day and by night, empty, with a result, with rows: axe-core finds nothing, and nothing scrolls sideways."""
    page = visit(width=390, scheme=scheme, language=language)
    until(lambda: broken_rules(page) == [], lambda: broken_rules(page))
    summarize(page, ARTICLE + "\n\n" + "Donaudampfschifffahrtsgesellschaft" * 9)
    page.locator(".sz-line").first.click()
    for place in (".sz-line", ".sz-line.sz-lit", ".sz-hint", ".sz-source", ".sz-junk", "#sz-run", "#sz-clear"):
        until(lambda place=place: contrast(page, place) >= 4.5, lambda place=place: place)
    for tab in ("article", "rows"):
        if tab == "rows":
            run_table(page)
        until(lambda: broken_rules(page) == [], lambda: broken_rules(page))
        for width in (390, 820, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_function("(width) => document.documentElement.scrollWidth <= width", arg=width)
            until(lambda: beyond_the_edge(page) == [], lambda: beyond_the_edge(page))
            shoot(page, f"{tab}-{width}-{scheme}-{language[:2]}")


def test_keyboard_and_screen_reader(visit: Open) -> None:
    """Every control has a name, Ctrl+Enter runs, lines are buttons that take the focus."""
    page = visit()
    page.get_by_label("Article", exact=True).fill(ARTICLE)
    page.get_by_label("Article", exact=True).press("Control+Enter")
    at_rest(page)
    line = page.locator(".sz-line").first
    line.focus()
    line.press("Enter")
    expect(page.locator(".sz-evidence.sz-lit")).to_have_count(1)
    unnamed = page.locator("button, input, textarea, select").evaluate_all(
        "nodes => nodes.filter(n => n.checkVisibility() && !(n.ariaLabel || n.innerText?.trim() || n.labels?.length"
        " || n.title || n.getAttribute('aria-labelledby'))).map(n => n.outerHTML.slice(0, 120))"
    )
    assert unnamed == []
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_tab_key_reaches_everything_in_reading_order(visit: Open) -> None:
    """Tabs, field, file, examples, options, run; nothing that is hidden takes the focus, and none of it holds it."""
    page = visit()
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("""() => {
                const node = document.activeElement, home = node.closest("[id^=sz-], .sz-example, .sz-bring");
                const box = node.getBoundingClientRect();
                return [home?.id || home?.classList[0] || node.tagName, node.checkVisibility() && box.width > 0];
            }""")
        )
        if reached[-1][0] == "sz-clear":
            break
    order = list(dict.fromkeys(name.replace("button", "") for name, _ in reached))
    wanted = [
        "sz-tabs",
        "sz-article",
        "sz-bring",
        "sz-to",
        "sz-length",
        "sz-sentences",
        "sz-from",
        "sz-run",
        "sz-clear",
    ]
    assert [name for name in order if name in wanted] == wanted
    assert all(visible for _, visible in reached)


def test_a_file_can_be_chosen_by_keyboard(visit: Open) -> None:
    """The button is a field for files with a name of its own; Enter opens the system's dialogue."""
    page = visit()
    field = page.get_by_label("Choose a file").locator("visible=true")
    with page.expect_file_chooser() as waiting:
        field.press("Enter")
    waiting.value.set_files({"name": "a.txt", "mimeType": "", "buffer": ARTICLE.encode()})
    expect(page.locator("#sz-article textarea")).to_have_value(re.compile(r"1\.250\.000"))
    expect(page.locator(".sz-said[role=status]:visible")).to_have_text(re.compile(r"^a\.txt: "))


def test_the_steps_are_shown_while_they_last(visit: Open) -> None:
    """The step at work is named and marked for screen readers; with the result it goes away."""
    page = visit(language="de-DE")
    SLOW.clear()
    try:
        page.fill("#sz-article textarea", ARTICLE.replace("Montag", "Samstag"))
        page.click("#sz-run")
        step = page.locator("#sz-working [aria-current=step]")
        step.filter(has_text="Übersetzen: Englisch").wait_for()
        expect(page.locator(".sz-stage-past")).to_have_text(["Lesen", "Zusammenfassen"])
        bar = page.locator("#sz-working progress")
        expect(bar).to_have_attribute("aria-label", "Zusammenfassung und Übersetzungen fertig")
        expect(bar).to_have_attribute("value", "0.500")
        shoot(page, "steps")
    finally:
        SLOW.set()
    at_rest(page)  # which says that nothing is shown as at work
