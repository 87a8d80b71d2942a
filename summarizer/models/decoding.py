"""What both engines share: the honest ruler, batches of equal bound, the loop guard. An engine only decodes tokens.

No output is longer than its bound, and none says a block of tokens three times in a row where its source does not:
what loops is tried again, and what then still loops is cut to its first turn and marked ``repeated``. Both hold for the
tokens as generated, and for those that ``count`` finds in the text: a model may spell a word in its own way.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.errors import InputTooLarge, ModelFailed
from summarizer.models.loops import cut_loops, loop_in, may_loop
from summarizer.models.protocol import Options
from summarizer.models.tokenizers import Tokenizer
from summarizer.types import Generation

# A translation is seldom longer than 1.5 times its source in tokens; three times plus ten leaves room for a language
# the vocabulary splits finely and for one-word sources, and still stops a runaway output early.
BOUND_FACTOR, BOUND_EXTRA = 3, 10
# An engine decodes a batch up to one bound, which must not depend on who else is in the batch: lengths are rounded up
# to this many tokens, a batch holds texts of one rounded length, and each output is then cut at its own bound.
BOUND_STEP = 16
# Tokens of one batch, padding counted: keeps two cores busy and a 300 MB model below 1 GB.
BATCH_TOKENS = 2048
_SPELLING = 3  # a text has at most so many times the tokens it was generated with: one lone byte is read as three
LOOP_CURE = 4  # an output that loops is tried once more with no four tokens twice


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One output of an engine: tokens without start, language and end tokens; ``ended`` if the end was produced.

    ``score`` is the mean log-probability per token, the end token counted. ``repeated``: a loop was cut from it.
    """

    tokens: tuple[str, ...]
    score: float | None
    ended: bool
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A text on its way through: its place in the caller's list, its tokens, and where its output must stop.

    ``limit`` is its own; ``bound``, no smaller, is that of its batch.
    """

    index: int
    tokens: tuple[str, ...]
    limit: int
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
        return Job(index, tokens, self._bound(len(tokens), options), self._bound(_rounded(len(tokens)), options))

    def _bound(self, length: int, options: Options) -> int:
        bound = options.max_tokens or max(BOUND_FACTOR * length + BOUND_EXTRA, options.min_tokens)
        return min(bound, self._longest) if self._longest else bound

    def _generated(self, batch: Sequence[Job], options: Options) -> list[Generation]:
        found = self._decoded(batch, options)
        looping = [place for place, job in enumerate(batch) if _loops(found[place][0], job)]
        if looping and options.no_repeat_ngram == 0:
            again = [batch[place] for place in looping]
            cured = self._decoded(again, replace(options, no_repeat_ngram=LOOP_CURE))
            for place, hypotheses in zip(looping, cured, strict=True):
                if hypotheses[0].ended and not _loops(hypotheses[0], batch[place]):
                    found[place] = hypotheses
        return [self._generation(hypotheses, job, options) for hypotheses, job in zip(found, batch, strict=True)]

    def _decoded(self, batch: Sequence[Job], options: Options) -> list[list[Hypothesis]]:
        sources = [self._tokenizer.source(job.tokens, options.source, options.target) for job in batch]
        found = self._decode(sources, self._tokenizer.prefix(options.target), batch[0].bound, options)
        return [[_within(one, job.limit) for one in hypotheses] for hypotheses, job in zip(found, batch, strict=True)]

    def _generation(self, hypotheses: Sequence[Hypothesis], job: Job, options: Options) -> Generation:
        """The best, what loops in it cut to one turn, and those of the others that do not loop."""
        limit = None if options.max_tokens else job.limit
        best, *others = (self._worded(_unlooped(found, job), job, limit) for found in hypotheses)
        return replace(best, alternatives=tuple(other for other in others if not other.repeated))

    def _worded(self, found: Hypothesis, job: Job, limit: int | None) -> Generation:
        """The text; where it reads longer than ``limit`` or loops though the tokens did not, it is cut again."""
        text = self._tokenizer.decode(found.tokens)
        while _suspicious(found.tokens, limit):
            read = Hypothesis(tuple(self._tokenizer.encode(text)), found.score, found.ended, found.repeated)
            kept = _unlooped(read if limit is None else _within(read, limit), job)
            if kept == read:
                break
            # Cut between the bytes of a character, it would end in a mark that is read as three.
            found, text = kept, self._tokenizer.decode(kept.tokens).rstrip("\ufffd")
        truncated = not found.ended
        return Generation(text, found.score, truncated, tokens=len(found.tokens), repeated=found.repeated)


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


def _within(found: Hypothesis, limit: int) -> Hypothesis:
    return found if len(found.tokens) <= limit else replace(found, tokens=found.tokens[:limit], ended=False)


def _loops(found: Hypothesis, job: Job) -> bool:
    """Whether it loops, and more than its source."""
    return loop_in(found.tokens) is not None and loop_in(found.tokens, loop_in(job.tokens)) is not None


def _unlooped(found: Hypothesis, job: Job) -> Hypothesis:
    if not _loops(found, job):
        return found
    return replace(found, tokens=cut_loops(found.tokens, loop_in(job.tokens)), repeated=True)


def _suspicious(tokens: Sequence[str], limit: int | None) -> bool:
    """Whether the text could be too long, or loop, in another spelling. Most are not, and are not read again."""
    return may_loop(tokens) or (limit is not None and _SPELLING * len(tokens) > limit)
