"""What a first run costs: seconds from the command's start to its end, and the most memory it held.

    python -m benchmarks.start [--article examples/faehre.txt] [--runs 5]

Runs whole processes and prints Markdown: medians, with the extremes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.setting import setting

ARTICLE = Path(__file__).parent.parent / "examples" / "faehre.txt"


def once(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak megabytes of one run; its own output is thrown away."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def row(name: str, command: list[str], runs: int) -> str:
    """One row, after a run that warms the disk."""
    once(command)
    seconds, memory = zip(*(once(command) for _ in range(runs)), strict=True)
    spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
    return f"| {name} | {statistics.median(seconds):.2f} | {spread} | {max(memory):.0f} |"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--article", type=Path, default=ARTICLE)
    options.add_argument("--runs", type=int, default=5)
    asked = options.parse_args()
    program = [sys.executable, "-m", "summarizer"]
    print(setting("ctranslate2"), "\n")
    print("| command | seconds, median | from, to | peak memory, MB |\n|---|---|---|---|")
    print(row("`summarizer --help`", [*program, "--help"], asked.runs))
    print(row("`summarizer run ARTICLE --to en`", [*program, "run", str(asked.article), "--to", "en"], asked.runs))
    print(row("`python -c 'import summarizer'`", [sys.executable, "-c", "import summarizer"], asked.runs))


if __name__ == "__main__":
    main()
