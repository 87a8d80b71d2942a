"""How fast: the chain beside transformers, txtai and CTranslate2 with one model; its start, overhead, memory, growth.

    python -m benchmarks.speed --json --quick            # the ratios on the CPU, and the start: under four minutes
    python -m benchmarks.speed --json --plot speed.png   # everything; three quarters of an hour

Needs the extra ``bench`` (without txtai its row says so) and nothing else: the sentences and the model, of
opus-mt-de-en's shape with random weights, are made on the spot. Prints Markdown; with ``--json`` the last line is one
JSON object.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import speed_chain, speed_rows
from benchmarks.setting import setting
from benchmarks.speed_model import opus_shaped
from benchmarks.speed_rows import Row
from benchmarks.speed_texts import some

EXAMPLE = Path(__file__).parent.parent / "examples" / "faehre.txt"
PARTS = ("ratios", "start", "overhead", "lengths", "counts", "memory")
QUICK = ("ratios", "start", "overhead", "lengths")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured. ``texts`` are for the fast programs; ``some`` and ``few`` of them for the slow ones."""

    texts: int = 384
    some: int = 96
    few: int = 30
    turns: int = 3
    patience: float = 600.0
    starts: int = 5
    articles: int = 24
    words: tuple[int, ...] = (1_000, 3_000, 10_000, 30_000, 100_000)
    counts: tuple[int, ...] = (1, 10, 100, 1000)
    stream: tuple[int, ...] = (1_000, 10_000, 100_000)
    small: bool = False


FULL = Size()
SHORT = Size(texts=192, some=32, few=4, patience=100.0, counts=(1, 10, 100))
SMOKE = Size(8, 4, 2, 1, starts=1, articles=2, words=(100, 200), counts=(1, 2), stream=(10, 20), small=True)


def rows(device: str, precision: str, folder: Path, size: Size) -> list[Row]:
    """All programs with one model on one device, ours last."""
    texts = speed_rows.without_loops(folder, some(size.texts, seed=3), device=device, precision=precision)
    programs = [
        *speed_rows.transformers_programs(folder, texts, device=device, few=size.few, some=size.some),
        speed_rows.txtai_program(folder, texts, device=device, some=size.some),
        *speed_rows.engine_programs(folder, texts, device=device, precision=precision),
        speed_rows.chain_program(folder, texts, device=device, precision=precision),
    ]
    return speed_rows.in_turns(programs, turns=size.turns, patience=size.patience)


def table(found: Sequence[Row]) -> str:
    """Markdown, with the chain's ratio to each row."""
    own = next(row.rate for row in found if row.key == "chain")
    lines = ["| program | computes in | sentences a second | chain is faster by |", "|---|---|---|---|"]
    for row in found:
        rate = f"{row.rate:.1f}" if row.rate else row.note
        times = f"{own / row.rate:.2f} x" if row.rate and own else "–"
        lines.append(f"| {row.name} | {row.precision} | {rate} | {times} |")
    return "\n".join(lines)


def listed(title: str, found: Mapping[Any, Any]) -> str:
    """Markdown of names and figures."""
    return "\n".join([f"| {title} | |", "|---|---|", *(f"| {name} | {value} |" for name, value in found.items())])


def ratio_part(size: Size) -> dict[str, Any]:
    """Rows on the CPU, and on a GPU where there is one."""
    import ctranslate2  # noqa: PLC0415

    found: dict[str, Any] = {"gpu": "not measured"}
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["SUMMARIZER_CACHE"] = str(Path(scratch) / "cache")
        folder = opus_shaped(Path(scratch) / "opus-mt-de-en", small=size.small)
        cpu = rows("cpu", "int8", folder, size)
        print(f"\n## CPU\n{table(cpu)}", flush=True)
        words = speed_rows.bundled_words(some(size.texts, seed=3), turns=size.turns)
        print(f"\nthe bundled model, greedy, one call: {words:.0f} source words a second", flush=True)
        found |= {
            "bundled_words_per_s": round(words),
            "rates": {row.key: row.rate and round(row.rate, 2) for row in cpu},
            "rates_of_turns": {row.key: [round(rate, 2) for rate in row.rates] for row in cpu},
            **speed_rows.ratios(cpu),
        }
        if size is FULL and ctranslate2.get_cuda_device_count():
            gpu = rows("cuda", "float16", folder, size)
            print(f"\n## GPU\n{table(gpu)}", flush=True)
            found |= {"gpu": speed_rows.ratios(gpu), "device": "cpu and cuda"}
        else:
            print("\n## GPU\nnot measured", flush=True)
    return found


