"""The service: the contract's endpoints and the page, one process, one chain.

app = create_app(summarizer.load("default"))     # any ASGI server runs it
serve(host="127.0.0.1", port=7860)               # or let uvicorn do it here
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
import socket
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from summarizer.chain import Chain
from summarizer.config import Config
from summarizer.errors import ConfigError, SummarizerError
from summarizer.service.core import Service, explained
from summarizer.service.framework import framework
from summarizer.service.guard import OWN_PATHS, Guard, Keys, refusal
from summarizer.service.limits import Limits
from summarizer.service.metrics import Counted
from summarizer.service.page import mount
from summarizer.service.problems import BadShape, NotFound, ServiceError
from summarizer.service.routes import routes
from summarizer.version import __version__

_log = logging.getLogger(__name__)


def create_app(
    chain: Chain, *, limits: Limits | None = None, api_keys: Sequence[str] = (), page: bool = True
) -> FastAPI:
    """The ASGI app around a chain. It owns the chain from now on and closes it at shutdown.

    Args:
        chain: what does the work.
        limits: the bounds; the defaults suit one machine.
        api_keys: who may call; nobody is asked for a key when there are none.
        page: whether ``/`` is the web page.
    """
    limits = limits or Limits()
    service = Service(chain, limits)
    app = _bare(service)
    app.include_router(routes(service))
    for kind in (SummarizerError, ServiceError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _refused)
    app.state.end_page = mount(app, service) if page else _nothing
    app.add_middleware(Guard, limits=limits, keys=Keys(api_keys))
    app.add_middleware(Counted, metrics=service.metrics, known=frozenset(OWN_PATHS))
    app.state.service = service
    return app


def serve(  # noqa: PLR0913 - what an operator can say; all by keyword
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    preset: str | Path | Config = "default",
    limits: Limits | None = None,
    api_keys: Sequence[str] | None = None,
    allow_public: bool = False,
    announce: Callable[[str], None] = _log.info,
) -> None:
    """Load a preset and answer until interrupted. ``announce`` is told the address as soon as it answers.

    ``api_keys`` are read from the environment when None: ``SUMMARIZER_API_KEYS``, with commas between them.

    Raises:
        ConfigError: the preset is wrong, the address is taken, or it is public and nobody is asked for a key.
        ModelNotFound, ModelFailed: as the preset's models say.
    """
    if api_keys is None:  # not from the command line, where every user of the machine could read them
        api_keys = [key.strip() for key in os.environ.get("SUMMARIZER_API_KEYS", "").split(",") if key.strip()]
    _check_address(host, api_keys=api_keys, allow_public=allow_public)
    with _bound(host, port) as listener:  # before the models, so that a port in use is told at once
        # The page's framework takes 3 s to import, the models 1 s to load: both at once.
        threading.Thread(target=framework, daemon=True).start()
        from summarizer.parts import build  # noqa: PLC0415 - after the import above has begun

        app = create_app(build(Config.load(preset)), limits=limits, api_keys=api_keys)
        address = f"http://{_printed(host)}:{listener.getsockname()[1]}"
        _run(app, listener, lambda: announce(address))


def _nothing() -> None:
    """Without a page there is nothing to end."""


def _bare(service: Service) -> FastAPI:
    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        warming = asyncio.create_task(service.warm_up())
        yield
        warming.cancel()
        service.close()

    return FastAPIOffline(
        title="Summarizer",
        version=__version__,
        description="Short, faithful, checked summaries of articles, and their translations.",
        lifespan=lifespan,
        redoc_url=None,
    )


async def _refused(_request: Request, error: Exception) -> Response:
    if isinstance(error, RequestValidationError):
        error = BadShape(explained(error.errors()))
    elif isinstance(error, HTTPException):
        error = _translated(error)
    elif not isinstance(error, SummarizerError | ServiceError):
        _log.error("unforeseen %s", type(error).__name__)
    return refusal(error)


def _translated(error: HTTPException) -> ServiceError:
    """The framework's own refusals in the service's words: a body that is no JSON, an unknown method or path."""
    named = {404: NotFound("there is no such page; /docs lists what there is")}
    known = named.get(error.status_code) or BadShape(str(error.detail))
    known.status = error.status_code  # type: ignore[assignment]
    return known


def _check_address(host: str, *, api_keys: Sequence[str], allow_public: bool) -> None:
    if api_keys or allow_public or _is_loopback(host):
        return
    raise ConfigError(
        f"{host} can be reached from other machines and no API key is set; set SUMMARIZER_API_KEYS, or listen on "
        "127.0.0.1, or say that anybody may use it (allow_public)"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise ConfigError(f"cannot listen on {host}:{port} ({error}); choose another --port or --host") from error


def _printed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _run(app: FastAPI, listener: socket.socket, started: Callable[[], None]) -> None:
    import uvicorn  # noqa: PLC0415 - only a server needs it

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            started()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.end_page()  # open pages hold a connection each, which would be waited for
            await super().shutdown(sockets=sockets)

    # Addresses are nobody's business, so there is no access log.
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=5, server_header=False, ws="none"
    )
    Server(config).run(sockets=[listener])
