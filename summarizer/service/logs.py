"""One JSON object a line: when, how grave, what, and for which request. No text, no address, no key.

Every request has an id. It comes back as ``X-Request-ID`` and stands in all that is logged on the way.
"""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from contextvars import ContextVar
from datetime import datetime, timezone

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A client may bring its own, as long as no words fit into it: they would be logged.
_ID = re.compile(r"[0-9a-fA-F-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")
_log = logging.getLogger("summarizer.service.requests")


class Logged:
    """ASGI middleware: gives every request its id and logs how it ended. Paths outside ``known`` are all ``page``."""

    def __init__(self, app: ASGIApp, *, known: frozenset[str]) -> None:
        self.app, self.known = app, known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        name = given if _ID.fullmatch(given) else uuid.uuid4().hex
        _current.set(name)  # each request is a task with a context of its own
        status = 499  # until there is an answer: the client left
        begun = time.perf_counter()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = name
            await send(message)

        try:
            await self.app(scope, receive, named)
        finally:
            path = scope["path"] if scope["path"] in self.known else "page"
            seconds = round(time.perf_counter() - begun, 4)
            _log.info("request", extra={"path": path, "method": scope["method"], "status": status, "seconds": seconds})


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, request; an exception by its type alone, as its message may quote a text."""
        line = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": _current.get() or None,
            **{name: getattr(record, name, None) for name in ("path", "method", "status", "seconds")},
            "error": record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None,
        }
        return json.dumps({name: value for name, value in line.items() if value is not None}, ensure_ascii=False)


def log_as_json() -> None:
    """Write all that is logged, every request included, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # What a command prints as "warning: ..." is a line like all others.
    logging.getLogger("summarizer").handlers.clear()
    _log.setLevel(logging.INFO)
