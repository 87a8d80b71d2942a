"""Clients that leave: work for them is cancelled. One that does not read counts as gone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import Message, Receive, Send

T = TypeVar("T")


class ClientLeft(Exception):
    """Nobody is there to read an answer. Not an error of anybody."""


async def while_connected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """What ``work`` returns. ``receive`` is the request's, after its body was read.

    Raises:
        ClientLeft: the client closed the connection first; ``work`` was cancelled.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientLeft
        return working.result()
    finally:
        leaving.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})  # its place is free when this returns


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def reading(receive: Receive, send: Send, seconds: float) -> tuple[Receive, Send]:
    """A connection on which a client that has not read for so long counts as one that has left."""
    gone = asyncio.Event()

    async def sending(message: Message) -> None:
        if gone.is_set():
            return
        try:
            await asyncio.wait_for(send(message), seconds)
        except asyncio.TimeoutError:
            gone.set()

    async def receiving() -> Message:
        coming, leaving = asyncio.ensure_future(receive()), asyncio.ensure_future(gone.wait())
        try:
            await asyncio.wait({coming, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return coming.result() if coming.done() else {"type": "http.disconnect"}
        finally:
            coming.cancel()
            leaving.cancel()

    return receiving, sending
