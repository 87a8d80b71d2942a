"""A reader at the page in a real Chromium: opening it, running it, looking at it. Screenshots are kept in ``artifacts/``.

``SUMMARIZER_ARTIFACTS`` names another folder for them.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import expect

import summarizer
from summarizer.service.app import create_app
from summarizer.service.limits import Limits
from summarizer.testing import fake_config
from tests.service.shared import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SHOTS = Path(os.environ.get("SUMMARIZER_ARTIFACTS", ROOT / "artifacts"))
EVIL = (
    "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'> ${window.pwned = 3} {{7*7}} **fett** "
    "</textarea><svg onload='window.pwned = 4'>"
)
PATIENCE = 60_000  # ms; a busy machine takes its time, and a test that waits for what it means loses none
expect.set_options(timeout=PATIENCE)
DONE = ".sz-result:not([aria-busy]), .sz-error"
LIMITS = Limits(file=300_000, batch_body=400_000, rows=60, batch_size=1)

Open = Callable[..., Any]


@contextmanager
def serving(*chains: summarizer.Chain, limits: Limits = LIMITS, **options: Any) -> Iterator[str]:
    """The page on a free port, served as in earnest."""
    app = create_app(*chains, limits=limits, **options)
    config = uvicorn.Config(app, port=0, log_level="error", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server ended before it had begun"
        threading.Event().wait(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(30)


def careless(name: str = "fake", targets: Sequence[str] = ("en", "fr", "es"), sentences: int = 3) -> summarizer.Chain:
    """A chain in which only the translator is a fake; it makes mistakes in Spanish."""
    summary = {"model": "extractive", "sentences": sentences}
    translation = {"model": "tests.service.shared:Careless", "languages": {"source": ["*"], "target": list(targets)}}
    return summarizer.load(fake_config(name=name, summary=summary, translation=translation, max_characters=100_000))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The page with one preset, as a reader finds it by default."""
    with serving(careless()) as address:
        yield address


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
        made.set_default_timeout(PATIENCE)
        return made

    return context


@pytest.fixture
def visit(contexts: Callable[[str], Any], address: str) -> Iterator[Open]:
    """Opens the page; at the end no page has complained, and none has asked another host for anything.

    ``refused``: the service refuses something, which the browser notes.
    """
    complaints: list[str] = []
    pages = []

    def open_page(
        at: str = address, *, width: int = 1280, language: str = "en-GB", scheme: str = "light", refused: bool = False
    ) -> Any:
        page = contexts(language).new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.on("console", lambda said: None if refused and _refusal(said) else complaints.extend(_complaint(said)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda asked: None if _local(asked.url, at) else complaints.append(asked.url))
        page.goto(at)
        page.wait_for_selector("#sz-article textarea")
        # Gradio draws the page under its own "Loading..." and takes that away a moment later; the page's scripts come
        # when they come.
        page.wait_for_function("document.documentElement.dataset.hears && !document.querySelector('p.loading')")
        return page

    yield open_page
    pwned = [page.evaluate("window.pwned") for page in pages]
    for page in pages:
        page.close()
    assert complaints == []
    assert set(pwned) <= {None}


def _complaint(said: Any) -> list[str]:
    return [said.text] if said.type in ("error", "warning") else []


def _refusal(said: Any) -> bool:
    return bool(said.text.startswith("Failed to load resource: the server responded with a status of 4"))


def summarize(page: Any, text: str) -> None:
    """Run an article to its end, and until the page rests."""
    page.fill("#sz-article textarea", text)
    page.click("#sz-run")
    at_rest(page)


def at_rest(page: Any) -> None:
    """There is a result or an error, nothing is at work any more, and the page can be asked again."""
    page.wait_for_selector(DONE)
    expect(page.locator("#sz-working .sz-working")).to_have_count(0)
    expect(page.locator("#sz-run")).to_be_visible()


def until(true: Callable[[], object], instead: Callable[[], object] = lambda: "") -> None:
    """Wait for what a page comes to be, where no locator can say it. ``instead`` tells what is there, when it never does."""
    for _ in range(600):
        if true():
            return
        threading.Event().wait(0.1)
    pytest.fail(f"waited in vain: {instead()}")


def shoot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"page-{name}.png", full_page=True)


def _local(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:" + address))


def contrast(page: Any, place: str) -> float:
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
