"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer.cli.commands import app
from summarizer.config import presets

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
ENVIRONMENT = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"))
def test_python_blocks_run(code: str) -> None:
    """Each block is a program of its own, asserts included."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_first_command_prints_what_the_readme_shows() -> None:
    """Title and summary to the letter. The translation's words may differ by a processor's arithmetic, not its shape."""
    (shown,) = blocks("text")
    command = [sys.executable, "-m", "summarizer", "run", "examples/faehre.txt", "--to", "en"]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    german, _, english = done.stdout.partition("Translation (en)")
    assert german == shown.partition("Translation (en)")[0]
    assert len(english.split()) > 20
    assert "draft quality" in done.stderr


def test_commands_and_presets_exist() -> None:
    """No command, option or preset is promised that is not there."""
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    lines = [shlex.split(line, comments=True) for block in blocks("bash") for line in block.splitlines()]
    called = {words[index + 1] for words in lines for index, word in enumerate(words[:-1]) if word == "summarizer"}
    assert called
    assert called <= commands
    named = set(re.findall(r"^\| `(\w+)`", README, re.MULTILINE)) | {"cluster"}
    assert named == set(presets())


def test_links_lead_somewhere() -> None:
    """Every file the README points to is in the repository."""
    targets = [target for target in re.findall(r"\]\(([^)#]+)", README) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).exists()] == []
