"""Equal texts near each other are worked on once: agencies send the same article to many papers."""

from __future__ import annotations

import hashlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from summarizer.batch.rows import Answer

Stream: TypeAlias = Callable[[Iterable[str]], Iterator[Answer]]
"""Texts into answers, in order and lazily: a chain's, or a pool's."""

WINDOW = 512  # texts remembered: some 10 MB of results
RUN = 64  # equal texts in a row that may wait for one answer; a file of nothing else must not be read to its end first


@dataclass(slots=True)
class _Slot:
    """The answer to one text, for all who ask; its tokens are counted for the first."""

    answer: Answer | None = None

    def take(self) -> Answer:
        assert self.answer is not None  # noqa: S101 - looked at before
        taken, self.answer = self.answer, replace(self.answer, tokens=0)
        return taken


def once(stream: Stream) -> Stream:
    """The same stream, asked once for texts that are equal within the last ``WINDOW``; the copies cost no tokens."""

    def answers(texts: Iterable[str]) -> Iterator[Answer]:
        asked: deque[_Slot] = deque()  # of all texts taken in, in order
        sent: deque[_Slot] = deque()  # of those that went to the stream
        known: OrderedDict[bytes, _Slot] = OrderedDict()

        def fresh() -> Iterator[str]:
            copies = 0
            for text in texts:
                key = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
                copies = copies + 1 if key in known else 0
                if copies and copies % RUN:
                    asked.append(known[key])
                    continue
                known[key] = slot = _Slot()
                asked.append(slot)
                sent.append(slot)
                if len(known) > WINDOW:
                    known.popitem(last=False)
                yield text

        for answer in stream(fresh()):
            sent.popleft().answer = answer
            while asked and asked[0].answer is not None:
                yield asked.popleft().take()
        while asked:
            yield asked.popleft().take()

    return answers
