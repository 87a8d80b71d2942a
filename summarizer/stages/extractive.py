"""The summariser that needs no weights: whole sentences of the article, chosen and kept in their order. Any language.

A sentence is worth what it shares with the rest of the article (centrality), with the title, and its place near the
beginning; every sentence chosen makes the ones that repeat it worth less. Which sentences may be chosen at all is
:mod:`summarizer.stages.standing`. Same input, same output, on every machine.

Tuned, by small grids: ``position``, ``reach``, ``redundancy`` and the slope on 313 derStandard articles with the editor's
teaser (10kGNAD; 1, 2 and 3 sentences) beside 120 encyclopedia articles of the training part of Klexikon (12 sentences);
``title`` on 200 of the latter with their names as titles. No set has a standfirst: it competes as a beginning of its own.
Tried, and left out because they gained nothing on either: the first sentence under a heading, likeness to the first
sentence, a reach that grows with the length asked for, stop words taken out, figures, first person, sentence length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.errors import ConfigError
from summarizer.stages.ranking import Vectors, words
from summarizer.stages.standing import Standing, standings
from summarizer.types import Document, Draft, Line, Sentence

VERSION = 1  # counted up whenever the same article gives another summary
STEEPNESS = 6  # a plateau, then a slope: ROUGE-1 on the news set sums to 49.2 for 1 to 3 sentences, 48.3 with 4
SAME = 0.9  # cosine from which two sentences are one and the same; nobody asks for either twice


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much beside the centrality, whose average is 1.

    ``position`` is for a place within the first ``reach`` sentences, ``title`` for words shared with it,
    ``redundancy`` against words shared with a sentence chosen already.
    """

    position: float = 1.3
    reach: float = 4.0
    title: float = 1.0
    redundancy: float = 1.0


class ExtractiveSummarizer:
    """Choose sentences of each document; every line is verbatim and carries its own span."""

    def __init__(self, weights: Weights | None = None) -> None:
        self.weights = weights or Weights()
        self.name = f"extractive/{VERSION}"

    def summarize(self, documents: Sequence[Document], *, sentences: int) -> list[Draft]:
        """At most ``sentences`` lines per document, fewer where it holds fewer; the whole document is read.

        Raises:
            ConfigError: fewer than one sentence is asked for.
        """
        if sentences < 1:
            raise ConfigError(
                f"A summary has at least 1 sentence, {sentences} were asked for; set sentences to 1 or more."
            )
        return [self._draft(document, sentences) for document in documents]

    def close(self) -> None:
        """Nothing to free."""

    def _draft(self, document: Document, sentences: int) -> Draft:
        chosen = sorted(choose(document, sentences, self.weights))
        lines = (document.body[index] for index in chosen)
        return Draft(tuple(Line(line.text, evidence=(line.span,), support=1.0) for line in lines))


def choose(document: Document, sentences: int, weights: Weights) -> list[int]:
    """Indices into ``document.body``, the best first."""
    body = document.body
    if not body:
        return []
    spoken = [words(sentence.text) for sentence in body]
    vectors = Vectors.of(spoken)
    worth = (
        vectors.centrality()
        + weights.position * early(body, weights.reach)
        + weights.title * vectors.likeness(vectors.profile(_titles(document)))
    )
    ranks = np.array(standings(body, document.language, lengths=list(map(len, spoken))), dtype=np.int64)
    return _pick(vectors, worth, ranks, sentences, redundancy=weights.redundancy)


def early(body: Sequence[Sentence], reach: float) -> NDArray[np.float64]:
    """Near 1 for the first ``reach`` sentences, then falling fast. A standfirst stands beside the beginning."""
    standfirst = sum(sentence.role == "standfirst" for sentence in body)
    ranks = np.maximum(np.arange(len(body)) - standfirst, 0)
    return 1 / (1 + (ranks / reach) ** STEEPNESS)


def _titles(document: Document) -> list[str]:
    return [sentence.text for sentence in document.sentences if sentence.role in ("kicker", "title")]


def _pick(
    vectors: Vectors, worth: NDArray[np.float64], ranks: NDArray[np.int64], sentences: int, *, redundancy: float
) -> list[int]:
    """Greedily the best sentence that stands alone, or whose predecessor is chosen; the others only when none is left."""
    rank = ranks.copy()
    if (rank < Standing.UNFIT).any():
        rank[rank == Standing.UNFIT] = len(Standing)
    open_ = rank < len(Standing)
    likeness = np.zeros(len(worth))
    chosen: list[int] = []
    while len(chosen) < sentences and open_.any():
        best = int(np.lexsort((-(worth - redundancy * likeness), rank, ~open_))[0])
        chosen.append(best)
        likeness = np.maximum(likeness, vectors.likeness(vectors.row(best)))
        open_ &= likeness < SAME
        open_[best] = False
        if best + 1 < len(rank) and rank[best + 1] == Standing.HANGING:
            rank[best + 1] = Standing.FREE
    return chosen
