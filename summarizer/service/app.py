"""The service: the contract's endpoints and the page, one process, one chain.

app = create_app(summarizer.load("default"))     # any ASGI server runs it; several chains are several presets
serve(host="127.0.0.1", port=7860)               # or let uvicorn do it here
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi_offline import FastAPIOffline
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from summarizer.chain import Chain
from summarizer.config import Config
from summarizer.errors import SummarizerError
from summarizer.service.address import PUBLIC_RATE, check_address, is_loopback, listen, printed
from summarizer.service.cache import Cache, DiskCache
from summarizer.service.core import Service
from summarizer.service.guard import FOREIGN, OWN_PATHS, Guard, refusal
from summarizer.service.keys import Keys, keys_from
from summarizer.service.leaving import ClientLeft
from summarizer.service.limits import Limits
from summarizer.service.logs import Logged, log_as_json
from summarizer.service.metrics import Counted
from summarizer.service.page.framework import framework
from summarizer.service.page.layout import mount
from summarizer.service.problems import BadShape, Forbidden, NotFound, ServiceError
from summarizer.service.rates import Rates
from summarizer.service.read_route import read_route
from summarizer.service.reading import Reader
from summarizer.service.routes import routes
from summarizer.service.shape import explained
from summarizer.service.tools import mcp_route
from summarizer.version import __version__

if TYPE_CHECKING:
    from summarizer.service.fetching import Fetcher

_log = logging.getLogger(__name__)

_NO_JSON = (
    "the body must be a JSON object in UTF-8, sent with 'Content-Type: application/json', not compressed, not nested "
    "without end"
)


def create_app(  # noqa: PLR0913 - what an operator can say; all by keyword
    *chains: Chain,
    limits: Limits | None = None,
    api_keys: Sequence[str] = (),
    origins: Sequence[str] = (),
    cache: Cache | None = None,
    page: bool = True,
    fetcher: Fetcher | None = None,
    mcp: bool = False,
) -> FastAPI:
    """The ASGI app around chains of one or several presets. It owns them from now on and closes them at shutdown.

    Args:
        chains: what does the work; the first is meant where a request names no preset.
        limits: the bounds; the defaults suit one machine.
        api_keys: who may call, as keys or ``sha256:`` hashes of keys; nobody is asked for a key when there are none.
        origins: sites whose pages may call, such as ``https://example.org``.
        cache: where answers are kept; in memory when None.
        page: whether ``/`` is the web page.
        fetcher: what fetches the pages that clients name; none are fetched when None.
        mcp: whether assistants may call over the Model Context Protocol, at ``/mcp``.

    Raises:
        MissingDependency: ``mcp`` needs a package that is not installed.
        ConfigError: a rate or a key is not of its form, or two presets are called the same.
    """
    limits = limits or Limits()
    service, rates = Service(chains, limits, cache), Rates(limits)
    tools = mcp_route(service, rates) if mcp else None
    app = _bare(service, tools[1] if tools else contextlib.nullcontext)
    app.router.routes += [tools[0]] if tools else []
    app.include_router(routes(service, rates))
    app.state.reader = Reader(limits, service.characters, fetcher)
    app.include_router(read_route(service, app.state.reader))
    for kind in (SummarizerError, ServiceError, RequestValidationError, HTTPException, ClientLeft, Exception):
        app.add_exception_handler(kind, _refused)
    app.state.end_page = mount(app, service, urls=fetcher is not None) if page else _nothing
    app.add_middleware(Guard, limits=limits, keys=Keys(api_keys), rates=rates, origins=frozenset(origins))
    if origins:
        app.add_middleware(_Cors, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=["*"])
    app.add_middleware(Counted, metrics=service.metrics, known=frozenset(OWN_PATHS))
    app.add_middleware(Logged, known=frozenset(OWN_PATHS))
    app.state.service = service
    return app


def serve(  # noqa: PLR0913 - what an operator can say; all by keyword
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    preset: str | Path | Config | Sequence[str | Path | Config] = "default",
    limits: Limits | None = None,
    api_keys: Sequence[str] | None = None,
    origins: Sequence[str] = (),
    cache_file: Path | None = None,
    allow_public: bool = False,
    allow_urls: bool = False,
    mcp: bool = False,
    logs: bool = False,
    announce: Callable[[str], None] = _log.info,
) -> None:
    """Load a preset, or several, and answer until told to end. ``announce`` is told the address as soon as it answers.

    ``api_keys`` are read from the environment when None. ``cache_file`` keeps answers beyond the process. ``allow_urls``
    has pages of the public internet fetched for clients, ``mcp`` serves assistants at ``/mcp``. ``logs`` writes a line of JSON for each request to standard
    error. Where other machines can call and nothing else is said, each address has a rate.

    Raises:
        ConfigError: the preset is wrong, the address is taken, or it is public and nobody is asked for a key.
        ModelNotFound, ModelFailed: as the preset's models say.
    """
    api_keys = keys_from() if api_keys is None else api_keys
    check_address(host, api_keys=api_keys, allow_public=allow_public)
    if logs:
        log_as_json()
    limits = limits or Limits()
    if limits.address_rate is None and not is_loopback(host):
        limits = replace(limits, address_rate=PUBLIC_RATE)
    with listen(host, port) as listener:  # before the models, so that a port in use is told at once
        # The page's framework takes 3 s to import, the models 1 s to load: both at once.
        threading.Thread(target=framework, daemon=True).start()
        from summarizer.parts import build  # noqa: PLC0415 - after the import above has begun
        from summarizer.service.server import run  # noqa: PLC0415 - only a server needs it

        cache = DiskCache(cache_file, limits.cache) if cache_file and limits.cache else None
        named = [preset] if isinstance(preset, str | Path | Config) else preset
        chains = [build(config) for config in [Config.load(one) for one in named]]
        fetcher = _fetcher(limits) if allow_urls else None
        app = create_app(
            *chains, limits=limits, api_keys=api_keys, origins=origins, cache=cache, fetcher=fetcher, mcp=mcp
        )
        address = f"http://{printed(host)}:{listener.getsockname()[1]}"
        run(app, listener, lambda: announce(address))


def _fetcher(limits: Limits) -> Fetcher:
    from summarizer.service.fetching import Fetcher  # noqa: PLC0415 - only where the operator wants it

    return Fetcher(size=limits.file)


def _nothing() -> None:
    """Without a page there is nothing to end."""


def _bare(service: Service, beside: Callable[[], contextlib.AbstractAsyncContextManager[None]]) -> FastAPI:
    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        warming = asyncio.create_task(service.warm_up())
        async with beside():
            yield
        warming.cancel()
        await service.close()

    return FastAPIOffline(
        title="Summarizer",
        version=__version__,
        description="Short, faithful, checked summaries of articles, and their translations.",
        lifespan=lifespan,
        redoc_url=None,
    )


class _Cors(CORSMiddleware):
    """The framework's, which refuses in the service's own shape."""

    def preflight_response(self, request_headers: Headers) -> Response:
        answer = super().preflight_response(request_headers)
        return answer if answer.status_code == HTTPStatus.OK else refusal(Forbidden(FOREIGN))


async def _refused(_request: Request, error: Exception) -> Response:
    if isinstance(error, ClientLeft):
        return Response(status_code=499)  # for the metrics; nobody reads it
    if isinstance(error, RequestValidationError):
        malformed = any(one["type"] == "json_invalid" or _is_no_object(one) for one in error.errors())
        error = BadShape(_NO_JSON if malformed else explained(error.errors()))
    elif isinstance(error, HTTPException):
        error = _translated(error)
    elif not isinstance(error, SummarizerError | ServiceError):
        _log.error("unforeseen %s", type(error).__name__)
    return refusal(error)


def _is_no_object(error: Any) -> bool:
    """Whether the whole body is something else; without its content type, JSON is."""
    return tuple(error["loc"]) == ("body",) and error["type"] in ("missing", "model_attributes_type")


def _translated(error: HTTPException) -> ServiceError:
    """The framework's own refusals in the service's words: a body that is no JSON, an unknown method or path."""
    named = {404: NotFound("there is no such page; /docs lists what there is")}
    if error.status_code == HTTPStatus.BAD_REQUEST:  # bytes that break its parser: one mistake, one status
        return BadShape(_NO_JSON)
    known = named.get(error.status_code) or BadShape(str(error.detail))
    known.status = error.status_code  # type: ignore[assignment]
    return known
