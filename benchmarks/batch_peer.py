"""What most people write instead of ``summarizer batch``: transformers and ``datasets.map``, with the same translator.

    python benchmarks/batch_peer.py IN.jsonl OUT.jsonl MARIAN_FOLDER

The first three sentences of each text are its summary, which a Marian model translates with eight beams, sixteen texts
at a time. Nothing is cleaned, linked or checked. Prints the rows found finished, the rows worked on, and rows/s.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import torch
from datasets import load_dataset
from sentencex import segment
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

SENTENCES, BEAMS, BATCH = 3, 8, 16


def main() -> None:
    source, target, weights = sys.argv[1:4]
    tokenizer = AutoTokenizer.from_pretrained(weights)
    model = AutoModelForSeq2SeqLM.from_pretrained(weights).eval()
    worked = 0

    def translated(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
        nonlocal worked
        worked += len(rows["text"])
        sentences = [list(segment("de", text))[:SENTENCES] for text in rows["text"]]
        flat = [sentence.strip() or "." for part in sentences for sentence in part]
        inputs = tokenizer(flat, return_tensors="pt", padding=True, truncation=True, max_length=256)
        with torch.inference_mode():
            outputs = tokenizer.batch_decode(
                model.generate(**inputs, num_beams=BEAMS, max_new_tokens=256), skip_special_tokens=True
            )
        lines = iter(outputs)
        return {
            "summary": [" ".join(part) for part in sentences],
            "translation": [" ".join(next(lines) for _ in part) for part in sentences],
        }

    rows = load_dataset("json", data_files=source, split="train", cache_dir=str(Path(target).parent / "cache"))
    began = time.perf_counter()
    rows.map(translated, batched=True, batch_size=BATCH).to_json(target)
    print(len(rows) - worked, worked, worked / (time.perf_counter() - began))


if __name__ == "__main__":
    main()
