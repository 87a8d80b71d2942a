"""Instruction models through CTranslate2's Generator: converted once, int8 on the CPU, float16 on a GPU."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from summarizer.errors import ModelFailed
from summarizer.models.chat.settings import ChatSettings
from summarizer.models.chat.shared import Shared
from summarizer.models.chat.tokenizer import ChatTokenizer
from summarizer.models.chat.window import window_of_chat
from summarizer.models.conversion import converted
from summarizer.models.decoding import Hypothesis, TokenModel
from summarizer.models.engine import cause, device_here, engine, precision_here, unloaded
from summarizer.models.protocol import Options
from summarizer.models.settings import available_cores
from summarizer.models.weights import Located


class GeneratorModel(TokenModel):
    """A model behind ``ctranslate2.Generator``, which many threads may share."""

    def __init__(self, settings: ChatSettings, located: Located) -> None:
        device = device_here(settings.device)
        precision = precision_here(device, settings.precision, chat=True)
        self._chat = ChatTokenizer(located, settings.system)
        window = window_of_chat(located, self._chat, settings.window)
        super().__init__(f"chat-ct2:{located.label}:{precision}", self._chat, window.source, window.target)
        threads = settings.threads or available_cores()
        self._engine = Shared(
            ("ct2", located, device, precision, threads),
            lambda: _open(located, device=device, precision=precision, threads=threads),
            unloaded,
        )

    def _decode(
        self, sources: Sequence[list[str]], prefix: list[str], bound: int, options: Options
    ) -> list[list[Hypothesis]]:
        del prefix  # the prompt holds everything
        found: dict[int, list[Hypothesis]] = {}
        for places in _groups(sources, options):
            found |= zip(places, self._searched([sources[place] for place in places], bound, options), strict=True)
        return [found[place] for place in range(len(sources))]

    def _searched(self, sources: list[list[str]], bound: int, options: Options) -> list[list[Hypothesis]]:
        try:
            results = self._engine.value.generate_batch(
                sources,
                beam_size=options.beams,
                num_hypotheses=options.hypotheses,
                length_penalty=options.length_penalty,
                repetition_penalty=options.repetition_penalty,
                no_repeat_ngram_size=options.no_repeat_ngram,
                min_length=max(1, options.min_tokens),
                # One step more than the bound: room for the end token, whose absence is then the honest sign of a cut.
                max_length=bound + 1,
                include_prompt_in_result=False,
                end_token=self._chat.ends,
                return_end_token=True,
                return_scores=True,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelFailed(cause(self.name, error)) from error
        return [
            [
                self._hypothesis(tokens, score, bound, options.length_penalty)
                for tokens, score in zip(result.sequences, result.scores, strict=True)
            ]
            for result in results
        ]

    def _hypothesis(self, tokens: list[str], score: float, bound: int, length_penalty: float) -> Hypothesis:
        ended = bool(tokens) and tokens[-1] in self._chat.ends
        mean = score * len(tokens) ** length_penalty / max(1, len(tokens))  # the engine divides by length ** penalty
        return Hypothesis(tuple(tokens[:-1] if ended else tokens[:bound]), mean, ended)

    def _free(self) -> None:
        self._engine.give_back()


def _groups(sources: Sequence[list[str]], options: Options) -> list[list[int]]:
    """What is decoded together. Of prompts of different lengths the engine takes the ends for output, which penalties
    against repetition must not see: they see prompts of one length only.
    """
    if options.no_repeat_ngram == 0 and options.repetition_penalty == 1.0:
        return [list(range(len(sources)))]
    by_length: dict[int, list[int]] = defaultdict(list)
    for place, tokens in enumerate(sources):
        by_length[len(tokens)].append(place)
    return list(by_length.values())


def _open(located: Located, *, device: str, precision: str, threads: int) -> Any:
    folder = converted(located, precision)
    try:
        return engine().Generator(
            str(folder), device=device, compute_type=precision, inter_threads=1, intra_threads=threads
        )
    except (RuntimeError, ValueError) as error:
        raise ModelFailed(cause(located.name, error)) from error
