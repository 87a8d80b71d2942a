"""How fast: the chain beside transformers, txtai and CTranslate2 with one model; its start, overhead, memory, growth.

    python -m benchmarks.speed --json --quick            # the ratios on the CPU, and the start: under four minutes
    python -m benchmarks.speed --json --plot speed.png   # everything; half an hour

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


def rows(device: str, precision: str, folder: Path, *, quick: bool) -> list[Row]:
    """All programs with one model on one device, ours last."""
    texts = some(192 if quick else 384, seed=3)
    few, part = (10, 48) if quick else (30, 96)
    rounds = 2 if quick else 3
    return [
        *speed_rows.transformers_rows(folder, texts, device=device, few=few, some=part),
        speed_rows.txtai_row(folder, texts, device=device, some=part),
        *speed_rows.engine_rows(folder, texts, device=device, precision=precision, rounds=rounds),
        speed_rows.chain_row(folder, texts, device=device, precision=precision, rounds=rounds),
    ]


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


def ratio_part(quick: bool) -> dict[str, Any]:
    """Rows on the CPU, and on a GPU where there is one."""
    import ctranslate2  # noqa: PLC0415

    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["SUMMARIZER_CACHE"] = str(Path(scratch) / "cache")
        folder = opus_shaped(Path(scratch) / "opus-mt-de-en")
        cpu = rows("cpu", "int8", folder, quick=quick)
        print(f"\n## CPU\n{table(cpu)}", flush=True)
        found |= {"rates": {row.key: row.rate and round(row.rate, 2) for row in cpu}, **speed_rows.ratios(cpu)}
        if quick:
            return found
        if ctranslate2.get_cuda_device_count() == 0:
            print("\n## GPU\nnot measured: there is none here", flush=True)
            return {**found, "gpu": "not measured"}
        gpu = rows("cuda", "float16", folder, quick=quick)
        print(f"\n## GPU\n{table(gpu)}", flush=True)
        return {**found, "gpu": speed_rows.ratios(gpu)}


def measured(parts: Sequence[str], *, quick: bool) -> dict[str, Any]:
    """Every part asked for, printed as it comes."""
    found: dict[str, Any] = {"device": "cpu", "setting": setting("ctranslate2", "torch", "transformers")}
    print(found["setting"], flush=True)
    if "ratios" in parts:
        found |= ratio_part(quick)
    if "start" in parts:
        costs = speed_chain.starts(EXAMPLE)
        print(f"\n{listed('first article, whole process', costs)}", flush=True)
        found |= costs
    if "overhead" in parts:
        shares = speed_chain.overhead()
        print(f"\n{listed(f'one article of {speed_chain.WORDS} words, warm', shares)}", flush=True)
        found |= shares
    if "lengths" in parts:
        words = (1_000, 4_000, 16_000) if quick else (1_000, 3_000, 10_000, 30_000, 100_000)
        seconds, slope = speed_chain.lengths(words)
        print(f"\n{listed('words in one article: seconds', seconds)}\n\nexponent {slope}", flush=True)
        found |= {"lengths_s": seconds, "length_exponent": slope}
    if "counts" in parts:
        seconds = speed_chain.counts((1, 10, 100) if quick else (1, 10, 100, 1000))
        print(f"\n{listed('articles of 200 words: seconds', seconds)}", flush=True)
        found |= {"counts_s": seconds}
    if "memory" in parts:
        held = ast.literal_eval(
            speed_chain.alone(f"stream_memory({(300, 1000) if quick else (1000, 10_000, 100_000)})")
        )
        print(f"\n{listed('texts through stream(): MB held', held)}", flush=True)
        found |= {"stream_mb": held}
    return found


def plot(found: Mapping[str, Any], file: Path) -> None:
    """Sentences a second as bars, growth with length as a line."""
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    rates = {name: rate for name, rate in found.get("rates", {}).items() if rate}
    bars = left.barh(list(rates), list(rates.values()), color=["C1" if name == "chain" else "C0" for name in rates])
    left.bar_label(bars, fmt="%.1f", padding=3)
    left.invert_yaxis()
    left.set(title="opus-mt-shaped model, CPU, greedy", xlabel="sentences a second")
    seconds = found.get("lengths_s", {})
    right.loglog(list(seconds), list(seconds.values()), marker="o")
    right.set(title="bundled chain, one article", xlabel="words", ylabel="seconds")
    right.grid(visible=True, which="both", alpha=0.3)
    figure.savefig(file, dpi=110)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true", help="end with one JSON object")
    options.add_argument("--quick", action="store_true")
    options.add_argument("--parts", nargs="+", choices=PARTS, help="some of them only")
    options.add_argument("--plot", type=Path)
    asked = options.parse_args()
    found = measured(asked.parts or (QUICK if asked.quick else PARTS), quick=asked.quick)
    if asked.plot:
        plot(found, asked.plot)
    if asked.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
