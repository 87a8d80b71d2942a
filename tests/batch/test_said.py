"""What a job says when something is wrong, and that its JSON is JSON."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch.jsonl import said
from summarizer.batch.tables import cell

PRESET = 'summary: {model: extractive}\ntranslation: {model: "summarizer.testing:FakeModel"}\n'
ROW = '{"id": 1, "text": "Der Rat hat am Montag neue Bänke für den Park bestellt."}\n'

Command = Callable[..., list[str]]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    (tmp_path / "fake.yaml").write_text(PRESET)

    def made(rows: str, target: str, *more: str) -> list[str]:
        (tmp_path / "in.jsonl").write_text(rows, "utf-8")
        places = [str(tmp_path / "in.jsonl"), target if target == "-" else str(tmp_path / target)]
        return [sys.executable, "-m", "summarizer", "batch", *places, "--preset", str(tmp_path / "fake.yaml"), *more]

    return made


def ended(command: list[str], **places: Any) -> tuple[int, str]:
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False, **places)
    return done.returncode, done.stderr


def test_quiet_is_not_silent_about_rows_that_failed(command: Command) -> None:
    """With --quiet a job that ends in 1 says in one line how many rows failed, and why."""
    code, err = ended(command(ROW + "{broken\n", "out.jsonl", "--quiet"))
    assert code == 1
    assert "2 rows, 1 errors (1 InputError)" in err
    assert "out.jsonl; first error, row 2: line 2, column 2: not JSON: Expecting property name" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("piped", [False, True])
def test_a_misspelt_text_field_is_refused(command: Command, tmp_path: Path, *, piped: bool) -> None:
    """Where no row has the field: exit code 2, the fields there are, and no output."""
    arguments = command(ROW * 3, "out.jsonl", "--text-field", "nope")
    if piped:
        arguments[arguments.index(str(tmp_path / "in.jsonl"))] = "-"
    with (tmp_path / "in.jsonl").open() as rows:
        code, err = ended(arguments, stdin=rows)
    assert code == 2
    assert "none of the first 3 rows has a field 'nope'; choose with --text-field from: id, text" in err
    assert not (tmp_path / "out.jsonl").exists()


def test_one_row_with_the_field_is_enough(command: Command, tmp_path: Path) -> None:
    """Rows that lack the text among others that have it are error rows, as ever."""
    assert ended(command('{"id": 0}\n' + ROW, "out.jsonl"))[0] == 1
    assert "error" in json.loads((tmp_path / "out.jsonl").read_text("utf-8").splitlines()[0])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full device is Linux's own")
def test_a_full_pipe_does_not_promise_to_go_on(command: Command) -> None:
    """What went into a pipe cannot be gone on with, and the message does not say so."""
    with Path("/dev/full").open("wb") as full:
        code, err = ended(command(ROW, "-"), stdout=full)
    assert code == 2
    assert "a job into a pipe begins anew" in err
    assert "the same command goes on" not in err


FULL = """
import resource, signal, sys
from summarizer.cli import main

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on file sizes stands in for a full disk")
@pytest.mark.parametrize(("target", "room"), [("out.csv", 9000), ("out.jsonl", 9000), ("out.csv", 3000)])
def test_a_full_disk_says_that_what_was_done_is_kept(command: Command, tmp_path: Path, target: str, room: int) -> None:
    """Closing the file that could not be written fails too, and that is not what is told."""
    arguments = command("".join(ROW.replace("Montag", f"{n}. Mai") for n in range(90)), target)[3:]
    code, err = ended([sys.executable, "-c", FULL, str(room), *arguments])
    assert code == 2
    assert "the output cannot be written: File too large; what was done is kept, and the same command goes on" in err
    assert ended([sys.executable, "-m", "summarizer", *arguments])[0] == 0
    assert (tmp_path / target).is_file()


SLOW = """
import time
from summarizer.testing import FakeModel

class Slow(FakeModel):
    'A translator that takes its time: the job cannot be over before it is interrupted.'

    def generate(self, texts, options):
        time.sleep(0.3)
        return super().generate(texts, options)
"""


def test_ctrl_c_says_how_to_go_on(command: Command, tmp_path: Path) -> None:
    """Interrupted in the work, the job says that the same command goes on."""
    rows = "".join(ROW.replace("Montag", f"{n}. Mai") for n in range(4000))
    arguments, journal = command(rows, "out.jsonl"), tmp_path / "out.jsonl.journal"
    (tmp_path / "slow_model.py").write_text(SLOW)
    (tmp_path / "fake.yaml").write_text(PRESET.replace("summarizer.testing:FakeModel", "slow_model:Slow"))
    with subprocess.Popen(
        arguments, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": _path(tmp_path)}
    ) as process:
        while process.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < 2):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted; what was done is kept, and the same command goes on from there" in err.decode()


def _path(folder: Path) -> str:
    return os.pathsep.join([str(folder), str(Path.cwd()), *filter(None, [os.environ.get("PYTHONPATH")])])


LOST = """
import os, signal, sys
from summarizer.batch.tally import Tally
from summarizer.cli import ends, main, progress

class Finalized:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000): pass  # Python tells here, and drops what it raised

def job(self, tally, share, shown=progress.Meter.__call__):
    if tally.rows == 16:
        Finalized()
    shown(self, tally, share)

progress.Meter.__call__ = job
sys.exit(main(sys.argv[1:]))
"""


def test_an_interrupt_that_python_drops_ends_the_job_all_the_same(command: Command, tmp_path: Path) -> None:
    """Ctrl-C within a finalizer is printed and lost; the job still ends with 130 and can be gone on with."""
    arguments = command("".join(ROW.replace("Montag", f"{n}. Mai") for n in range(90)), "out.jsonl")[3:]
    code, err = ended([sys.executable, "-c", LOST, *arguments])
    assert "Exception ignored" in err
    assert code == 130
    assert "the same command goes on from there" in err
    assert not (tmp_path / "out.jsonl").exists()


def refuse(constant: str) -> Any:
    raise AssertionError(f"{constant} is no JSON")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_json_has_no_nan(number: str, *, ascii_only: bool) -> None:
    """A number that JSON does not have becomes null, however deep it stands; all else is as it was."""
    value = json.loads(f'{{"x": {number}, "in": [1.5, {{"y": [{number}, "NaN"]}}]}}')
    written = json.loads(said(value, ascii_only=ascii_only), parse_constant=refuse)
    assert written == {"x": None, "in": [1.5, {"y": [None, "NaN"]}]}
    assert json.loads(cell([value["x"], 2]), parse_constant=refuse) == [None, 2]


def test_nan_of_a_row_is_null_in_the_output(command: Command, tmp_path: Path) -> None:
    """A row with NaN is carried over, and every line of the output is JSON."""
    ended(command(ROW.replace("{", '{"x": NaN, '), "out.jsonl"))
    line = json.loads((tmp_path / "out.jsonl").read_text("utf-8"), parse_constant=refuse)
    assert line["x"] is None
    assert "result" in line
