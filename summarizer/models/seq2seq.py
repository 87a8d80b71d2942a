"""Encoder-decoder models through transformers' ``generate``, on any device: every AutoModelForSeq2SeqLM.

What a checkpoint likes to set by itself (beams, lengths, forced ends) is put aside; only ``Options`` decide.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from summarizer.errors import ModelFailed
from summarizer.models.checkpoint import config_of, window_of
from summarizer.models.decoding import Hypothesis, TokenModel
from summarizer.models.protocol import Options
from summarizer.models.pytorch import cause, device_here, freed, import_torch, opened, precision_here
from summarizer.models.settings import Settings, available_cores
from summarizer.models.tokenizers import open_tokenizer
from summarizer.models.weights import Located, locate

# Logits held at once while outputs are scored: 64 MB in float32, whatever the vocabulary.
_SCORED_LOGITS = 16_000_000
_NO_SEQ2SEQ = "no encoder-decoder model; for a causal language model take the chat wrapper"


class Seq2SeqModel(TokenModel):
    """A transformers model. One generation runs at a time: threads would only share the same cores."""

    def __init__(self, settings: Settings) -> None:
        """Find and open the weights.

        Raises:
            ModelNotFound: the weights are not on disk.
            ModelFailed: they cannot be opened.
            MissingDependency: torch or transformers is not installed.
        """
        located = locate(settings.weights, settings.revision)
        if located.kind == "ct2":
            raise ModelFailed(f"{located.name} is a CTranslate2 model; the ct2 wrapper runs it (model: ct2)")
        self._torch = import_torch("the seq2seq wrapper")
        # torch counts the cores it may run on, and not the quota of its container.
        self._torch.set_num_threads(settings.threads or min(available_cores(), self._torch.get_num_threads()))
        self._device = device_here(self._torch, settings.device)
        precision = precision_here(self._torch, self._device, settings.precision, located)
        tokenizer = open_tokenizer(located, settings.languages)
        window = window_of(located, special=tokenizer.special, stated=tokenizer.window, override=settings.window)
        super().__init__(f"seq2seq:{located.label}:{precision}", tokenizer, window.source, window.target)
        self._model = opened(
            "AutoModelForSeq2SeqLM", located, device=self._device, precision=precision, other=_NO_SEQ2SEQ
        )
        unknown = None if tokenizer.unknown is None else tokenizer.ids([tokenizer.unknown])[0]
        ids = self._model.generation_config = _bare(self._model, unknown, located.name)
        self._begin = [] if _starts_with_language(located) else [ids.decoder_start_token_id]
        self._ends = ids.eos_token_id if isinstance(ids.eos_token_id, list) else [ids.eos_token_id]
        self._never = [*(ids.suppress_tokens or []), *(word[0] for word in ids.bad_words_ids or [] if len(word) == 1)]
        self._lock = threading.Lock()

    def _decode(
        self, sources: Sequence[list[str]], prefix: list[str], bound: int, options: Options
    ) -> list[list[Hypothesis]]:
        first = [*self._begin, *self._tokenizer.ids(prefix)]
        ids, mask = self._padded([self._tokenizer.ids(tokens) for tokens in sources])
        begun = self._torch.tensor([first] * len(sources), device=self._device)
        try:
            with self._lock, self._torch.inference_mode():
                outputs = self._model.generate(
                    input_ids=ids,
                    attention_mask=mask,
                    decoder_input_ids=begun,
                    generation_config=_generation(first[0], bound, options),
                    **self._sees_all(mask),
                )
                rows = [self._cut(row[len(first) :], bound) for row in outputs.tolist()]
                scores = self._scores(ids, mask, first, rows, options.hypotheses)
        except (RuntimeError, ValueError, IndexError) as error:
            raise ModelFailed(cause(self.name, error)) from error
        found = [
            Hypothesis(tuple(self._tokenizer.tokens(row)), score, ended)
            for (row, ended), score in zip(rows, scores, strict=True)
        ]
        return [found[place : place + options.hypotheses] for place in range(0, len(found), options.hypotheses)]

    def _free(self) -> None:
        with self._lock:  # the batch under way is done first
            del self._model
        freed(self._torch, self._device)

    def _padded(self, rows: Sequence[Sequence[int]]) -> tuple[Any, Any]:
        width = max(map(len, rows))
        pad = self._model.generation_config.pad_token_id
        ids = [[*row, *[pad] * (width - len(row))] for row in rows]
        mask = [[1] * len(row) + [0] * (width - len(row)) for row in rows]
        return self._torch.tensor(ids, device=self._device), self._torch.tensor(mask, device=self._device)

    def _sees_all(self, mask: Any) -> dict[str, Any]:
        """LED is told which tokens see all others: the first one, as its summarisers were trained."""
        if self._model.config.model_type != "led":
            return {}
        seeing = self._torch.zeros_like(mask)
        seeing[:, 0] = 1
        return {"global_attention_mask": seeing}

    def _cut(self, row: Sequence[int], bound: int) -> tuple[list[int], bool]:
        """The tokens before the end token, and whether there was one."""
        end = next((place for place, token in enumerate(row) if token in self._ends), None)
        return (list(row[:bound]), False) if end is None else (list(row[:end]), True)

    def _scores(
        self, ids: Any, mask: Any, first: list[int], rows: Sequence[tuple[list[int], bool]], each: int
    ) -> list[float]:
        """Mean log-probability per output token, end token counted: one more pass, a few rows at a time.

        ``generate`` could return scores, and would keep every step's logits for it: gigabytes with 250,000 words.
        """
        longest = max(len(row) for row, _ in rows) + 1 + len(first)
        step = max(1, _SCORED_LOGITS // (longest * self._model.config.get_text_config(decoder=True).vocab_size))
        scores: list[float] = []
        for start in range(0, len(rows), step):
            places = [place // each for place in range(start, min(start + step, len(rows)))]
            scores += self._scored(ids[places], mask[places], first, rows[start : start + step])
        return scores

    def _scored(self, ids: Any, mask: Any, first: list[int], rows: Sequence[tuple[list[int], bool]]) -> list[float]:
        wanted = [[*row, self._ends[0]] if ended else row for row, ended in rows]
        inputs, _ = self._padded([[*first, *row[:-1]] for row in wanted])
        labels, seen = self._padded(wanted)
        logits = self._model(
            input_ids=ids, attention_mask=mask, decoder_input_ids=inputs, **self._sees_all(mask)
        ).logits
        logits[..., self._never] = float("-inf")
        likely = logits[:, len(first) - 1 :].float().log_softmax(-1).gather(-1, labels[..., None])[..., 0]
        means = (likely * seen).sum(-1) / seen.sum(-1)
        return [float(mean) for mean in means.tolist()]


def _generation(start: int, bound: int, options: Options) -> Any:
    """``Options`` as a GenerationConfig. What is not set here, ``generate`` takes from :func:`_bare`: token ids only."""
    from transformers import GenerationConfig  # noqa: PLC0415

    return GenerationConfig(
        decoder_start_token_id=start,  # or generate would put the checkpoint's own before it
        do_sample=False,
        num_beams=options.beams,
        num_return_sequences=options.hypotheses,
        early_stopping=options.beams > 1,  # as CTranslate2 does: stop when as many outputs as beams have ended
        # One step more than the bound: room for the end token, whose absence is then the honest sign of a cut.
        max_new_tokens=bound + 1,
        min_new_tokens=max(1, options.min_tokens),
        length_penalty=options.length_penalty,
        repetition_penalty=options.repetition_penalty,
        no_repeat_ngram_size=options.no_repeat_ngram,
    )


def _bare(model: Any, unknown: int | None, name: str) -> Any:
    """The checkpoint's generation settings, token ids alone: no beams, lengths or forced tokens of its own."""
    from transformers import GenerationConfig  # noqa: PLC0415

    own, config = model.generation_config, model.config
    decoder = config.get_text_config(decoder=True)

    def stated(field: str) -> Any:
        values = (getattr(place, field, None) for place in (own, config, decoder))
        return next((value for value in values if value is not None), None)

    end = stated("eos_token_id")
    start = stated("decoder_start_token_id")
    if end is None or (start is None and stated("bos_token_id") is None):
        raise ModelFailed(f"{name}: the checkpoint does not say with which tokens an output starts and ends")
    return GenerationConfig(
        pad_token_id=stated("pad_token_id") if stated("pad_token_id") is not None else _first(end),
        eos_token_id=end,
        decoder_start_token_id=stated("bos_token_id") if start is None else start,
        bad_words_ids=own.bad_words_ids,
        suppress_tokens=None if unknown is None else [unknown],
    )


def _first(ids: Any) -> int:
    return int(ids[0] if isinstance(ids, list) else ids)


def _starts_with_language(located: Located) -> bool:
    """mBART-25 begins its output with the language token itself; mBART-50 puts a start token before it."""
    config = config_of(located)
    return config.get("model_type") == "mbart" and config.get("tokenizer_class") in (None, "MBartTokenizer")
