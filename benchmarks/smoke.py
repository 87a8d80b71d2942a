"""Every benchmark once, on a handful of texts made on the spot: do they run? The figures mean nothing.

python -m benchmarks.smoke
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples"
PAIRS = (
    ("Die Stadt baut eine neue Brücke über den Fluss.", "The city is building a new bridge across the river."),
    ("Am 12. März kamen 1.250 Menschen.", "On March 12, 1,250 people came."),
    ("Herr Müller sagte, er habe nichts gesehen.", "Mr Müller said he had not seen anything."),
    ("Der Bau kostet 18 Millionen Euro und dauert zwei Jahre.", "The work costs 18 million euros and takes two years."),
)


def write(folder: Path) -> dict[str, Path]:
    """The inputs the benchmarks ask for, tiny."""
    articles = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.txt"))]
    rows = {
        "pages": [{"html": f"<p>{text}</p>", "with": [text[:40]], "without": ["Anzeige"]} for text in articles],
        "articles": [{"article": text, "summary": text[200:400], "title": "", "document": text} for text in articles],
    }
    paths = {name: folder / f"{name}.jsonl.gz" for name in rows} | {"pairs": folder / "pairs.tsv.gz"}
    for name, lines in rows.items():
        with gzip.open(paths[name], "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(line) + "\n" for line in lines)
    with gzip.open(paths["pairs"], "wt", encoding="utf-8") as out:
        out.writelines(f"{german}\t{english}\n" for german, english in PAIRS * 6)
    return paths


def _plot(path: str) -> list[str]:
    """The plot is asked for where matplotlib is installed: it belongs to the extra `bench`, not to `test`."""
    return ["--plot", path] if importlib.util.find_spec("matplotlib") else []


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: str(path) for name, path in write(Path(folder)).items()}
        commands = (
            ["cleaning", "--pages", paths["pages"], "--articles", paths["articles"]],
            ["sentences", f"{paths['pairs']}:0"],
            ["language", paths["pairs"], "--rows", "20"],
            ["summary", "--news", paths["articles"], "--encyclopedia", paths["articles"]],
            ["faithfulness", paths["pairs"]],
            ["translator", "--pairs", paths["pairs"]],
            ["repair", "--pairs", paths["pairs"]],
            ["start", "--runs", "1"],
            ["speed", "--smoke", "--json", *_plot(f"{folder}/speed.png")],
        )
        for name, *arguments in commands:
            began = time.perf_counter()
            program = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
            done = subprocess.run(program, capture_output=True, text=True, check=False)
            print(f"{name:14} {'ran' if done.returncode == 0 else 'FAILED'} in {time.perf_counter() - began:.1f} s")
            if done.returncode:
                sys.exit(done.stdout + done.stderr)


if __name__ == "__main__":
    main()
