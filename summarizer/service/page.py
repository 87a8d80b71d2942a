"""The web page: Gradio with nothing from elsewhere, nothing kept, nothing shown unescaped."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from summarizer.errors import SummarizerError
from summarizer.service.core import Service, explained
from summarizer.service.examples import examples
from summarizer.service.framework import framework
from summarizer.service.inner import InOurWords
from summarizer.service.problems import BadShape, ServiceError
from summarizer.service.schema import SummarizeRequest
from summarizer.service.view import render, render_error, render_intro, render_working
from summarizer.service.words import WORDS, interface_language
from summarizer.types import LENGTHS, SENTENCES_OF

if TYPE_CHECKING:
    import gradio
    from fastapi import FastAPI

_STATIC = Path(__file__).parent / "static"
_EXAMPLES = 4  # on the page; more would push the result down
_FEW = 8  # target languages that fit on the page as boxes to tick; more become a list to search

# Where a model names no languages (``*``), the ones most asked for.
_COMMON = (
    "en",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "cs",
    "da",
    "sv",
    "no",
    "fi",
    "uk",
    "ru",
    "tr",
    "ar",
    "zh",
    "ja",
    "ko",
    "hi",
)

MOST = 15  # sentences; more is no summary of what fits on a page, and the API takes more

# The interface speaks the browser's language; the style sheet shows the intro in it.
_HEAD = "<script>document.documentElement.lang = /^de/i.test(navigator.language) ? 'de' : 'en';</script>"
_STOPPED = (
    "() => document.querySelector('#sz-result :is(.sz-result, .sz-working)')?.dispatchEvent("
    "new Event('sz-stopped', {bubbles: true}))"
)
_LENGTH_TO_NUMBER = f"(length) => ({json.dumps(dict(SENTENCES_OF))})[length]"
_KEYS = (
    "() => document.addEventListener('keydown', (event) => { if (event.key === 'Enter' && "
    "(event.ctrlKey || event.metaKey)) document.querySelector('#sz-run')?.click(); })"
)

_log = logging.getLogger(__name__)


def mount(app: FastAPI, service: Service) -> Callable[[], None]:
    """Put the page at ``/`` of the app. What comes back ends the streams of open pages, for the shutdown."""

    async def mounting() -> Callable[[], None]:
        return _mount(app, service)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(mounting())  # without a running loop Gradio opens several and leaves them open
    return _mount(app, service)


def _mount(app: FastAPI, service: Service) -> Callable[[], None]:
    gr = framework()
    say = gr.I18n(**{ui: dict(words) for ui, words in WORDS.items()})
    gr.mount_gradio_app(
        app,
        _blocks(gr, say, service),
        path="/",
        footer_links=[],
        run_history=False,  # or the browser would keep every text
        show_error=False,
        max_file_size="1mb",  # nothing is uploaded; the guard serves no upload path either
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        i18n=say,
        theme=_theme(gr),
        head=f"<style>{(_STATIC / 'page.css').read_text('utf-8')}</style>{_HEAD}",  # as css, Gradio would scope it
        js=_KEYS,
    )
    place: Any = app.routes[-1]
    mounted, place.app = place.app, InOurWords(place.app)
    return cast("Callable[[], None]", mounted.stop_event.set)


def _theme(gr: Any) -> gradio.themes.Base:
    """Gradio's plain theme with the system's fonts: Gradio's own would be asked for at Google."""
    return gr.themes.Default(
        primary_hue="teal",
        neutral_hue="slate",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "monospace"],
    ).set(
        body_background_fill="*neutral_50",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        block_radius="12px",
        button_large_radius="10px",
        button_primary_background_fill="*primary_700",  # white on it: 5.5 to 1
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        button_secondary_background_fill="transparent",
        button_secondary_border_color="*neutral_300",
        button_secondary_border_color_dark="*neutral_700",
    )


