"""A result as pages for people: blocks of text for a terminal or a pipe, and Markdown. Pure functions of a Result."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from summarizer.types import Coverage, Finding, Line, Result, Span

Kind: TypeAlias = Literal["title", "heading", "body", "item"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MARKS = re.compile(r"([\\`*_\[\]<>|~])")
_LINE_START = re.compile(r"^(\s*)(#|[-+](?=\s)|\d+(?=[.)]\s))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the page and its part in it."""

    kind: Kind
    text: str


def plain(result: Result) -> str:
    """The page as text without any layout but blank lines and bullets."""
    text = ""
    for block in blocks(result):
        text += ("\n" if text and block.kind != "item" else "") + block.text + "\n"
    return text


def blocks(result: Result) -> Iterator[Block]:
    """Summary, each translation, the sources of lines that are not word for word in the article, findings."""
    marks = _marks(result.lines)
    if result.title:
        yield Block("title", _clean(result.title))
    yield Block("heading", f"Summary ({result.language})")
    yield Block("body", _running(result.lines, marks))
    for language in result.translations:
        yield Block("heading", f"Translation ({language})")
        yield Block("body", _running(result.lines, marks, language))
    if marks:
        yield Block("heading", "Sources")
        for index, mark in marks.items():
            yield from (Block("item", f"{mark} {_quote(span)}") for span in result.lines[index].evidence)
    if result.flagged:
        yield Block("heading", "Check before you trust it")
        yield from (Block("item", f"- {_clean(told(finding))}") for finding in result.flagged)


def markdown(result: Result) -> str:
    """Title, summary, translations, evidence with quotes, findings, coverage and signature."""
    parts = [f"# {_escaped(result.title or 'Summary')}", f"## Summary ({result.language})", _escaped(result.summary)]
    for language, text in result.translations.items():
        parts += [f"## Translation ({language})", _escaped(text)]
    parts += ["## Evidence", *(_backed(number, line) for number, line in enumerate(result.lines, 1))]
    findings = [f"- {_escaped(told(finding))}" for finding in result.flagged] or ["None."]
    hints = [f"- {_escaped(told(finding))}" for finding in result.findings if not finding.flagged]
    parts += [
        "## Findings",
        "\n".join(findings),
        *(["## Hints", "\n".join(hints)] if hints else []),
        "## Coverage",
        accounted(result.coverage),
    ]
    return "\n\n".join([*parts, f"`{result.signature.replace('`', '')}`"]) + "\n"


def told(finding: Finding) -> str:
    """One finding in plain words, with where it is."""
    place = [f"line {finding.line + 1}"] if finding.line is not None else []
    place += [finding.language] if finding.language else []
    return f"{', '.join(place)}: {finding.message}" if place else finding.message


def accounted(coverage: Coverage) -> str:
    """Where the characters of the article went."""
    kinds = Counter(item.kind for item in coverage.junk)
    named = f" ({', '.join(f'{number} × {kind}' for kind, number in sorted(kinds.items()))})" if kinds else ""
    return (
        f"{coverage.total:,} characters: {coverage.read:,} read, {coverage.dropped:,} dropped as junk{named}, "
        f"{coverage.unread:,} not read."
    )


def _marks(lines: tuple[Line, ...]) -> dict[int, str]:
    """A footnote mark for each line in the summariser's own words; one taken from the article needs none."""
    own = [index for index, line in enumerate(lines) if line.support < 1 and line.evidence]
    return {index: f"[{number}]" for number, index in enumerate(own, 1)}


def _running(lines: tuple[Line, ...], marks: dict[int, str], language: str | None = None) -> str:
    parts = []
    for index, line in enumerate(lines):
        text = line.text if language is None else line.translations.get(language, "")
        parts += [f"{_clean(text)} {marks.get(index, '')}".rstrip()] if text else []
    return " ".join(parts)


def _backed(number: int, line: Line) -> str:
    quotes = [f"> {_escaped(_quote(span))} ({span.start}–{span.end})" for span in line.evidence]
    return "\n\n".join([f"{number}. {_escaped(line.text)} (support {line.support:.2f})", "\n>\n".join(quotes)]).rstrip()


def _quote(span: Span) -> str:
    return f"“{_clean(' '.join(span.text.split()))}”"


def _clean(text: str) -> str:
    """Without control characters: an article must not steer the reader's terminal."""
    return _CONTROL.sub("", text)


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is; a leading "18. Dezember" is no list."""
    return _LINE_START.sub(_unlisted, _MARKS.sub(r"\\\1", _clean(" ".join(text.split()))))


def _unlisted(match: re.Match[str]) -> str:
    space, sign = match.groups()
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"
