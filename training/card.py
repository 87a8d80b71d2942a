"""The model card: data with licences and counts, recipe, compute, scores, unpicked samples, what it is not good for.

python -m training.card --data prepared --log run/log.jsonl --scores scores.jsonl --junk junk.jsonl
      --model export/ct2 --set newstest2018.tsv.gz --machine "2 cores of ..." --out export/hf/README.md
"""

import argparse
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from training.evaluate import Decoder, read_pairs
from training.recipe import GROUPS

LICENCES = {
    "news": "WMT test sets 2008-2016 and 2019-2024 (free for research), NTREX-128 (CC-BY-SA 4.0)",
    "parliament": "Europarl samples (free with attribution), WMT sample of OpenNMT (WMT terms)",
    "wiki": "MLQE-PE (CC0), XQuAD and PUD (CC-BY-SA)",
    "web": "Mozilla (MPL-2.0), Privacy Guides (CC-BY-SA), Open Source Guides (CC-BY), bitcoin.org (MIT)",
    "projects": "Debian news (MIT/GPL), Debian handbook (CC-BY-SA)",
    "everyday": "Tatoeba by way of manythings.org, 2018 (CC-BY 2.0 FR)",
    "chat": "BConTrasT (CC-BY-SA 4.0), Shattered Pixel Dungeon (GPL-3)",
    "suttas": "SuttaCentral (CC0)",
    "software": "Microsoft documentation (CC-BY 4.0)",
    "manuals": "manual pages and handbooks of free software (their documentation licences), Debian advisories",
}
SAMPLES, SEED = 20, 2018
HEAD = """---
language: [de, en]
pipeline_tag: translation
library_name: transformers
license: other
---
# German to English, small

An encoder-decoder of {parameters:,} parameters (6 encoder and 2 decoder layers, 256 wide, pre-norm, {vocabulary:,} joint
pieces), trained from scratch on CPUs for about {minutes:.0f} minutes ({pairs:,} sentence pairs read). It exists so that the
package translates without a download; where quality matters, name a larger model.
"""
NOT_GOOD_FOR = """## Not good for
- anything where an error costs: it drops and invents details, mixes up rare names, and errs on long sentences;
- poetry, slang, dialect, legal and medical text; any language but German (English passes through, mostly unchanged);
- lines over 128 pieces (about 80 words): split into sentences first.
The WMT test sets among its data are free for research; settle their terms before a commercial use of the weights.
"""
USE = """## Use
`AutoTokenizer` and `AutoModelForSeq2SeqLM` load this folder. The CTranslate2 folder needs only `sentencepiece` and
`ctranslate2`: encode with `source.spm`, append `</s>`, translate, decode.
"""


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *([str(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def data_table(folder: Path) -> str:
    counts = ((group, len((folder / f"{group.name}.tsv").read_text(encoding="utf-8").splitlines())) for group in GROUPS)
    rows = ((g.name, f"{n:,}", f"{g.start:g} / {g.middle:g} / {g.end:g}", LICENCES[g.name]) for g, n in counts)
    return "## Data\n" + table(
        ("group", "pairs", "readings per epoch: start / middle / decay", "origin and licence"), rows
    )


def score_table(rows: list[dict[str, Any]]) -> str:
    cells = ((r["set"], r["lines"], r["beam"], r["compute"], r["bleu"], r["chrf"], r["seconds"]) for r in rows)
    signatures = sorted({r[key] for r in rows for key in ("bleu_signature", "chrf_signature")})
    head = ("set", "lines", "beam", "arithmetic", "BLEU", "chrF", "seconds")
    return "## Scores\n" + table(head, cells) + "".join(f"\n`{signature}`\n" for signature in signatures)


def curve_table(log: list[dict[str, Any]]) -> str:
    """Development loss over the run, at most twenty lines."""
    marks = [row for row in log if "dev_loss" in row]
    chosen = marks[:: max(1, len(marks) // 20)]
    chosen += [marks[-1]] if marks[-1] not in chosen else []
    rows = ((row["minutes"], row["updates"], f"{row['pairs']:,}", row["dev_loss"]) for row in chosen)
    return "## Learning curve\n" + table(("minutes", "updates", "pairs read", "loss per piece, newstest2017"), rows)


def junk_table(rows: list[dict[str, Any]]) -> str:
    cells = ((r["options"], r["lines"], r["too long"], r["loops"]) for r in rows)
    return "## Odd lines\n" + table(("decoding", "lines", "over 3 x source + 10", "loops"), cells)


def samples(decoder: Decoder, path: Path) -> str:
    """Twenty sentences drawn blindly."""
    german, english = read_pairs(path)
    chosen = random.Random(SEED).sample(range(len(german)), SAMPLES)
    outputs = decoder.translate([german[n] for n in chosen], beam_size=4)
    blocks = (
        f"- {german[n]}  \n  **{output}**  \n  *{english[n]}*\n" for n, output in zip(chosen, outputs, strict=True)
    )
    return "## Twenty unpicked sentences: source, translation, reference\n" + "".join(blocks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "log", "scores", "junk", "model", "set", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--machine", required=True)
    parser.add_argument("--note", default="", help="one more sentence about the weights, such as which were averaged")
    options = parser.parse_args()
    log, decoder = read_rows(options.log), Decoder(options.model)
    bundle = json.loads((options.model / "bundle.json").read_text(encoding="utf-8"))
    last = log[-1]
    head = HEAD.format(
        parameters=bundle["parameters"], vocabulary=decoder.pieces.get_piece_size(),
        minutes=last["minutes"], pairs=last["pairs"],
    )  # fmt: skip
    compute = f"## Compute\n{options.machine}; {last['updates']:,} updates, {last['target_pieces']:,} English pieces."
    compute += f" {options.note}".rstrip() + "\n"
    parts = [
        head, USE, NOT_GOOD_FOR, score_table(read_rows(options.scores)), junk_table(read_rows(options.junk)),
        compute, curve_table(log), data_table(options.data), samples(decoder, options.set),
    ]  # fmt: skip
    options.out.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
