"""A Ray cluster of two machines (as good as one machine can play them) writes what one machine writes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from summarizer.batch.cutting import cut
from summarizer.batch.formats import Places
from summarizer.batch.job import Load, Task, do
from summarizer.batch.rows import Row
from summarizer.batch.run import InputChanged
from summarizer.batch.tally import Tally
from summarizer.config import Cluster
from summarizer.errors import ConfigError, ModelFailed, ModelNotFound
from tests.batch.shared import TEXT, loaded_from, without_timings

ray = pytest.importorskip(
    "ray", reason="the cluster is tested with the extra cluster: pip install 'summarizer[cluster]'"
)
pytestmark = pytest.mark.filterwarnings("ignore")  # Ray's own, of which there are many

TASK = Task(sentences=1, cluster="here", spread=Cluster(actors=2, cpus=1.0, rows=32))


@pytest.fixture(scope="module")
def two_machines() -> Iterator[Any]:
    from ray.cluster_utils import Cluster as Machines  # noqa: PLC0415

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # or a thread of Ray's asks for figures as long as the tests run
    patient = {
        "health_check_failure_threshold": 60,
        "worker_register_timeout_seconds": 300,
    }  # for a machine that is busy
    machine = {
        "num_cpus": 2,
        "num_gpus": 2,
        "object_store_memory": 80_000_000,
        "include_dashboard": False,
        "_system_config": patient,
    }
    machines = Machines(initialize_head=True, head_node_args=machine)
    machines.add_node(num_cpus=2, object_store_memory=80_000_000)
    ray.init(address=machines.address, log_to_driver=False, logging_level="ERROR")
    yield machines
    ray.shutdown()
    machines.shutdown()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    lines = [json.dumps({"id": i, "text": TEXT.format(i, i * 90) if i % 9 else ""}) for i in range(100)]
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join([*lines[:50], "{broken", *lines[50:]]) + "\n")
    return path


def test_two_machines_write_what_one_writes(two_machines: Any, source: Path, tmp_path: Path, load: Load) -> None:
    """Rows, order, error rows and counts are those of a run without a cluster; nothing is left beside the output."""
    one = do(Places(source, tmp_path / "one.jsonl"), replace(TASK, cluster=None), load)
    two = do(Places(source, tmp_path / "two.jsonl"), TASK, load)
    assert without_timings(tmp_path / "one.jsonl") == without_timings(tmp_path / "two.jsonl")
    assert (one.tally.rows, one.tally.errors, one.tally.tokens) == (two.tally.rows, two.tally.errors, two.tally.tokens)
    assert [measure.number for measure in one.tally.failures] == [measure.number for measure in two.tally.failures]
    assert one.signature == two.signature
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "one.jsonl", "two.jsonl"]


@pytest.mark.parametrize("target", ["out.csv.gz", "out.parquet"])
def test_the_bytes_of_one_machine(two_machines: Any, source: Path, tmp_path: Path, load: Load, target: str) -> None:
    """Several files in, packed or columnar out: the same pieces in the same order, so the same bytes but for timings."""
    again = tmp_path / "in.2.jsonl"
    again.write_bytes(source.read_bytes().replace(b"Montag", b"Dienstag"))
    for name, cluster in (("one", None), ("two", "here")):
        (tmp_path / name).mkdir()
        do(Places(tmp_path / "in*.jsonl", tmp_path / name / target), replace(TASK, cluster=cluster), load)
    one, two = (tmp_path / name / target for name in ("one", "two"))
    if target == "out.csv.gz":
        assert one.read_bytes() == two.read_bytes()
        return
    tables = [parquet.read_table(path) for path in (one, two)]
    texts = [[row["result"] and row["result"]["translation"] for row in table.to_pylist()] for table in tables]
    assert texts[0] == texts[1]
    assert tables[0].drop(["result"]).equals(tables[1].drop(["result"]))
    groups = [parquet.ParquetFile(path).metadata.num_row_groups for path in (one, two)]
    assert groups[0] == groups[1]


class Broken(Exception):
    """The job was broken off here."""


def broken_off(parts: int) -> Any:
    """A watch that ends a job after some parts."""
    seen = []

    def watch(tally: Tally, _share: float | None) -> None:
        seen.append(tally.rows)
        if len(seen) > parts:
            raise Broken

    return watch


def test_finished_parts_are_skipped(two_machines: Any, source: Path, tmp_path: Path, load: Load) -> None:
    """A job broken off goes on from the parts that are whole, and names what was changed meanwhile."""
    places = Places(source, tmp_path / "out.jsonl")
    with pytest.raises(Broken):
        do(places, TASK, load, broken_off(3))
    folder = tmp_path / "out.jsonl.parts"
    before = sorted(folder.glob("*.part"))
    assert len(before) >= 2
    before[0].write_bytes(before[0].read_bytes()[:-9])  # a power cut

    with pytest.raises(ConfigError, match="other settings: signature was"):
        do(places, replace(TASK, sentences=2), load)
    with pytest.raises(ConfigError, match="was begun with --cluster"):
        do(places, replace(TASK, cluster=None), load)
    lines, part = source.read_text(), int(before[1].name[6:14])
    changed = f"Montag {part * 32 - 30} "
    assert changed in lines
    source.write_text(lines.replace(changed, "Freitag 7 "))
    with pytest.raises(InputChanged, match=f"has changed in part {part} of its file 1"):
        do(places, TASK, load)
    source.write_text(lines)

    done = do(places, TASK, load)
    assert done.tally.resumed >= 32
    do(Places(source, tmp_path / "one.jsonl"), replace(TASK, cluster=None), load)
    assert without_timings(places.target) == without_timings(tmp_path / "one.jsonl")
    assert not folder.exists()


def test_overwrite_leaves_nothing_of_another_kind_of_job(source: Path, tmp_path: Path, load: Load) -> None:
    """What was begun on a cluster and is begun anew without one is gone."""
    (tmp_path / "out.jsonl.parts").mkdir()
    places = Places(source, tmp_path / "out.jsonl", overwrite=True)
    do(places, replace(TASK, cluster=None), load)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


SLOW = """
import glob, os, time
from summarizer.testing import FakeModel

