"""Several processes do what one does."""

from __future__ import annotations

import json
import os
import signal
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch.formats import Places
from summarizer.batch.job import Load, Task, do
from summarizer.batch.pool import Pool
from summarizer.batch.tally import Tally
from summarizer.chain import Chain
from summarizer.errors import ConfigError, ModelFailed, ModelNotFound
from summarizer.types import Result
from tests.batch.shared import TEXT, loaded_from, without_timings


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


COMPANY = """
from dataclasses import replace
from summarizer.testing import FakeModel

class Company(FakeModel):
    'A translator whose words depend on what it is asked together, as those of a model in 8 bits may.'

    def generate(self, texts, options):
        mark = f" {len(texts)} {sum(map(ord, ''.join(texts)))}"
        return [replace(one, text=one.text + mark) for one in super().generate(texts, options)]
"""


@pytest.mark.parametrize(("workers", "batch_size"), [(1, 16), (1, 5), (2, 4)])
def test_a_model_that_minds_its_company_is_given_the_same(tmp_path: Path, workers: int, batch_size: int) -> None:
    """Broken off and gone on with, a job asks for the same texts together; another batch size is another job."""
    (tmp_path / "company_model.py").write_text(COMPANY)
    load, source = partial(loaded_from, str(tmp_path), "company_model:Company"), tmp_path / "in.jsonl"
    texts = [TEXT.format(4 if 5 <= i < 10 else i, 7) if i % 13 else "" for i in range(70)]
    source.write_text("".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts)))
    task, whole, out = (
        Task(sentences=1, batch_size=batch_size, workers=workers),
        *map(tmp_path.joinpath, ("w.jsonl", "o.jsonl")),
    )

    def broken_off(tally: Tally, _share: float | None) -> None:
        if tally.rows >= 32:
            raise KeyboardInterrupt

    do(Places(source, whole), replace(task, workers=1), load)
    with pytest.raises(KeyboardInterrupt):
        do(Places(source, out), task, load, broken_off)
    with pytest.raises(ConfigError, match=f"batch size was '{batch_size}' and is '3'"):
        do(Places(source, out), replace(task, batch_size=3), load)
    assert do(Places(source, out), task, load).tally.resumed >= 32
    assert without_timings(out) == without_timings(whole)


def test_a_pool_reads_no_further_than_it_must_and_says_when_a_worker_died(load: Load) -> None:
    """The input is read a few batches ahead; a worker that is killed is a ModelFailed with a cure."""
    read = []

    def texts() -> Any:
        for number in range(1000):
            read.append(number)
            yield [TEXT.format(number, number), TEXT.format(number, number + 1)]

    with closing(Pool(load, Task(batch_size=2, threads=1))) as pool:
        stream = pool.stream(texts())
        assert all(isinstance(answer.outcome, Result) for answer in next(stream))
        assert len(read) == 2
        for member in pool._members:
            os.kill(member.process.pid, signal.SIGKILL)
        with pytest.raises(ModelFailed, match="a worker process died"):
            list(stream)


LONG = """
from dataclasses import replace
from summarizer.testing import FakeModel

class Long(FakeModel):
    'A translator whose answers are longer than a pipe holds.'

    def generate(self, texts, options):
        return [replace(one, text=one.text + " x" * 100_000) for one in super().generate(texts, options)]
"""


def test_a_worker_killed_while_it_writes_its_answer_is_a_dead_worker(tmp_path: Path) -> None:
    """Half a message in the pipe, and another worker that lives: an error at once, where one could wait for ever."""
    (tmp_path / "long_model.py").write_text(LONG)
    pieces = [[TEXT.format(number, 7)] for number in range(40)]
    with closing(Pool(partial(loaded_from, str(tmp_path), "long_model:Long"), Task(workers=2, threads=1))) as pool:
        stream = pool.stream(pieces)
        next(stream)
        writing = pool._asked[0]
        assert writing.said or writing.pipe.poll(None)  # an answer is ready or has begun; nobody reads the rest
        os.kill(writing.process.pid, signal.SIGKILL)
        with pytest.raises(ModelFailed, match="a worker process died"):
            list(stream)
    assert not any(member.process.is_alive() for member in pool._members)


def test_answers_are_taken_in_while_another_is_waited_for(tmp_path: Path) -> None:
    """Questions and answers longer than a pipe holds, on both sides at once: nobody waits for ever, order is kept."""
    (tmp_path / "long_model.py").write_text(LONG)
    pieces = [[TEXT.format(number, 7) + "\n\n" + "Und so weiter geht es heute. " * 3000] for number in range(8)]
    with closing(
        Pool(partial(loaded_from, str(tmp_path), "long_model:Long"), Task(workers=2, threads=1, sentences=1))
    ) as pool:
        made = [answer.outcome for answers in pool.stream(pieces) for answer in answers]
    assert [result.coverage.total for result in made if isinstance(result, Result)] == [len(text) for [text] in pieces]


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