def _blocks(gr: Any, say: Any, service: Service) -> gradio.Blocks:
    with gr.Blocks(title="Summarizer", analytics_enabled=False, delete_cache=(3600, 3600)) as blocks:
        gr.HTML("".join(render_intro(ui=ui) for ui in WORDS), js_on_load=None, apply_default_css=False)
        with gr.Row():
            with gr.Column(scale=5, min_width=300):
                article = gr.Textbox(
                    label=say("article"), placeholder=say("placeholder"), lines=11, max_lines=22, elem_id="sz-article"
                )
            with gr.Column(scale=2, min_width=260):
                to = _languages(gr, say, service)
                length = gr.Radio(
                    [(say(name), name) for name in LENGTHS], value=None, label=say("length"), elem_id="sz-length"
                )
                sentences = gr.Slider(
                    1, MOST, _default(service), step=1, label=say("sentences"), buttons=[], elem_id="sz-sentences"
                )
                language = _source(gr, say, service)
                run = gr.Button(say("run"), variant="primary", size="lg", elem_id="sz-run")
                stop = gr.Button(say("stop"), size="lg", elem_id="sz-stop")
                clear = gr.Button(say("clear"), size="sm", elem_id="sz-clear")
                _example_buttons(gr, say, article, service)
        result = gr.HTML(
            elem_id="sz-result", js_on_load=(_STATIC / "page.js").read_text("utf-8"), apply_default_css=False
        )
        length.input(None, length, sentences, js=_LENGTH_TO_NUMBER, api_visibility="private")
        sentences.input(None, None, length, js="() => null", api_visibility="private")
        running = run.click(
            _answering(gr, service),
            inputs=[article, to, sentences, language],
            outputs=result,
            api_visibility="private",
            concurrency_limit=None,  # the desk bounds the work of page and API together
            show_progress="hidden",  # the result shows its own
        )
        clear.click(None, outputs=[article, result], js="() => ['', '']", cancels=[running], api_visibility="private")
        stop.click(None, js=_STOPPED, cancels=[running], api_visibility="private")
    return blocks.queue(api_open=False, max_size=service.desk.places)


def _languages(gr: Any, say: Any, service: Service) -> Any:
    translation = service.chain.config.translation
    choices = _named(_some(translation.languages.target) if translation else [])
    chosen = [code for _, code in choices[:1]]
    if len(choices) <= _FEW:
        return gr.CheckboxGroup(choices, value=chosen, label=say("to"), elem_id="sz-to")
    return gr.Dropdown(choices, value=chosen, multiselect=True, label=say("to"), elem_id="sz-to")


def _source(gr: Any, say: Any, service: Service) -> Any:
    translation = service.chain.config.translation
    known = (*translation.languages.source, *translation.languages.target) if translation else ("*",)
    choices = [(say("detected"), ""), *_named(["de", *_some(known)] if "*" in known else known)]
    return gr.Dropdown(choices, value="", label=say("from"), elem_id="sz-from")


def _some(codes: Sequence[str]) -> Sequence[str]:
    """The languages to choose from: those named, or the ones most asked for."""
    return _COMMON if "*" in codes else codes


def _named(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Languages by their own names."""
    from babel import Locale  # noqa: PLC0415 - names of languages, for the page alone

    return [((Locale.parse(code).get_display_name() or code).capitalize(), code) for code in dict.fromkeys(codes)]


def _example_buttons(gr: Any, say: Any, article: Any, service: Service) -> None:
    with gr.Group(elem_classes="sz-examples"):
        gr.Markdown(say("examples"))
        for example in examples(service.chain.config)[:_EXAMPLES]:
            button = gr.Button(example.name, size="sm", elem_classes="sz-example")
            spelled = json.dumps(example.text).replace("<", "\\u003c")  # it stands in a script of the page
            button.click(None, outputs=article, js=f"() => {spelled}", api_visibility="private")


def _answering(gr: Any, service: Service) -> Any:
    async def answer(text: str, to: list[str], sentences: int, language: str, request: Any) -> AsyncIterator[str]:
        ui = interface_language(request.headers.get("accept-language"))
        try:
            asked = _request(text or "", to or [], sentences, language)
            yield render_working(ui=ui)
            async with aclosing(service.steps(asked)) as steps:
                async for result in steps:
                    waiting = [code for code in asked.targets if code not in result.translations]
                    yield render(asked.text, result, ui=ui, waiting=waiting)
        except (SummarizerError, ServiceError) as error:
            yield render_error(error, ui=ui)
        except Exception as error:  # noqa: BLE001 - a reader gets words, the log a name; the message may quote the text
            _log.error("unforeseen %s on the page", type(error).__name__)
            yield render_error(error, ui=ui)

    answer.__annotations__["request"] = gr.Request  # how Gradio is asked for it; it is imported late
    return answer


def _request(text: str, to: list[str], sentences: int, language: str) -> SummarizeRequest:
    asked = {"text": text, "to": to, "sentences": sentences, "language": language or None}
    try:
        return SummarizeRequest.model_validate(asked)
    except ValidationError as error:
        raise BadShape(explained(error.errors(include_url=False, include_input=False))) from None


def _default(service: Service) -> int:
    return min(MOST, service.chain.config.summary.sentences)
