"""What repair gains and costs: the same lines translated without and with it.

    python -m benchmarks.repair --pairs newstest2018.tsv.gz [more.tsv.gz ...] [--preset default] [--limit N] [--show]

Pairs: lines of source TAB reference, gzipped. Findings are the flagged ones of the fact guard, which also chooses, and so
counts here in its own cause; BLEU and chrF against the references do not know it. Prints Markdown.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sacrebleu.metrics import BLEU, CHRF

import summarizer
from benchmarks.setting import setting
from benchmarks.translator import pairs
from summarizer.stages.checks import TranslationGuard
from summarizer.stages.translation import Translation, Translator
from summarizer.types import Finding

BATCH = 500  # lines given at once, as a batch job would


@dataclass(frozen=True, slots=True)
class Run:
    """One pass over a set."""

    translations: list[Translation]
    findings: list[tuple[Finding, ...]]
    seconds: float


def run(translator: Translator, sources: Sequence[str], languages: tuple[str, str]) -> Run:
    """Translate, timed; then look for findings."""
    source, target = languages
    began = time.perf_counter()
    made = [
        item
        for start in range(0, len(sources), BATCH)
        for item in translator.translate(sources[start : start + BATCH], source=source, target=target)
    ]
    seconds = time.perf_counter() - began
    found = [
        TranslationGuard(text, source).findings(item.text, language=target, quick=True)
        for text, item in zip(sources, made, strict=True)
    ]
    return Run(made, found, seconds)


def row(name: str, done: Run, sources: Sequence[str], references: Sequence[str]) -> str:
    """One row of the table; BLEU and chrF of the lines named."""
    outputs = [item.text for item in done.translations]
    flagged = [[finding for finding in found if finding.flagged] for found in done.findings]
    lost = sum(finding.kind == "name" and not finding.flagged for found in done.findings for finding in found)
    per_100 = 100 / len(sources)
    bleu, chrf = BLEU().corpus_score(outputs, [references]).score, CHRF().corpus_score(outputs, [references]).score
    speed = sum(len(text.split()) for text in sources) / done.seconds
    figures = f"{per_100 * sum(map(len, flagged)):.1f} | {per_100 * sum(map(bool, flagged)):.1f} | {per_100 * lost:.1f}"
    return f"| {name} | {len(sources)} | {figures} | {bleu:.2f} | {chrf:.2f} | {speed:,.0f} |"


def changed(before: Run, after: Run, sources: Sequence[str], references: Sequence[str]) -> str:
    """What repair touched: its share of the lines, and what it did to their scores."""
    places = [
        place
        for place, (one, two) in enumerate(zip(before.translations, after.translations, strict=True))
        if one.text != two.text
    ]
    if not places:
        return f"none of {len(sources)} lines changed."
    restored = [name for item in after.translations for name in item.restored]
    right = sum(
        name in reference
        for item, reference in zip(after.translations, references, strict=True)
        for name in item.restored
    )
    shown = [
        (BLEU().corpus_score(texts, [kept]).score, CHRF().corpus_score(texts, [kept]).score)
        for kept in [[references[place] for place in places]]
        for texts in ([side.translations[place].text for place in places] for side in (before, after))
    ]
    (bleu, chrf), (new_bleu, new_chrf) = shown
    return (
        f"{len(places)} of {len(sources)} lines changed ({100 * len(places) / len(sources):.1f} %); on these BLEU "
        f"{bleu:.1f} → {new_bleu:.1f}, chrF {chrf:.1f} → {new_chrf:.1f}. Names restored: {len(restored)}, of which "
        f"{right} stand so in the reference."
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pairs", type=Path, nargs="+", required=True)
    options.add_argument("--preset", default="default")
    options.add_argument("--limit", type=int)
    options.add_argument("--source", default="de")
    options.add_argument("--target", default="en")
    options.add_argument("--show", action="store_true", help="print every line that changed")
    asked = options.parse_args()
    languages = (asked.source, asked.target)
    with summarizer.load(asked.preset) as chain:
        kept = chain.translator
        if not isinstance(kept, Translator):
            raise SystemExit(f"preset {asked.preset} has no translation model, or several; give one that has one")
        without = Translator(kept.model, options=kept.options, template=kept.template, repair=False)
        print(setting("ctranslate2", "sacrebleu"))
        print(chain.signature(asked.target), "\n")
        heads = "findings per 100 lines | lines with one, % | names lost, hints, per 100 | BLEU | chrF | source words/s"
        print(f"| set | lines | {heads} |\n|---|---|---|---|---|---|---|---|")
        notes = []
        for path in asked.pairs:
            sources, references = pairs(path, asked.limit)
            name = path.name.split(".")[0]
            before, after = run(without, sources, languages), run(kept, sources, languages)
            print(row(f"{name}, without", before, sources, references))
            print(row(f"{name}, **with repair**", after, sources, references), flush=True)
            notes.append(f"{name}: {changed(before, after, sources, references)}")
            if asked.show:
                show(before, after, sources, references)
        print("", *notes, sep="\n")


def show(before: Run, after: Run, sources: Sequence[str], references: Sequence[str]) -> None:
    """Every line that changed, both ways."""
    for source, reference, one, two in zip(sources, references, before.translations, after.translations, strict=True):
        if one.text != two.text:
            print(
                f"\n  source  {source}\n  people  {reference}\n  without {one.text}\n  with    {two.text} {two.restored}"
            )


if __name__ == "__main__":
    main()
