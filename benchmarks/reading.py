"""What it costs to read a file in a process of its own: seconds and memory, the start of the interpreter included.

python -m benchmarks.reading
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from summarizer.text.child import Task, answered, command
from tests.documents import docx, paragraph, pdf

SENTENCE = "Der Rat der Stadt hat am Montag den Umbau des alten Rathauses beschlossen."
ROUNDS = 5


def files() -> dict[str, tuple[str, bytes]]:
    """Names in words, the names of the files, and the files."""
    article = [f"{SENTENCE} Das sind {n} Wörter." for n in range(19)]  # 300 words
    long = [paragraph(" ".join([SENTENCE] * 10))] * 260  # 195,000 characters
    page = f"<html><body><nav>{'<a href=/>Ressort</a> ' * 2000}</nav><article>"
    page += f"{''.join(f'<p>{line}</p>' for line in article)}</article><!--{'x' * 400_000}--></body></html>"
    return {
        "text, 300 words": ("a.txt", " ".join(article).encode()),
        "HTML, 500 KB, 300 words": ("a.html", page.encode()),
        "Word, 300 words": ("a.docx", docx(*map(paragraph, article))),
        "Word, 195,000 characters": ("a.docx", docx(*long)),
        "PDF, 1 page, 300 words": ("a.pdf", pdf(article)),
        "PDF, 50 pages, 15,000 words": ("a.pdf", pdf(*([f"{7 * n} {line}" for line in article] for n in range(50)))),
        "PDF, damaged": ("a.pdf", pdf(article)[:500]),
        "PDF, 40 MB in 40 KB": ("a.pdf", pdf(["Wort " * 8_000_000], packed=True)),
    }


def read(name: str, data: bytes) -> tuple[str, float, float]:
    """What became of it, seconds, and the most memory it held, in MB."""
    begun = time.perf_counter()
    child = subprocess.Popen(command(Task(name)), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(data)
    child.stdin.close()
    said = child.stdout.read()
    _, _, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begun
    try:
        told = f"{len(answered(said).text):,} characters"
    except Exception as error:  # noqa: BLE001 - that is the answer
        told = type(error).__name__
    return told, seconds, used.ru_maxrss / 1024


def make(folder: Path) -> None:
    """Write the files; in a process of its own, because a child's memory is counted from its parent's."""
    for words, (name, data) in files().items():
        (folder / f"{words}{Path(name).suffix}").write_bytes(data)


def main() -> None:
    """Print a table: the fastest of a few rounds, and the most memory of them."""
    print("| file | answer | s | MB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "benchmarks.reading", folder], check=True)
        for path in sorted(Path(folder).iterdir()):
            rounds = [read(path.name, path.read_bytes()) for _ in range(1 if "MB" in path.name else ROUNDS)]
            seconds, memory = min(one[1] for one in rounds), max(one[2] for one in rounds)
            print(f"| {path.stem} | {rounds[0][0]} | {seconds:.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    make(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
