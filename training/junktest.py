"""5,000 lines no translator is made for: does it loop, or talk more than it was told? Counts, per set of decode options.

python -m training.junktest --model export/ct2 --sentences newstest2018.tsv.gz --names prepared/names.txt --out junk.jsonl

``--wrapper`` decodes as the package does, whose promise is none of either: ``--model`` may then be ``bundled:de-en``.
"""

# ruff: noqa: ARG001  (all makers share one signature)
import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from summarizer.models.ct2 import CT2Model
from summarizer.models.protocol import Options
from summarizer.models.settings import Settings
from summarizer.models.tokenizers import open_tokenizer
from summarizer.models.weights import locate
from summarizer.text.chunks import split_to_fit
from training.evaluate import Decoder, read_pairs
from training.junk import junk_pair

LINES = 5000
OWN_TRIALS = {"wrapper, greedy": Options(), "wrapper, beam 8 of 8": Options(beams=8, hypotheses=8)}
FACTOR, SLACK = 3, 10  # an output may have three times the source's pieces and ten more
GRAM, REPEATS = 4, 3  # no run of four pieces three times in a row
TRIALS: dict[str, dict[str, Any]] = {
    "greedy": {"beam_size": 1},
    "beam 4": {"beam_size": 4},
    "beam 4, repetition penalty 1.1": {"beam_size": 4, "repetition_penalty": 1.1},
    "beam 4, no repeated 4-gram": {"beam_size": 4, "no_repeat_ngram_size": 4},
    "beam 4, no repeated 6-gram": {"beam_size": 4, "no_repeat_ngram_size": 6},
}


def loops(pieces: Sequence[str]) -> bool:
    """Whether some run of up to GRAM pieces stands REPEATS times in a row (short runs must fill as many pieces)."""
    span = GRAM * REPEATS
    for period in range(1, GRAM + 1):
        same = 0
        for place in range(period, len(pieces)):
            same = same + 1 if pieces[place] == pieces[place - period] else 0
            if same >= span - period:
                return True
    return False


def too_long(source: Sequence[str], output: Sequence[str]) -> bool:
    return len(output) > FACTOR * len(source) + SLACK


def fuzzed(rng: random.Random, sentences: Sequence[str], names: Sequence[str]) -> str:
    """One odd line."""
    return rng.choice(_KINDS)(rng, sentences, names)


Maker = Callable[[random.Random, Sequence[str], Sequence[str]], str]


def _words(rng: random.Random, sentences: Sequence[str]) -> list[str]:
    return rng.choice(sentences).split()


def _shuffled(rng: random.Random, sentences: Sequence[str], names: Sequence[str]) -> str:
    words = _words(rng, sentences) + _words(rng, sentences)
    return " ".join(rng.sample(words, rng.randrange(1, len(words) + 1)))


def _cut(rng: random.Random, sentences: Sequence[str], names: Sequence[str]) -> str:
    text = rng.choice(sentences)
    begin = rng.randrange(len(text))
    return text[begin : begin + rng.randrange(1, 60)].strip() or "?"


def _one_word(rng: random.Random, sentences: Sequence[str], names: Sequence[str]) -> str:
    return rng.choice(_words(rng, sentences))


def _repeated(rng: random.Random, sentences: Sequence[str], names: Sequence[str]) -> str:
    return " ".join([rng.choice(_words(rng, sentences))] * rng.randrange(2, 9))


def _noise(rng: random.Random, sentences: Sequence[str], names: Sequence[str]) -> str:
    signs = "abcdefghijklmnopqrstuvwxyzäöüß0123456789 .,-#@/()%€?!:;_*+=|<>é漢字Привет😀"
    return "".join(rng.choice(signs) for _ in range(rng.randrange(1, 50))).strip() or "-"


def _mixed(rng: random.Random, sentences: Sequence[str], names: Sequence[str]) -> str:
    foreign = rng.choice(("Le président a déclaré que", "No quiero decir nada más", "Il governo ha detto", "Bonjour tout le monde",
                          "De minister zei gisteren", "The government said on Monday that", "Dzień dobry wszystkim"))  # fmt: skip
    return f"{foreign} {' '.join(_words(rng, sentences)[: rng.randrange(1, 9)])}"


def _page_line(rng: random.Random, sentences: Sequence[str], names: Sequence[str]) -> str:
    return junk_pair(rng, names)[0]


def _capitals(rng: random.Random, sentences: Sequence[str], names: Sequence[str]) -> str:
    return rng.choice(sentences).upper()


_KINDS: tuple[Maker, ...] = (_shuffled, _cut, _one_word, _repeated, _noise, _mixed, _page_line, _page_line, _capitals)


def counted(name: str, lines: Sequence[str], sources: Sequence[Sequence[str]], outputs: Sequence[Sequence[str]]) -> Any:
    """The row of one trial, and the places of the lines that went wrong."""
    long = [n for n, (source, output) in enumerate(zip(sources, outputs, strict=True)) if too_long(source, output)]
    # a source that loops may be answered with a loop: "nein nein nein nein" is faithful
    looped = [n for n, output in enumerate(outputs) if loops(output) and not loops(sources[n])]
    return {"options": name, "lines": len(lines), "too long": len(long), "loops": len(looped)}, long + looped


def trials(model: str, lines: Sequence[str]) -> Iterator[tuple[str, list[str], dict[str, int]]]:
    """The raw engine under several options: name, outputs."""
    decoder = Decoder(Path(model))
    for name, trial in TRIALS.items():
        yield name, decoder.translate(lines, **trial), {}


def own_trials(model: str, lines: Sequence[str]) -> Iterator[tuple[str, list[str], dict[str, int]]]:
    """The package's wrapper, all hypotheses of a line; and what it says of them."""
    wrapper = CT2Model(Settings((model,)))
    for name, options in OWN_TRIALS.items():
        found = wrapper.generate(lines, options)
        marks = {
            "truncated": sum(generation.truncated for generation in found),
            "repeated": sum(generation.repeated for generation in found),
        }
        yield name, [generation.text for generation in found], marks
        for place in range(1, options.hypotheses):
            others = [one.alternatives[place - 1].text if len(one.alternatives) >= place else "" for one in found]
            yield f"{name}, hypothesis {place + 1}", others, {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--wrapper", action="store_true", help="through summarizer's ct2 wrapper")
    parser.add_argument("--sentences", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=LINES)
    options = parser.parse_args()
    rng = random.Random(7)
    names = options.names.read_text(encoding="utf-8").split("\n")[:-1]
    sentences = read_pairs(options.sentences)[0]
    lines = [fuzzed(rng, sentences, names) for _ in range(options.lines)]
    if options.wrapper:  # it never cuts, so what is over its window goes in whole windows, as in the chain
        wrapper = CT2Model(Settings((options.model,)))
        lines = [part for line in lines for part in split_to_fit(line, window=wrapper.window, count=wrapper.count)]
    pieces = open_tokenizer(locate(options.model))
    sources = [pieces.encode(line) for line in lines]
    for name, texts, marks in (own_trials if options.wrapper else trials)(options.model, lines):
        outputs = [pieces.encode(text) for text in texts]
        row, wrong = counted(name, lines, sources, outputs)
        print(json.dumps(row | marks), flush=True)
        examples = [[lines[n], texts[n]] for n in wrong[:8]]
        with options.out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row | marks | {"examples": examples}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
