"""One model, one set of sentences, one output length, several programs: sentences a second of each.

What every row has to do is the same: greedy search, exactly ``STEPS`` tokens out for each sentence.
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


@dataclass(frozen=True, slots=True)
class Row:
    """One program: its name, what it computes in, sentences a second, or why there is none."""

    key: str
    name: str
    precision: str
    rate: float | None
    note: str = ""


def measured(sentences: Sequence[str], run: Callable[[Sequence[str]], object], *, rounds: int) -> float:
    """Sentences a second, the best of some rounds, after a batch to warm up."""
    run(sentences[:4])
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        run(sentences)
        seconds.append(time.perf_counter() - began)
    return len(sentences) / min(seconds)


def without_loops(folder: Path, texts: Sequence[str], *, device: str, precision: str) -> list[str]:
    """The sentences over which the random model does not loop, 98 in 100: the chain alone would try the others again."""
    engine, prepared, spoken = _engine(folder, device=device, precision=precision, inter=1, intra=0)
    found = spoken(engine, prepared(texts))
    engine.unload_model()
    kept = [text for text, tokens in zip(texts, found, strict=True) if loop_in(tokens) is None]
    return kept or list(texts)  # a tiny model does nothing else


def transformers_rows(folder: Path, texts: Sequence[str], *, device: str, few: int, some: int) -> list[Row]:
    """``generate`` one by one, in batches as they come, and in sorted batches in bfloat16."""
    import torch  # noqa: PLC0415
    from transformers import AutoTokenizer, MarianMTModel  # noqa: PLC0415

    torch.set_num_threads(available_cores())
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = MarianMTModel.from_pretrained(folder, dtype=torch.float32).to(device).eval()

    def generate(batch: Sequence[str]) -> list[str]:
        inputs = tokenizer(list(batch), return_tensors="pt", padding=True).to(device)
        with torch.inference_mode():
            found = model.generate(**inputs, num_beams=1, do_sample=False, min_new_tokens=STEPS, max_new_tokens=STEPS)
        return list(tokenizer.batch_decode(found, skip_special_tokens=True))

    def in_batches(batch: Sequence[str], size: int) -> list[str]:
        return [text for at in range(0, len(batch), size) for text in generate(batch[at : at + size])]

    def by_length(batch: Sequence[str]) -> list[str]:
        return in_batches(sorted(batch, key=len), BATCH)

    rows = [
        Row("hf_single", "transformers `generate`, one by one", "float32",
            measured(texts[:few], lambda batch: in_batches(batch, 1), rounds=1)),
        Row("hf_batched", f"transformers `generate`, batches of {BATCH} as they come", "float32",
            measured(texts[:some], lambda batch: in_batches(batch, BATCH), rounds=1)),
        Row("hf_sorted", f"transformers `generate`, sorted batches of {BATCH}", "float32",
            measured(texts[:some], by_length, rounds=1)),
    ]  # fmt: skip
    model = model.to(torch.bfloat16)
    rate = measured(texts[:some], by_length, rounds=1)
    return [*rows, Row("hf_sorted_bf16", f"transformers `generate`, sorted batches of {BATCH}", "bfloat16", rate)]


def txtai_row(folder: Path, texts: Sequence[str], *, device: str, some: int) -> Row:
    """The ``Translation`` of txtai; a call cannot say how long its output is to be, so the model's own settings say it."""
    name = "txtai `Translation`, the same folder"
    try:
        name = f"txtai {version('txtai')} `Translation`, the same folder"
        from txtai.pipeline import Translation  # noqa: PLC0415
    except (PackageNotFoundError, ImportError):
        return Row("txtai", name, "float32", None, "not installed")
    pipeline = Translation(str(folder), gpu=device == "cuda", batch=BATCH, findmodels=False)
    pipeline.models[str(folder)] = pipeline.load(str(folder), "text2text-generation")
    settings = pipeline.models[str(folder)][0].generation_config
    settings.min_new_tokens = settings.max_new_tokens = STEPS
    rate = measured(texts[:some], lambda batch: pipeline(list(batch), target="en", source="de"), rounds=1)
    return Row("txtai", name, "float32", rate)


def engine_rows(folder: Path, texts: Sequence[str], *, device: str, precision: str, rounds: int) -> list[Row]:
    """CTranslate2 alone, tokenizing counted: with all threads on one batch, and a batch to each core."""
    cores = available_cores()
    tokenizer = open_tokenizer(locate(str(folder)))

    def row(key: str, name: str, inter: int, intra: int) -> Row:
        engine, prepared, spoken = _engine(folder, device=device, precision=precision, inter=inter, intra=intra)

        def run(batch: Sequence[str]) -> list[str]:
            return [tokenizer.decode(tokens) for tokens in spoken(engine, prepared(batch))]

        rate = measured(texts, run, rounds=rounds)
        engine.unload_model()
        return Row(key, name, precision, rate)

    rows = [row("ct2", "CTranslate2 alone, all cores on one batch", 1, cores if device == "cpu" else 0)]
    if device == "cpu" and cores > 1:
        rows.append(row("ct2_workers", "CTranslate2 alone, a batch to each core", cores, 1))
    return rows


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


def chain_row(folder: Path, texts: Sequence[str], *, device: str, precision: str, rounds: int) -> Row:
    """Our chain's ``translate``: split, measured, translated, notation put in order. No second tries, as nobody else."""
    with summarizer.load(_preset(folder, precision), device=device) as chain:
        translator: Any = chain.translator
        translator.repair = False
        # The wrapper leaves room for the end token after its last one: as many steps as the others.
        translator.options = replace(translator.options, min_tokens=STEPS - 1, max_tokens=STEPS - 1)
        rate = measured(texts, lambda batch: chain.translate(batch, to="en", source="de"), rounds=rounds)
    return Row("chain", "summarizer `chain.translate`", precision, rate)


def _preset(folder: Path, precision: str) -> Config:
    translation = {"model": "ct2", "weights": str(folder), "precision": precision, "beams": 1}
    return Config.parse(
        {"name": "speed", "summary": {"model": "extractive"}, "translation": translation}, origin="benchmarks.speed"
    )


def bundled_words(texts: Sequence[str], *, rounds: int) -> float:
    """Source words a second of the bundled model, greedy, all sentences in one call; its outputs end when they end."""
    with summarizer.load(device="cpu") as chain:
        model: Any = chain.translator and chain.translator.model
        rate = measured(texts, lambda batch: model.generate(batch, Options()), rounds=rounds)
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
