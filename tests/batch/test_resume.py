"""A job broken off anywhere goes on without losing, doubling or redoing a finished row, and ends in the same bytes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from summarizer.batch.formats import Places
from summarizer.batch.once import Stream, once
from summarizer.batch.rows import Answer
from summarizer.batch.run import UNIT, InputChanged
from summarizer.batch.store import Claim
from summarizer.batch.tally import Tally
from summarizer.errors import ConfigError
from tests.batch.shared import content, converted, rows_in

ROWS = 100
TARGETS = ["out.jsonl", "out.jsonl.gz", "out.csv", "out.parquet", "out"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return rows_in(tmp_path, ROWS)


def attempt(places: Places, stream: Stream, *, job: str = "same", unit: int = UNIT) -> Tally:
    return converted(places, stream, job={"signature": job}, unit=unit)


def dying(stream: Stream, after: int, seen: list[str]) -> Stream:
    """The stream, with an end after some rows."""

    def answers(pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        def noted() -> Iterator[Sequence[str]]:
            for piece in pieces:
                seen.extend(piece)
                yield piece

        done = 0
        for made in stream(noted()):
            done += len(made)
            if done > after:
                raise KeyboardInterrupt
            yield made

    return answers


@pytest.mark.parametrize("target", TARGETS)
def test_a_job_broken_off_goes_on(source: Path, tmp_path: Path, stream: Stream, target: str) -> None:
    """Broken off twice, the job ends in the bytes of one that was not, and no row in the journal is done again."""
    undisturbed = Places(source, tmp_path / "whole" / target)
    undisturbed.target.parent.mkdir()
    attempt(undisturbed, stream)
    places, seen = Places(source, tmp_path / target), []
    for after in (50, 30):
        with pytest.raises(KeyboardInterrupt):
            attempt(places, dying(stream, after, seen))
        assert not places.target.exists()
    tally = attempt(places, dying(stream, ROWS, seen))
    assert tally.resumed == 50 // UNIT * UNIT + 30 // UNIT * UNIT
    assert len(seen) <= ROWS + 2 * (UNIT + 1)
    assert (tally.rows, tally.failed) == (ROWS, attempt(Places(source, tmp_path / "again.jsonl"), stream).failed)
    assert content(places.target) == content(undisturbed.target)
    assert not list(tmp_path.glob("out*.partial")) + list(tmp_path.glob("out*.journal"))


@pytest.mark.parametrize("unit", [16, 20])
@pytest.mark.parametrize("after", [0, 30, 50, 99])
def test_what_is_asked_together_follows_from_the_rows(tmp_path: Path, stream: Stream, *, unit: int, after: int) -> None:
    """Equal and bad rows or not: a run that goes on asks for the same texts together as one that was not broken off."""
    source = tmp_path / "in.jsonl"
    texts = ["Satz 4." if i in (5, 6, 7, 8, 9, 40) else "" if i in (20, 21, 60) else f"Satz {i}." for i in range(ROWS)]
    lines = [json.dumps({"id": i, "text": text}) for i, text in enumerate(texts)]
    source.write_text("\n".join([*lines[:33], "{kaputt", *lines[34:]]) + "\n")
    asked: list[tuple[str, ...]] = []

    def noted(pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        for piece in pieces:
            asked.append(tuple(piece))
            yield from stream([piece])

    attempt(Places(source, tmp_path / "whole.jsonl"), once(noted), unit=unit)
    whole = asked.copy()
    assert len(whole) == -(-ROWS // unit)
    places = Places(source, tmp_path / "out.jsonl")
    with pytest.raises(KeyboardInterrupt):
        attempt(places, dying(once(noted), after, []), unit=unit)
    asked.clear()
    assert attempt(places, once(noted), unit=unit).resumed == after // unit * unit
    assert asked == whole[after // unit :]


@pytest.mark.parametrize("target", TARGETS[:4])
def test_a_power_cut_may_cost_bytes_but_no_row(source: Path, tmp_path: Path, stream: Stream, target: str) -> None:
    """Wherever output and journal are cut off or overwritten with zeros, the next run ends in the same bytes."""
    whole = Places(source, tmp_path / "whole" / target)
    whole.target.parent.mkdir()
    attempt(whole, stream)
    expected = content(whole.target)
    chance = random.Random(3)
    for round_ in range(8):
        places = Places(source, tmp_path / f"{round_}" / target)
        places.target.parent.mkdir()
        with pytest.raises(KeyboardInterrupt):
            attempt(places, dying(stream, 90, []))
        for ending in (".partial", ".journal"):
            path = places.target.with_name(target + ending)
            data = path.read_bytes()
            cut = chance.randrange(len(data) + 1)
            zeros = len(data) - cut if round_ % 2 and ending == ".partial" else 0
            tail = b"x" * 200_000 if round_ == 4 and ending == ".partial" else b""  # rows written, not in the journal
            path.write_bytes(data[:cut] + bytes(zeros) + tail)
        attempt(places, stream)
        assert content(places.target) == expected


def test_a_changed_input_is_noticed(source: Path, tmp_path: Path, stream: Stream) -> None:
    """Rows done for another input are not passed off as this one's; rows after them may change."""
    places = Places(source, tmp_path / "out.jsonl")
    with pytest.raises(KeyboardInterrupt):
        attempt(places, dying(stream, 40, []))
    lines = source.read_text().splitlines()
    source.write_text("\n".join([*lines[:20], lines[20].replace("Satz", "Wort"), *lines[21:]]) + "\n")
    with pytest.raises(InputChanged, match="changed within its first 32 rows"):
        attempt(places, stream)
    source.write_text("\n".join([*lines[:60], lines[60].replace("Satz", "Wort"), *lines[61:]]) + "\n")
    assert attempt(places, stream).resumed == 32
    assert "WORT 60." in places.target.read_text()


