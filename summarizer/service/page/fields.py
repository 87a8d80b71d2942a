"""What a reader chooses beside the article: preset, languages, length. What there is to choose follows from the preset."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from summarizer.config import Config
from summarizer.types import LENGTHS, SENTENCES_OF

MOST = 15  # sentences; more is no summary of what fits on a page, and the API takes more
FEW = 8  # target languages that fit on the page as boxes to tick; more become a list to search

# Where a model names no languages (``*``), the ones most asked for.
COMMON = (
    *("en", "fr", "es", "it", "pt", "nl", "pl", "cs", "da", "sv", "no", "fi", "uk", "ru", "tr", "ar", "zh", "ja", "ko"),
    "hi",
)

_LENGTH_TO_NUMBER = f"(length) => ({json.dumps(dict(SENTENCES_OF))})[length]"


def length(gr: Any, say: Any, config: Config) -> tuple[Any, Any]:
    """A length in words and the number of sentences it stands for; the number is what counts."""
    words = gr.Radio([(say(name), name) for name in LENGTHS], value=None, label=say("length"), elem_id="sz-length")
    sentences = gr.Slider(1, MOST, usual(config), step=1, label=say("sentences"), buttons=[], elem_id="sz-sentences")
    words.input(None, words, sentences, js=_LENGTH_TO_NUMBER, api_visibility="private")
    sentences.input(None, None, words, js="() => null", api_visibility="private")
    return words, sentences


def usual(config: Config) -> int:
    """How many sentences a preset's summaries have, as far as the page has them."""
    return min(MOST, config.summary.sentences)


def preset(gr: Any, say: Any, configs: Sequence[Config]) -> Any:
    """Which of the loaded presets does the work; nothing is shown where there is only one."""
    names = [config.name for config in configs]
    return gr.Dropdown(names, value=names[0], label=say("preset"), visible=len(names) > 1, elem_id="sz-preset")


def follow(
    preset: Any,
    to: Any,
    language: Any,
    lengths: tuple[Any, Any],
    *,
    configs: Sequence[Config],
    detected: Mapping[str, str],
) -> None:
    """Have languages and length follow the preset. What was chosen stays as far as the preset has it; a length that is the
    preset's own was not. ``detected`` is the word for a language that nobody said.
    """
    words, sentences = lengths
    known = {
        config.name: {"to": targets(config), "from": sources(config), "sentences": usual(config)} for config in configs
    }
    script = _FOLLOW
    for name, value in (("KNOWN", known), ("DETECTED", dict(detected)), ("FIRST", configs[0].name)):
        script = script.replace(name, json.dumps(value).replace("<", "\\u003c"))
    inputs, outputs = [preset, to, language, words, sentences], [to, language, sentences]
    preset.input(None, inputs, outputs, js=script, api_visibility="private")


_FOLLOW = """(name, to, from, length, sentences) => {
    const all = KNOWN, known = all[name], detected = [DETECTED[document.documentElement.lang], ""];
    const has = (choices, code) => choices.some((choice) => choice[1] === code);
    const before = window.szFollowed; // a preset that does not translate leaves no boxes, but what was chosen stays
    const asked = before && (before.name === name || !before.translates) ? before.asked : to;
    const last = before?.name === name ? before.last : before?.name ?? FIRST; // Gradio tells of one choice twice
    const own = !length && sentences === all[last].sentences;
    window.szFollowed = { name, last, asked, translates: known.to.length > 0 };
    const kept = asked.filter((code) => has(known.to, code));
    const chosen = kept.length || !asked.length ? kept : known.to.slice(0, 1).map((choice) => choice[1]);
    return [
        { __type__: "update", choices: known.to, value: chosen },
        { __type__: "update", choices: [detected, ...known.from], value: has(known.from, from) ? from : "" },
        own ? known.sentences : sentences,
    ];
}"""


def languages(gr: Any, say: Any, configs: Sequence[Config]) -> Any:
    """The languages to translate into: boxes to tick where they are few with every preset, else a list to search."""
    choices = targets(configs[0])
    chosen = [code for _, code in choices[:1]]
    few = all(len(targets(config)) <= FEW for config in configs)
    if few:
        return gr.CheckboxGroup(choices, value=chosen, label=say("to"), elem_id="sz-to")
    return gr.Dropdown(choices, value=chosen, multiselect=True, label=say("to"), elem_id="sz-to")


def language(gr: Any, say: Any, config: Config) -> Any:
    """The article's language, where the reader knows better than the machine."""
    return gr.Dropdown([(say("detected"), ""), *sources(config)], value="", label=say("from"), elem_id="sz-from")


def targets(config: Config) -> list[tuple[str, str]]:
    """What a preset translates into, by name."""
    return named(_some(config.languages.target) if config.languages else [])


def sources(config: Config) -> list[tuple[str, str]]:
    """What an article may be written in, by name."""
    spoken = config.languages
    known = (*spoken.source, *spoken.target) if spoken else ("*",)
    return named(["de", *_some(known)] if "*" in known else known)


def named(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Languages by their own names."""
    from babel import Locale  # noqa: PLC0415 - names of languages, for the page alone

    return [((Locale.parse(code).get_display_name() or code).capitalize(), code) for code in dict.fromkeys(codes)]


def _some(codes: Sequence[str]) -> Sequence[str]:
    """The languages to choose from: those named, or the ones most asked for."""
    return COMMON if "*" in codes else codes
