"""Connections: bounded in number, and each in the time and size of a request's head, so that idle clients cost the others
nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import sys
from typing import Any, ClassVar, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from summarizer.service.guard import LONG_HEAD, refusal
from summarizer.service.problems import HeadTooLarge, NotHTTP, QueueFull, ServiceError

HEAD_SECONDS = 15.0  # for the first line and the headers of a request
FRESH = 1.0  # seconds that a connection keeps its place without a request
LAST_WORD = 2.0  # seconds for a client that is turned away to read why
_CLOSE = (b"connection", b"close")


class Connection(H11Protocol):
    """A connection that is closed when the head of a request does not come in time, or when another needs its place.

    Of more than ``most``, the one that has asked nothing for longest is closed; where all wait for an answer, or have only
    just come, the new one is told to come back.
    """

    most: ClassVar[int]
    idle: ClassVar[dict[Connection, float]]  # with nothing to answer, and since when; the longest so first
    leaving: ClassVar[set[Connection]]  # turned away, and not yet gone

    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > self.most and not self._make_room():
            self._turn_away(QueueFull(f"all {self.most:,} connections are taken; try again later"))
        else:
            self._look()

    def data_received(self, data: bytes) -> None:
        if self not in self.leaving:
            super().data_received(data)
            self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._answering() and self not in self.leaving and not self.transport.is_closing():
            self.idle[self] = self.loop.time()

    def send_400_response(self, msg: str) -> None:
        """Bytes that are no HTTP, in the service's own words. No request is made of them, so that nothing counts them."""
        long = getattr(sys.exc_info()[1], "error_status_hint", 400) == HeadTooLarge.status
        self._turn_away(HeadTooLarge(LONG_HEAD) if long else NotHTTP(f"{msg.removesuffix('.')}; send HTTP/1.1"))

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.leaving.discard(self)
        self._stop()

    def _make_room(self) -> bool:
        longest, since = next(iter(self.idle.items()), (self, math.inf))
        if self.loop.time() - since < FRESH:
            return False
        longest.give_way()
        return True

    def give_way(self) -> None:
        """Close, and do not count any more."""
        self._stop()
        self.connections.discard(self)
        self.transport.close()

    def _turn_away(self, error: ServiceError) -> None:
        """Say why and hang up. What is still sent is read for a moment and forgotten, or the system would throw the answer
        away; not where very many leave.
        """
        self._stop()
        self.connections.discard(self)
        if self._answering():
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._tell(error)
        if len(self.leaving) >= self.most:
            self.transport.close()
            return
        self.leaving.add(self)
        self.transport.write_eof()
        self._watch = self.loop.call_later(LAST_WORD, self.transport.close)

    def _tell(self, error: ServiceError) -> None:
        answer = refusal(error)
        head = h11.Response(
            status_code=answer.status_code,
            reason=error.status.phrase.encode(),
            headers=[*answer.raw_headers, _CLOSE],
        )
        with contextlib.suppress(h11.LocalProtocolError):  # an answer was begun already: it breaks off
            for event in (head, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")

    def _look(self) -> None:
        if self._answering():
            self._stop()
        elif self not in self.leaving and not self.transport.is_closing():
            self.idle.setdefault(self, self.loop.time())
            if self._watch is None:
                self._watch = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _too_slow(self) -> None:
        self._watch = None
        if not self._answering():
            self.transport.close()

    def _stop(self) -> None:
        self.idle.pop(self, None)
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None


def connections(most: int) -> type[Connection]:
    """The protocol of a server that holds so many connections open."""
    named = {"most": most, "idle": {}, "leaving": set()}
    return cast("type[Connection]", type("Connections", (Connection,), named))