def test_another_job_is_noticed(source: Path, tmp_path: Path, stream: Stream) -> None:
    """Other settings name what differs; with overwrite the job begins anew."""
    places = Places(source, tmp_path / "out.jsonl")
    with pytest.raises(KeyboardInterrupt):
        attempt(places, dying(stream, 40, []), job="preset=a")
    with pytest.raises(ConfigError, match="signature was 'preset=a' and is 'preset=b'"):
        attempt(places, stream, job="preset=b")
    anew = Places(source, places.target, overwrite=True)
    assert attempt(anew, stream, job="preset=b").resumed == 0


def test_a_second_job_on_the_same_output_is_refused(tmp_path: Path) -> None:
    """Only one job writes an output at a time."""
    target = tmp_path / "out.jsonl"
    claim = Claim(target)
    script = f"from pathlib import Path; from summarizer.batch.store import Claim; Claim(Path({str(target)!r}))"
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "another job is writing" in other.stderr
    claim.release()
    Claim(target).release()


def test_a_full_disk_keeps_what_was_done(source: Path, tmp_path: Path, stream: Stream) -> None:
    """When nothing more can be written the job says so; with room again it goes on."""
    resource = pytest.importorskip("resource", reason="a limit on file sizes stands in for a full disk")
    whole, places = Places(source, tmp_path / "whole.jsonl"), Places(source, tmp_path / "out.jsonl")
    attempt(whole, stream)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (whole.target.stat().st_size // 2, before[1]))
    try:
        with pytest.raises(ConfigError, match="File too large; what was done is kept"):
            attempt(places, stream)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert attempt(places, stream).resumed == 48
    assert content(places.target) == content(whole.target)


GATE = """
import os, time
from summarizer.testing import FakeModel

class Gate(FakeModel):
    'A translator that stops before row 80 until it is let through.'

    def generate(self, texts, options):
        while any(" 80 " in text for text in texts) and not os.path.exists(os.path.join(os.path.dirname(__file__), "go")):
            time.sleep(0.05)
        return super().generate(texts, options)
"""


def test_a_killed_program_goes_on(tmp_path: Path) -> None:
    """SIGKILL in the middle of the real program; the next run gives every row once, in order."""
    preset = tmp_path / "gate.yaml"
    preset.write_text('summary: {model: extractive}\ntranslation: {model: "gate_model:Gate"}\n')
    (tmp_path / "gate_model.py").write_text(GATE)
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    text = "Der Rat hat am Montag {} neue Bänke für den Park bestellt. Sie kosten viel Geld und kommen im Mai."
    source.write_text("".join(json.dumps({"id": i, "text": text.format(i)}) + "\n" for i in range(96)))
    command = [sys.executable, "-m", "summarizer", "batch", str(source), str(target), "--preset", str(preset)]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path.cwd())])}
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=paths)
    journal = tmp_path / "out.jsonl.journal"
    while process.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < 4):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not target.exists()
    (tmp_path / "go").touch()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=paths)
    assert done.returncode == 0, done.stderr
    assert "done before" in done.stderr
    assert [json.loads(line)["id"] for line in target.read_text().splitlines()] == list(range(96))
