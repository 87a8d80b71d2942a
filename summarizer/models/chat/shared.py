"""One copy of the weights for all who name the same: a chain that asks one model for both steps loads it once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

_LOCK = Lock()
_OPEN: dict[Hashable, _Copy] = {}


@dataclass(slots=True)
class _Copy:
    value: object
    users: int = 0


class Shared(Generic[T]):
    """A loan of what ``open_`` gives for ``key``: opened for the first, freed by ``free`` after the last."""

    def __init__(self, key: Hashable, open_: Callable[[], T], free: Callable[[T], None]) -> None:
        self._key, self._free = key, free
        with _LOCK:
            copy = _OPEN.get(key) or _OPEN.setdefault(key, _Copy(open_()))
            copy.users += 1
        self.value: T = copy.value  # type: ignore[assignment]  # one key is opened by one function

    def give_back(self) -> None:
        """Let go of it; called once."""
        value = self.value
        del self.value
        with _LOCK:
            copy = _OPEN[self._key]
            copy.users -= 1
            if copy.users == 0:
                del _OPEN[self._key]
                self._free(value)
