"""uvicorn with the ends a service needs: it answers what it has accepted before it goes, and waits for nobody for ever.

SIGTERM: no new work, all accepted requests answered, exit 0. SIGTERM again, or SIGHUP: exit at once.
Ctrl+C: five seconds for what is under way; again: at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from summarizer.service.guard import refusal
from summarizer.service.problems import NotHTTP

if TYPE_CHECKING:
    from fastapi import FastAPI

HEAD_SECONDS = 15.0  # for the first line and the headers of a request
LAST_WORDS = 10.0  # seconds for answers that are done to be read, after everything is answered
_CLOSE = (b"connection", b"close")
_PUSH = 0.3  # seconds in which the page is sent its last result, once that is there


def run(app: FastAPI, listener: socket.socket, started: Callable[[], None]) -> None:
    """Answer until told to end. Returns after SIGTERM; raises KeyboardInterrupt after Ctrl+C."""
    _allow_connections()
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # what strangers send that is no HTTP is no news
    config = uvicorn.Config(
        app,
        http=_Patient,
        log_config=None,
        access_log=False,  # addresses are nobody's business
        timeout_graceful_shutdown=5,
        server_header=False,
        ws="none",
    )
    _Server(config, app, started).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, app: FastAPI, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._app, self._told = app, started
        self._terminated = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._told()

    async def main_loop(self) -> None:
        await super().main_loop()
        if self._terminated:  # connections are still taken, so that whoever comes now is told to come back
            await self._app.state.service.desk.idle()
            await asyncio.sleep(_PUSH)
            self.config.timeout_graceful_shutdown = LAST_WORDS  # type: ignore[assignment]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.end_page()  # open pages hold a connection each, which would be waited for
        await super().shutdown(sockets=sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with _handling({"SIGHUP": _at_once, "SIGTERM": self.handle_exit}), super().capture_signals():
            yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            _at_once(sig, frame)
        elif sig == signal.SIGTERM:
            self._app.state.service.desk.draining = True
            self._terminated = self.should_exit = True
        else:
            super().handle_exit(sig, frame)


class _Patient(H11Protocol):
    """A connection that is closed when the head of a request does not come in time."""

    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._look()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def send_400_response(self, msg: str) -> None:
        """Bytes that are no HTTP, in the service's own words. No request is made of them, so that nothing counts them."""
        answer = refusal(NotHTTP(f"{msg.removesuffix('.')}; send HTTP/1.1, with at most 16 KiB of headers"))
        head = h11.Response(status_code=400, reason=b"Bad Request", headers=[*answer.raw_headers, _CLOSE])
        with contextlib.suppress(h11.LocalProtocolError):  # an answer was begun already: it breaks off
            for event in (head, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop()

    def _look(self) -> None:
        if self._answering():
            self._stop()
        elif self._watch is None:
            self._watch = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _too_slow(self) -> None:
        self._watch = None
        if not self._answering():
            self.transport.close()

    def _stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None


@contextlib.contextmanager
def _handling(handlers: dict[str, Callable[[int, FrameType | None], None]]) -> Iterator[None]:
    """Signals handled, those that this system has and that are not ignored (as SIGHUP is under nohup)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = {getattr(signal, name): handler for name, handler in handlers.items() if hasattr(signal, name)}
    before = {number: signal.getsignal(number) for number in wanted}
    for number, handler in wanted.items():
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, handler)
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


def _at_once(number: int, _frame: FrameType | None) -> None:
    os._exit(128 + number)


def _allow_connections() -> None:
    """As many open connections as the system allows; a shell's own bound is often 1,024."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
