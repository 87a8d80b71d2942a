"""A Result as the page shows it, with the files it offers. All text passes through Jinja's escaping, always on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from summarizer.progress import Stage
from summarizer.render import markdown, verbatim
from summarizer.service.page.kinds import junk_name, language_name
from summarizer.service.page.notes import Note, Notes
from summarizer.service.page.pieces import Piece, cut, pieces
from summarizer.service.page.words import WORDS
from summarizer.service.page.wrongs import wrong
from summarizer.types import Coverage, Line, Result, Span

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a card: its pieces, what is said of it as a whole, and all that is said of it for every reader."""

    pieces: tuple[Piece, ...]
    whole: tuple[Note, ...] = ()
    flagged: tuple[Note, ...] = ()
    support: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Summary or translation: ``rows`` line by line, ``title`` the article's."""

    heading: str
    language: str
    rows: tuple[Row, ...]
    title: str = ""


def render(text: str, result: Result, *, ui: str = "en", waiting: Sequence[str] = ()) -> str:
    """The result of summarising ``text`` as a fragment of HTML.

    ``ui`` is ``en`` or ``de``; ``waiting`` are languages whose translation is still to come.
    """
    notes = Notes.of(result, ui)
    return _template("result.html").render(
        result=result,
        notes=notes,
        cards=list(_cards(result, notes, ui)),
        waiting=waiting,
        pieces=pieces(text, result, notes.in_source()),
        shares=list(_shares(result.coverage, ui)),
        verbatim=all(verbatim(line) for line in result.lines),
        draft="bundled:" in result.signature and any(to != result.language for to in (*result.translations, *waiting)),
        junk=_junk_counts(result.coverage, ui),
        seconds=f"{result.timings.get('total', 0.0):.2f}",
        markdown=markdown(result),
        json=json.dumps(result.to_dict(), ensure_ascii=False, indent=2),
        **_speech(ui),
    )


def render_working(targets: Sequence[str], *, ui: str, stage: Stage | None = None, done: Sequence[str] = ()) -> str:
    """How far the work has come. ``targets`` are all languages asked for, ``done`` those that are made."""
    steps = ["read", "summary", *targets, "checks"]
    now = _place(stage or Stage("read"), targets, done)
    part = stage.done / stage.total if stage and stage.total else 0.0
    named = [
        (_step_name(name, ui, stage if place == now else None), ("past", "now", "next")[(place >= now) + (place > now)])
        for place, name in enumerate(steps)
    ]
    share = f"{(now + part) / len(steps):.3f}"
    return _template("working.html").render(stages=named, share=share, **_speech(ui))


def render_error(error: Exception, *, ui: str = "en", facts: Mapping[str, str]) -> str:
    """What went wrong, in plain words, with the cure. ``facts`` are as in :mod:`summarizer.service.page.wrongs`."""
    return _template("error.html").render(wrong=wrong(error, ui, facts), ui=ui)


def panel(name: str, *, ui: str, **values: Any) -> str:
    """A part of the page that is always there, in one language of the interface."""
    return _template(name).render(**values, **_speech(ui))


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - only a page needs it

    loader = PackageLoader("summarizer.service.page", "static")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template(name)


def _speech(ui: str) -> dict[str, Any]:
    return {
        "ui": ui,
        "words": WORDS[ui],
        "language_name": lambda code: language_name(code, ui),
        "junk_name": lambda kind: junk_name(kind, ui),
    }


def _cards(result: Result, notes: Notes, ui: str) -> Iterator[Card]:
    words, lines = WORDS[ui], result.lines
    own = not all(verbatim(line) for line in lines)
    rows = (
        _row(line.text, notes.in_summary(number), support=_support(line, ui) if own else "")
        for number, line in enumerate(lines)
    )
    yield Card(words["summary"], result.language, tuple(rows), result.title)
    for code in result.translations:
        rows = (
            _row(line.translations.get(code, ""), notes.in_translation(number, code))
            for number, line in enumerate(lines)
        )
        yield Card(f"{words['translation']} · {language_name(code, ui)}", code, tuple(rows))


def _row(text: str, said: Iterable[tuple[Note, Span | None]], *, support: str = "") -> Row:
    said = list(said)
    return Row(
        pieces=tuple(cut(text, [(note, span) for note, span in said if span])),
        whole=tuple(note for note, span in said if not span),
        flagged=tuple(note for note, _ in said if note.finding.flagged),
        support=support,
    )


def _place(stage: Stage, targets: Sequence[str], done: Sequence[str]) -> int:
    """Which of the steps is at work; a translation is the first that is not done."""
    if stage.step == "translation" and targets:
        return 2 + min(len(done), len(targets) - 1)
    return {"read": 0, "summary": 1}.get(stage.step, 2 + len(done))


def _step_name(step: str, ui: str, stage: Stage | None) -> str:
    words = WORDS[ui]
    known = words.get(f"stage_{step}")
    name = known or words["stage_translation"].replace("{language}", language_name(step, ui))
    if stage is None or stage.total < 2:
        return name
    number = min(stage.done + 1, stage.total)
    return f"{name} · {words['stage_part'].format(number=number, count=stage.total)}"


def _support(line: Line, ui: str) -> str:
    if verbatim(line):
        return WORDS[ui]["supported_whole"]
    if not line.evidence:
        return WORDS[ui]["unsupported"]
    return WORDS[ui]["supported"].format(percent=round(100 * line.support))


def _shares(coverage: Coverage, ui: str) -> Iterator[tuple[str, str, str, str]]:
    """For each part of the bar: its name, its words, its width, and its percentage as printed."""
    for name in ("read", "dropped", "unread"):
        share = 100 * getattr(coverage, name) / max(1, coverage.total)
        if share > 0 or name == "read":
            yield name, WORDS[ui][name], f"{share:.2f}", f"{share:.0f}" if share >= 1 or not share else "< 1"


def _junk_counts(coverage: Coverage, ui: str) -> list[tuple[str, int]]:
    return Counter(junk_name(item.kind, ui) for item in coverage.junk).most_common()
