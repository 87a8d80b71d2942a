"""One model, one set of sentences, one output length, several programs: sentences a second of each.

What every program has to do is the same: greedy search, exactly ``STEPS`` tokens out for each sentence. All are opened
first and then take turns, so that what disturbs the machine for a while disturbs all of them; the best turn counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import summarizer
from summarizer.config import Config
from summarizer.models.conversion import converted
from summarizer.models.loops import loop_in
from summarizer.models.protocol import Options
from summarizer.models.settings import available_cores
from summarizer.models.tokenizers import open_tokenizer
from summarizer.models.weights import locate

STEPS = 33
BATCH = 16  # of the rows that take batches of sentences, as people write it
TOKENS = 1024  # of those that take batches of tokens


Run = Callable[[Sequence[str]], object]


@dataclass(frozen=True, slots=True)
class Program:
    """One of them, opened: what it computes in, the sentences it is given, how it is run, or why it cannot be."""

    key: str
    name: str
    precision: str
    texts: Sequence[str]
    run: Run | None
    close: Callable[[], object] = lambda: None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What a program did: sentences a second in each of its turns."""

    key: str
    name: str
    precision: str
    rates: tuple[float, ...]
    note: str = ""

    @property
    def rate(self) -> float | None:
        """The best turn: others' work on the machine only ever takes away."""
        return max(self.rates, default=None)


def in_turns(programs: Sequence[Program], *, turns: int, patience: float) -> list[Row]:
    """One program after the other, and that so many times over; each is warmed up before its first turn.

    Once, at the least; fewer times than asked for where one more would take longer than ``patience`` seconds in all.
    """
    rates: dict[str, list[float]] = {program.key: [] for program in programs}
    for program in programs:
        if program.run:
            program.run(program.texts[:4])
    began = time.perf_counter()
    for turn in range(turns):
        if turn and (time.perf_counter() - began) * (turn + 1) / turn > patience:
            break
        for program in programs:
            if program.run:
                rates[program.key].append(_rate(program.run, program.texts))
    for program in programs:
        program.close()
    return [Row(one.key, one.name, one.precision, tuple(rates[one.key]), one.note) for one in programs]


def _rate(run: Run, sentences: Sequence[str]) -> float:
    began = time.perf_counter()
    run(sentences)
    return len(sentences) / (time.perf_counter() - began)


def without_loops(folder: Path, texts: Sequence[str], *, device: str, precision: str) -> list[str]:
    """The sentences over which the random model does not loop, 98 in 100: the chain alone would try the others again."""
    engine, prepared, spoken = _engine(folder, device=device, precision=precision, inter=1, intra=0)
    found = spoken(engine, prepared(texts))
    engine.unload_model()
    kept = [text for text, tokens in zip(texts, found, strict=True) if loop_in(tokens) is None]
    return kept or list(texts)  # a tiny model does nothing else


def transformers_programs(folder: Path, texts: Sequence[str], *, device: str, few: int, some: int) -> list[Program]:
    """``generate`` one by one, in batches as they come, in sorted batches, and in sorted batches in bfloat16."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(available_cores())
    full, half = _generate(folder, device, torch.float32), _generate(folder, device, torch.bfloat16)

    def single(batch: Sequence[str]) -> object:
        return _in_batches(full, batch, 1)

    def unsorted(batch: Sequence[str]) -> object:
        return _in_batches(full, batch, BATCH)

    def by_length(batch: Sequence[str]) -> object:
        return _in_batches(full, sorted(batch, key=len), BATCH)

    def by_length_in_half(batch: Sequence[str]) -> object:
        return _in_batches(half, sorted(batch, key=len), BATCH)

    name, sizes = "transformers `generate`", f"batches of {BATCH}"
    return [
        Program("hf_single", f"{name}, one by one", "float32", texts[:few], single),
        Program("hf_batched", f"{name}, {sizes} as they come", "float32", texts[:some], unsorted),
        Program("hf_sorted", f"{name}, sorted {sizes}", "float32", texts[:some], by_length),
        Program("hf_sorted_bf16", f"{name}, sorted {sizes}", "bfloat16", texts[:some], by_length_in_half),
    ]


def _generate(folder: Path, device: str, precision: Any) -> Callable[[Sequence[str]], list[str]]:
    import torch  # noqa: PLC0415
    from transformers import AutoTokenizer, MarianMTModel  # noqa: PLC0415

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = MarianMTModel.from_pretrained(folder, dtype=precision).to(device).eval()

    def generate(batch: Sequence[str]) -> list[str]:
        inputs = tokenizer(list(batch), return_tensors="pt", padding=True).to(device)
        with torch.inference_mode():
            found = model.generate(**inputs, num_beams=1, do_sample=False, min_new_tokens=STEPS, max_new_tokens=STEPS)
        return list(tokenizer.batch_decode(found, skip_special_tokens=True))

    return generate


def _in_batches(generate: Callable[[Sequence[str]], list[str]], texts: Sequence[str], size: int) -> list[str]:
    return [text for at in range(0, len(texts), size) for text in generate(texts[at : at + size])]


def txtai_program(folder: Path, texts: Sequence[str], *, device: str, some: int) -> Program:
    """The ``Translation`` of txtai; a call cannot say how long its output is to be, so the model's own settings say it."""
    name = "txtai `Translation`, the same folder"
    try:
        name = f"txtai {version('txtai')} `Translation`, the same folder"
        from txtai.pipeline import Translation  # noqa: PLC0415
    except (PackageNotFoundError, ImportError):
        return Program("txtai", name, "float32", (), None, note="not installed")
    pipeline = Translation(str(folder), gpu=device == "cuda", batch=BATCH, findmodels=False)
    pipeline.models[str(folder)] = pipeline.load(str(folder), "text2text-generation")
    settings = pipeline.models[str(folder)][0].generation_config
    settings.min_new_tokens = settings.max_new_tokens = STEPS
    return Program(
        "txtai", name, "float32", texts[:some], lambda batch: pipeline(list(batch), target="en", source="de")
    )


