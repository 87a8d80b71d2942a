"""The batch job against what it is made of: the in-memory stream, one worker against two, a kill.

    python -m benchmarks.batch ratio   ARTICLES.jsonl.gz [--field article] [--rows 64] [--preset default]
    python -m benchmarks.batch workers ARTICLES.jsonl.gz [...]
    python -m benchmarks.batch cluster ARTICLES.jsonl.gz [...]
    python -m benchmarks.batch kill    ARTICLES.jsonl.gz [...] [--seconds 20] [--peer-weights FOLDER]

``kill`` starts a job, kills it with SIGKILL, starts it again and says what was done twice; with ``--peer-weights`` (a
Marian folder of transformers) it does the same with benchmarks/batch_peer.py. Memory: benchmarks/batch_memory.py. Prints
Markdown.
"""

from __future__ import annotations

import argparse
import gzip
import json
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import islice
from pathlib import Path

import summarizer
from benchmarks.setting import setting
from summarizer.batch.formats import Places
from summarizer.batch.job import Task, do
from summarizer.batch.tally import Tally
from summarizer.config import Cluster, Config

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
    options.add_argument("what", choices=("ratio", "workers", "cluster", "kill"))
    options.add_argument("articles", type=Path)
    options.add_argument("--field", default="article")
    options.add_argument("--rows", type=int, default=64)
    options.add_argument("--preset", default="default")
    options.add_argument("--seconds", type=float, default=20.0)
    options.add_argument("--peer-weights", type=Path)
    asked = options.parse_args()
    print(setting("ctranslate2"), "\n")
    with tempfile.TemporaryDirectory() as folder:
        what = {"ratio": ratio, "workers": workers, "cluster": cluster, "kill": kill}
        what[asked.what](asked, Path(folder))


if __name__ == "__main__":
    main()
