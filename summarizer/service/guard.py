"""What stands before the app: only known paths, only with a key where keys are set, only bodies of a bounded size.

Bodies are read up to their bound before anything parses them, and every answer carries headers that keep the page from
loading anything from elsewhere or being framed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from summarizer.service.limits import Limits
from summarizer.service.problems import (
    BadShape,
    BodyTooLarge,
    MethodNotAllowed,
    NotFound,
    ServiceError,
    Unauthorized,
    encoded,
    headers_of,
    problem,
    status_of,
)

OPEN_PATHS = frozenset({"/health/live", "/health/ready"})  # asked by machines that hold no key; they tell nothing
OWN_PATHS: Mapping[str, str] = {
    "/v1/summarize": "POST",
    "/v1/batch": "POST",
    "/v1/info": "GET",
    "/health/live": "GET",
    "/health/ready": "GET",
    "/metrics": "GET",
    "/openapi.json": "GET",
    "/docs": "GET",
}

# A batch is long; on the page the chain's own limit is the one to be told of, in words.
LONG_PATHS = frozenset({"/v1/batch", "/gradio_api/queue/join"})

# What the page needs of Gradio. The rest of Gradio's routes (uploads, files, proxies, history, code) is not served.
PAGE_PATHS = frozenset(
    {
        "/",
        "/config",
        "/theme.css",
        "/favicon.ico",
        "/manifest.json",
        "/robots.txt",
        "/gradio_api/startup-events",
        "/gradio_api/queue/join",
        "/gradio_api/queue/data",
        "/gradio_api/cancel",
    }
)
PAGE_FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/", "/static-offline-docs/")

# Gradio's front end evaluates code it was sent with the page, hence 'unsafe-eval'. Nothing comes from another host.
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Keys:
    """API keys, kept as hashes. Without any, everybody is let in."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._hashes = tuple(_hash(key) for key in keys)

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def admit(self, headers: Headers) -> bool:
        """Whether the request carries a key: as a bearer token, in ``X-API-Key``, or as a browser's password."""
        given = _hash(_key_in(headers))
        matches = [hmac.compare_digest(given, known) for known in self._hashes]  # all of them: equal time for each
        return any(matches) or not self


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def _key_in(headers: Headers) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, ValueError):
            return ""
    return headers.get("x-api-key", "")


class Guard:
    """ASGI middleware that refuses early and in the service's own words."""

    def __init__(self, app: ASGIApp, limits: Limits, keys: Keys) -> None:
        self.app, self.limits, self.keys = app, limits, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, _with_headers(send))
        else:  # a websocket: nothing here speaks it
            await send({"type": "websocket.close", "code": 1003})

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._admit(scope)
            limit = self.limits.batch_body if scope["path"] in LONG_PATHS else self.limits.body
            body = await _body(Headers(scope=scope), receive, limit)
            if scope["method"] == "POST" and body is not None and scope["path"] not in OWN_PATHS:
                _check_event(body)
        except ServiceError as error:
            await refusal(error)(scope, receive, send)
            return
        if body is not None:  # None: the client left before it had said all
            await self.app(scope, _replayed(body, receive), send)

    def _admit(self, scope: Scope) -> None:
        path = scope["path"]
        if path not in OWN_PATHS and path not in PAGE_PATHS and not path.startswith(PAGE_FOLDERS):
            raise NotFound("there is no such page; /docs lists what there is")
        if scope["method"] != OWN_PATHS.get(path, scope["method"]):
            raise MethodNotAllowed(f"{path} takes {OWN_PATHS[path]}")
        if path not in OPEN_PATHS and not self.keys.admit(Headers(scope=scope)):
            raise Unauthorized("an API key is needed; send it as 'Authorization: Bearer KEY'")


def refusal(error: Exception) -> Response:
    """The answer to a request that fails."""
    return Response(
        encoded(problem(error)),
        status_code=status_of(error),
        headers=dict(headers_of(error)),
        media_type="application/json",
    )


async def _body(headers: Headers, receive: Receive, limit: int) -> bytes | None:
    too_large = BodyTooLarge(f"the request is over the limit of {limit:,} bytes; send less at a time")
    said = headers.get("content-length", "0")
    if said.isascii() and said.isdigit() and len(said) < 20 and int(said) > limit:
        raise too_large
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > limit:
            raise too_large
        if not message.get("more_body", False):
            return bytes(body)


def _check_event(body: bytes) -> None:
    """What the page sends is a JSON object; Gradio answers bytes that are none with a 500."""
    try:
        sound = isinstance(value := json.loads(body), dict)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate cannot be repeated in an answer
    except (ValueError, RecursionError):
        sound = False
    if not sound:
        raise BadShape("the body must be a JSON object in UTF-8")


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting = [body]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
