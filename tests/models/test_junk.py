"""Lines no translator is made for, through the bundled model: it neither loops nor talks on."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from summarizer.models.ct2 import CT2Model
from summarizer.models.protocol import Options
from summarizer.models.settings import Settings
from summarizer.text.chunks import split_to_fit

junktest = pytest.importorskip("training.junktest")

EXAMPLES = Path(__file__).parents[2] / "examples"
LINES = 120
STUCK = [  # the engine alone loops or talks on over these (greedy, first version of the weights)
    "X: X: X: X: X:",
    "p+r0ее😀i😀3v,spa6/0/vxтj=e?xr9)",
    "Die Polizei hat die Ermittlungen aufgenommen. Ob das Feuer entstand, ist noch nicht bekannt.".upper(),
    "Verletzt wurde nach Angaben des Landkreises niemand. Die Bundesstraße blieb bis Sonntag gesperrt.".upper(),
]


def test_junk_comes_back_short_and_without_loops() -> None:
    """At most 3 x source + 10 tokens, and no four tokens three times in a row where the source has none."""
    rng = random.Random(11)
    sentences = [
        line for file in sorted(EXAMPLES.glob("*.txt")) for line in file.read_text("utf-8").split("\n") if line
    ]
    model = CT2Model(Settings(("bundled:de-en",), device="cpu"))
    lines = [*STUCK, *(junktest.fuzzed(rng, sentences, ()) for _ in range(LINES))]
    lines = [piece for line in lines for piece in split_to_fit(line, window=model.window, count=model.count)]
    for line, found in zip(lines, model.generate(lines, Options()), strict=True):
        source, output = model._tokenizer.encode(line), model._tokenizer.encode(found.text)
        assert not junktest.too_long(source, output), (line, found.text)
        assert junktest.loops(source) or not junktest.loops(output), (line, found.text)
    model.close()
