"""One joint SentencePiece model for both languages: unigram pieces, bytes for what no piece covers.

Ids are fixed: 0 <pad> (also the decoder's start), 1 </s>, 2 <unk>; there is no begin sign. The normaliser inside the model
does what `training.text.tidy` does and makes double quotes straight, so that a bare SentencePiece is all a reader needs.

python -m training.tokenizer --data prepared --out spm --size 8192
"""

import argparse
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import sentencepiece

from training.recipe import GROUPS
from training.text import DOUBLE_QUOTES, INVISIBLE, SINGLE_QUOTES

PAD, END, UNKNOWN = 0, 1, 2
SAMPLE = 240_000  # pairs the pieces are learnt from, drawn by the middle phase's weights
KEPT_AS_IS = "²³¹½¼¾™º"  # NFKC would turn m² into m2


def rules() -> str:
    """Normalisation rules in SentencePiece's form: compatibility forms, decomposed letters, quotes, odd spaces."""
    table: dict[str, str] = {}
    for code in (*range(0x80, 0x3000), *range(0xF900, 0xFFF0)):
        sign = chr(code)
        decomposed, compatible = unicodedata.normalize("NFD", sign), unicodedata.normalize("NFKC", sign)
        if len(decomposed) > 1 and unicodedata.normalize("NFC", decomposed) == sign:
            table[decomposed] = sign
        if compatible != sign and sign not in KEPT_AS_IS:
            table[sign] = compatible
    table |= dict.fromkeys(DOUBLE_QUOTES, '"') | dict.fromkeys(SINGLE_QUOTES, "'") | dict.fromkeys(INVISIBLE, "")
    table |= dict.fromkeys("\t\n\r\v\f\u0085\u2028\u2029", " ") | {"…": "..."}
    return "".join(f"{_codes(key)}\t{_codes(value)}\n" for key, value in sorted(table.items()))


def _codes(text: str) -> str:
    return " ".join(f"{ord(sign):X}" for sign in text)


def sample(folder: Path) -> Iterator[str]:
    """Both sides of a weighted draw of the training pairs."""
    rng = random.Random(1)
    pools = {group.name: (folder / f"{group.name}.tsv").read_text(encoding="utf-8").splitlines() for group in GROUPS}
    total = sum(len(pools[group.name]) * group.middle for group in GROUPS)
    for group in GROUPS:
        lines = pools[group.name]
        wanted = round(SAMPLE * len(lines) * group.middle / total)
        for line in rng.sample(lines, min(wanted, len(lines))):
            yield from line.split("\t")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="path without .model")
    parser.add_argument("--size", type=int, default=8192)
    options = parser.parse_args()
    rule_file = options.out.with_suffix(".rules.tsv")
    rule_file.write_text(rules(), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=sample(options.data), model_prefix=str(options.out), model_type="unigram",
        vocab_size=options.size, character_coverage=0.9998, byte_fallback=True, normalization_rule_tsv=str(rule_file),
        pad_id=PAD, eos_id=END, unk_id=UNKNOWN, bos_id=-1, split_digits=True, num_threads=2, max_sentence_length=4000,
    )  # fmt: skip


if __name__ == "__main__":
    main()
