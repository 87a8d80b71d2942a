"""Killed between any two steps or at any byte, full disk, Ctrl-C: the next run loses, doubles and redoes nothing.

Each attempt is a forked process. Python's audit events (a file is opened, renamed, removed ...) are the steps; a limit
on file sizes is the byte. Nothing of ours is replaced.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from summarizer.batch.formats import Places
from summarizer.batch.once import Stream
from summarizer.batch.rows import Answer
from summarizer.batch.run import UNIT
from summarizer.errors import ConfigError
from tests.batch.shared import content, converted, rows_in

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the attempts are forked processes")

PARQUET = parquet.__name__  # imported here, once, and not by each attempt
ROWS = 50
TARGETS = ["out.jsonl", "out.jsonl.gz", "out.jsonl.zst", "out.csv", "out.parquet", "out"]
STEPS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree", "os.listdir")


@dataclass(frozen=True)
class End:
    """How an attempt ends: before its step number ``at``, or where a file would grow over ``at`` bytes."""

    kind: Literal["killed at step", "interrupted at step", "killed at byte", "disk full at byte"]
    at: int


def attempt(places: Places, stream: Stream, end: End | None) -> tuple[int, int]:
    """Rows worked on and steps taken by a process that ends so."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _work(places, stream, end, writing)
        finally:
            os._exit(1)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as said:
        told = said.read()
    return told.count(b"r"), told.count(b"s")


def _work(places: Places, stream: Stream, end: End | None, told: int) -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    steps = 0

    def noted(pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        for made in stream(pieces):
            os.write(told, b"r" * len(made))
            yield made

    def step(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal steps
        if event not in STEPS or not str(arguments[0]).startswith(str(places.target)):
            return
        os.write(told, b"s")
        steps += 1
        if end is not None and end.at == steps and "step" in end.kind:
            os.kill(os.getpid(), signal.SIGKILL if "killed" in end.kind else signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    if end is not None and "byte" in end.kind:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if "killed" in end.kind else signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (end.at, resource.RLIM_INFINITY))
    sys.addaudithook(step)
    with suppress(ConfigError, KeyboardInterrupt):
        converted(places, noted)
    os._exit(0)


def check(folder: Path, target: str, stream: Stream, ends: list[End], expected: dict[str, bytes]) -> None:
    """After these ends and one run more the output is as it should be, and no finished row was done again."""
    places = Places(rows_in(folder, ROWS), folder / target)
    worked = 0
    for end in ends:
        worked += attempt(places, stream, end)[0]
        assert not places.target.exists() or content(places.target) == expected, end
        if _over(places):
            break
    if not _over(places):
        worked += attempt(places, stream, None)[0]
    assert content(places.target) == expected
    assert sorted(path.name for path in folder.iterdir()) == sorted(["in.jsonl", target])
    assert ROWS <= worked <= ROWS + len(ends) * (UNIT + 1)


def _over(places: Places) -> bool:
    names = {path.name for path in places.target.parent.iterdir()}
    return names == {"in.jsonl", places.target.name}


@pytest.fixture(scope="module", params=TARGETS)
def format_(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Any]:
    return request.param, tmp_path_factory


@pytest.fixture
def undisturbed(format_: tuple[str, Any], stream: Stream) -> tuple[str, dict[str, bytes], int]:
    """A format, what its output should be, and the steps it takes to write."""
    target, factory = format_
    folder = factory.mktemp("whole")
    places = Places(rows_in(folder, ROWS), folder / target)
    _, steps = attempt(places, stream, None)
    return target, content(places.target), steps


def test_killed_between_any_two_steps(
    undisturbed: tuple[str, dict[str, bytes], int], stream: Stream, tmp_path: Path
) -> None:
    """SIGKILL before each opening, renaming and removing of a file, the last ones included; then the same once more."""
    target, expected, steps = undisturbed
    assert steps > 3
    numbers = range(1, steps + 1) if steps < 40 else [*range(1, steps - 5, steps // 5), *range(steps - 5, steps + 1)]
    for number in numbers:
        folder = tmp_path / str(number)
        folder.mkdir()
        check(folder, target, stream, [End("killed at step", number), End("killed at step", 2)], expected)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.builds(
            End, st.sampled_from(["killed at byte", "disk full at byte", "killed at byte"]), st.integers(1, 60_000)
        )
        | st.builds(End, st.sampled_from(["killed at step", "interrupted at step"]), st.integers(1, 150)),
        min_size=1,
        max_size=3,
    )
)
def test_any_ends(undisturbed: tuple[str, dict[str, bytes], int], stream: Stream, ends: list[End]) -> None:
    """Whatever happens, and however often, the output is that of a run to which nothing happened."""
    target, expected, _ = undisturbed
    folder = Path(tempfile.mkdtemp())
    try:
        check(folder, target, stream, ends, expected)
    finally:
        shutil.rmtree(folder)


def test_what_was_there_is_there_until_the_new_one_is_whole(tmp_path: Path, stream: Stream) -> None:
    """With overwrite, a kill at any step leaves the old output or the new one under the name, never a part of it."""
    whole = Places(rows_in(tmp_path, ROWS), tmp_path / "whole.jsonl")
    _, steps = attempt(whole, stream, None)
    expected = content(whole.target)
    places = Places(whole.source, tmp_path / "out.jsonl", overwrite=True)
    for number in range(1, steps + 3):
        places.target.write_bytes(b"old")
        attempt(places, stream, End("killed at step", number))
        assert content(places.target) in ({".": b"old"}, expected)
        attempt(places, stream, None)
        assert content(places.target) == expected
