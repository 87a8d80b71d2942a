"""Language detection on one word, three words and whole sentences: ours, fastText, py3langid and lingua.

    python -m benchmarks.language newstest.tsv.gz

The argument is a table of German, a tab, and English, one pair per row. Each detector runs in a process of its own, so
that the memory and the loading time are its own. py3langid and lingua are no dependencies: what is not installed is
not measured.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.setting import setting

Detector = Callable[[str], tuple[str, float]]

SIZES = {"1 word": 1, "3 words": 3, "sentence": 10_000}
SURE = 0.9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--detector", choices=DETECTORS, help="measure this one and print JSON")
    options = parser.parse_args()
    if options.detector:
        print(json.dumps(measured(options.detector, samples(options.table, options.rows))))
    else:
        report(options.table, options.rows)


def report(table: Path, rows: int) -> None:
    print(f"## Language of German and English text, {table.name}, {rows} rows\n")
    names = ", ".join(
        f"{name} {release(name)}" for name in ("fasttext-predict", "py3langid", "lingua-language-detector")
    )
    print(
        f"{setting()}; {names}. Share right / share right among answers with confidence of {SURE} and more (how many).\n"
    )
    print("| text |", " | ".join(DETECTORS), "|\n|---|" + "---|" * len(DETECTORS))
    command = [sys.executable, "-m", "benchmarks.language", str(table), "--rows", str(rows), "--detector"]
    runs = [subprocess.run([*command, name], capture_output=True, text=True, check=False) for name in DETECTORS]
    for run in runs:
        if run.returncode and "No module named" not in run.stderr:
            sys.exit(run.stderr)
    results = [json.loads(run.stdout) if run.returncode == 0 else {} for run in runs]
    for key in next(result for result in results if result):
        print(f"| {key} |", " | ".join(result.get(key, "not installed") for result in results), "|")


def release(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def samples(table: Path, rows: int) -> dict[str, list[tuple[str, str]]]:
    """Stretches of N words with their language, from rows chosen by a fixed seed."""
    dice = random.Random(1)
    with gzip.open(table, "rt", encoding="utf-8") as lines:
        pairs = [line.rstrip("\n").split("\t")[:2] for line in lines]
    dice.shuffle(pairs)
    cut: dict[str, list[tuple[str, str]]] = {}
    for column, language in enumerate(("de", "en")):
        for name, size in SIZES.items():
            texts = (stretch(pair[column].split(), size, dice) for pair in pairs[:rows])
            cut[f"{language}, {name}"] = [(text, language) for text in texts if any(map(str.isalpha, text))]
    return cut


def stretch(words: list[str], size: int, dice: random.Random) -> str:
    start = dice.randrange(max(1, len(words) - size + 1))
    return " ".join(words[start : start + size])


def measured(name: str, cut: dict[str, list[tuple[str, str]]]) -> dict[str, str]:
    memory, before = resident(), time.perf_counter()
    detect = DETECTORS[name]()
    detect("Die Stadt hat am Montag die neue Brücke freigegeben.")
    loading = time.perf_counter() - before
    row = {key: share([(detect(text), language) for text, language in texts]) for key, texts in cut.items()}
    sentences = [text for texts in cut.values() for text, _ in texts if len(text) > 60]
    before = time.perf_counter()
    for text in sentences:
        detect(text)
    per_call = (time.perf_counter() - before) / max(1, len(sentences))
    return row | {
        "loading, s": f"{loading:.2f}",
        "ms per sentence": f"{1000 * per_call:.2f}",
        "memory at peak, MB": f"+{resident() - memory:.0f}",
    }


def share(answers: list[tuple[tuple[str, float], str]]) -> str:
    right = [answer[0] == language for answer, language in answers]
    sure = [answer[0] == language for answer, language in answers if answer[1] >= SURE]
    return f"{mean(right):.3f} / {mean(sure):.3f} ({len(sure) / len(right):.0%})"


def mean(values: list[bool]) -> float:
    return sum(values) / len(values) if values else float("nan")


def resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ours() -> Detector:
    from summarizer.text.language import detect  # noqa: PLC0415 - each process loads what it measures

    def answer(text: str) -> tuple[str, float]:
        found = detect(text)
        return found.language, found.confidence

    return answer


def fasttext() -> Detector:
    from summarizer.text.language import _model  # noqa: PLC0415

    model = _model()

    def answer(text: str) -> tuple[str, float]:
        (label,), (chance,) = model.predict(text)
        return label.removeprefix("__label__"), chance

    return answer


def py3langid() -> Detector:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True).classify


def lingua(*, small: bool = False) -> Detector:
    import lingua as package  # noqa: PLC0415

    known = [
        "DE",
        "EN",
        "FR",
        "ES",
        "IT",
        "PT",
        "NL",
        "PL",
        "DA",
        "SV",
        "NB",
        "CS",
        "HU",
        "RO",
        "FI",
        "TR",
        "RU",
        "UK",
        "AR",
        "ZH",
        "JA",
        "KO",
        "EL",
        "BG",
    ]
    languages = [language for language in package.Language.all() if language.iso_code_639_1.name in known]
    builder = package.LanguageDetectorBuilder.from_languages(*languages)
    detector = (builder.with_low_accuracy_mode() if small else builder).build()

    def answer(text: str) -> tuple[str, float]:
        best = detector.compute_language_confidence_values(text)[0]
        return best.language.iso_code_639_1.name.lower(), best.value

    return answer


DETECTORS: dict[str, Callable[[], Detector]] = {
    "ours": ours,
    "fastText alone": fasttext,
    "py3langid": py3langid,
    "lingua, 24 languages": lingua,
    "lingua, 24, low accuracy": lambda: lingua(small=True),
}


if __name__ == "__main__":
    main()
