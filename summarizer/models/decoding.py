"""What both engines share: the honest ruler, batches of equal bound, the loop guard. An engine only decodes tokens.

No output is longer than its bound, and none says a block of tokens three times in a row where its source does not:
what loops is tried again, and what then still loops is cut to its first turn and marked ``repeated``. Both hold for the
tokens as generated, and for those that ``count`` finds in the text: a model may spell a word in its own way.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from summarizer.errors import InputTooLarge, ModelFailed, SummarizerError
from summarizer.models.loops import cut_loops, loop_in, may_loop
from summarizer.models.protocol import Options
from summarizer.models.tokenizers import Tokenizer
from summarizer.progress import done
from summarizer.types import Generation

# A translation is seldom longer than 1.5 times its source in tokens; three times plus ten leaves room for a language
# the vocabulary splits finely and for one-word sources, and still stops a runaway output early.
BOUND_FACTOR, BOUND_EXTRA = 3, 10
# An engine decodes a batch up to one bound, which must not depend on who else is in the batch: a batch holds texts of
# one class of lengths (up to 32 tokens, 64, 128 ...), and each output is then cut at its own bound. Finer classes
# would take an article's sentences apart into batches of one or two.
SHORTEST_CLASS = 32
# Tokens of one batch, padding counted. With one thread to a batch the bundled model took 1.35 s of CPU time for 300
# sentences at 512 and 1,024 and 1.57 s at 2,048, a model of opus-mt's size 4.77, 4.14 and 4.10 s for 128 sentences.
BATCH_TOKENS = 1024
AHEAD = 2  # batches for each worker: one at work, and one to go on with while the answer to the last is put into words
_SPELLING = 3  # a text has at most so many times the tokens it was generated with: one lone byte is read as three
LOOP_CURE = 4  # an output that loops is tried once more with no four tokens twice


_NOTHING = Generation("")


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
    """A text on its way through: its tokens, and where its output must stop.

    ``limit`` is its own; ``bound``, no smaller, is that of its batch.
    """

    text: str
    tokens: tuple[str, ...]
    limit: int
    bound: int


class TokenModel(ABC):
    """A ``Model`` around an engine that turns source tokens into target tokens."""

    _workers = 1  # batches the engine decodes at a time

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
        self._must_be_open()
        _check(options)
        jobs = [self._job(text, options) for text in dict.fromkeys(texts)]
        asked = [job for job in jobs if job.tokens]
        found: dict[str, Generation] = {}
        try:
            for text, generation in self._answers(asked, options):
                found[text] = generation
                done(len(found), len(asked))
        except Exception as error:
            if self._closed and not isinstance(error, SummarizerError):  # by another thread, between two batches
                raise ModelFailed(f"{self._name} was closed while it was at work") from error
            raise
        return [found.get(text, _NOTHING) for text in texts]

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._free()

    def _must_be_open(self) -> None:
        if self._closed:
            raise ModelFailed(f"{self._name} is closed; open it again")

    def _start(
        self, sources: Sequence[list[str]], prefix: list[str], bound: int, options: Options
    ) -> Callable[[], list[list[Hypothesis]]]:
        """Order what ``_decode`` does; the answer is waited for when asked for."""
        return lambda: self._decode(sources, prefix, bound, options)

    @abstractmethod
    def _decode(
        self, sources: Sequence[list[str]], prefix: list[str], bound: int, options: Options
    ) -> list[list[Hypothesis]]:
        """At most ``bound`` tokens per source, special tokens not counted; hypotheses best first."""

    @abstractmethod
    def _free(self) -> None:
        """Let go of the weights."""

    def _job(self, text: str, options: Options) -> Job:
        tokens = tuple(self._tokenizer.encode(text)) if text.strip() else ()
        if len(tokens) > self._window:
            raise InputTooLarge(
                f"a text of {len(tokens)} tokens is over the window of {self._name} ({self._window}); "
                "split it at sentences first, as the chain does"
            )
        return Job(text, tokens, self._bound(len(tokens), options), self._bound(_class(len(tokens)), options))

    def _bound(self, length: int, options: Options) -> int:
        bound = options.max_tokens or max(BOUND_FACTOR * length + BOUND_EXTRA, options.min_tokens)
        return min(bound, self._longest) if self._longest else bound

    def _answers(self, jobs: Sequence[Job], options: Options) -> Iterator[tuple[str, Generation]]:
        """Each text with its generation. What loops is tried again when all else is done, without repetition."""
        looping: dict[str, tuple[Job, list[Hypothesis]]] = {}
        for job, hypotheses in self._decoded(jobs, options):
            if options.no_repeat_ngram == 0 and _loops(hypotheses[0], job):
                looping[job.text] = job, hypotheses
            else:
                yield job.text, self._generation(hypotheses, job, options)
        cure = replace(options, no_repeat_ngram=LOOP_CURE)
        for job, hypotheses in self._decoded([job for job, _ in looping.values()], cure):
            cured = hypotheses[0].ended and not _loops(hypotheses[0], job)
            yield job.text, self._generation(hypotheses if cured else looping[job.text][1], job, options)

    def _decoded(self, jobs: Sequence[Job], options: Options) -> Iterator[tuple[Job, list[Hypothesis]]]:
        """Batch by batch. Some are ordered ahead of the one waited for, so that several workers have something to do.

        Not all: whoever leaves off in the midst leaves no more than those to be done for nobody.
        """
        prefix = self._tokenizer.prefix(options.target) if jobs else []
        batches, ordered = (
            _batches(jobs, self._workers),
            deque[tuple[list[Job], Callable[[], list[list[Hypothesis]]]]](),
        )
        while True:
            self._must_be_open()
            for batch in islice(batches, AHEAD * self._workers - len(ordered)):
                sources = [self._source(job, options) for job in batch]
                ordered.append((batch, self._start(sources, prefix, batch[0].bound, options)))
            if not ordered:
                return
            batch, answer = ordered.popleft()
            for job, hypotheses in zip(batch, answer(), strict=True):
                yield job, [_within(one, job.limit) for one in hypotheses]

    def _source(self, job: Job, options: Options) -> list[str]:
        return self._tokenizer.source(job.tokens, options.source, options.target)

    def _generation(self, hypotheses: Sequence[Hypothesis], job: Job, options: Options) -> Generation:
        """The best, what loops in it cut to one turn, and those of the others that do not loop."""
        limit = None if options.max_tokens else job.limit
        best, *others = (self._worded(_unlooped(found, job), job, limit) for found in hypotheses)
        return replace(best, alternatives=tuple(other for other in others if not other.repeated))

    def _worded(self, found: Hypothesis, job: Job, limit: int | None) -> Generation:
        """The text; where it reads longer than ``limit`` or loops though the tokens did not, it is cut again."""
        text = self._text(found)
        while _suspicious(found.tokens, limit):
            read = Hypothesis(tuple(self._tokenizer.encode(text)), found.score, found.ended, found.repeated)
            kept = _unlooped(read if limit is None else _within(read, limit), job)
            if kept == read:
                break
            found, text = kept, self._text(kept)
        truncated = not found.ended
        return Generation(text, found.score, truncated, tokens=len(found.tokens), repeated=found.repeated)

    def _text(self, found: Hypothesis) -> str:
        """Bytes that make no character, as byte pieces may, say nothing and are left out."""
        return self._tokenizer.decode(found.tokens).replace("\ufffd", "").strip()


def _check(options: Options) -> None:
    if not 1 <= options.hypotheses <= options.beams:
        raise ModelFailed(f"hypotheses={options.hypotheses} must lie between 1 and beams={options.beams}")
    if options.max_tokens is not None and options.max_tokens < max(1, options.min_tokens):
        raise ModelFailed(f"max_tokens={options.max_tokens} must be positive and no less than min_tokens")


def _class(length: int) -> int:
    """The longest text of its class."""
    longest = SHORTEST_CLASS
    while longest < length:
        longest *= 2
    return longest


def _batches(jobs: Sequence[Job], workers: int) -> Iterator[list[Job]]:
    """Jobs of one bound, longest first: as many as fit the token budget, and an equal share for every worker."""
    total = sum(len(job.tokens) for job in jobs)
    share = total / (workers * math.ceil(total / (workers * BATCH_TOKENS))) if total else 0.0
    batch: list[Job] = []
    held = 0
    for job in sorted(jobs, key=lambda job: (-job.bound, -len(job.tokens))):
        length = len(job.tokens)
        over = batch and (len(batch) + 1) * len(batch[0].tokens) > BATCH_TOKENS
        if batch and (over or job.bound != batch[0].bound or held + length / 2 > share):
            yield batch
            batch, held = [], 0
        batch.append(job)
        held += length
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
