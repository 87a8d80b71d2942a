"""What both engines share: the honest ruler, batches of equal bound, the loop guard. An engine only decodes tokens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.errors import InputTooLarge, ModelFailed
from summarizer.models.protocol import Options
from summarizer.models.tokenizers import Tokenizer
from summarizer.types import Generation

# A translation is seldom longer than 1.5 times its source in tokens; three times plus ten leaves room for a language
# the vocabulary splits finely and for one-word sources, and still stops a runaway output early.
BOUND_FACTOR, BOUND_EXTRA = 3, 10
# All texts of a batch stop at one bound, so the bound must not depend on who else is in the batch: lengths are
# rounded up to this many tokens, and a batch holds texts of one rounded length.
BOUND_STEP = 16
# Tokens of one batch, padding counted: keeps two cores busy and a 300 MB model below 1 GB.
BATCH_TOKENS = 2048
# A block of tokens that stands three times in a row over at least a dozen tokens (a four-gram three times) is a loop.
LOOP_REPEATS, LOOP_TOKENS, LOOP_LONGEST_BLOCK = 3, 12, 64
LOOP_CURE = 4


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One output of an engine: tokens without start, language and end tokens; ``ended`` if the end was produced.

    ``score`` is the mean log-probability per token, the end token counted.
    """

    tokens: tuple[str, ...]
    score: float | None
    ended: bool


@dataclass(frozen=True, slots=True)
class Job:
    """A text on its way through: its place in the caller's list, its tokens, and where its output must stop."""

    index: int
    tokens: tuple[str, ...]
    bound: int


class TokenModel(ABC):
    """A ``Model`` around an engine that turns source tokens into target tokens."""

    def __init__(self, name: str, tokenizer: Tokenizer, window: int, longest_output: int | None) -> None:
        self._name, self._window, self._longest = name, window, longest_output
        self._tokenizer = tokenizer
        self._closed = False

    @property
    def name(self) -> str:
        return self._name

    @property
    def window(self) -> int:
        return self._window

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text))

    def supports(self, source: str, target: str) -> bool:
        return self._tokenizer.languages.supports(source, target)

    def generate(self, texts: Sequence[str], options: Options) -> list[Generation]:
        """See :meth:`summarizer.models.protocol.Model.generate`. A blank text gives an empty generation."""
        if self._closed:
            raise ModelFailed(f"{self._name} is closed; open it again")
        _check(options)
        jobs = [self._job(index, text, options) for index, text in enumerate(texts)]
        results = [Generation("")] * len(jobs)
        for batch in _batches([job for job in jobs if job.tokens]):
            for job, generation in zip(batch, self._generated(batch, options), strict=True):
                results[job.index] = generation
        return results

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._free()

    @abstractmethod
    def _decode(
        self, sources: Sequence[list[str]], prefix: list[str], bound: int, options: Options
    ) -> list[list[Hypothesis]]:
        """At most ``bound`` tokens per source, special tokens not counted; hypotheses best first."""

    @abstractmethod
    def _free(self) -> None:
        """Let go of the weights."""

    def _job(self, index: int, text: str, options: Options) -> Job:
        tokens = tuple(self._tokenizer.encode(text)) if text.strip() else ()
        if len(tokens) > self._window:
            raise InputTooLarge(
                f"a text of {len(tokens)} tokens is over the window of {self._name} ({self._window}); "
                "split it at sentences first, as the chain does"
            )
        bound = options.max_tokens or BOUND_FACTOR * _rounded(len(tokens)) + BOUND_EXTRA
        return Job(index, tokens, min(bound, self._longest) if self._longest else bound)

    def _generated(self, batch: Sequence[Job], options: Options) -> list[Generation]:
        found = [self._generation(hypotheses) for hypotheses in self._decoded(batch, options)]
        looping = [place for place, job in enumerate(batch) if _loops(found[place][1]) and not _loops(job.tokens)]
        if looping and options.no_repeat_ngram == 0:
            again = self._decoded([batch[place] for place in looping], replace(options, no_repeat_ngram=LOOP_CURE))
            for place, hypotheses in zip(looping, again, strict=True):
                found[place] = _better(found[place], self._generation(hypotheses))
        return [generation for generation, _ in found]

    def _decoded(self, batch: Sequence[Job], options: Options) -> list[list[Hypothesis]]:
        sources = [self._tokenizer.source(job.tokens, options.source, options.target) for job in batch]
        return self._decode(sources, self._tokenizer.prefix(options.target), batch[0].bound, options)

    def _generation(self, hypotheses: Sequence[Hypothesis]) -> tuple[Generation, tuple[str, ...]]:
        texts = [
            Generation(self._tokenizer.decode(found.tokens), found.score, not found.ended, len(found.tokens))
            for found in hypotheses
        ]
        return replace(texts[0], alternatives=tuple(texts[1:])), hypotheses[0].tokens


def _check(options: Options) -> None:
    if not 1 <= options.hypotheses <= options.beams:
        raise ModelFailed(f"hypotheses={options.hypotheses} must lie between 1 and beams={options.beams}")
    if options.max_tokens is not None and options.max_tokens < max(1, options.min_tokens):
        raise ModelFailed(f"max_tokens={options.max_tokens} must be positive and no less than min_tokens")


def _rounded(length: int) -> int:
    return -(-length // BOUND_STEP) * BOUND_STEP


def _batches(jobs: Sequence[Job]) -> Iterator[list[Job]]:
    """Jobs of one bound, longest first, as many as fit the token budget with padding."""
    batch: list[Job] = []
    for job in sorted(jobs, key=lambda job: (-job.bound, -len(job.tokens))):
        width = len(batch[0].tokens) if batch else 0
        if batch and (job.bound != batch[0].bound or width * (len(batch) + 1) > BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(job)
    if batch:
        yield batch


def _loops(tokens: Sequence[str]) -> bool:
    """Whether some block of tokens stands three times or more in a row, over at least a dozen tokens."""
    for block in range(1, min(len(tokens) // LOOP_REPEATS, LOOP_LONGEST_BLOCK) + 1):
        needed = max(LOOP_TOKENS, LOOP_REPEATS * block) - block
        run = 0
        for place in range(block, len(tokens)):
            run = run + 1 if tokens[place] == tokens[place - block] else 0
            if run >= needed:
                return True
    return False


def _better(
    first: tuple[Generation, tuple[str, ...]], second: tuple[Generation, tuple[str, ...]]
) -> tuple[Generation, tuple[str, ...]]:
    """The retry, unless it runs to its bound where the first attempt ended, or loops all the same."""
    worse = (second[0].truncated and not first[0].truncated) or _loops(second[1])
    return first if worse else second
