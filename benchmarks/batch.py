"""The batch job against what it is made of: the in-memory stream, one worker against two, memory over many rows, a kill.

    python -m benchmarks.batch ratio   ARTICLES.jsonl.gz [--field article] [--rows 64] [--preset default]
    python -m benchmarks.batch workers ARTICLES.jsonl.gz [...]
    python -m benchmarks.batch cluster ARTICLES.jsonl.gz [...]
    python -m benchmarks.batch kill    ARTICLES.jsonl.gz [...] [--seconds 20] [--peer-weights FOLDER]
    python -m benchmarks.batch memory  [--rows 200000] [--preset extractive-only | instant | NAME]

``kill`` starts a job, kills it with SIGKILL, starts it again and says what was done twice; with ``--peer-weights`` (a
Marian folder of transformers) it does the same with benchmarks/batch_peer.py. ``memory`` makes short rows on the spot:
``extractive-only`` runs the real chain without a translator, ``instant`` an answer that takes no time, any other preset
its models. Prints Markdown.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

import summarizer
from benchmarks.setting import setting
from summarizer.batch.formats import Places, open_source, open_store
from summarizer.batch.job import Task, do
from summarizer.batch.rows import Answer
from summarizer.batch.run import run
from summarizer.batch.tally import Tally
from summarizer.config import Cluster, Config
from summarizer.types import Coverage, Result

PEER = Path(__file__).with_name("batch_peer.py")


def articles(path: Path, field: str, rows: int) -> list[str]:
    """The first texts of a gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)[field] for line in islice(lines, rows)]


def written(folder: Path, texts: list[str], name: str = "in.jsonl") -> Path:
    """The texts as the input of a job."""
    path = folder / name
    path.write_text("".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts)), "utf-8")
    return path


def batch(folder: Path, texts: list[str], preset: str, name: str, *, workers: int = 1) -> Tally:
    """A whole job; its clock starts when the models are loaded."""
    places = Places(written(folder, texts, f"{name}.in.jsonl"), folder / f"{name}.jsonl")
    return do(places, Task(workers=workers), partial(summarizer.load, Config.load(preset))).tally


def ratio(asked: argparse.Namespace, folder: Path) -> None:
    """Half of the rows by stream first, half by the job first, so that neither has the warmer machine."""
    texts = articles(asked.articles, asked.field, asked.rows)
    half = len(texts) // 2
    seconds = {"stream": 0.0, "batch": 0.0}

    def streamed(part: list[str]) -> None:
        with summarizer.load(asked.preset) as chain:
            chain("Ein Satz zum Aufwärmen, der nicht zählt.", to="en")
            began = time.perf_counter()
            for _ in chain.stream(part, to="en", on_error="return"):
                pass
            seconds["stream"] += time.perf_counter() - began

    def batched(part: list[str], name: str) -> None:
        seconds["batch"] += batch(folder, part, asked.preset, name).seconds

    streamed(texts[:half])
    batched(texts[:half], "first")
    batched(texts[half:], "second")
    streamed(texts[half:])
    print("| way | rows | seconds | rows/s | ratio |\n|---|---:|---:|---:|---:|")
    for name, spent in seconds.items():
        print(f"| {name} | {len(texts)} | {spent:.1f} | {len(texts) / spent:.2f} | {seconds['stream'] / spent:.3f} |")


def workers(asked: argparse.Namespace, folder: Path) -> None:
    """The same rows by one process with all threads and by two with half of them each."""
    texts = articles(asked.articles, asked.field, asked.rows)
    print("| workers | rows | seconds | rows/s | tokens/s |\n|---|---:|---:|---:|---:|")
    for number in (1, 2):
        tally = batch(folder, texts, asked.preset, f"workers{number}", workers=number)
        print(
            f"| {number} | {tally.rows} | {tally.seconds:.1f} | {tally.rate:.2f} | {tally.token_rate:.0f} |", flush=True
        )


def cluster(asked: argparse.Namespace, folder: Path) -> None:
    """The rows twice over, on two actors of a Ray cluster on this machine and by two workers without one."""
    texts = [
        f"{text}\n\n{again}" for again in ("", "Ende.") for text in articles(asked.articles, asked.field, asked.rows)
    ]
    source = written(folder, texts)
    load = partial(summarizer.load, Config.load(asked.preset))
    spread = Cluster(actors=2, cpus=1, rows=32)
    print("| how | rows | seconds | rows/s | tokens/s |\n|---|---:|---:|---:|---:|")
    for name, task in (("two workers", Task(workers=2)), ("two actors", Task(cluster="local", spread=spread))):
        tally = do(Places(source, folder / f"{name}.jsonl"), task, load).tally
        print(
            f"| {name} | {tally.rows} | {tally.seconds:.1f} | {tally.rate:.2f} | {tally.token_rate:.0f} |", flush=True
        )


