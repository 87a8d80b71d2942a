"""The desk merges, bounds, times out and forgets: all without a model."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from summarizer import progress
from summarizer.service.desk import CHARACTERS_PER_TOKEN, Desk, Wish
from summarizer.service.leaving import ClientLeft, reading, while_connected
from summarizer.service.limits import Limits
from summarizer.service.problems import DeadlineExceeded, Draining, QueueFull
from summarizer.types import Result

PATIENCE = 60.0  # seconds that a busy machine may take
EN, FR = Wish(("en",)), Wish(("fr",))


class Kitchen:
    """Answers every text with itself in capitals; holds the first batch until told to go on."""

    def __init__(self, *, held: bool = False) -> None:
        self.batches: list[tuple[Wish, list[str]]] = []
        self.go_on = threading.Event()
        if not held:
            self.go_on.set()

    def __call__(self, wish: Wish, texts: Sequence[str]) -> list[Any]:
        self.batches.append((wish, list(texts)))
        self.go_on.wait(PATIENCE)
        return [ValueError("spoiled") if text == "spoiled" else text.upper() for text in texts]


def at(limits: Limits, kitchen: Kitchen, scene: Callable[[Desk], Coroutine[Any, Any, None]]) -> None:
    """Play a scene at a desk, and close it."""

    async def play() -> None:
        desk = Desk(kitchen, limits)
        try:
            await asyncio.wait_for(scene(desk), PATIENCE)
        finally:
            kitchen.go_on.set()
            await desk.close()

    asyncio.run(play())


async def until(true: Callable[[], object]) -> None:
    """Wait for another thread or task."""
    for _ in range(10_000):
        if true():
            return
        await asyncio.sleep(0.005)
    pytest.fail("waited in vain")


def ask(desk: Desk, text: str, wish: Wish = EN, deadline: float | None = PATIENCE) -> asyncio.Task[Result]:
    return asyncio.create_task(desk.ask(wish, text, deadline=deadline))


def test_what_waits_goes_together_in_order() -> None:
    """While one batch is at work the next gathers; equal wishes go together, and every caller gets its own answer."""
    kitchen = Kitchen(held=True)

    async def scene(desk: Desk) -> None:
        first = ask(desk, "a")
        await until(lambda: kitchen.batches)
        others = [ask(desk, text, wish) for text, wish in [("b", EN), ("c", FR), ("d", EN), ("e", EN), ("f", FR)]]
        await until(lambda: desk.waiting == 5)
        kitchen.go_on.set()
        assert await asyncio.gather(first, *others) == ["A", "B", "C", "D", "E", "F"]
        assert kitchen.batches == [(EN, ["a"]), (EN, ["b", "d", "e"]), (FR, ["c", "f"])]

    at(Limits(), kitchen, scene)


def test_requests_within_the_patience_share_a_batch() -> None:
    """A request that comes alone waits for others, and when its patience has ended goes alone."""
    kitchen = Kitchen()

    async def patient(desk: Desk) -> None:
        first = ask(desk, "a")
        await until(lambda: desk.waiting == 1)
        assert await asyncio.gather(first, ask(desk, "b")) == ["A", "B"]
        assert [texts for _, texts in kitchen.batches] == [["a", "b"]]

    async def alone(desk: Desk) -> None:
        assert await ask(desk, "c") == "C"

    at(Limits(patience=60, batch_size=2), kitchen, patient)
    at(Limits(patience=0.05), kitchen, alone)


@pytest.mark.parametrize(
    ("limits", "batches"),
    [
        (Limits(batch_size=2), [["aaaa", "bbbb"], ["cccc", "dddd"], ["e"]]),
        (Limits(batch_tokens=4), [["aaaa", "bbbb"], ["cccc", "dddd"], ["e"]]),
        (Limits(batch_tokens=1), [["aaaa"], ["bbbb"], ["cccc"], ["dddd"], ["e"]]),
        (Limits(), [["aaaa", "bbbb", "cccc", "dddd", "e"]]),
    ],
)
def test_a_batch_is_bounded_in_articles_and_tokens(limits: Limits, batches: list[list[str]]) -> None:
    """What goes over a bound goes into the next batch; one article goes, whatever its size."""
    kitchen = Kitchen(held=True)

    async def scene(desk: Desk) -> None:
        first = ask(desk, "first")
        await until(lambda: kitchen.batches)
        others = [ask(desk, text) for text in ("aaaa", "bbbb", "cccc", "dddd", "e")]
        await until(lambda: desk.waiting == 5)
        kitchen.go_on.set()
        await asyncio.gather(first, *others)
        assert [texts for _, texts in kitchen.batches[1:]] == batches

    assert CHARACTERS_PER_TOKEN == 4
    at(limits, kitchen, scene)


def test_work_alone_takes_its_turn() -> None:
    """Work that goes with no other waits in the same queue."""
    kitchen = Kitchen(held=True)

    async def scene(desk: Desk) -> None:
        first = ask(desk, "a")
        await until(lambda: kitchen.batches)
        alone = asyncio.create_task(desk.run(lambda: len(kitchen.batches), deadline=PATIENCE))
        await until(lambda: desk.waiting == 1)
        later = ask(desk, "b")
        kitchen.go_on.set()
        assert await asyncio.gather(first, alone, later) == ["A", 1, "B"]

    at(Limits(), kitchen, scene)


def test_one_spoiled_answer_is_one() -> None:
    """An error goes to its own caller; the desk goes on."""

    async def scene(desk: Desk) -> None:
        answers = await asyncio.gather(*(ask(desk, text) for text in ("a", "spoiled", "b")), return_exceptions=True)
        assert answers[0::2] == ["A", "B"]
        assert isinstance(answers[1], ValueError)

    at(Limits(patience=0.2), Kitchen(), scene)


def test_a_fault_in_the_work_ends_nothing() -> None:
    """Whatever the work raises, its callers are told and the next is served."""

    def faulty(_wish: Wish, texts: Sequence[str]) -> list[Any]:
        if texts == ["bad"]:
            raise MemoryError
        return list(texts)

    async def play() -> None:
        desk = Desk(faulty, Limits())
        with pytest.raises(MemoryError):
            await desk.ask(EN, "bad", deadline=PATIENCE)
        assert await desk.ask(EN, "good", deadline=PATIENCE) == "good"
        await desk.close()

    asyncio.run(play())


def test_who_leaves_or_runs_late_is_not_worked_for() -> None:
    """A cancelled request and one over its deadline leave the queue at once; the others keep their answers."""
    kitchen = Kitchen(held=True)

    async def scene(desk: Desk) -> None:
        first = ask(desk, "a")
        await until(lambda: kitchen.batches)
        leaving, late, staying = ask(desk, "leaving"), ask(desk, "late", deadline=0.05), ask(desk, "staying")
        await until(lambda: desk.waiting == 3)
        leaving.cancel()
        with pytest.raises(DeadlineExceeded, match=r"0\.05 s"):
            await late
        assert desk.waiting == 1
        kitchen.go_on.set()
        assert await asyncio.gather(first, staying) == ["A", "STAYING"]
        assert [texts for _, texts in kitchen.batches] == [["a"], ["staying"]]

    at(Limits(), kitchen, scene)


def test_what_is_late_is_not_begun_though_its_timer_has_not_run() -> None:
    """A loop that was held up past the deadline finds the work done before first; what is late is still not begun."""
    kitchen = Kitchen(held=True)

    async def scene(desk: Desk) -> None:
        first = ask(desk, "a")
        await until(lambda: kitchen.batches)
        late = ask(desk, "late", deadline=0.1)
        await until(lambda: desk.waiting == 1)
        kitchen.go_on.set()
        time.sleep(0.2)  # noqa: ASYNC251 - the loop itself is held up, as by a thread that computes
        assert await first == "A"
        with pytest.raises(DeadlineExceeded):
            await late
        assert [texts for _, texts in kitchen.batches] == [["a"]]

    at(Limits(), kitchen, scene)


class Slow:
    """Works in many parts, tells of each, and waits for a sign before the next."""

    def __init__(self) -> None:
        self.done: dict[str, int] = {}
        self.go_on = threading.Semaphore(0)

    def __call__(self, _wish: Wish, texts: Sequence[str]) -> list[Any]:
        for part in range(1, 6):
            self.done["+".join(texts)] = part
            assert self.go_on.acquire(timeout=PATIENCE)
            progress.done(part, 5)
        return [text.upper() for text in texts]


@pytest.mark.parametrize("late", [False, True], ids=["leaves", "late"])
def test_work_that_nobody_waits_for_stops(late: bool) -> None:
    """When the last client of a batch has left, or is late, no further part of it is done, and the next is served."""
    slow = Slow()

    async def play() -> None:
        desk = Desk(slow, Limits())
        going = ask(desk, "a", deadline=0.3 if late else PATIENCE)
        if late:
            with pytest.raises(DeadlineExceeded):
                await going
        else:
            await until(lambda: slow.done)
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)
        slow.go_on.release(6)
        assert await ask(desk, "b") == "B"
        assert slow.done.pop("a", 1) == 1  # on a machine so busy that it was late before it began, it was not begun
        assert slow.done == {"b": 5}
        await desk.close()

    asyncio.run(play())


def test_who_leaves_a_batch_takes_nothing_from_the_others() -> None:
    """While one client of a batch still waits, the work goes on to its end."""
    slow = Slow()

    async def play() -> None:
        desk = Desk(slow, Limits(patience=PATIENCE, batch_size=2))
        leaving, staying = ask(desk, "a"), ask(desk, "b")
        await until(lambda: slow.done)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        slow.go_on.release(5)
        assert await staying == "B"
        assert slow.done == {"a+b": 5}
        await desk.close()

    asyncio.run(play())


def test_work_alone_stops_too() -> None:
    """An article whose result grows step by step is left off in the midst of a step; its own listener hears until then."""
    slow, heard = Slow(), list[Any]()

    def alone() -> Any:
        with progress.heard_by(heard.append):
            return slow(EN, ["a"])

    async def play() -> None:
        desk = Desk(slow, Limits())
        going = asyncio.create_task(desk.run(alone, deadline=PATIENCE))
        await until(lambda: slow.done)
        slow.go_on.release()
        await until(lambda: slow.done == {"a": 2})
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)  # or the next part may be under way before it is heard of
        slow.go_on.release(6)
        assert await ask(desk, "b") == "B"
        assert slow.done == {"a": 2, "b": 5}
        assert [stage.done for stage in heard] == [1]
        await desk.close()

    asyncio.run(play())


def test_places_are_bounded_and_given_back() -> None:
    """Beyond ``workers + queue`` a request is told when to come back, and drained means no more at all."""

    async def scene(desk: Desk) -> None:
        async with desk.place(), desk.place():
            with pytest.raises(QueueFull) as full:
                await desk.place().__aenter__()
            assert 1 <= (full.value.retry_after or 0) <= 60
        assert desk.taken == 0
        async with desk.place():
            desk.draining = True
            with pytest.raises(Draining):
                await desk.place().__aenter__()
            waiting = asyncio.create_task(desk.idle())
            await asyncio.sleep(0.01)
            assert not waiting.done()
        await waiting

    at(Limits(workers=1, queue=1), Kitchen(), scene)


def test_a_client_that_leaves_cancels_its_work() -> None:
    """Work stops when the connection closes, and its clean-up is done when that is told."""
    cleaned: list[bool] = []

    async def work() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            cleaned.append(True)

    async def gone() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.disconnect"}

    async def staying() -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def play() -> None:
        with pytest.raises(ClientLeft):
            await while_connected(gone, work())
        assert cleaned == [True]
        assert await while_connected(staying, asyncio.sleep(0, "done")) == "done"

    asyncio.run(play())


def test_a_client_that_does_not_read_counts_as_gone() -> None:
    """After so long without reading, sending is over and receiving tells of the end."""

    async def stuck(_message: Any) -> None:
        await asyncio.sleep(3600)

    async def silent() -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {}

    async def play() -> None:
        receive, send = reading(silent, stuck, 0.02)
        waiting = asyncio.create_task(receive())  # type: ignore[arg-type]
        await send({"type": "http.response.body"})
        assert (await waiting)["type"] == "http.disconnect"
        await asyncio.wait_for(send({"type": "http.response.body"}), PATIENCE)

    asyncio.run(play())
