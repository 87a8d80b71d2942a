"""One chain at work: what a job asks of it, on this machine, in a worker process or in an actor of a cluster."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from summarizer.batch.rows import Answer, Outcome
from summarizer.chain import Chain
from summarizer.config import Cluster
from summarizer.types import Length, Result

MACHINERY = frozenset({"device", "threads", "description", "cluster"})  # settings that do not bear on the text


class Load(Protocol):
    """Makes a chain; keywords replace settings of its preset. Pickled where there are workers."""

    def __call__(self, **overrides: Any) -> Chain:
        """The chain."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done with each row, and by how many processes.

    ``threads`` are those of one process; an even share of the cores where it is None. ``cluster`` is the address of a
    Ray cluster, or ``local``, and ``spread`` how the job is spread over it.
    """

    to: tuple[str, ...] = ("en",)
    sentences: int | None = None
    length: Length | None = None
    batch_size: int = 16
    workers: int = 1
    threads: int | None = None
    cluster: str | None = None
    spread: Cluster = field(default_factory=Cluster)

    def options(self) -> dict[str, Any]:
        """The keywords of ``chain.stream`` that decide what comes out."""
        return {"to": self.to, "sentences": self.sentences, "length": self.length}


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a text come out as it does: program, models, revisions and options, and a hash of the whole preset."""

    signature: str
    settings: str


class Worker:
    """A loaded chain and how it is asked."""

    def __init__(self, chain: Chain, task: Task) -> None:
        self._chain = chain
        self._task = task

    def identity(self) -> Identity:
        """What must be equal for two workers to write the same."""
        said = self._chain.config.model_dump_json(exclude=set(MACHINERY))
        signature = self._chain.signature(**self._task.options())
        return Identity(signature, hashlib.sha256(said.encode()).hexdigest()[:16])

    def stream(self, pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        """The answers to each piece, in order."""
        for piece in pieces:
            yield self.answers(piece)

    def answers(self, texts: Sequence[str]) -> list[Answer]:
        """One answer per text; an error is the answer to a text that fails. No batch holds texts of two pieces."""
        size = self._task.batch_size
        outcomes = self._chain.stream(texts, **self._task.options(), batch_size=size, on_error="return")
        return [Answer(outcome, tokens(self._chain, outcome)) for outcome in outcomes]

    def close(self) -> None:
        """Free the models."""
        self._chain.close()


def tokens(chain: Chain, outcome: Outcome) -> int:
    """Tokens of what models wrote into a result: the summary, unless it was taken word by word, and its translations."""
    if not isinstance(outcome, Result):
        return 0
    wrote = getattr(chain.summarizer, "model", None)
    written = sum(wrote.count(line.text) for line in outcome.lines) if wrote else 0
    if chain.translator is None:
        return written
    count = chain.translator.count
    lines = ((line.text, to, text) for line in outcome.lines for to, text in line.translations.items())
    source = outcome.language
    return written + sum(count(text, source=source, target=to) for before, to, text in lines if text != before)