def instant(pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
    """An answer of the shape and size of a real one, at once."""
    for piece in pieces:
        yield [Answer(_made_of(text), 40) for text in piece]


def _made_of(text: str) -> Result:
    coverage = Coverage(len(text), len(text), 0, 0)
    return Result(text, {"en": text}, "", "de", 1.0, (), (), coverage, {"total": 0.0}, "instant")


def memory(asked: argparse.Namespace, folder: Path) -> None:
    """Resident memory along a job of many short rows, every tenth of the way."""
    source = folder / "in.jsonl"
    with source.open("w", encoding="utf-8") as out:
        for i in range(asked.rows):
            text = f"Die Stadt Nummer {i} baut eine Brücke. Sie kostet {i * 7} Euro. Der Rat stimmte am Montag zu."
            out.write(json.dumps({"id": i, "text": text}) + "\n")
    places = Places(source, folder / "out.jsonl")
    print("| rows | rows/s | memory, MB |\n|---:|---:|---:|")
    tell = told(asked.rows)
    if asked.preset == "instant":
        with (
            closing(open_source(places)) as rows,
            closing(open_store(places, rows, targets=["en"], job={})) as store,
        ):
            run(rows, store, instant, job={}, watch=tell)
        return
    load, to = partial(summarizer.load, asked.preset), ("en",)
    if asked.preset == "extractive-only":
        preset = folder / "extractive-only.yaml"
        preset.write_text("summary: {model: extractive, sentences: 1}\n")
        load, to = partial(summarizer.load, preset), ()
    do(places, Task(to=to, sentences=1), load, lambda tally, _share: tell(tally))


def told(rows: int) -> Callable[[Tally], None]:
    """Prints a row of the table at every tenth of ``rows``."""
    due = rows // 10

    def watch(tally: Tally) -> None:
        nonlocal due
        if tally.rows >= due:
            due += rows // 10
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            print(
                f"| {tally.rows:,} | {tally.rate:,.0f} | {pages * os.sysconf('SC_PAGE_SIZE') / 1e6:.0f} |", flush=True
            )

    return watch


def kill(asked: argparse.Namespace, folder: Path) -> None:
    """What a SIGKILL costs: rows done before it, and rows worked on by the run after it."""
    texts = articles(asked.articles, asked.field, asked.rows)
    source, target = written(folder, texts), folder / "out.jsonl"
    ours = [sys.executable, "-m", "summarizer", "batch", str(source), str(target), "--preset", asked.preset]
    print("| program | rows | finished at the kill | worked on after it | seconds, start-up too | rows/s |")
    print("|---|---:|---:|---:|---:|---:|")
    killed(ours, asked.seconds)
    journal = target.with_name("out.jsonl.journal").read_bytes().splitlines()
    done = sum(len(json.loads(line[9:]).get("measures", ())) for line in journal)
    began = time.perf_counter()
    subprocess.run(ours, check=False, capture_output=True)
    told_kill("summarizer batch", done, len(texts) - done, time.perf_counter() - began)
    if asked.peer_weights is None:
        return
    peer = [sys.executable, str(PEER), str(source), str(folder / "peer.jsonl"), str(asked.peer_weights)]
    killed(peer, asked.seconds)
    began = time.perf_counter()
    said = subprocess.run(peer, check=True, capture_output=True, text=True).stdout.split()
    told_kill("transformers + datasets.map", int(said[0]), int(said[1]), time.perf_counter() - began)


def told_kill(name: str, done: int, rest: int, seconds: float) -> None:
    print(f"| {name} | {done + rest} | {done} | {rest} | {seconds:.1f} | {rest / seconds:.2f} |", flush=True)


def killed(command: list[str], seconds: float) -> None:
    """Start a program and kill it after some time."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=("ratio", "workers", "cluster", "kill", "memory"))
    options.add_argument("articles", type=Path, nargs="?")
    options.add_argument("--field", default="article")
    options.add_argument("--rows", type=int, default=64)
    options.add_argument("--preset", default="default")
    options.add_argument("--seconds", type=float, default=20.0)
    options.add_argument("--peer-weights", type=Path)
    asked = options.parse_args()
    if asked.what != "memory" and asked.articles is None:
        options.error(f"{asked.what} needs a file of articles")
    print(setting("ctranslate2"), "\n")
    with tempfile.TemporaryDirectory() as folder:
        what = {"ratio": ratio, "workers": workers, "cluster": cluster, "kill": kill, "memory": memory}
        what[asked.what](asked, Path(folder))


if __name__ == "__main__":
    main()
