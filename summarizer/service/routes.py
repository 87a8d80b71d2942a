"""The contract's endpoints. Each is a few lines: take the request apart, ask the service, put the answer together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from summarizer.config import Config
from summarizer.request import Request as Asked
from summarizer.service.core import Service
from summarizer.service.forms import CSV, NDJSON, as_lines, as_table, sent, wants_table
from summarizer.service.leaving import while_connected
from summarizer.service.problems import BadShape
from summarizer.service.rates import Rates
from summarizer.service.refusals import refusals
from summarizer.service.schema import (
    BatchQuery,
    BatchRow,
    InfoBody,
    PresetBody,
    ResultBody,
    SummarizeRequest,
)
from summarizer.version import __version__

_PROBLEMS = refusals()
_KEPT = {"X-Cache": {"description": "Whether the answer was kept from before.", "schema": {"enum": ["hit", "miss"]}}}
_PRIVATE = {"Cache-Control": "no-store"}
_TABLE = {"type": "string", "examples": ["id,text\r\n7,Der Rat hat am Montag 18 neue Bäume bewilligt.\r\n"]}
_ANSWERED = {
    "type": "string",
    "examples": ["id,summary,translation_en,findings,error\r\n7,Der Rat …,The council …,0,\r\n"],
}
_BATCH_BODY = {
    "requestBody": {
        "required": True,
        "description": "One JSON object per line, or a table whose first line names its columns. Blank lines do not count.",
        "content": {NDJSON: {"schema": BatchRow.model_json_schema()}, CSV: {"schema": _TABLE}},
    }
}
_BATCH_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A row per row, in order: a result, or its error; an `id` comes back. CSV where `Accept` asks.",
        "content": {
            NDJSON: {"schema": {"$ref": "#/components/schemas/ResultBody"}},
            CSV: {"schema": _ANSWERED},
        },
    }
}


def routes(service: Service, rates: Rates) -> APIRouter:
    """All endpoints of one service."""
    router = APIRouter()

    @router.post(
        "/v1/summarize",
        response_model=ResultBody,
        responses=_PROBLEMS | {200: {"description": "The result.", "headers": _KEPT}},
        tags=["summaries"],
    )
    async def summarize(asked: SummarizeRequest, request: Request) -> Response:
        """Summarise one article and translate the summary."""
        rates.spend_rest(request.state.caller, [len(asked.text)])
        body, known = await while_connected(request.receive, service.answer(asked))
        return Response(
            body, media_type="application/json", headers={"X-Cache": "hit" if known else "miss", **_PRIVATE}
        )

    @router.post("/v1/batch", responses=_PROBLEMS | _BATCH_ANSWER, openapi_extra=_BATCH_BODY, tags=["summaries"])
    async def batch(query: Annotated[BatchQuery, Query()], request: Request) -> StreamingResponse:
        """Summarise many articles: NDJSON or CSV in, NDJSON or CSV out, streamed in order."""
        targets = Asked.of(query.targets, sentences=query.sentences, length=query.length, language=query.language).to
        service.presets.of(query.preset)
        rows = await asyncio.to_thread(sent, await request.body(), request.headers, query, longest=service.limits.body)
        most = service.limits.rows
        sizes = await asyncio.to_thread(rows.sizes, most)
        if len(sizes) > most:
            raise BadShape(f"these are over the limit of {most:,} rows; send fewer at a time")
        rates.spend_rest(request.state.caller, sizes)
        stack = AsyncExitStack()
        await stack.enter_async_context(service.desk.place())  # before the answer begins: full is a 503, not half of it
        table = wants_table(request.headers)
        parts = as_table(service, rows, targets) if table else as_lines(service, rows)
        return StreamingResponse(_held(stack, parts), media_type=CSV if table else NDJSON, headers=_PRIVATE)

    @router.get("/v1/info", response_model=InfoBody, responses=_PROBLEMS, tags=["service"])
    async def info() -> InfoBody:
        """Preset, models, languages, limits and version."""
        return _info(service)

    @router.get("/health/live", tags=["service"])
    async def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "live"}

    @router.get("/health/ready", responses={503: _PROBLEMS[503]}, tags=["service"])
    async def ready() -> dict[str, str]:
        """A real sentence went through the models."""
        service.check_ready()
        return {"status": "ready"}

    @router.get("/metrics", response_class=PlainTextResponse, tags=["service"])
    async def metrics() -> Response:
        """Counters in Prometheus' text format."""
        return Response(service.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router


async def _held(place: AsyncExitStack, parts: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
    async with place, aclosing(parts):
        async for part in parts:
            yield part


def _preset(config: Config, characters: int) -> PresetBody:
    known = config.languages
    return PresetBody(
        preset=config.name,
        description=config.description,
        models={
            step: {"model": part.model, "weights": list(part.sources), "licence": part.licence}
            for step, part in config.parts().items()
        },
        languages={
            "source": known.source if known else config.summary.languages,
            "target": known.target if known else [],
        },
        characters=characters,
    )


def _info(service: Service) -> InfoBody:
    limits = service.limits
    presets = [_preset(chain.config, service.characters_of(chain.config.name)) for chain in service.presets]
    return InfoBody(
        name="summarizer",
        version=__version__,
        presets=presets,
        **presets[0].model_dump(exclude={"characters"}),
        limits={
            "characters": service.characters,
            "body": limits.body,
            "file": limits.file,
            "batch_body": limits.batch_body,
            "rows": limits.rows,
            "languages": limits.languages,
            "deadline": limits.deadline,
            "key_rate": limits.key_rate,
            "address_rate": limits.address_rate or "",
        },
    )
