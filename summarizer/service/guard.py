"""What stands before the app: only known paths, only with a key where keys are set, only bodies of a bounded size.

Bodies are read up to their bound before anything parses them, and every answer carries headers that keep the page from
loading anything from elsewhere or being framed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from summarizer.service.bodies import Bodies, replayed, without_body
from summarizer.service.keys import Keys
from summarizer.service.leaving import reading
from summarizer.service.limits import LONGEST_HEAD, Limits
from summarizer.service.problems import (
    Ambiguous,
    BadShape,
    Forbidden,
    HeadTooLarge,
    MethodNotAllowed,
    NotFound,
    ServiceError,
    TooSlow,
    Unauthorized,
    encoded,
    headers_of,
    problem,
    status_of,
)
from summarizer.service.rates import Caller, Rates, address_of

OPEN_PATHS = frozenset({"/health/live", "/health/ready"})  # asked by machines that hold no key; they tell nothing
OWN_PATHS: Mapping[str, str] = {
    "/v1/summarize": "POST",
    "/v1/batch": "POST",
    "/v1/read": "POST",
    "/v1/info": "GET",
    "/mcp": "POST",
    "/health/live": "GET",
    "/health/ready": "GET",
    "/metrics": "GET",
    "/openapi.json": "GET",
    "/docs": "GET",
}

_METHODS: Mapping[str, tuple[str, ...]] = {"GET": ("GET", "HEAD"), "POST": ("POST",)}

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
        "/gradio_api/reset",  # which does nothing, and is asked for after a cancel
    }
)
LONGEST_PATH = 255  # bytes; file systems take no longer name, and Gradio answers their refusal with a 500
STREAMS = "/gradio_api/"  # some of which never end
PAGE_FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/", "/static-offline-docs/")

# Gradio's front end evaluates code it was sent with the page, hence 'unsafe-eval'. Nothing comes from another host.
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

FOREIGN = "pages of other sites may not call; the operator can name this one with --allow-origin"
LONG_HEAD = f"the first line and the headers are over {LONGEST_HEAD // 1024} KiB together; send fewer or shorter ones"
WORK_PATHS = frozenset({"/v1/summarize", "/v1/batch", "/v1/read", "/gradio_api/queue/join"})  # what the rates count


class Guard:
    """ASGI middleware that refuses early and in the service's own words.

    ``origins`` are the sites whose pages may call. What it knows of the caller goes to the app as ``state["caller"]``.
    """

    def __init__(
        self, app: ASGIApp, *, limits: Limits, keys: Keys, rates: Rates, origins: Collection[str] = ()
    ) -> None:
        self.app, self.limits, self.keys, self.rates, self.origins = app, limits, keys, rates, origins
        self.bodies = Bodies(limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, _with_headers(send))
        else:  # a websocket: nothing here speaks it
            await send({"type": "websocket.close", "code": 1003})

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.bodies.held() as held:
            try:
                self._admit(scope)
                body = await held.read(Headers(scope=scope), receive, self._limit(scope["path"]))
                if scope["method"] == "POST" and body is not None and scope["path"] not in OWN_PATHS:
                    _check_event(body)
                if scope["path"] == "/gradio_api/queue/join" and body is not None:
                    self.rates.spend_rest(scope["state"]["caller"], [len(body)])
            except ServiceError as error:
                if not isinstance(error, Ambiguous | TooSlow):
                    await held.let_go(Headers(scope=scope), receive)
                await refusal(error)(scope, receive, send)
                return
            if body is not None:  # None: the client left before it had said all
                receive, send = reading(receive, send, self.limits.stall)
                if scope["method"] == "HEAD" and not scope["path"].startswith(STREAMS):
                    scope, send = {**scope, "method": "GET"}, without_body(send)
                await self.app(scope, replayed(body, receive), send)

    def _limit(self, path: str) -> int:
        if path == "/v1/read":
            return self.limits.file
        return self.limits.batch_body if path in LONG_PATHS else self.limits.body

    def _admit(self, scope: Scope) -> None:
        path, headers = scope["path"], Headers(scope=scope)
        if _head_size(scope) > LONGEST_HEAD:
            raise HeadTooLarge(LONG_HEAD)
        if path not in OWN_PATHS and path not in PAGE_PATHS and not _in_a_folder(path):
            raise NotFound("there is no such page; /docs lists what there is")
        taken = _METHODS.get(OWN_PATHS.get(path, ""), (scope["method"],))
        if scope["method"] not in taken:
            raise MethodNotAllowed(f"{path} takes {' and '.join(taken)}", allow=", ".join(taken))
        if scope["method"] == "POST" and _is_foreign(headers, self.origins):
            raise Forbidden(FOREIGN)
        if "transfer-encoding" in headers and "content-length" in headers:  # two proxies could read two requests in it
            raise Ambiguous("a body has a length or comes in chunks, not both")
        address = address_of(scope.get("client"))
        owner = "" if path in OPEN_PATHS else self.keys.owner(headers)
        if path in WORK_PATHS or owner is None:  # trying keys counts too
            self.rates.spend(Caller(owner or "", address))
        if owner is None:
            raise Unauthorized("an API key is needed; send it as 'Authorization: Bearer KEY'")
        scope.setdefault("state", {})["caller"] = Caller(owner, address)


def refusal(error: Exception) -> Response:
    """The answer to a request that fails."""
    return Response(
        encoded(problem(error)),
        status_code=status_of(error),
        headers=dict(headers_of(error)),
        media_type="application/json",
    )


def _head_size(scope: Scope) -> int:
    """What came before the body, about as it was sent: a server that reads in large pieces lets more through than it says."""
    first = len(scope["method"]) + len(scope.get("raw_path") or scope["path"].encode("utf-8", "surrogatepass"))
    return (
        first
        + len(scope.get("query_string", b""))
        + sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    )


def _in_a_folder(path: str) -> bool:
    """Whether this may be one of the page's files."""
    named = path.startswith(PAGE_FOLDERS) and "\0" not in path
    return named and len(path.encode("utf-8", "surrogatepass")) <= LONGEST_PATH


def _check_event(body: bytes) -> None:
    """What the page sends is a JSON object; Gradio answers bytes that are none with a 500."""
    try:
        sound = isinstance(value := json.loads(body), dict)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate cannot be repeated in an answer
    except (ValueError, RecursionError):
        sound = False
    if not sound:
        raise BadShape("the body must be a JSON object in UTF-8")


def _is_foreign(headers: Headers, allowed: Collection[str]) -> bool:
    """Whether a page of another site sends this. Browsers say so; programs that are none say nothing and may call.

    What a page of another site may read, CORS decides; that does not keep it from sending.
    """
    origin = headers.get("origin")
    if origin in allowed:
        return False
    said = headers.get("sec-fetch-site")
    if said is not None:
        return said not in ("same-origin", "none")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
