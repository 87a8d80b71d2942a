"""Ends of the programs that serve: the exit codes of the command line, whoever starts them and wherever they write."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.shared import ARTICLE, ROOT

FULL = Path("/dev/full")
PRESET = 'summary: {model: extractive}\ntranslation: {model: "summarizer.testing:FakeModel", languages: {source: ["*"], target: ["*"]}}\n'


def ended(*command: str, stdout: str | None = None) -> tuple[int, str]:
    """Exit code and standard error of a Python program."""
    with Path(stdout or os.devnull).open("wb") as out:
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, stdout=out, stderr=subprocess.PIPE, timeout=60, check=False
        )
    return done.returncode, done.stderr.decode()


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk_is_no_fault_of_a_model(form: str, tmp_path: Path) -> None:
    """What cannot be written for want of room is told on one line, with a cure, and ends in 2."""
    article, preset = tmp_path / "artikel.txt", tmp_path / "fake.yaml"
    article.write_text(ARTICLE, "utf-8")
    preset.write_text(PRESET)
    command = ("-m", "summarizer", "run", str(article), "--preset", str(preset), "--format", form)
    code, said = ended(*command, stdout=str(FULL))
    assert code == 2
    assert said.count("\n") == 1
    assert "make room" in said


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_what_is_only_buffered_counts_too() -> None:
    """Output that nobody flushed before the end is not lost in silence."""
    code, said = ended("-m", "summarizer", "--help", stdout=str(FULL))
    assert (code, said.count("\n")) == (2, 1), said


def test_the_demo_ends_as_serve_does() -> None:
    """A port in use is the operator's to mend: 2, as the command line says it."""
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", 7860))
            taken.listen()
        except OSError:
            pass  # somebody else has it, which will do
        code, said = ended("demo.py")
    assert code == 2, said
    assert said.startswith("error: ")
    assert "7860" in said
