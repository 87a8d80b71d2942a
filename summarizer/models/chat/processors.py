"""What happens to logits between two tokens. A prompt may hold the whole article: penalties look at the answer alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transformers import LogitsProcessor
from transformers.generation import NoRepeatNGramLogitsProcessor, RepetitionPenaltyLogitsProcessor

from summarizer.models.protocol import Options


class _AfterPrompt(LogitsProcessor):  # type: ignore[misc]  # transformers has no types
    """A processor that is shown what stands after the first ``width`` tokens."""

    def __init__(self, inner: Any, width: int) -> None:
        self._inner, self._width = inner, width

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        own = input_ids[:, self._width :]
        return self._inner(own, scores) if own.shape[1] else scores


class Likelihood(LogitsProcessor):  # type: ignore[misc]
    """Listens to a greedy search: what was the log-probability of each token it took?

    ``generate`` could return all logits for that, which for 128,000 words are gigabytes.
    """

    def __init__(self, torch: Any) -> None:
        self._torch = torch
        self._previous: Any = None
        self._gained: list[Any] = []

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        self._take(input_ids)
        self._previous = scores.float().log_softmax(-1)
        return scores

    def means(self, sequences: Any, lengths: Sequence[int]) -> list[float]:
        """The mean over the first ``lengths`` tokens of each row."""
        self._take(sequences)
        steps = self._torch.cat(self._gained, dim=-1)
        return [float(row[:length].mean()) for row, length in zip(steps, lengths, strict=True)]

    def _take(self, sequences: Any) -> None:
        if self._previous is not None:
            self._gained.append(self._previous.gather(-1, sequences[:, -1:]))


def penalties(width: int, options: Options) -> list[LogitsProcessor]:
    """The options against repetition, for prompts of ``width`` tokens."""
    found = []
    if options.repetition_penalty != 1.0:
        found.append(_AfterPrompt(RepetitionPenaltyLogitsProcessor(options.repetition_penalty), width))
    if options.no_repeat_ngram:
        found.append(_AfterPrompt(NoRepeatNGramLogitsProcessor(options.no_repeat_ngram), width))
    return found
