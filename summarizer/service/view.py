"""A Result as the page shows it, with the files it offers. All text passes through Jinja's escaping, always on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from summarizer.render import markdown
from summarizer.service.pieces import pieces
from summarizer.service.problems import problem
from summarizer.service.words import WORDS, error_title, finding_title, junk_name, language_name
from summarizer.types import Coverage, Line, Result

if TYPE_CHECKING:
    from jinja2 import Template


def render(text: str, result: Result, *, ui: str = "en") -> str:
    """The result of summarising ``text`` as a fragment of HTML; ``ui`` is ``en`` or ``de``."""
    return _template("result.html").render(
        result=result,
        pieces=pieces(text, result),
        shares=list(_shares(result.coverage, ui)),
        verbatim=all(_verbatim(line) for line in result.lines),
        draft="bundled:" in result.signature,
        junk=_junk_counts(result.coverage, ui),
        seconds=f"{result.timings.get('total', 0.0):.2f}",
        markdown=markdown(result),
        json=json.dumps(result.to_dict(), ensure_ascii=False, indent=2),
        **_speech(ui),
    )


def render_error(error: Exception, *, ui: str = "en") -> str:
    """What went wrong, in plain words, with the cure the error names."""
    message = _sentence(problem(error)["error"]["message"])
    return _template("error.html").render(title=error_title(error, ui), message=message, ui=ui)


def render_intro(*, ui: str) -> str:
    """The head of the page in one language of the interface."""
    return _template("intro.html").render(**_speech(ui))


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - only a page needs it

    loader = PackageLoader("summarizer.service", "static")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template(name)


def _speech(ui: str) -> dict[str, Any]:
    return {
        "ui": ui,
        "words": WORDS[ui],
        "language_name": lambda code: language_name(code, ui),
        "finding_title": lambda finding: finding_title(finding, ui),
        "junk_name": lambda kind: junk_name(kind, ui),
        "support": lambda line: _support(line, ui),
    }


def _verbatim(line: Line) -> bool:
    return line.support >= 0.995  # what would be printed as 100 %


def _support(line: Line, ui: str) -> str:
    if _verbatim(line):
        return WORDS[ui]["supported_whole"]
    return WORDS[ui]["supported"].format(percent=round(100 * line.support))


def _shares(coverage: Coverage, ui: str) -> Iterator[tuple[str, str, str, str]]:
    """For each part of the bar: its name, its words, its width, and its percentage as printed."""
    for name in ("read", "dropped", "unread"):
        share = 100 * getattr(coverage, name) / max(1, coverage.total)
        if share > 0 or name == "read":
            yield name, WORDS[ui][name], f"{share:.2f}", f"{share:.0f}" if share >= 1 or not share else "< 1"


def _junk_counts(coverage: Coverage, ui: str) -> list[tuple[str, int]]:
    return Counter(junk_name(item.kind, ui) for item in coverage.junk).most_common()


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "!", "?")) else ".")
