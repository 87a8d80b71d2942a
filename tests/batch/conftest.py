"""Places and streams for batch tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

import summarizer
from summarizer.batch.job import Load
from summarizer.batch.once import Stream
from summarizer.batch.rows import Answer
from summarizer.errors import EmptyInput, UndecodableInput
from summarizer.testing import fake_config
from summarizer.types import Coverage, Line, Result, Span


def result_of(text: str) -> Result:
    """A small but complete result, made of the text alone."""
    span = Span(0, len(text), text)
    line = Line(text.upper(), {"en": text.lower()}, (span,), 1.0)
    coverage = Coverage(len(text), len(text), 0, 0)
    return Result(text.upper(), {"en": text.lower()}, "", "de", 1.0, (line,), (), coverage, {"total": 0.0}, "test")


@pytest.fixture
def stream() -> Stream:
    """A stream that answers at once: the text in capitals, an error for no text or half characters."""

    def answer(text: str) -> Answer:
        if not text.strip():
            return Answer(EmptyInput("the text is empty"))
        if any("\ud800" <= character <= "\udfff" for character in text):
            return Answer(UndecodableInput("lone surrogates"))
        return Answer(result_of(text), tokens=len(text.split()))

    def answers(pieces: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        for piece in pieces:
            yield [answer(text) for text in piece]

    return answers


@pytest.fixture(scope="session")
def load() -> Load:
    """The real chain with a fake translator."""
    return partial(summarizer.load, fake_config())


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Write a file and say where it is."""

    def write(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write
