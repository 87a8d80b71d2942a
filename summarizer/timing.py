"""Seconds by step: what stands in ``Result.timings``."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from summarizer.progress import begun


class Stopwatch:
    """Adds up the seconds spent in each step of one batch."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        """Time the block as part of ``step``, and tell whoever listens that it begins."""
        begun(step)
        start = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[step] += time.perf_counter() - start

    def per_article(self, articles: int) -> dict[str, float]:
        """Seconds per step and in ``total``, shared out evenly over the articles of the batch."""
        shared = {step: seconds / max(1, articles) for step, seconds in self._seconds.items()}
        return {**shared, "total": sum(shared.values())}
