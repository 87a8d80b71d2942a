"""A result as pages for people: blocks of text for a terminal or a pipe, and Markdown. Pure functions of a Result.

Every line carries the number of its source, and a letter for each finding that was made on it: ``[2a]``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from summarizer.types import Coverage, Finding, Line, Result, Span

Kind: TypeAlias = Literal["title", "heading", "body", "item", "note"]

# What could steer the reader's terminal or turn the order of words on the screen; and half characters, which no file takes.
_CONTROL = re.compile(
    "(?:\x1b\\[|\x9b)[0-9;?]*[@-~]|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_MARKS = re.compile(r"([\\`*_\[\]<>|~&])")
_LINE_START = re.compile(r"^(#|[-+](?=\s)|\d+(?=[.)]\s)|(?:-\s?){3}|=+\s*$)")
_ENDS = (".", "!", "?", "…", ":")

NOTHING = "Numbers, dates, names and negations were compared; nothing stood out."


@dataclass(frozen=True, slots=True)
class Part:
    """Words without control characters on one line, and the footnote mark that goes with them."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the page and its part in it. An item has its mark in front, all others behind."""

    kind: Kind
    parts: tuple[Part, ...]


def plain(result: Result) -> str:
    """The page as text without any layout but blank lines and marks."""
    return "\n\n".join("\n".join(spelled(block) for block in group) for group in _grouped(blocks(result))) + "\n"


def spelled(block: Block) -> str:
    """A block as one line of text."""
    pairs = [(part.mark, part.text) if block.kind == "item" else (part.text, part.mark) for part in block.parts]
    return " ".join(word for pair in pairs for word in pair if word)


def blocks(result: Result, *, whole: bool = False) -> Iterator[Block]:
    """Title, summary, each translation, what to check, the source of every line. ``whole`` tells the hints too."""
    notes = marked(result.flagged)
    if result.title:
        yield _block("title", result.title)
    yield _block("heading", f"Summary ({result.language})")
    yield Block("body", tuple(_running(result.lines, notes)))
    for language in result.translations:
        yield _block("heading", f"Translation ({language})")
        yield Block("body", tuple(_running(result.lines, notes, language)))
    yield from _checked(result, notes, whole=whole)
    yield _block("heading", "Sources (characters in the article)")
    yield from (_block("item", _source(line), f"[{number}]") for number, line in enumerate(result.lines, 1))
    yield _block("note", accounted(result.coverage, named=whole))


def markdown(result: Result) -> str:
    """The same page with its hints, the kinds of junk and the signature."""
    title = [] if result.title else ["# Summary"]
    groups = ["\n".join(_marked_down(block) for block in group) for group in _grouped(blocks(result, whole=True))]
    return "\n\n".join([*title, *groups, f"`{_clean(result.signature).replace('`', '')}`"]) + "\n"


def verbatim(line: Line) -> bool:
    """Whether a line stands in the article word for word, in one place."""
    return len(line.evidence) == 1 and line.evidence[0].text.split() == line.text.split()


def marked(findings: Sequence[Finding]) -> list[tuple[str, Finding]]:
    """Each finding with its mark: the number of its line and a letter; an empty one if it speaks of the whole."""
    counts: Counter[int] = Counter()
    noted = []
    for finding in sorted(findings, key=lambda finding: -1 if finding.line is None else finding.line):
        mark = "" if finding.line is None else f"{finding.line + 1}{_letter(counts[finding.line])}"
        if finding.line is not None:
            counts[finding.line] += 1
        noted.append((mark, finding))
    return noted


def told(finding: Finding) -> str:
    """One finding as a sentence, with where it is."""
    place = [f"line {finding.line + 1}"] if finding.line is not None else []
    place += [finding.language] if finding.language else []
    return f"{', '.join(place)}: {sentence(finding.message)}" if place else sentence(finding.message)


def sentence(message: str) -> str:
    """A message with a capital in front and a full stop behind."""
    return message[:1].upper() + message[1:] + ("" if message.endswith(_ENDS) else ".")