class Slow(FakeModel):
    'A translator that takes its time, and says which process it is in.'

    def generate(self, texts, options):
        with open(os.path.join(os.path.dirname(__file__), f"{os.getpid()}.worker"), "w") as said:
            said.write(os.environ.get("CUDA_VISIBLE_DEVICES", "none"))
        while len(glob.glob(os.path.join(os.path.dirname(__file__), "*.worker"))) < 2:
            time.sleep(0.05)  # for the other: one alone could do all
        time.sleep(0.5)
        return super().generate(texts, options)
"""


def test_a_killed_worker_loses_nothing(two_machines: Any, source: Path, tmp_path: Path) -> None:
    """SIGKILL for an actor in the middle of a part: another does that part on its GPU, and every row is there once."""
    (tmp_path / "slow_model.py").write_text(SLOW)
    killed: list[int] = []

    def kill_one(_tally: Tally, _share: float | None) -> None:
        for path in tmp_path.glob("*.worker"):
            if not killed:
                killed.append(int(path.stem))
                os.kill(killed[0], signal.SIGKILL)

    load = partial(loaded_from, str(tmp_path), "slow_model:Slow")
    task = replace(TASK, batch_size=4, spread=Cluster(actors=2, cpus=1.0, gpus=1, rows=32))
    done = do(Places(source, tmp_path / "out.jsonl"), task, load, kill_one)
    assert killed
    assert {path.read_text() for path in tmp_path.glob("*.worker")} == {"0", "1"}  # each its own GPU
    assert (done.tally.rows, done.tally.failed) == (101, 13)
    assert [row["id"] for row in without_timings(tmp_path / "out.jsonl")] == [*range(50), None, *range(50, 100)]
    assert {path.stem for path in tmp_path.glob("*.worker")} > {str(killed[0])}


def no_weights(**_: Any) -> Any:
    raise ModelNotFound("no weights here; pull them on every machine")


def test_what_cannot_work_is_told_as_on_one_machine(two_machines: Any, source: Path, tmp_path: Path) -> None:
    """A chain that cannot be loaded over there is the error that it is here."""
    with pytest.raises(ModelNotFound, match="pull them on every machine"):
        do(Places(source, tmp_path / "out.jsonl"), TASK, no_weights)
    with pytest.raises(ConfigError, match="no machine of the cluster has the 1 CPUs and 3 GPUs"):
        do(Places(source, tmp_path / "out.jsonl"), replace(TASK, spread=Cluster(gpus=3)), no_weights)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize(("source", "target"), [("-", "out.jsonl"), ("in.jsonl", "-")])
def test_a_cluster_neither_reads_nor_writes_a_pipe(tmp_path: Path, source: str, target: str) -> None:
    """Said before anything is started."""
    (tmp_path / "in.jsonl").touch()
    source, target = (name if name == "-" else str(tmp_path / name) for name in (source, target))
    with pytest.raises(ConfigError, match=r"must be files.*save what comes through the pipe to a file first"):
        do(Places(source, Path(target)), TASK, no_weights)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 400), max_size=200), st.sampled_from([16, 32, 64]))
def test_parts_are_whole_units(lengths: list[int], size: int) -> None:
    """Every row is in one part, in order; parts end where a one-machine output has the end of a piece."""
    rows = [Row(number, text="x" * length) for number, length in enumerate(lengths)]
    parts = list(cut(rows, size, 16))
    assert [row for part in parts for row in part] == rows
    assert all(len(part) == size for part in parts[:-1])


KINDS = {"f": "pages", "f/*.txt": "pages", "*.csv": "out.jsonl", "in.parquet": "out.parquet", "file://": "pages"}


@pytest.mark.parametrize(("kind", "target"), KINDS.items())
def test_every_kind_of_input_and_a_folder_out(
    two_machines: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: Load, kind: str, target: str
) -> None:
    """Folders, patterns, tables and URLs, relative paths too: the files, names and links of a run without a cluster."""
    monkeypatch.chdir(tmp_path)
    texts = [TEXT.format(i, i * 90) if i % 9 else "" for i in range(40)]
    Path("f/deep").mkdir(parents=True)
    for i, text in enumerate(texts):
        (Path("f/deep" if i % 5 == 0 else "f") / f"{i}.txt").write_text(text, "utf-8")
    Path("f/7.html").write_text(f"<p>{TEXT}</p>", "utf-8")
    for name in "ab":
        Path(f"{name}.csv").write_text("id,text\n" + "".join(f"{i},{text}\n" for i, text in enumerate(texts)), "utf-8")
    parquet.write_table(pa.table({"id": pa.array(range(40), pa.int16()), "text": texts}), "in.parquet")
    source = f"file://{tmp_path}/f" if kind == "file://" else kind
    seen: list[Any] = []
    for name, cluster in (("one", None), ("two", "here")):
        Path(name).mkdir()
        shares: list[tuple[int, float | None]] = []
        places, task = Places(source, Path(name) / target), replace(TASK, cluster=cluster, spread=Cluster(rows=16))
        done = do(places, task, load, lambda tally, share, to=shares: to.append((tally.rows, share)))
        seen.append([done.tally.rows, done.tally.kinds, done.tally.worst, done.tally.failures, _content(places.target)])
        known = [share for _, share in shares if share is not None]
        assert known == sorted(known)
        assert shares[-1] == (done.tally.rows, 1.0)
        assert all(rows == done.tally.rows for rows, share in shares if share == 1.0)
    assert seen[0] == seen[1]
    assert sorted(path.name for path in Path("two").iterdir()) == [target]


def _content(path: Path) -> dict[str, Any]:
    if path.suffix == ".parquet":
        return parquet.read_table(path).drop(["result"]).to_pydict()
    files = [file for file in sorted(path.rglob("*")) if file.is_file()] if path.is_dir() else [path]
    return {file.relative_to(path).as_posix(): without_timings(file) for file in files}


def test_pages_begun_before_get_the_same_names(two_machines: Any, source: Path, tmp_path: Path, load: Load) -> None:
    """A folder of pages, broken off, its naming killed half-way, gone on with: the files of a run without a cluster."""
    (tmp_path / "b.jsonl").write_bytes(source.read_bytes())
    places, begun = Places(str(tmp_path / "*.jsonl"), tmp_path / "out", overwrite=True), tmp_path / "out.partial"
    with pytest.raises(Broken):
        do(places, TASK, load, broken_off(4))
    begun.mkdir()
    (begun / "0000001-half.json").write_text("{")
    (tmp_path / "out").mkdir()
    (tmp_path / "out.parts" / "complete").touch()  # killed while the files were moved into a folder that was there
    (tmp_path / "out" / "0000001-0.json").write_text("old")
    assert do(places, TASK, load).tally.resumed >= 32
    do(replace(places, target=tmp_path / "one"), replace(TASK, cluster=None), load)
    assert _content(tmp_path / "out") == _content(tmp_path / "one")
    assert len(_content(tmp_path / "out")) == 202
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.jsonl", "in.jsonl", "one", "out"]


def test_a_text_that_kills_its_actor_ends_the_job(two_machines: Any, source: Path, tmp_path: Path) -> None:
    """Not an endless loop: the part is tried a few times, then the job says so; what was done is kept."""
    (tmp_path / "slow_model.py").write_text(SLOW.replace("time.sleep(0.5)", "'30 neue' in str(texts) and os._exit(9)"))
    with pytest.raises(ModelFailed, match="the cluster gave up"):
        do(Places(source, tmp_path / "out.jsonl"), TASK, partial(loaded_from, str(tmp_path), "slow_model:Slow"))
    assert list((tmp_path / "out.jsonl.parts").glob("*.part"))


def test_addresses_that_lead_nowhere_are_told_at_once(source: Path, tmp_path: Path) -> None:
    """Nobody listens there, or it is an address of Ray Client: in a process of its own, for this one is connected."""
    script = (
        "import ray, sys; from summarizer.batch.connection import connected\n"
        "with connected(ray, sys.argv[1]): print('in')"
    )
    for address, message in (("127.0.0.1:1", "no Ray cluster at"), ("ray://here:10001", "an address of Ray Client")):
        made = subprocess.run([sys.executable, "-c", script, address], capture_output=True, text=True, check=False)
        assert message in made.stderr.splitlines()[-1]
        assert "ConfigError" in made.stderr
