"""Opening and closing: what a model took, it gives back, however often."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.models import registry
from summarizer.models.protocol import Options
from summarizer.models.settings import Settings, shared

ROOT = Path(__file__).parents[2]
STATM = Path("/proc/self/statm")
pytestmark = pytest.mark.skipif(not STATM.is_file(), reason="reads Linux's own account of memory")

GROWTH = 3.0  # MB in all rounds; one in twenty that kept its tiny model would keep more


def resident() -> float:
    gc.collect()
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


TAKEN_AND_LEFT = """
from summarizer.models import registry
from summarizer.models.protocol import Options
from summarizer.models.settings import Settings
from tests.models.test_loading import resident

settings = Settings(("bundled:de-en",), device="cpu", precision="float32", threads=1)
registry.load("ct2", settings).close()  # libraries are loaded once and stay
before = resident()
model = registry.load("ct2", settings)
model.generate(["Die Polizei sucht nach Zeugen."], Options(max_tokens=4))
taken = resident() - before
model.close()
print(taken, resident() - before)
"""


def test_close_frees_the_weights() -> None:
    """The bundled model in float32 takes some 40 MB, and no more than a third of that stays.

    In a process of its own: one that has run other tests serves the weights from memory it holds already.
    """
    done = subprocess.run([sys.executable, "-c", TAKEN_AND_LEFT], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    taken, left = map(float, done.stdout.split())
    assert taken > 25
    assert left < taken / 3


@pytest.mark.parametrize(
    ("wrapper", "family", "rounds"), [("ct2", "marian", 500), ("seq2seq", "marian", 60), ("chat", "llama", 40)]
)
def test_a_model_opened_and_closed_again_and_again_leaves_nothing(
    wrapper: str, family: str, rounds: int, folder_of: Callable[[str], Path]
) -> None:
    """A service that exchanges its model must not grow."""
    settings = Settings((str(folder_of(family)),), device="cpu", precision="float32", threads=1)

    def turns(number: int) -> float:
        for _ in range(number):
            model = registry.load(wrapper, settings)
            model.generate(["Die Polizei sucht nach Zeugen."], Options(max_tokens=2))
            model.close()
        return resident()

    settled = turns(20)
    assert turns(rounds) - settled < GROWTH


@pytest.mark.parametrize(("cores", "expected"), [(1, (1, 1)), (2, (2, 1)), (4, (4, 1)), (8, (4, 2)), (15, (4, 3))])
def test_cores_are_shared_among_batches(cores: int, expected: tuple[int, int]) -> None:
    """A batch to each core first; never more threads than cores."""
    assert shared(cores) == expected
