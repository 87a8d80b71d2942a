"""The two orders of a chain: summarise first, or translate first. Each fills jobs batch by batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from summarizer.job import Job
from summarizer.request import Request
from summarizer.stages.translation import Translation
from summarizer.timing import Stopwatch
from summarizer.types import Document, Draft, Finding, Line


class Summarizer(Protocol):
    """The first stage: extractive, or by a model."""

    @property
    def name(self) -> str:
        """What the signature prints."""

    def summarize(self, documents: Sequence[Document], *, sentences: int) -> list[Draft]:
        """One draft per document, in order."""

    def close(self) -> None:
        """Free what it holds."""


class Translator(Protocol):
    """The second stage: one model, or several that hand lines on to each other."""

    @property
    def name(self) -> str:
        """What the signature prints."""

    def supports(self, source: str, target: str) -> bool:
        """Whether there is a way from one language to the other."""

    def translate(self, lines: Sequence[str], *, source: str, target: str) -> list[Translation]:
        """One translation per line, in order."""

    def count(self, text: str, *, source: str, target: str) -> int:
        """Tokens of a translation, as the model that wrote it counts them."""

    def close(self) -> None:
        """Free what it holds."""


def summarize_first(
    jobs: Sequence[Job], request: Request, *, summarizer: Summarizer, translator: Translator | None, watch: Stopwatch
) -> None:
    """A summary in the article's language, and that translated line by line."""
    with watch("summary"):
        drafts = summarizer.summarize([job.document for job in jobs], sentences=request.sentences)
        for job, draft in zip(jobs, drafts, strict=True):
            job.take(draft)
    with watch("translation"):
        for target in request.to:
            translate_lines(jobs, target, translator)


def translate_first(
    jobs: Sequence[Job], request: Request, *, summarizer: Summarizer, translator: Translator, watch: Stopwatch
) -> None:
    """A summary of the article as translated into the first target; its sentences keep their place in the source.

    The line in the article's language is then the sentence it was taken from or, where a model wrote it, its
    translation back.
    """
    first, *others = request.to
    with watch("translation"):
        documents = _translated(jobs, first, translator)
    with watch("summary"):
        drafts = summarizer.summarize(documents, sentences=request.sentences)
    with watch("translation"):
        for job, draft in zip(jobs, drafts, strict=True):
            job.take(draft)
            _back(job, first, translator)
        for target in others:
            translate_lines(jobs, target, translator)


def translate_lines(jobs: Sequence[Job], target: str, translator: Translator | None) -> None:
    """Translate the lines of all jobs, those of one language together; a line in the target language stays."""
    by_language: dict[str, list[tuple[Job, int]]] = defaultdict(list)
    for job in jobs:
        for index, line in enumerate(job.lines):
            by_language[_source(job, line, target, translator)].append((job, index))
    for source, places in by_language.items():
        lines = [job.lines[index].text for job, index in places]
        for (job, index), translation in zip(
            places, translate(lines, source=source, target=target, translator=translator), strict=True
        ):
            job.translated(index, target, translation)


def _source(job: Job, line: Line, target: str, translator: Translator | None) -> str:
    """The language to translate a line from; the article's where the line's own has no model."""
    own = job.language_of(line)
    return own if own == target or (translator and translator.supports(own, target)) else job.document.language


def translate(lines: Sequence[str], *, source: str, target: str, translator: Translator | None) -> list[Translation]:
    """One translation per line; without a translator only a language into itself."""
    if translator is None or source == target:
        return [Translation(line) for line in lines]
    return translator.translate(lines, source=source, target=target)


def _translated(jobs: Sequence[Job], target: str, translator: Translator) -> list[Document]:
    """The documents in the target language: other words, the same spans."""
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for job in jobs:
        texts[job.document.language].update((item.text, None) for item in job.document.sentences)
    tables = {
        source: dict(zip(lines, translator.translate(list(lines), source=source, target=target), strict=True))
        for source, lines in texts.items()
    }
    return [_reworded(job, tables[job.document.language], target) for job in jobs]


def _reworded(job: Job, table: dict[str, Translation], target: str) -> Document:
    document = job.document
    for item in document.sentences:
        job.noticed(table[item.text], target)
    sentences = tuple(replace(item, text=table[item.text].text, language=None) for item in document.sentences)
    return replace(document, sentences=tuple(item for item in sentences if item.text), language=target)


def _back(job: Job, target: str, translator: Translator) -> None:
    """Give each line, written in ``target``, its text in the article's language."""
    source = job.document.language
    spans = {item.span: item.text for item in job.document.sentences}
    for index, line in enumerate(job.lines):
        taken = line.support == 1.0 and len(line.evidence) == 1
        if taken:
            text = spans[line.evidence[0]]
        elif translator.supports(target, source):
            text = translator.translate([line.text], source=target, target=source)[0].text
        else:
            text = line.text
            message = f"No model translates {target} → {source}, so this line stands in {target!r} only."
            job.findings.append(Finding("summary", "language", target, message, index))
        job.lines[index] = replace(line, text=text, translations={target: line.text})
