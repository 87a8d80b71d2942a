"""How good the extractive summaries are: ours beside Lead, Luhn, LexRank and a greedy oracle, with the same number of sentences.

    python -m benchmarks.summary --news teasers.jsonl.gz --encyclopedia klexikon.jsonl.gz [--limit N]

Both files hold JSON lines with ``article`` and ``summary``. Articles go through the real cleaning and splitting; every
system chooses among the same body sentences and keeps their order. ROUGE is rouge-score's, with lower-case words and
their umlauts as tokens and no stemming. Prints Markdown.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rouge_score.rouge_scorer import RougeScorer

from benchmarks.baselines import lead, lexrank, luhn, oracle, tokens
from benchmarks.setting import setting
from summarizer.stages.evidence import LEAST_SUPPORT, EvidenceIndex
from summarizer.stages.extractive import ExtractiveSummarizer
from summarizer.text.document import read
from summarizer.types import Document

SCORES = ("rouge1", "rouge2", "rougeL")
SAMPLES = 10_000  # bootstrap samples


@dataclass(frozen=True, slots=True)
class Case:
    """One article and what an editor made of it."""

    document: Document
    summary: str

    @property
    def sentences(self) -> list[str]:
        return [sentence.text for sentence in self.document.body]


class Plain:
    """rouge-score's tokenizer interface over :func:`tokens`."""

    def tokenize(self, text: str) -> list[str]:
        return tokens(text)


System = Callable[[Case, int], str]
SCORER = RougeScorer(list(SCORES), tokenizer=Plain())


