"""The service as tools for assistants: ``summarize``, ``translate`` and ``check`` over the Model Context Protocol.

The official SDK speaks the protocol at ``/mcp``; every message passes the guard, every call the rates and the desk. It
keeps no session: each message is answered by itself, so that there is nothing to fill or to take over.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from summarizer.errors import InputTooLarge, MissingDependency, SummarizerError
from summarizer.request import language_code
from summarizer.service.core import Service
from summarizer.service.leaving import ClientLeft, while_connected
from summarizer.service.limits import UNIT
from summarizer.service.problems import BadShape, ServiceError, problem
from summarizer.service.rates import Rates
from summarizer.service.schema import SummarizeRequest
from summarizer.service.shape import of_shape
from summarizer.stages.checks import check
from summarizer.version import __version__

MCP_PATH = "/mcp"
Running = Callable[[], AbstractAsyncContextManager[None]]

_log = logging.getLogger(__name__)


class TranslateRequest(BaseModel):
    """A short text and the language it is wanted in."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Annotated[str, Field(description=f"At most {UNIT:,} characters; line breaks stay.")]
    to: Annotated[str, Field(description="Target language, ISO 639-1.")] = "en"
    language: Annotated[str | None, Field(description="The text's language; detected when left out.")] = None
    preset: Annotated[str | None, Field(description="One of those that the service has loaded.")] = None


class CheckRequest(BaseModel):
    """A text and what somebody made of it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    source: Annotated[str, Field(description="The article, or the sentence that was translated.")]
    candidate: Annotated[str, Field(description="The summary or translation to compare with it.")]
    source_language: Annotated[str, Field(description="ISO 639-1.")] = "de"
    language: Annotated[str, Field(description="The candidate's, ISO 639-1.")] = "en"


class Tools:
    """What an assistant may call, on the same desk and under the same rates as ``/v1/summarize``."""

    def __init__(self, service: Service, rates: Rates) -> None:
        self._service, self._rates = service, rates

    async def call(self, name: str, arguments: Mapping[str, Any], request: Any) -> dict[str, Any]:
        """What a tool answers. ``request`` is the message's own, and knows its caller.

        Raises:
            SummarizerError, ServiceError: as ``/v1/summarize``.
            ClientLeft: nobody waits any more.
        """
        if name not in SHAPES:
            raise BadShape(f"there is no tool {name!r:.40}; choose from: {', '.join(SHAPES)}")
        asked = of_shape(SHAPES[name][0], arguments)
        self._rates.spend(request.state.caller)
        self._rates.spend_rest(
            request.state.caller, [sum(len(value) for value in arguments.values() if isinstance(value, str))]
        )
        work: Coroutine[Any, Any, dict[str, Any]] = getattr(self, f"_{name}")(asked)
        return await while_connected(request.receive, work)

    async def _summarize(self, asked: SummarizeRequest) -> dict[str, Any]:
        result: dict[str, Any] = json.loads((await self._service.answer(asked))[0])
        return result

    async def _translate(self, asked: TranslateRequest) -> dict[str, Any]:
        if len(asked.text) > UNIT:
            raise InputTooLarge(f"the text has {len(asked.text):,} characters; translate {UNIT:,} at a time")
        chain = self._service.presets.of(asked.preset)
        lines = asked.text.split("\n")
        work = partial(chain.translate, lines, asked.to, source=asked.language)
        return {"translation": "\n".join(await self._alone(work))}

    async def _check(self, asked: CheckRequest) -> dict[str, Any]:
        if max(len(asked.source), len(asked.candidate)) > self._service.characters:
            raise InputTooLarge(f"a text is over the limit of {self._service.characters:,} characters")
        languages = {name: language_code(getattr(asked, name), name) for name in ("source_language", "language")}
        findings = await self._alone(partial(check, asked.source, asked.candidate, **languages))
        return {"findings": [asdict(finding) for finding in findings]}

    async def _alone(self, work: Callable[[], Any]) -> Any:
        async with self._service.desk.place():
            return await self._service.desk.run(work, deadline=self._service.limits.deadline)


SHAPES: Mapping[str, tuple[type[BaseModel], str]] = {
    "summarize": (
        SummarizeRequest,
        "Summarise a news article and translate the summary. Every line names its source, findings what does not agree.",
    ),
    "translate": (TranslateRequest, "Translate a short text line by line."),
    "check": (
        CheckRequest,
        "Compare the numbers, dates, names and negations of a summary or translation with its source.",
    ),
}


def mcp_route(service: Service, rates: Rates) -> tuple[Route, Running]:
    """The endpoint, and what has to run as long as it serves; it can be run again.

    Raises:
        MissingDependency: the SDK is not installed.
    """
    try:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingDependency("mcp", "mcp", "serve --mcp") from error
    for name in ("mcp", "mcp.server"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # its errors quote the message, which may hold a text
    server, endpoint = _server(Tools(service, rates)), _Endpoint()

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        manager = StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=service.limits.body
        )
        async with manager.run():
            endpoint.app = manager.handle_request
            yield

    return Route(MCP_PATH, endpoint=endpoint, methods=None), running


class _Endpoint:
    """Whatever serves at the moment."""

    app: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def _server(tools: Tools) -> Any:
    import mcp_types as types  # noqa: PLC0415 - an extra
    from mcp.server.lowlevel.server import Server  # noqa: PLC0415

    hints = types.ToolAnnotations(readOnlyHint=True, idempotentHint=True, openWorldHint=False)
    listed = [
        types.Tool(name=name, description=said, inputSchema=shape.model_json_schema(), annotations=hints)
        for name, (shape, said) in SHAPES.items()
    ]

    async def list_tools(_context: Any, _params: Any) -> Any:
        return types.ListToolsResult(tools=listed)

    async def call_tool(context: Any, params: Any) -> Any:
        try:
            answer = await tools.call(params.name, params.arguments or {}, context.request)
        except Exception as error:  # noqa: BLE001 - told in words; one that nobody foresaw keeps its own to itself
            if not isinstance(error, SummarizerError | ServiceError | ClientLeft):
                _log.error("unforeseen %s in a tool", type(error).__name__)
            said = problem(error)["error"]
            text = types.TextContent(type="text", text=f"{said['type']}: {said['message']}")
            return types.CallToolResult(content=[text], isError=True)
        text = types.TextContent(type="text", text=json.dumps(answer, ensure_ascii=False))
        return types.CallToolResult(content=[text], structuredContent=answer)

    return Server("summarizer", version=__version__, on_list_tools=list_tools, on_call_tool=call_tool)
