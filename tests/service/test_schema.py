"""A generated client reads our own schema and sends what it allows, and what it does not: never a 500."""

from __future__ import annotations

import asyncio
import json

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as shapes
from starlette.types import Receive, Scope, Send

import summarizer
from summarizer.service.app import create_app
from summarizer.service.limits import Limits
from summarizer.testing import fake_config

_APP = create_app(summarizer.load(fake_config(max_characters=50_000)), limits=Limits(batch_size=4), page=False)
asyncio.run(_APP.state.service.warm_up())


async def _open_app(scope: Scope, receive: Receive, send: Send) -> None:
    """The app without its end: the generated client starts and ends what it calls every time."""
    if scope["type"] != "lifespan":
        await _APP(scope, receive, send)
        return
    for phase in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{phase}.complete"})


@schemathesis.serializer("application/x-ndjson")
def as_lines(_context: object, value: object) -> bytes:
    """A batch of two equal rows."""
    return (json.dumps(value).encode() + b"\n") * 2


schema = schemathesis.openapi.from_asgi("/openapi.json", _open_app)


@schema.parametrize()
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
def test_answers_are_as_the_schema_says(case: schemathesis.Case) -> None:
    """Status, content type and shape of every answer stand in the schema."""
    case.call_and_validate(
        checks=[
            checks.not_a_server_error,
            shapes.status_code_conformance,
            shapes.content_type_conformance,
            shapes.response_schema_conformance,
        ]
    )


def test_every_refusal_that_passes_says_when() -> None:
    """Wherever a 429 or a 503 is foreseen, so is its Retry-After."""
    again = [
        (path, status, "Retry-After" in answer.get("headers", {}))
        for path, methods in _APP.openapi()["paths"].items()
        for operation in methods.values()
        for status, answer in operation["responses"].items()
        if status in ("429", "503")
    ]
    assert {path for path, _, _ in again} >= {"/v1/summarize", "/v1/batch", "/v1/read", "/v1/info", "/health/ready"}
    assert all(said for _, _, said in again), again
