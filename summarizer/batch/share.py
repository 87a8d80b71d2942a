"""How much of the input is done: what its source had read when a row came, told once that row is written."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from summarizer.batch.rows import Row, Source

STEP = 0.001  # between two notes, so that rows passed over by the thousand are no burden


class Shares:
    """The rows of a source, which may be read far ahead of the work, by another thread too."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._noted: deque[tuple[int, float]] = deque()
        self._share = None if source.share() is None else 0.0

    def __iter__(self) -> Iterator[Row]:
        """The rows. All is read only when none is left: a small file lies whole in the buffer of what unpacks it."""
        rows, last = 0, 0.0
        for rows, row in enumerate(self._source, 1):
            share = self._source.share() or 0.0
            if last + STEP <= share < 1.0:
                self._noted.append((rows, share))
                last = share
            yield row
        self._noted.append((rows, 1.0))

    def of(self, rows: int) -> float | None:
        """The share when so many rows are done, from 0 to 1; None where nobody knows. Never fewer rows than before."""
        while self._noted and self._noted[0][0] <= rows:
            self._share = self._noted.popleft()[1]
        unknown = rows > 0 and not self._share
        return None if unknown else self._share
