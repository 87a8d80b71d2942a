"""How well a preset translates: BLEU and chrF with their signatures, words per second, and what the fact guard finds.

    python -m benchmarks.translator --pairs newstest2018.tsv.gz [more.tsv.gz ...] [--preset default] [--limit N]

Pairs: lines of source TAB reference, gzipped. Prints Markdown.
"""

from __future__ import annotations

import argparse
import gzip
import time
from itertools import islice
from pathlib import Path

from sacrebleu.metrics import BLEU, CHRF

import summarizer
from benchmarks.setting import setting
from summarizer.chain import Chain


def pairs(path: Path, limit: int | None) -> tuple[list[str], list[str]]:
    """Sources and references."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t")[:2] for line in islice(lines, limit)]
    return [row[0] for row in rows], [row[1] for row in rows]


def row(chain: Chain, path: Path, limit: int | None, languages: tuple[str, str]) -> str:
    """One row of the table."""
    source, target = languages
    sources, references = pairs(path, limit)
    began = time.perf_counter()
    outputs = chain.translate(sources, to=target, source=source)
    speed = sum(len(text.split()) for text in sources) / (time.perf_counter() - began)
    found = sum(
        any(finding.confidence >= 0.5 for finding in summarizer.check(s, o, source_language=source, language=target))
        for s, o in zip(sources, outputs, strict=True)
    )
    bleu, chrf = BLEU().corpus_score(outputs, [references]), CHRF().corpus_score(outputs, [references])
    name = path.name.split(".")[0]
    return f"| {name} | {len(sources)} | {bleu.score:.1f} | {chrf.score:.1f} | {100 * found / len(sources):.1f} | {speed:,.0f} |"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pairs", type=Path, nargs="+", required=True)
    options.add_argument("--preset", default="default")
    options.add_argument("--limit", type=int)
    options.add_argument("--source", default="de")
    options.add_argument("--target", default="en")
    asked = options.parse_args()
    with summarizer.load(asked.preset) as chain:
        print(setting("ctranslate2", "sacrebleu", "sentencepiece"))
        print(chain.signature(asked.target), "\n")
        print("| set | lines | BLEU | chrF | lines with a finding, % | source words/s |\n|---|---|---|---|---|---|")
        for path in asked.pairs:
            print(row(chain, path, asked.limit, (asked.source, asked.target)), flush=True)
    bleu, chrf = BLEU(), CHRF()
    bleu.corpus_score(["a"], [["a"]])
    chrf.corpus_score(["a"], [["a"]])
    print(f"\nBLEU {bleu.get_signature()} · chrF {chrf.get_signature()}")


if __name__ == "__main__":
    main()