def accounted(coverage: Coverage, *, named: bool = True) -> str:
    """Where the characters of the article went; ``named`` lists the kinds of junk."""
    kinds = Counter(item.kind for item in coverage.junk) if named else {}
    listed = f" ({', '.join(f'{number} × {kind}' for kind, number in sorted(kinds.items()))})" if kinds else ""
    dropped = f"{coverage.dropped:,} left out as junk{listed}"
    return f"{coverage.total:,} characters: {coverage.read:,} read, {dropped}, {coverage.unread:,} not read."


def _checked(result: Result, notes: Sequence[tuple[str, Finding]], *, whole: bool) -> Iterator[Block]:
    """The findings for every reader; the hints in full, or how many there are."""
    yield _block("heading", "Check before you trust it" if notes else "Checked")
    several = len(result.translations) > 1
    for mark, finding in notes:
        named = several and finding.language and finding.line is not None
        words = f"{finding.language}: {sentence(finding.message)}" if named else sentence(finding.message)
        yield _block("item", words, f"[{mark}]" if mark else "-")
    if not notes:
        yield _block("note", NOTHING)
    hints = [finding for finding in result.findings if not finding.flagged]
    if hints and whole:
        yield _block("heading", "Hints, less sure")
        yield from (_block("item", told(finding), "-") for finding in hints)
    elif hints:
        counted = (
            "1 hint: --format markdown shows it"
            if len(hints) == 1
            else f"{len(hints)} hints: --format markdown shows them"
        )
        yield _block("note", counted)


def _letter(number: int) -> str:
    """``a`` to ``z``, then ``aa``."""
    tens, ones = divmod(number, 26)
    return (_letter(tens - 1) if tens else "") + chr(ord("a") + ones)


def _running(
    lines: Sequence[Line], notes: Sequence[tuple[str, Finding]], language: str | None = None
) -> Iterator[Part]:
    """The lines one after the other, each with its marks."""
    step = "summary" if language is None else "translation"
    for index, line in enumerate(lines):
        text = line.text if language is None else line.translations.get(language, "")
        marks = [
            mark
            for mark, finding in notes
            if (finding.line, finding.step) == (index, step) and finding.language in (None, language)
        ]
        if text:
            yield Part(_clean(text), f"[{', '.join(marks or [str(index + 1)])}]")


def _source(line: Line) -> str:
    """Where a line comes from: its place, and the words found there unless they are the line's own."""
    if verbatim(line):
        return f"{_place(line.evidence[0])}, word for word"
    if not line.evidence:
        return "no sentence of the article holds this"
    quotes = " ".join(f"“{span.text}” ({_place(span)})" for span in line.evidence)
    return f"{line.support:.0%} held by {quotes}"


def _place(span: Span) -> str:
    return f"{span.start:,}–{span.end:,}"


def _block(kind: Kind, text: str, mark: str = "") -> Block:
    return Block(kind, (Part(_clean(text), mark),))


def _grouped(page: Iterator[Block]) -> Iterator[list[Block]]:
    """The items of a list stand together, every other block alone."""
    for _, group in groupby(enumerate(page), key=lambda pair: -1 if pair[1].kind == "item" else pair[0]):
        yield [block for _, block in group]


def _clean(text: str) -> str:
    """On one line and without control characters: an article must not steer the reader's terminal."""
    return " ".join(_CONTROL.sub("", text).split())


def _marked_down(block: Block) -> str:
    escaped = Block(block.kind, tuple(Part(_escaped(part.text), part.mark) for part in block.parts))
    if block.kind == "item":
        return f"- {spelled(escaped).removeprefix('- ')}"
    return {"title": "# ", "heading": "## "}.get(block.kind, "") + spelled(escaped)


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is; a leading "18. Dezember" is no list."""
    return _LINE_START.sub(_unlisted, _MARKS.sub(r"\\\1", text))


def _unlisted(match: re.Match[str]) -> str:
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"