def cases(path: Path, limit: int | None) -> Iterator[Case]:
    """The articles of a file, read as the chain reads them."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, islice(lines, limit)):
            yield Case(read(row["article"], language="de").document, row["summary"])


def systems(found: Sequence[Case]) -> dict[str, System]:
    """Name to system; Luhn takes words of more than half of the articles as common."""
    spread = Counter(word for case in found for word in set(tokens(" ".join(case.sentences))))
    common = frozenset(word for word, articles in spread.items() if articles > len(found) / 2)
    ours = ExtractiveSummarizer()

    def extractive(case: Case, count: int) -> str:
        return " ".join(line.text for line in ours.summarize([case.document], sentences=count)[0].lines)

    def choosing(choose: Callable[[Case, int], list[int]]) -> System:
        return lambda case, count: " ".join(case.sentences[index] for index in sorted(choose(case, count)))

    return {
        "Lead": choosing(lambda case, count: lead(case.sentences, count)),
        "Luhn": choosing(lambda case, count: luhn(case.sentences, count, common)),
        "LexRank": choosing(lambda case, count: lexrank(case.sentences, count)),
        f"**{ours.name}**": extractive,
        "greedy oracle": choosing(lambda case, count: oracle(case.sentences, count, case.summary)),
    }


def scores(system: System, found: Sequence[Case], count: int) -> NDArray[np.float64]:
    """Per case the F1 of the three scores, then their recall, in percent."""
    rows = []
    for case in found:
        score = SCORER.score(case.summary, system(case, count))
        rows.append([*(score[name].fmeasure for name in SCORES), *(score[name].recall for name in SCORES)])
    return np.array(rows) * 100


def interval(difference: NDArray[np.float64]) -> str:
    """The mean of paired differences with its 95 % bootstrap interval."""
    draws = np.random.default_rng(0).integers(0, len(difference), (SAMPLES, len(difference)))
    low, high = np.percentile(difference[draws].mean(axis=1), [2.5, 97.5])
    return f"{difference.mean():+.2f} [{low:+.2f}, {high:+.2f}]"


def quality(name: str, found: Sequence[Case], counts: Sequence[int]) -> None:
    """Print the rows of one set."""
    for count in counts:
        first: NDArray[np.float64] | None = None
        for label, system in systems(found).items():
            table = scores(system, found, count)
            first = table if first is None else first
            better = "" if label == "Lead" else " | ".join(interval((table - first)[:, column]) for column in (0, 1))
            figures = " | ".join(f"{figure:.2f}" for figure in table.mean(axis=0))
            print(f"| {name} | {count} | {label} | {figures} | {better or ' | '} |", flush=True)


def speed(found: Sequence[Case]) -> None:
    """Print time and memory of the stage over all cases, and over long texts made of them."""
    print("\n| text | words | sentences | seconds | words/s | peak MB |\n|---|---:|---:|---:|---:|---:|")
    measured("all, 3 sentences each", [case.document for case in found], 3)
    paragraphs = "\n\n".join(case.document.article.text for case in found).split("\n\n")
    for words in (40_000, 100_000):
        text = "\n\n".join(_upto(paragraphs, words))
        measured("one text, 7 sentences", [read(text, language="de").document], 7)


def measured(name: str, documents: Sequence[Document], count: int) -> None:
    """One row: seconds first, then once more for the memory, which slows it."""
    stage = ExtractiveSummarizer()
    began = time.perf_counter()
    stage.summarize(documents, sentences=count)
    seconds = time.perf_counter() - began
    tracemalloc.start()
    stage.summarize(documents, sentences=count)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    words = sum(len(sentence.text.split()) for document in documents for sentence in document.body)
    held = sum(len(document.body) for document in documents)
    print(f"| {name} | {words:,} | {held:,} | {seconds:.2f} | {words / seconds:,.0f} | {peak:.1f} |", flush=True)


def _upto(paragraphs: Sequence[str], words: int) -> Iterator[str]:
    for paragraph in paragraphs:
        if words <= 0:
            return
        words -= len(paragraph.split())
        yield paragraph


def evidence(name: str, found: Sequence[Case]) -> None:
    """Print how much of the editors' lines is found in their own article, and in the next one of the file."""
    indexes = [EvidenceIndex(case.document.body, "de") for case in found]
    lines = [[line for line in case.summary.splitlines() if line.strip()] for case in found]
    began = time.perf_counter()
    own, other = (
        np.array([indexes[(at + shift) % len(indexes)].link(line)[1] for at, rows in enumerate(lines) for line in rows])
        for shift in (0, 1)
    )
    pace = (len(own) + len(other)) / (time.perf_counter() - began)
    area = (own[:, None] > other[None]).mean() + (own[:, None] == other[None]).mean() / 2
    below = " | ".join(f"{100 * (side < LEAST_SUPPORT).mean():.1f} %" for side in (own, other))
    print(
        f"| {name} | {len(own):,} | {own.mean():.2f} | {other.mean():.2f} | {area:.3f} | {below} | {pace:,.0f} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--news", type=Path, required=True)
    parser.add_argument("--encyclopedia", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="articles per file")
    options = parser.parse_args()
    news, encyclopedia = (list(cases(path, options.limit)) for path in (options.news, options.encyclopedia))
    print(
        f"## Extractive summaries\n\n{setting('numpy', 'rouge-score')}; {len(news)} and {len(encyclopedia)} articles\n"
    )
    heads = "set | sentences | system | R-1 F1 | R-2 F1 | R-L F1 | R-1 recall | R-2 recall | R-L recall"
    print(f"| {heads} | R-1 F1 over Lead [95 %] | R-2 F1 over Lead [95 %] |\n|---|---:|---|{'---:|' * 6}---|---|")
    quality("news", news, (1, 2, 3))
    quality("encyclopedia", encyclopedia, (12,))
    speed([*news, *encyclopedia])
    print(
        f"\n| evidence for editors' lines | lines | support, own article | another | AUC | own under {LEAST_SUPPORT} | "
        "another under it | lines/s |\n|---|---:|---:|---:|---:|---:|---:|---:|"
    )
    evidence("news", news)
    evidence("encyclopedia", encyclopedia)


if __name__ == "__main__":
    main()
