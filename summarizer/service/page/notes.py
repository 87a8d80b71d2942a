"""Findings as the page shows them: their mark, their colour, what they say, and the words they speak of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.render import marked
from summarizer.service.page.kinds import finding_title
from summarizer.service.page.told import Told, told
from summarizer.types import Finding, Result, Span

COLOURED = ("number", "date", "name", "negation")  # kinds with a colour of their own; the others share one


@dataclass(frozen=True, slots=True)
class Note:
    """A finding and how it is shown. ``mark`` is as in :mod:`summarizer.render`, empty if it speaks of no line."""

    mark: str
    finding: Finding
    title: str
    told: Told

    @property
    def colour(self) -> str:
        """The kind, as far as it has a colour."""
        return self.finding.kind if self.finding.kind in COLOURED else "other"


@dataclass(frozen=True, slots=True)
class Notes:
    """All findings of a result. Those for every reader come first, so that their marks are those of the text page."""

    all: tuple[Note, ...]

    @classmethod
    def of(cls, result: Result, ui: str) -> Notes:
        """The findings of a result in the language of the interface."""
        hints = (finding for finding in result.findings if not finding.flagged)
        found = marked([*result.flagged, *hints])
        return cls(tuple(Note(mark, finding, finding_title(finding, ui), told(finding, ui)) for mark, finding in found))

    @property
    def flagged(self) -> tuple[Note, ...]:
        """Those that every reader sees."""
        return tuple(note for note in self.all if note.finding.flagged)

    @property
    def hints(self) -> tuple[Note, ...]:
        """Those for readers who ask."""
        return tuple(note for note in self.all if not note.finding.flagged)

    @property
    def colours(self) -> list[str]:
        """The colours in use, for the legend."""
        used = {note.colour for note in self.all}
        return [colour for colour in (*COLOURED, "other") if colour in used]

    def in_source(self) -> Iterator[tuple[Note, Span]]:
        """The words of the article that a summary line contradicts."""
        for note in self.all:
            if note.finding.step == "summary" and note.finding.source_span:
                yield note, note.finding.source_span

    def in_summary(self, line: int) -> Sequence[tuple[Note, Span | None]]:
        """What is said of a summary line, and the words of it that a translation lost; None means all of it."""
        own = [(note, note.finding.span) for note in self._of(line, "summary")]
        lost = [(note, note.finding.source_span) for note in self._of(line, "translation") if note.finding.source_span]
        return [*own, *lost]

    def in_translation(self, line: int, language: str) -> Sequence[tuple[Note, Span | None]]:
        """What is said of a line's translation into one language."""
        found = self._of(line, "translation")
        return [(note, note.finding.span) for note in found if note.finding.language in (None, language)]

    def _of(self, line: int, step: str) -> list[Note]:
        return [note for note in self.all if (note.finding.line, note.finding.step) == (line, step)]
