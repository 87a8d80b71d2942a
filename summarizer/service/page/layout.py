"""The web page: Gradio with nothing from elsewhere, nothing kept, nothing shown unescaped."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from summarizer.config import Config
from summarizer.errors import SummarizerError
from summarizer.progress import Stage
from summarizer.service.core import Service
from summarizer.service.page import fields
from summarizer.service.page.examples import examples
from summarizer.service.page.framework import framework
from summarizer.service.page.growing import growing
from summarizer.service.page.inner import InOurWords
from summarizer.service.page.speech import counted, elsewhere, facts, sized, speech
from summarizer.service.page.view import panel, render, render_error, render_working
from summarizer.service.page.words import WORDS, interface_language
from summarizer.service.problems import ServiceError
from summarizer.service.schema import SummarizeRequest
from summarizer.service.shape import of_shape

if TYPE_CHECKING:
    import gradio
    from fastapi import FastAPI

_STATIC = Path(__file__).parent / "static"
_EXAMPLES = 4  # on the page; more would push the result down

# The interface speaks the browser's language; the style sheet shows what is in it.
_HEAD = "<script>document.documentElement.lang = /^de/i.test(navigator.language) ? 'de' : 'en';</script>"
_STYLES = ("page.css", "result.css", "rows.css")
_SCRIPTS = ("speech.js", "tables.js", "bring.js", "many.js", "rows.js", "refused.js", "keys.js")
_STOPPED = "() => document.dispatchEvent(new Event('sz-stopped'))"
_TELL = "(...asked) => { document.dispatchEvent(new CustomEvent('sz-rows-%s', {detail: asked})); }"
_OF_MANY = "() => document.body.classList.%s('sz-of-many')"

_log = logging.getLogger(__name__)


def mount(app: FastAPI, service: Service, *, urls: bool = False) -> Callable[[], None]:
    """Put the page at ``/`` of the app. What comes back ends the streams of open pages, for the shutdown.

    ``urls``: whether an article's address may be given in its place.
    """

    async def mounting() -> Callable[[], None]:
        return _mount(app, service, urls)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(mounting())  # without a running loop Gradio opens several and leaves them open
    return _mount(app, service, urls)


def _mount(app: FastAPI, service: Service, urls: bool) -> Callable[[], None]:
    gr = framework()
    say = gr.I18n(**{ui: dict(words) for ui, words in WORDS.items()})
    gr.mount_gradio_app(
        app,
        _blocks(gr, say, service, urls),
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
        head=_head(service),
    )
    place: Any = app.routes[-1]
    mounted, place.app = place.app, InOurWords(place.app)
    return cast("Callable[[], None]", mounted.stop_event.set)


def _head(service: Service) -> str:
    """Style sheets and scripts within the page itself; as ``css``, Gradio would scope the sheets."""
    styles = "\n".join((_STATIC / name).read_text("utf-8") for name in _STYLES)
    scripts = "\n".join((_STATIC / name).read_text("utf-8") for name in _SCRIPTS)
    return f'<style>{styles}</style>{_HEAD}{speech(service)}<script type="module">{scripts}</script>'


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


def _blocks(gr: Any, say: Any, service: Service, urls: bool) -> gradio.Blocks:
    configs = [chain.config for chain in service.presets]
    with gr.Blocks(title="Summarizer", analytics_enabled=False, delete_cache=(3600, 3600)) as blocks:
        _panels(gr, "intro.html", hosts=", ".join(elsewhere(configs)))
        with gr.Row(elem_id="sz-ask"):
            with gr.Column(scale=5, min_width=300):
                article = _tabs(gr, say, service, urls)
            with gr.Column(scale=2, min_width=260, elem_id="sz-options"):
                preset = fields.preset(gr, say, configs)
                to = fields.languages(gr, say, configs)
                lengths = fields.length(gr, say, configs[0])
                language = fields.language(gr, say, configs[0])
                detected = {ui: words["detected"] for ui, words in WORDS.items()}
                fields.follow(preset, to, language, lengths, configs=configs, detected=detected)
                buttons = _buttons(gr, say)
        _panels(gr, "refused.html", elem_id="sz-refusals")
        working = gr.HTML(elem_id="sz-working", js_on_load=None, apply_default_css=False)
        result = gr.HTML(elem_id="sz-result", js_on_load=_script("result.js"), apply_default_css=False)
        _panels(gr, "rows.html", elem_id="sz-rows")
        asked = [to, lengths[1], language, preset]
        running = buttons["run"].click(
            _answering(gr, service),
            inputs=[article, *asked],
            outputs=[working, result],
            api_visibility="private",
            concurrency_limit=None,  # the desk bounds the work of page and API together
            show_progress="hidden",  # the result shows its own
        )
        emptied = "() => { document.dispatchEvent(new Event('sz-rows-clear')); return ['', '', '']; }"
        cleared = {"outputs": [article, working, result], "js": emptied, "cancels": [running]}
        buttons["clear"].click(None, **cleared, api_visibility="private")
        buttons["stop"].click(None, js=_STOPPED, cancels=[running], api_visibility="private")
        buttons["rows-run"].click(None, asked, None, js=_TELL % "run", api_visibility="private")
        buttons["rows-stop"].click(None, js=_TELL % "stop", api_visibility="private")
    return blocks.queue(api_open=False, max_size=service.desk.places)


def _tabs(gr: Any, say: Any, service: Service, urls: bool) -> Any:
    """One article, or a table of many; what comes back is the article's field."""
    limits = service.limits
    with gr.Tabs(elem_id="sz-tabs", overflow_behavior="wrap"):
        with gr.Tab(say("one")) as one:
            article = gr.Textbox(
                label=say("article"), placeholder=say("placeholder"), lines=11, max_lines=22, elem_id="sz-article"
            )
            _panels(gr, "bring.html", urls=urls)
            _example_buttons(gr, say, article, service)
        with gr.Tab(say("many")) as many:
            bounds = {ui: {"rows": counted(limits.rows, ui), "size": sized(limits.batch_body, ui)} for ui in WORDS}
            gr.HTML("".join(panel("many.html", ui=ui, **bounds[ui]) for ui in WORDS), **_PLAIN)
    one.select(None, js=_OF_MANY % "remove", api_visibility="private")
    many.select(None, js=_OF_MANY % "add", api_visibility="private")
    return article


