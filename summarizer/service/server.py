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
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from summarizer.service.connections import connections
from summarizer.service.limits import LONGEST_HEAD

if TYPE_CHECKING:
    from fastapi import FastAPI

OTHER_FILES = 128  # descriptors that are none of clients: models, sockets of their own, children that read files
# Clients that wait to be taken. Up to four times as many come in before the first of them is counted or turned away: a
# third of the descriptors is theirs, one is for those that are served, one for those that leave. Past the last descriptor
# asyncio writes a traceback for every client.
BACKLOG = 2048
LAST_WORDS = 10.0  # seconds for answers that are done to be read, after everything is answered
_PUSH = 0.3  # seconds in which the page is sent its last result, once that is there


def run(app: FastAPI, listener: socket.socket, started: Callable[[], None]) -> None:
    """Answer until told to end. Returns after SIGTERM; raises KeyboardInterrupt after Ctrl+C."""
    room = max(48, _descriptors() - OTHER_FILES)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # what strangers send that is no HTTP is no news
    config = uvicorn.Config(
        app,
        http=connections(min(app.state.service.limits.connections, room // 3)),
        backlog=min(BACKLOG, room // 12),
        h11_max_incomplete_event_size=LONGEST_HEAD,
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


def _descriptors() -> int:
    """Allow as many open files and connections as the system does; a shell's own bound is often 1,024. How many that is."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        return most if most != resource.RLIM_INFINITY else sys.maxsize
    return sys.maxsize
