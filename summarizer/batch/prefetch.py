"""The next things made while the last are being used: a thread of its own runs an iterator a few steps ahead."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE = 60.0  # seconds to wait, when broken off, for a model that is in the middle of a batch


class Prefetch(Generic[T]):
    """What ``items`` gives, in order, made at most ``depth`` ahead; what it raises is raised where it would have come.

    Reader, models and writer of a job overlap so. ``close()`` stops the thread and waits for the step it is at.
    """

    def __init__(self, items: Iterable[T], depth: int) -> None:
        self._items = items
        self._made: queue.Queue[tuple[T] | BaseException | None] = queue.Queue(depth)
        self._stopped = False
        self._thread = threading.Thread(target=self._make, daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[T]:
        while (made := self._made.get()) is not None:
            if isinstance(made, BaseException):
                raise made
            yield made[0]

    def close(self) -> None:
        """Stop, and drop what was made and not used."""
        self._stopped = True
        for _ in range(int(PATIENCE / 0.05)):
            with suppress(queue.Empty):
                while True:
                    self._made.get_nowait()
            self._thread.join(0.05)
            if not self._thread.is_alive():
                return

    def _make(self) -> None:
        try:
            for item in self._items:
                self._made.put((item,))
                if self._stopped:
                    return
        except BaseException as error:  # noqa: BLE001 - it belongs to who reads
            self._made.put(error)
        else:
            self._made.put(None)
