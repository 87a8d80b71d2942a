"""Encoder-decoder models through CTranslate2: converted once, int8 on the CPU, float16 on a GPU. No torch at run time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from summarizer.errors import ModelFailed
from summarizer.models.checkpoint import config_of, overflows, window_of
from summarizer.models.conversion import converted
from summarizer.models.decoding import Hypothesis, TokenModel
from summarizer.models.engine import cause, device_here, engine, precision_here, unloaded
from summarizer.models.protocol import Options
from summarizer.models.settings import Settings, available_cores, shared
from summarizer.models.tokenizers import open_tokenizer
from summarizer.models.weights import locate


class CT2Model(TokenModel):
    """A model behind ``ctranslate2.Translator``, which many threads may share."""

    def __init__(self, settings: Settings) -> None:
        """Find, convert if need be, and open the weights.

        Raises:
            ModelNotFound: the weights are not on disk.
            ModelFailed: they cannot be converted or opened.
            MissingDependency: CTranslate2 is not installed.
        """
        located = locate(settings.weights, settings.revision)
        device = device_here(settings.device)
        precision = precision_here(device, settings.precision, overflows=overflows(located))
        tokenizer = open_tokenizer(located, settings.languages)
        window = window_of(located, special=tokenizer.special, stated=tokenizer.window, override=settings.window)
        super().__init__(f"ct2:{located.label}:{precision}", tokenizer, window.source, window.target)
        folder = converted(located, precision)
        config = config_of(replace(located, path=folder))
        # mBART-25 states no start token: its language token is one, and then no part of the output.
        self._prefix_is_output = config.get("decoder_start_token") is not None
        self._end = str(config.get("eos_token") or "</s>")
        workers, threads = shared(settings.threads or available_cores()) if device == "cpu" else (1, settings.threads)
        self._workers = workers
        self._engine = _open(folder, located.name, device=device, precision=precision, workers=workers, threads=threads)

    def _decode(
        self, sources: Sequence[list[str]], prefix: list[str], bound: int, options: Options
    ) -> list[list[Hypothesis]]:
        return self._start(sources, prefix, bound, options)()

    def _start(
        self, sources: Sequence[list[str]], prefix: list[str], bound: int, options: Options
    ) -> Callable[[], list[list[Hypothesis]]]:
        lead = len(prefix) if self._prefix_is_output else 0
        with self._mapped():
            results = self._engine.translate_batch(
                list(sources),
                target_prefix=[prefix] * len(sources) if prefix else None,
                asynchronous=True,
                beam_size=options.beams,
                num_hypotheses=options.hypotheses,
                length_penalty=options.length_penalty,
                repetition_penalty=options.repetition_penalty,
                no_repeat_ngram_size=options.no_repeat_ngram,
                min_decoding_length=lead + max(1, options.min_tokens),
                # One step more than the bound: room for the end token, whose absence is then the honest sign of a cut.
                max_decoding_length=lead + bound + 1,
                max_input_length=0,
                return_end_token=True,
                return_scores=True,
                disable_unk=True,
            )
        return lambda: self._answer(results, lead=lead, bound=bound, length_penalty=options.length_penalty)

    def _answer(self, results: Any, *, lead: int, bound: int, length_penalty: float) -> list[list[Hypothesis]]:
        with self._mapped():
            done = [result.result() for result in results]
        return [
            [
                self._hypothesis(tokens, score, lead, bound, length_penalty)
                for tokens, score in zip(result.hypotheses, result.scores, strict=True)
            ]
            for result in done
        ]

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except (RuntimeError, ValueError) as error:
            raise ModelFailed(cause(self.name, error)) from error

    def _hypothesis(self, tokens: list[str], score: float, lead: int, bound: int, length_penalty: float) -> Hypothesis:
        own = tokens[lead:]
        ended = own[-1:] == [self._end]
        total = score * len(tokens) ** length_penalty  # the engine divides by the length, prefix counted
        return Hypothesis(tuple(own[:-1] if ended else own[:bound]), total / max(1, len(own)), ended)

    def _free(self) -> None:
        unloaded(self._engine)


def _open(folder: Path, name: str, *, device: str, precision: str, workers: int, threads: int | None) -> Any:
    try:
        return engine().Translator(
            str(folder),
            device=device,
            compute_type=precision,
            inter_threads=workers,
            intra_threads=threads or 0,
        )
    except (RuntimeError, ValueError) as error:
        raise ModelFailed(cause(name, error)) from error
