"""A summary written by a model: whole sentences in, map-reduce where the article is longer than the window.

Every sentence is read, or named as unread with a ``truncated`` finding. Every round must shrink the text. A line that
the article does not back gives way to another wording, else to a sentence of the article.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from summarizer.errors import ModelFailed
from summarizer.models.protocol import Model, Options
from summarizer.stages.asking import Asking
from summarizer.stages.backing import Backing
from summarizer.text.chunks import chunks, split_to_fit
from summarizer.text.prompts import filled
from summarizer.text.sentences import split
from summarizer.types import Document, Draft, Finding, Generation

# A part of a long article is cut to at most this share of the window, so that even a model that copies comes to an
# end: balanced parts are longer than half a window.
SHARE_OF_WINDOW = 0.4
MIN_TOKENS = 8  # a bound under this would cut every sentence


@dataclass(slots=True)
class _Work:
    """One document on its way: its text so far, and what the model was asked and answered in the last round."""

    document: Document
    texts: list[str]
    prompts: list[str] = field(default_factory=list)
    answers: list[Generation] = field(default_factory=list)
    truncated: bool = False
    repeated: bool = False

    def sentences(self, answers: Iterable[Generation]) -> list[str]:
        """The sentences of answers, each once."""
        language = self.document.language
        found = (answer.text[start:end] for answer in answers for start, end in split(answer.text, language))
        return list(dict.fromkeys(found))


class AbstractiveSummarizer:
    """Summaries by any :class:`~summarizer.models.protocol.Model`, of articles of any length.

    ``template`` holds ``{text}`` where the article goes ("summarize: {text}" for T5), and may hold ``{language}`` and
    ``{sentences}``, as the prompt of an instruction model does.
    """

    def __init__(self, model: Model, *, options: Options | None = None, template: str = "{text}") -> None:
        self.model = model
        self.template = template
        self.options = options or Options()

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    def summarize(self, documents: Sequence[Document], *, sentences: int) -> list[Draft]:
        """One draft per document, in order: at most ``sentences`` lines each, every line linked to its evidence.

        Raises:
            ModelFailed: the model does not shorten, so that a long article never comes to an end.
        """
        works = [_Work(document, [sentence.text for sentence in document.body]) for document in documents]
        pending = works
        while pending:
            for work in pending:
                work.prompts = self._prompts(work.texts, language=work.document.language, sentences=sentences)
            self._ask(pending, hypotheses=self.options.hypotheses)
            for work in pending:
                self._shorten(work)
            pending = [work for work in pending if len(work.answers) > 1]
        return self._drafts(works, sentences)

    def close(self) -> None:
        """Free the model."""
        self.model.close()

    def _prompts(self, texts: Sequence[str], *, language: str, sentences: int) -> list[str]:
        """Whole sentences packed into as many windows as they need, the template around each."""

        def prompt(text: str) -> str:
            return filled(self.template, text, language=language, target=language, sentences=sentences)

        asking = Asking(self.model, prompt)
        fitting = [piece for text in texts for piece in split_to_fit(text, window=asking.window, count=asking.count)]
        packed = chunks(fitting, window=asking.window, count=asking.count)
        return [prompt(" ".join(fitting[index] for index in chunk)) for chunk in packed]

    def _ask(self, works: Sequence[_Work], *, hypotheses: int) -> None:
        """Have the prompts of all documents answered; one call per language, all documents together."""
        by_language: dict[str, list[_Work]] = defaultdict(list)
        for work in works:
            by_language[work.document.language].append(work)
        for language, group in by_language.items():
            options = replace(
                self.options, source=language, target=language, max_tokens=self._max_tokens(), hypotheses=hypotheses
            )
            answers = iter(self.model.generate([prompt for work in group for prompt in work.prompts], options))
            for work in group:
                work.answers = list(islice(answers, len(work.prompts)))

    def _shorten(self, work: _Work) -> None:
        shorter = work.sentences(work.answers)
        self._must_shrink(work.texts, shorter, rounds_follow=len(work.answers) > 1)
        work.texts = shorter
        work.truncated |= any(answer.truncated for answer in work.answers)
        work.repeated |= any(answer.repeated for answer in work.answers)

    def _drafts(self, works: Sequence[_Work], sentences: int) -> list[Draft]:
        """The lines, those that the article does not back replaced; the model is asked again for other wordings."""
        backings = [Backing(work.document) for work in works]
        doubtful = [
            work
            for work, backing in zip(works, backings, strict=True)
            if any(backing.doubt(backing.line(text)) for text in work.texts[:sentences])
        ]
        if doubtful and self.options.hypotheses < self.options.beams:
            self._ask(doubtful, hypotheses=self.options.beams)
        return [_draft(work, backing, sentences) for work, backing in zip(works, backings, strict=True)]

    def _max_tokens(self) -> int:
        bound = max(MIN_TOKENS, int(SHARE_OF_WINDOW * self.model.window))
        return min(self.options.max_tokens or bound, bound)

    def _must_shrink(self, before: Sequence[str], after: Sequence[str], *, rounds_follow: bool) -> None:
        if rounds_follow and self.model.count(" ".join(after)) >= self.model.count(" ".join(before)):
            raise ModelFailed(
                f"{self.name} returns text as long as it is given, so a long article never comes to an end; "
                "take a summarisation model, or lower summary.max_tokens"
            )


def _draft(work: _Work, backing: Backing, sentences: int) -> Draft:
    others = work.sentences(other for answer in work.answers for other in answer.alternatives)
    lines, findings = backing.mended(work.texts[:sentences], others)
    findings += [finding for finding, made in ((_CUT, work.truncated), (_LOOPED, work.repeated)) if made]
    return Draft(tuple(lines), tuple(findings))


_CUT = Finding(
    "summary",
    "truncated",
    "",
    "The summary model stopped at its length bound, so a sentence may be incomplete; raise summary.max_tokens.",
)
_LOOPED = Finding(
    "summary",
    "repetition",
    "",
    "The summary model fell into a loop, which was cut to one turn; words may be missing.",
)