def start_part(size: Size) -> dict[str, Any]:
    """Whole processes."""
    # From a small process: a child's peak memory is no less than its parent's.
    costs = ast.literal_eval(speed_chain.alone(f"starts({str(EXAMPLE)!r}, {size.starts})"))
    print(f"\n{listed('first article, whole process', costs)}", flush=True)
    return dict(costs)


def overhead_part(size: Size) -> dict[str, Any]:
    """The warm chain."""
    shares = speed_chain.overhead(size.articles)
    print(f"\n{listed(f'one article of {speed_chain.WORDS} words, warm', shares)}", flush=True)
    return dict(shares)


def lengths_part(size: Size) -> dict[str, Any]:
    """One article, longer and longer."""
    seconds, slope = speed_chain.lengths(size.words)
    print(f"\n{listed('words in one article: seconds', seconds)}\n\nexponent {slope}", flush=True)
    return {"lengths_s": seconds, "length_exponent": slope}


def counts_part(size: Size) -> dict[str, Any]:
    """More and more articles."""
    seconds = speed_chain.counts(size.counts)
    print(f"\n{listed('articles of 200 words: seconds', seconds)}", flush=True)
    return {"counts_s": seconds}


def memory_part(size: Size) -> dict[str, Any]:
    """More and more texts through one stream, in a process of its own: without the model, then with it."""
    found = {}
    for preset, numbers in (("fake", size.stream), ("greedy", size.stream)):
        held = ast.literal_eval(speed_chain.alone(f"held({numbers}, {preset!r})", "speed_memory"))
        print(f"\n{listed(f'texts through stream(), {preset}: MB held, seconds', held)}", flush=True)
        found[f"stream_{preset}_mb"] = {number: megabytes for number, (megabytes, _) in held.items()}
    return found


def measured(parts: Sequence[str], size: Size) -> dict[str, Any]:
    """Every part asked for, printed as it comes."""
    found: dict[str, Any] = {"device": "cpu", "setting": setting("ctranslate2", "torch", "transformers")}
    print(found["setting"], flush=True)
    run = dict(zip(PARTS, (ratio_part, start_part, overhead_part, lengths_part, counts_part, memory_part), strict=True))
    for part in parts:
        found |= run[part](size)
    return found


_SHOWN = {
    "hf_single": "transformers, one by one",
    "hf_batched": "transformers, batches",
    "hf_sorted": "transformers, sorted",
    "hf_sorted_bf16": "transformers, sorted, bf16",
    "ct2": "CTranslate2, all cores",
    "ct2_workers": "CTranslate2, batch per core",
    "chain": "summarizer",
}


def plot(found: Mapping[str, Any], file: Path) -> None:
    """Sentences a second as bars, growth with length as a line."""
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    rates = {_SHOWN.get(name, name): rate for name, rate in found.get("rates", {}).items() if rate}
    bars = left.barh(
        list(rates), list(rates.values()), color=["C1" if "summarizer" in name else "C0" for name in rates]
    )
    left.bar_label(bars, fmt="%.1f", padding=3)
    left.margins(x=0.12)
    left.invert_yaxis()
    left.spines[["top", "right"]].set_visible(False)
    left.set(title="opus-mt-de-en's shape, CPU, greedy", xlabel="sentences a second")
    seconds = {int(words): second for words, second in found.get("lengths_s", {}).items()}
    right.plot(list(seconds), list(seconds.values()), marker="o", color="C1")
    right.set(title="bundled chain, one article", xlabel="words", ylabel="seconds", xlim=0, ylim=0)
    right.xaxis.set_major_formatter(lambda words, _place: f"{words:,.0f}")
    right.spines[["top", "right"]].set_visible(False)
    right.grid(visible=True, alpha=0.3)
    figure.savefig(file, dpi=110)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true", help="end with one JSON object")
    options.add_argument("--quick", action="store_true", help="the ratios on the CPU, and the start")
    options.add_argument("--smoke", action="store_true", help="everything on a tiny model: does it run?")
    options.add_argument("--parts", nargs="+", choices=PARTS, help="some of them only")
    options.add_argument("--plot", type=Path, help="draw them into this picture, too")
    asked = options.parse_args()
    size = SMOKE if asked.smoke else SHORT if asked.quick else FULL
    found = measured(asked.parts or (QUICK if asked.quick else PARTS), size)
    if asked.plot:
        plot(found, asked.plot)
    if asked.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
