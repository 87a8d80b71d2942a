"""Bodies, read whole before anything parses them: bounded one by one, all together, and in time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Send

from summarizer.service.limits import Limits
from summarizer.service.problems import BodyTooLarge, QueueFull, TooSlow


class Bodies:
    """Counts the bytes of all bodies that are being read or worked on."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.size = 0

    @contextmanager
    def held(self) -> Iterator[Held]:
        """A body that counts until the block is left."""
        held = Held(self)
        try:
            yield held
        finally:
            self.size -= held.size


class Held:
    """One body."""

    def __init__(self, all_of_them: Bodies) -> None:
        self.size = 0
        self._all, self._ended = all_of_them, False

    async def read(self, headers: Headers, receive: Receive, limit: int) -> bytes | None:
        """The whole body; None if the client left before it had said all.

        Raises:
            BodyTooLarge: over ``limit``, by what the client says or by what it sends.
            QueueFull: all bodies together are over their bound.
            TooSlow: it did not arrive in time.
        """
        said = headers.get("content-length", "0")
        if said.isascii() and said.isdigit() and len(said) < 20 and int(said) > limit:
            raise _too_large(limit)
        seconds = self._all.limits.upload
        try:
            return await asyncio.wait_for(self._read(receive, limit), seconds)
        except asyncio.TimeoutError:
            raise TooSlow(f"the body did not arrive within {seconds:g} s; send it faster, or less of it") from None

    async def _read(self, receive: Receive, limit: int) -> bytes | None:
        parts = bytearray()
        while True:
            message = await self._next(receive)
            if message["type"] == "http.disconnect":
                return None
            parts += message.get("body", b"")
            self._count(len(parts))
            if len(parts) > limit:
                raise _too_large(limit)
            if self._ended:
                return bytes(parts)

    async def let_go(self, headers: Headers, receive: Receive) -> None:
        """Read what a refused client still sends, and forget it. Where a connection is closed on bytes that nobody has
        read, the system throws the answer away too. A client that asks before it sends (``Expect``) has nothing on the way.
        """
        if self._ended or "expect" in headers:
            return
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._passed_over(receive), self._all.limits.upload)

    async def _passed_over(self, receive: Receive) -> None:
        size = 0
        while not self._ended and size <= self._all.limits.bodies:
            size += len((await self._next(receive)).get("body", b""))

    async def _next(self, receive: Receive) -> Message:
        message = await receive()
        self._ended = message["type"] == "http.disconnect" or not message.get("more_body", False)
        return message

    def _count(self, size: int) -> None:
        self._all.size += size - self.size
        self.size = size
        if self._all.size > self._all.limits.bodies:
            raise QueueFull("too much is being sent at the same time; try again later")


def replayed(body: bytes, receive: Receive) -> Receive:
    """What an app receives in place of what was read already."""
    waiting = [body]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay


def without_body(send: Send) -> Send:
    """What an app sends, down to the head: its length is told, its bytes are not sent."""

    async def sending(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"the request is over the limit of {limit:,} bytes; send less at a time")
