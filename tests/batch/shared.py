"""What the tests of the batch job share: articles, a run through reader, journal and writer, and what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import summarizer
from summarizer.batch.formats import Places, open_source, open_store
from summarizer.batch.once import Stream
from summarizer.batch.run import UNIT, run
from summarizer.batch.tally import Tally
from summarizer.chain import Chain
from summarizer.testing import fake_config

TEXT = "Der Rat der Stadt hat am Montag {} neue Bänke bestellt. Sie kosten zusammen {} Euro."


def converted(places: Places, stream: Stream, *, job: Mapping[str, Any] | None = None, unit: int = UNIT) -> Tally:
    """The whole job but for models and claim."""
    places.check()
    job = job or {"signature": "one"}
    with (
        closing(open_source(places)) as source,
        closing(open_store(places, source, targets=["en"], job=job)) as store,
    ):
        return run(source, store, stream, job=job, unit=unit)


def rows_in(folder: Path, rows: int) -> Path:
    """An input of short rows, some of them empty or broken."""
    lines = [json.dumps({"id": i, "text": f"Satz {i}." if i % 9 else ""}) if i % 11 else "{kaputt" for i in range(rows)]
    path = folder / "in.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def content(path: Path) -> dict[str, bytes]:
    """Name and bytes of the output, file by file."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files if file.is_file()}


def without_timings(path: Path) -> list[dict[str, Any]]:
    """The rows of an output of JSON lines, without what no two runs have alike."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in rows:
        row.get("result", {}).pop("timings", None)
    return rows


def loaded_from(folder: str, model: str, **overrides: Any) -> Chain:
    """A chain whose translator's module lies in ``folder``, in whatever process and on whatever machine."""
    sys.path.insert(0, folder)
    return summarizer.load(fake_config(translation={"model": model, "licence": "MIT"}), **overrides)
