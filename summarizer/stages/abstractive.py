"""A summary written by a model: whole sentences in, map-reduce where the article is longer than the window.

Every sentence is read, or named as unread with a ``truncated`` finding. Every round must shrink the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from summarizer.errors import ModelFailed
from summarizer.models.protocol import Model, Options
from summarizer.stages.asking import Asking
from summarizer.stages.evidence import EvidenceIndex
from summarizer.text.chunks import chunks, split_to_fit
from summarizer.text.prompts import filled
from summarizer.text.sentences import split
from summarizer.types import Document, Draft, Finding, Generation, Line

# A part of a long article is cut to at most this share of the window, so that even a model that copies comes to an
# end: balanced parts are longer than half a window.
SHARE_OF_WINDOW = 0.4
MIN_TOKENS = 8  # a bound under this would cut every sentence


@dataclass(frozen=True, slots=True)
class _Part:
    """What the model is asked for one document in this round."""

    document: int
    prompt: str


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
        texts = [[sentence.text for sentence in document.body] for document in documents]
        cut = [False] * len(documents)
        looped = [False] * len(documents)
        pending = list(range(len(documents)))
        while pending:
            parts = [
                _Part(index, prompt)
                for index in pending
                for prompt in self._prompts(texts[index], language=documents[index].language, sentences=sentences)
            ]
            answers = self._answers(parts, documents)
            again = [index for index in pending if len(answers[index]) > 1]
            for index in pending:
                language = documents[index].language
                shorter = [line for answer in answers[index] for line in _sentences(answer.text, language)]
                self._must_shrink(texts[index], shorter, rounds_follow=index in again)
                texts[index] = shorter
                cut[index] |= any(answer.truncated for answer in answers[index])
                looped[index] |= any(answer.repeated for answer in answers[index])
            pending = again
        return [
            _draft(document, lines[:sentences], truncated=truncated, repeated=repeated)
            for document, lines, truncated, repeated in zip(documents, texts, cut, looped, strict=True)
        ]

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

    def _answers(self, parts: Sequence[_Part], documents: Sequence[Document]) -> dict[int, list[Generation]]:
        """The model's answers by document; one call per language, all documents together."""
        by_language: dict[str, list[_Part]] = defaultdict(list)
        for part in parts:
            by_language[documents[part.document].language].append(part)
        answers: dict[int, list[Generation]] = defaultdict(list)
        for language, group in by_language.items():
            options = replace(self.options, source=language, target=language, max_tokens=self._max_tokens())
            generations = self.model.generate([part.prompt for part in group], options)
            for part, generation in zip(group, generations, strict=True):
                answers[part.document].append(generation)
        return answers

    def _max_tokens(self) -> int:
        bound = max(MIN_TOKENS, int(SHARE_OF_WINDOW * self.model.window))
        return min(self.options.max_tokens or bound, bound)

    def _must_shrink(self, before: Sequence[str], after: Sequence[str], *, rounds_follow: bool) -> None:
        if rounds_follow and self.model.count(" ".join(after)) >= self.model.count(" ".join(before)):
            raise ModelFailed(
                f"{self.name} returns text as long as it is given, so a long article never comes to an end; "
                "take a summarisation model, or lower summary.max_tokens"
            )


def _sentences(text: str, language: str) -> Iterable[str]:
    """The sentences of a model's answer, each once."""
    return dict.fromkeys(text[start:end] for start, end in split(text, language))


def _draft(document: Document, lines: Sequence[str], *, truncated: bool, repeated: bool) -> Draft:
    index = EvidenceIndex(document.sentences)
    linked = []
    for line in lines:
        evidence, support = index.link(line)
        linked.append(Line(line, {}, evidence, support))
    return Draft(tuple(linked), ((_CUT,) if truncated else ()) + ((_LOOPED,) if repeated else ()))


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