def engine_programs(folder: Path, texts: Sequence[str], *, device: str, precision: str) -> list[Program]:
    """CTranslate2 alone, tokenizing counted: with all threads on one batch, and a batch to each core."""
    cores = available_cores()
    tokenizer = open_tokenizer(locate(str(folder)))

    def program(key: str, name: str, inter: int, intra: int) -> Program:
        engine, prepared, spoken = _engine(folder, device=device, precision=precision, inter=inter, intra=intra)

        def run(batch: Sequence[str]) -> list[str]:
            return [tokenizer.decode(tokens) for tokens in spoken(engine, prepared(batch))]

        return Program(key, name, precision, texts, run, engine.unload_model)

    found = [program("ct2", "CTranslate2 alone, all cores on one batch", 1, cores if device == "cpu" else 0)]
    if device == "cpu" and cores > 1:
        found.append(program("ct2_workers", "CTranslate2 alone, a batch to each core", cores, 1))
    return found


def _engine(folder: Path, *, device: str, precision: str, inter: int, intra: int) -> tuple[Any, Any, Any]:
    """CTranslate2 with the folder's weights, and how it is given sentences and asked for tokens."""
    import ctranslate2  # noqa: PLC0415

    located = locate(str(folder))
    tokenizer = open_tokenizer(located)
    weights = str(converted(located, precision))
    engine = ctranslate2.Translator(
        weights, device=device, compute_type=precision, inter_threads=inter, intra_threads=intra
    )

    def prepared(batch: Sequence[str]) -> list[list[str]]:
        return [tokenizer.source(tokenizer.encode(text), "de", "en") for text in batch]

    def spoken(engine: Any, sources: list[list[str]]) -> list[list[str]]:
        found = engine.translate_batch(
            sources, beam_size=1, max_batch_size=TOKENS, batch_type="tokens",
            min_decoding_length=STEPS, max_decoding_length=STEPS,
        )  # fmt: skip
        return [result.hypotheses[0] for result in found]

    return engine, prepared, spoken


def chain_program(folder: Path, texts: Sequence[str], *, device: str, precision: str) -> Program:
    """Our chain's ``translate``: split, measured, translated, notation put in order. No second tries, as nobody else."""
    chain = summarizer.load(_preset(folder, precision), device=device)
    translator: Any = chain.translator
    translator.repair = False
    # The wrapper leaves room for the end token after its last one: as many steps as the others.
    translator.options = replace(translator.options, min_tokens=STEPS - 1, max_tokens=STEPS - 1)

    def run(batch: Sequence[str]) -> list[str]:
        return chain.translate(batch, to="en", source="de")

    return Program("chain", "summarizer `chain.translate`", precision, texts, run, chain.close)


def _preset(folder: Path, precision: str) -> Config:
    translation = {"model": "ct2", "weights": str(folder), "precision": precision, "beams": 1}
    return Config.parse(
        {"name": "speed", "summary": {"model": "extractive"}, "translation": translation}, origin="benchmarks.speed"
    )


def bundled_words(texts: Sequence[str], *, turns: int) -> float:
    """Source words a second of the bundled model, greedy, all sentences in one call; its outputs end when they end."""
    with summarizer.load(device="cpu") as chain:
        model: Any = chain.translator and chain.translator.model

        def run(batch: Sequence[str]) -> object:
            return model.generate(batch, Options())

        run(texts[:4])
        rate = max(_rate(run, texts) for _ in range(turns))
    return rate * sum(len(text.split()) for text in texts) / len(texts)


def ratios(rows: Sequence[Row]) -> dict[str, float | None]:
    """How many times as fast as each the chain is; ``best`` is the fastest setting of transformers."""
    rates = {row.key: row.rate for row in rows if row.rate}
    best = max((rate for key, rate in rates.items() if key.startswith("hf")), default=None)
    others = {
        "chain_over_ct2": rates.get("ct2"),
        "chain_over_ct2_workers": rates.get("ct2_workers"),
        "chain_over_hf_batched": rates.get("hf_batched"),
        "chain_over_hf_single": rates.get("hf_single"),
        "chain_over_hf_best": best,
        "chain_over_txtai": rates.get("txtai"),
    }
    own = rates.get("chain")
    return {name: round(own / rate, 3) if own and rate else None for name, rate in others.items()}
