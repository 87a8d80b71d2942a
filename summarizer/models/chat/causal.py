"""Instruction models through transformers' ``generate``: every AutoModelForCausalLM, on any device."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from summarizer.errors import ModelFailed
from summarizer.models.chat.settings import ChatSettings
from summarizer.models.chat.shared import Shared
from summarizer.models.chat.tokenizer import ChatTokenizer
from summarizer.models.chat.window import window_of_chat
from summarizer.models.decoding import Hypothesis, TokenModel
from summarizer.models.protocol import Options
from summarizer.models.pytorch import cause, device_here, freed, import_torch, opened, precision_here
from summarizer.models.weights import Located

_NO_CAUSAL = "no causal language model; for an encoder-decoder take model: seq2seq or ct2"


@dataclass(slots=True)
class _Engine:
    """A loaded model; one generation runs at a time, since threads would only share the same cores."""

    model: Any
    lock: threading.Lock = field(default_factory=threading.Lock)


class CausalModel(TokenModel):
    """A transformers model that continues its prompt. Batches are padded on the left."""

    def __init__(self, settings: ChatSettings, located: Located) -> None:
        if located.kind == "ct2":
            raise ModelFailed(f"{located.name} is a CTranslate2 model; write engine: ct2")
        self._torch = import_torch("the chat wrapper")
        if settings.threads:
            self._torch.set_num_threads(settings.threads)
        self._device = device_here(self._torch, settings.device)
        precision = precision_here(self._torch, self._device, settings.precision, located)
        self._chat = ChatTokenizer(located, settings.system)
        window = window_of_chat(located, self._chat, settings.window)
        super().__init__(f"chat:{located.label}:{precision}", self._chat, window.source, window.target)
        self._ends = self._chat.ids(self._chat.ends)
        self._engine = Shared(
            ("transformers", located, self._device, precision),
            lambda: _Engine(_load(located, self._device, precision)),
            self._forget,
        )

    def _decode(
        self, sources: Sequence[list[str]], prefix: list[str], bound: int, options: Options
    ) -> list[list[Hypothesis]]:
        del prefix  # the prompt holds everything
        from summarizer.models.chat.processors import Likelihood, penalties  # noqa: PLC0415

        ids, mask = self._padded([self._chat.ids(tokens) for tokens in sources])
        width = ids.shape[1]
        likelihood, listens = Likelihood(self._torch), options.beams == 1
        engine = self._engine.value
        try:
            with engine.lock, self._torch.inference_mode():
                found = engine.model.generate(
                    input_ids=ids,
                    attention_mask=mask,
                    generation_config=self._search(bound, options),
                    logits_processor=[*([likelihood] if listens else []), *penalties(width, options)],
                )
        except (RuntimeError, ValueError, IndexError) as error:
            raise ModelFailed(cause(self.name, error)) from error
        rows = found[:, width:].tolist()
        # Of beams generate tells scores only together with all logits of all steps: gigabytes.
        means = likelihood.means(found, [self._length(row) for row in rows]) if listens else [None] * len(rows)
        flat = [self._hypothesis(row, mean, bound) for row, mean in zip(rows, means, strict=True)]
        return [flat[place : place + options.hypotheses] for place in range(0, len(flat), options.hypotheses)]

    def _search(self, bound: int, options: Options) -> Any:
        from transformers import GenerationConfig  # noqa: PLC0415

        return GenerationConfig(
            do_sample=False,
            num_beams=options.beams,
            num_return_sequences=options.hypotheses,
            early_stopping=options.beams > 1,
            # One step more than the bound: room for the end token, whose absence is then the honest sign of a cut.
            max_new_tokens=bound + 1,
            min_new_tokens=max(1, options.min_tokens),
            length_penalty=options.length_penalty,
            eos_token_id=self._ends,
            pad_token_id=self._ends[0],
        )

    def _padded(self, rows: Sequence[Sequence[int]]) -> tuple[Any, Any]:
        width = max(map(len, rows))
        ids = [[*[self._ends[0]] * (width - len(row)), *row] for row in rows]
        mask = [[0] * (width - len(row)) + [1] * len(row) for row in rows]
        return self._torch.tensor(ids, device=self._device), self._torch.tensor(mask, device=self._device)

    def _length(self, row: Sequence[int]) -> int:
        """Tokens up to the end token, which counts."""
        return next((place + 1 for place, token in enumerate(row) if token in self._ends), len(row))

    def _hypothesis(self, row: Sequence[int], mean: float | None, bound: int) -> Hypothesis:
        own = row[: self._length(row)]
        ended = own[-1] in self._ends
        return Hypothesis(tuple(self._chat.tokens(own[:-1] if ended else own[:bound])), mean, ended)

    def _forget(self, engine: _Engine) -> None:
        with engine.lock:  # the batch under way is done first
            del engine.model
        freed(self._torch, self._device)

    def _free(self) -> None:
        self._engine.give_back()


def _load(located: Located, device: str, precision: str) -> Any:
    from transformers import GenerationConfig  # noqa: PLC0415

    model = opened("AutoModelForCausalLM", located, device=device, precision=precision, other=_NO_CAUSAL)
    model.generation_config = GenerationConfig()  # temperatures and bounds of the checkpoint's own
    return model
