"""What the page hears while an article is at work: its steps, their parts, and its results, to the end or to a stop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import aclosing

import pytest

import summarizer
from summarizer.models.protocol import Options
from summarizer.progress import Stage
from summarizer.service.core import Service
from summarizer.service.limits import Limits
from summarizer.service.page.growing import growing
from summarizer.service.schema import SummarizeRequest
from summarizer.testing import FakeSummarizer, fake_config, first_sentences
from summarizer.types import Result
from tests.service.shared import ARTICLE

LONG = "\n\n".join(f"Absatz {number}. {ARTICLE}" for number in range(4))


class Slow(FakeSummarizer):
    """Takes 120 words at a time, and waits before each for a sign, of which there may be some already."""

    signs = threading.Semaphore(0)
    begun = 0

    def __init__(self, settings: object = None) -> None:
        super().__init__(settings, reply=_slowly, window=120)


def _slowly(text: str, options: Options) -> str:
    Slow.begun += 1
    assert Slow.signs.acquire(timeout=60)
    return first_sentences(text, options)


@pytest.fixture
def service() -> Iterator[Service]:
    Slow.begun, Slow.signs = 0, threading.Semaphore(0)
    summary = {"model": "tests.service.test_growing:Slow", "licence": "Apache-2.0"}
    with summarizer.load(fake_config(summary=summary)) as chain:
        yield Service([chain], Limits())


def heard(service: Service, *, stop_at: int | None = None, to: tuple[str, ...] = ("en", "fr")) -> list[Result | Stage]:
    """All that is told of the long article, or the first so many things."""

    async def listening() -> list[Result | Stage]:
        told: list[Result | Stage] = []
        async with aclosing(growing(service, SummarizeRequest(text=LONG, to=list(to)))) as parts:
            async for part in parts:
                told.append(part)
                if len(told) == stop_at:
                    break
                Slow.signs.release()  # what was told is heard: on to the next
        await service.desk.idle()
        Slow.signs.release(99)
        await service.desk.close()
        return told

    return asyncio.run(listening())


def test_parts_are_told_before_the_summary(service: Service) -> None:
    """A long article's summary is made part by part, and each that lasts is told, in order, before the first result."""
    Slow.signs.release()
    told = heard(service)
    first = next(number for number, part in enumerate(told) if isinstance(part, Result))
    parts = [part for part in told[:first] if isinstance(part, Stage) and part.total]
    assert {part.step for part in parts} == {"summary"}
    assert len({part.total for part in parts[:2]}) == 1
    assert [part.done for part in parts[:2]] == [1, 2]
    results = [part for part in told if isinstance(part, Result)]
    assert [list(result.translations) for result in results] == [[], ["en"], ["en", "fr"]]


def test_what_is_quick_is_told_by_its_results_alone(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing flickers: a step shorter than the pause is not told."""
    monkeypatch.setattr("summarizer.service.page.growing.PAUSE", 60.0)
    Slow.signs.release(99)
    assert all(isinstance(part, Result) for part in heard(service, to=()))


def test_leaving_midway_frees_the_place(service: Service) -> None:
    """A reader who stops in the midst of the summary leaves no work behind: the part at work is the last."""
    Slow.signs.release()
    assert isinstance(heard(service, stop_at=1)[0], Stage)
    assert service.desk.taken == 0
    assert Slow.begun == 2
