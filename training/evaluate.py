"""BLEU and chrF of an exported CTranslate2 folder, with sacrebleu's signatures and the seconds it took.

python -m training.evaluate --model export/ct2 --sets newstest2018.tsv.gz ... --beam 4 --out scores.json
"""

import argparse
import gzip
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ctranslate2
import sacrebleu
import sentencepiece

from training.text import plain_english

OPTIONS: dict[str, Any] = {"max_decoding_length": 256, "max_batch_size": 2048, "batch_type": "tokens"}


class Decoder:
    """The exported folder as a function from lines to lines; needs neither torch nor transformers."""

    def __init__(self, folder: Path, compute: str = "default", threads: int = 2) -> None:
        self.pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
        self.model = ctranslate2.Translator(str(folder), device="cpu", compute_type=compute, intra_threads=threads)

    def encode(self, lines: Sequence[str]) -> list[list[str]]:
        return [[*pieces, "</s>"] for pieces in self.pieces.encode(list(lines), out_type=str)]

    def translate(self, lines: Sequence[str], **options: Any) -> list[str]:
        """One translation per line; options are CTranslate2's."""
        results = self.model.translate_batch(self.encode(lines), **(OPTIONS | options))
        return [self.pieces.decode(result.hypotheses[0]) for result in results]


def read_pairs(path: Path, limit: int | None = None) -> tuple[list[str], list[str]]:
    """German lines and English references."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines][:limit]
    return [row[0] for row in rows], [row[1] for row in rows]


def scores(translations: list[str], references: list[str]) -> dict[str, Any]:
    """BLEU and chrF with signatures. References are compared as they are; `plain` after our own typography."""
    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    plain = [plain_english(reference) for reference in references]
    return {
        "bleu": round(bleu.corpus_score(translations, [references]).score, 2),
        "chrf": round(chrf.corpus_score(translations, [references]).score, 2),
        "bleu_plain": round(sacrebleu.BLEU().corpus_score(translations, [plain]).score, 2),
        "bleu_signature": str(bleu.get_signature()),
        "chrf_signature": str(chrf.get_signature()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--sets", type=Path, nargs="+", required=True)
    parser.add_argument("--limit", type=int, help="first lines of each set only")
    parser.add_argument("--beam", type=int, nargs="+", default=[1])
    parser.add_argument("--compute", default="default", help="int8, float32 ...; default is what the folder holds")
    parser.add_argument("--options", type=json.loads, default={}, help="JSON of further CTranslate2 options")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, help="JSON lines are appended here")
    parser.add_argument("--texts", type=Path, help="folder for the translations")
    options = parser.parse_args()
    decoder = Decoder(options.model, options.compute, options.threads)
    for path in options.sets:
        german, english = read_pairs(path, options.limit)
        for beam in options.beam:
            begin = time.monotonic()
            lines = decoder.translate(german, beam_size=beam, **options.options)
            row = {"set": path.name.split(".")[0], "lines": len(german), "beam": beam, "compute": options.compute}
            row |= {"options": options.options, "seconds": round(time.monotonic() - begin, 1), **scores(lines, english)}
            print(json.dumps(row), flush=True)
            if options.out:
                with options.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
            if options.texts:
                options.texts.mkdir(parents=True, exist_ok=True)
                (options.texts / f"{row['set']}.beam{beam}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
