"""One article on its way through the chain: what is known of it so far, and in the end its Result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from summarizer.stages.checks import SummaryGuard, TranslationGuard
from summarizer.stages.translation import Translation
from summarizer.text.document import Reading
from summarizer.types import Coverage, Document, Draft, Finding, Line, Result, Span, joined

_RESTORED = 0.3  # a name put back is a hint, no alarm
_UNSUPPORTED = "No sentence of the article says this; it may be made up."


@dataclass(slots=True)
class Job:
    """Filled step by step by :mod:`summarizer.orders`; lives for one batch."""

    reading: Reading
    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unread: tuple[Span, ...] = ()

    @property
    def document(self) -> Document:
        """The article, cleaned and split."""
        return self.reading.document

    def take(self, draft: Draft) -> None:
        """Keep what the summariser made."""
        self.lines = list(draft.lines)
        self.findings += draft.findings
        self.unread = draft.unread

    def language_of(self, line: Line) -> str:
        """The language of a summary line: the article's, unless it was taken from a passage in another."""
        passages = {item.span.start: item.language for item in self.document.sentences if item.language}
        start = line.evidence[0].start if line.evidence and line.support == 1.0 else -1
        return passages.get(start) or self.document.language

    def translated(self, index: int, target: str, translation: Translation) -> None:
        """Keep the translation of one line, and say what happened on the way."""
        line = self.lines[index]
        self.lines[index] = replace(line, translations={**line.translations, target: translation.text})
        self.noticed(translation, target, index)

    def noticed(self, translation: Translation, target: str, index: int | None = None) -> None:
        """Say what happened on the way to a translation: of a summary line, or of a sentence of the article (None)."""
        if translation.truncated:
            message = "The translation model stopped at its length bound; the end of this line may be missing."
            self._once(Finding("translation", "truncated", translation.text[-40:], message, index, target))
        if translation.repeated:
            message = "The translation model fell into a loop, which was cut to one turn; words may be missing."
            self._once(Finding("translation", "repetition", translation.text[-40:], message, index, target))
        if translation.pivot:
            message = f"No direct model for this pair: the line was translated through {translation.pivot!r}."
            self._once(Finding("translation", "pivot", translation.pivot, message, index, target))
        for name in translation.restored:
            message = f"The translation model lost “{name}”; it was put back from the source."
            self._once(Finding("translation", "name", name, message, index, target, name, _RESTORED))

    def _once(self, finding: Finding) -> None:
        if finding not in self.findings:
            self.findings.append(finding)

    def check(self) -> None:
        """Compare facts: written lines with the article, translated lines with theirs. Lines taken word by word hold."""
        document = self.document
        written = [(index, line) for index, line in enumerate(self.lines) if line.support < 1.0]
        if written:
            guard = SummaryGuard.of(document)
            for index, line in written:
                self.findings += guard.findings(line.text, line=index)
                if not line.evidence:
                    self.findings.append(Finding("summary", "unsupported", line.text, _UNSUPPORTED, index))
        for index, line in enumerate(self.lines):
            source = TranslationGuard(line.text, self.language_of(line))
            for target, text in line.translations.items():
                self.findings += source.findings(text, language=target, line=index)

    def result(self, targets: Sequence[str], *, timings: Mapping[str, float], signature: str) -> Result:
        """Everything put together."""
        document = self.document
        return Result(
            summary=joined([line.text for line in self.lines]),
            translations={to: joined([line.translations[to] for line in self.lines]) for to in targets},
            title=document.article.title,
            language=document.language,
            language_confidence=document.language_confidence,
            lines=tuple(self.lines),
            findings=tuple(self.findings),
            coverage=self._coverage(),
            timings=dict(timings),
            signature=signature,
        )

    def _coverage(self) -> Coverage:
        article = self.document.article
        dropped = _length(item.span for item in article.dropped)
        unread = _length((*self.reading.unread, *self.unread))
        total = len(article.text)
        return Coverage(total, total - dropped - unread, dropped, unread, article.dropped)


def _length(spans: Iterable[Span]) -> int:
    return sum(len(span) for span in spans)
