"""How much of the input is said to be done: never more than is written, and all of it at the end."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from summarizer.batch.formats import Places
from summarizer.batch.job import Load, Task, do
from summarizer.batch.packing import zstandard
from summarizer.batch.rows import Row
from summarizer.batch.share import Shares

ROWS = 96
TEXTS = [f"Der Rat der Stadt hat am {i % 28 + 1:02}. Mai {i:03} neue Bänke bestellt." for i in range(ROWS)]
LINES = "".join(json.dumps({"id": f"{i:03}", "text": text}) + "\n" for i, text in enumerate(TEXTS)).encode()


def lines(path: Path) -> None:
    path.write_bytes(LINES)


def gz(path: Path) -> None:
    path.write_bytes(gzip.compress(LINES))


def zst(path: Path) -> None:
    path.write_bytes(zstandard().compress(LINES))


def table(path: Path) -> None:
    path.write_text("id,text\n" + "".join(f"{i:03},{text}\n" for i, text in enumerate(TEXTS)), "utf-8")


def columns(path: Path) -> None:
    parquet.write_table(pa.table({"id": list(range(ROWS)), "text": TEXTS}), path)


def folder(path: Path) -> None:
    path.mkdir()
    for i, text in enumerate(TEXTS):
        (path / f"{i:03}.txt").write_text(text, "utf-8")


def several(path: Path) -> None:
    for at in range(0, ROWS, 12):
        (path.parent / f"in{at:02}.jsonl").write_bytes(b"".join(LINES.splitlines(keepends=True)[at : at + 12]))


KINDS: dict[str, Callable[[Path], None]] = {
    "in.jsonl": lines, "in.csv": table, "in.parquet": columns, "in": folder, "in*.jsonl": several,
    "in.jsonl.gz": gz, "in.jsonl.zst": zst,
}  # fmt: skip


@pytest.mark.parametrize(("name", "workers"), [*((name, 1) for name in KINDS), ("in.jsonl", 2)])
def test_no_more_is_said_to_be_done_than_is_written(tmp_path: Path, load: Load, name: str, workers: int) -> None:
    """Rows read ahead are not done, nor is a small file that went into a buffer at one go; at the end all is done."""
    KINDS[name](tmp_path / name)
    seen: list[tuple[int, float | None]] = []
    task = Task(sentences=1, batch_size=4, workers=workers)
    do(
        Places(tmp_path / name, tmp_path / "out.jsonl"),
        task,
        load,
        lambda tally, share: seen.append((tally.rows, share)),
    )
    assert seen[0] == (0, 0.0)
    assert seen[-1] == (ROWS, 1.0)
    for rows, share in seen[:-1]:
        if name.endswith((".gz", ".zst", ".csv")):
            assert share is None or rows == 0  # it lies in one buffer: nobody knows
        else:
            assert share == pytest.approx(rows / ROWS, abs=0.02)


class Many:
    """A million rows, each a millionth of the input."""

    columns = None
    read = 0

    def __iter__(self) -> Iterator[Row]:
        for self.read in range(1, 1_000_001):
            yield ROW

    def share(self) -> float:
        return self.read / 1_000_000

    def close(self) -> None:
        pass


ROW = Row(1)


def test_rows_passed_over_leave_few_notes() -> None:
    """A job that goes on after a million rows remembers a thousand shares of them, and is where it was."""
    shares = Shares(Many())
    rows = iter(shares)
    for _ in range(900_000):
        next(rows)
    assert len(shares._noted) <= 1000
    assert shares.of(900_000) == pytest.approx(0.9, abs=0.002)
