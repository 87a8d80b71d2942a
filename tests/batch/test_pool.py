"""Several processes do what one does."""

from __future__ import annotations

import json
import os
import signal
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch.formats import Places
from summarizer.batch.job import Load, Task, do
from summarizer.batch.pool import Pool
from summarizer.chain import Chain
from summarizer.errors import ConfigError, ModelFailed, ModelNotFound
from summarizer.types import Result

TEXT = "Der Rat der Stadt hat am Montag {} neue Bänke bestellt. Sie kosten zusammen {} Euro."


def without_timings(path: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in rows:
        row.get("result", {}).pop("timings", None)
    return rows


def test_two_workers_write_what_one_writes(tmp_path: Path, load: Load) -> None:
    """Rows are in input order and equal, error rows included, however many processes work; nothing runs far ahead."""
    source = tmp_path / "in.jsonl"
    lines = [json.dumps({"id": i, "text": TEXT.format(i, i * 90) if i % 7 else ""}) for i in range(24)]
    source.write_text("\n".join(lines) + "\n{broken\n")
    tallies = []
    for workers in (1, 2):
        task = Task(("en", "fr"), sentences=1, batch_size=4, workers=workers)
        tallies.append(do(Places(source, tmp_path / f"{workers}.jsonl"), task, load).tally)
    one, two = (without_timings(tmp_path / f"{workers}.jsonl") for workers in (1, 2))
    assert one == two
    assert [row["id"] for row in two] == [*range(24), None]
    assert (tallies[0].errors, tallies[0].findings) == (tallies[1].errors, tallies[1].findings)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.jsonl", "2.jsonl", "in.jsonl"]


def test_a_pool_reads_no_further_than_it_must_and_says_when_a_worker_died(load: Load) -> None:
    """The input is read a few batches ahead; a worker that is killed is a ModelFailed with a cure."""
    read = []

    def texts() -> Any:
        for number in range(1000):
            read.append(number)
            yield TEXT.format(number, number)

    with closing(Pool(load, Task(batch_size=2, threads=1))) as pool:
        stream = pool.stream(texts())
        assert isinstance(next(stream).outcome, Result)
        assert len(read) == 4
        for pid in list(pool._executor._processes):
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(ModelFailed, match="a worker process died"):
            list(stream)


def failing(error: Exception) -> Load:
    def load(**_: Any) -> Chain:
        raise error

    return load


@pytest.mark.parametrize("error", [ModelNotFound("no weights"), ConfigError("bad preset")])
def test_a_chain_that_cannot_be_loaded_leaves_nothing_behind(tmp_path: Path, error: Exception) -> None:
    """An error before the first row reaches the caller, and no output is begun."""
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "Ein Satz."}\n')
    with pytest.raises(type(error)):
        do(Places(source, tmp_path / "out.jsonl"), Task(), failing(error))
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_bad_options_are_refused_before_a_model_is_loaded(tmp_path: Path) -> None:
    """A mistake in the call costs no loading time."""
    source = tmp_path / "in.jsonl"
    source.write_text("{}\n")
    places = Places(source, tmp_path / "out.jsonl")
    for task in (Task(batch_size=0), Task(workers=0)):
        with pytest.raises(ConfigError, match="must be 1 or more"):
            do(places, task, failing(AssertionError()))
    with pytest.raises(ConfigError, match="no input"):
        do(replace(places, source=tmp_path / "none.jsonl"), Task(), failing(AssertionError()))