_PLAIN: dict[str, Any] = {"js_on_load": None, "apply_default_css": False}


def _panels(gr: Any, name: str, *, elem_id: str | None = None, **values: Any) -> None:
    """A part of the page in each language of the interface; the style sheet shows one."""
    gr.HTML("".join(panel(name, ui=ui, **values) for ui in WORDS), elem_id=elem_id, **_PLAIN)


def _script(name: str) -> str:
    return (_STATIC / name).read_text("utf-8")


def _buttons(gr: Any, say: Any) -> dict[str, Any]:
    """Run and stop for each tab, of which one is shown; and one to empty everything."""
    kinds = {"run": "run", "stop": "stop", "rows-run": "many_run", "rows-stop": "stop"}
    buttons = {
        name: gr.Button(say(word), variant="primary" if "run" in name else "secondary", size="lg", elem_id=f"sz-{name}")
        for name, word in kinds.items()
    }
    return {**buttons, "clear": gr.Button(say("clear"), size="sm", elem_id="sz-clear")}


def _example_buttons(gr: Any, say: Any, article: Any, service: Service) -> None:
    with gr.Group(elem_classes="sz-examples"):
        gr.Markdown(say("examples"))
        for example in examples(service.chain.config)[:_EXAMPLES]:
            button = gr.Button(example.name, size="sm", elem_classes="sz-example")
            spelled = json.dumps(example.text).replace("<", "\\u003c")  # it stands in a script of the page
            button.click(None, outputs=article, js=f"() => {spelled}", api_visibility="private")


def _answering(gr: Any, service: Service) -> Any:
    async def answer(
        text: str, to: list[str], sentences: int, language: str, preset: str, request: Any
    ) -> AsyncIterator[tuple[Any, Any]]:
        ui = interface_language(request.headers.get("accept-language"))
        try:
            asked = _request(text or "", to or [], sentences, language, preset)
            yield render_working(asked.targets, ui=ui), ""
            async with aclosing(_shown(service, asked, ui)) as shown:
                async for working, result in shown:
                    yield working, gr.skip() if result is None else result
        except Exception as error:  # noqa: BLE001 - a reader gets words, the log a name; the message may quote the text
            if not isinstance(error, SummarizerError | ServiceError):
                _log.error("unforeseen %s on the page", type(error).__name__)
            yield "", render_error(error, ui=ui, facts=facts(service, _config(service, preset), ui))

    answer.__annotations__["request"] = gr.Request  # how Gradio is asked for it; it is imported late
    return answer


def _config(service: Service, preset: str) -> Config:
    """The preset asked for; the first where there is none of that name."""
    return next((chain.config for chain in service.presets if chain.config.name == preset), service.chain.config)


async def _shown(service: Service, asked: SummarizeRequest, ui: str) -> AsyncGenerator[tuple[str, str | None], None]:
    """What stands in the places of progress and result; None where the result stays as it is."""
    done: tuple[str, ...] = ()
    async with aclosing(growing(service, asked)) as parts:
        async for part in parts:
            if isinstance(part, Stage):
                yield render_working(asked.targets, ui=ui, stage=part, done=done), None
                continue
            waiting = [code for code in asked.targets if code not in part.translations]
            done = tuple(part.translations)
            working = render_working(asked.targets, ui=ui, stage=Stage("translation"), done=done) if waiting else ""
            yield working, render(asked.text, part, ui=ui, waiting=waiting)


def _request(text: str, to: list[str], sentences: int, language: str, preset: str) -> SummarizeRequest:
    asked = {"text": text, "to": to, "sentences": sentences, "language": language or None, "preset": preset}
    return of_shape(SummarizeRequest, asked)
