"""``POST /v1/read``: a file, or the page behind a URL where the operator allows it, into text that can be summarised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.service.core import Service, explained
from summarizer.service.leaving import while_connected
from summarizer.service.problems import BadShape
from summarizer.service.reading import Reader
from summarizer.service.schema import ProblemBody
from summarizer.text.filetext import FileText

_SAID = {
    400: "The file or the page cannot be read, and why.",
    401: "An API key is needed.",
    403: "A page of another site may not call; or URLs are not allowed here.",
    408: "The body did not arrive in time.",
    413: "Too large.",
    422: "Not of this shape.",
    429: "Too often; Retry-After says when.",
    503: "Busy, starting, ending, or a package is missing; Retry-After says when.",
    504: "Over the deadline.",
}
_FILE = {"schema": {"type": "string", "format": "binary"}}


class UrlRequest(BaseModel):
    """A page to be fetched."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"url": "https://example.org/artikel.html"}]}
    )

    url: Annotated[str, Field(max_length=2000, description="http or https, a public address.")]


class NoteBody(BaseModel):
    """Something to know of how a file was read."""

    kind: str
    message: str


class ReadBody(BaseModel):
    """The text of a file or page; empty ``title``: it names none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "Rathaus bekommt neues Dach\n\nDer Rat hat am Montag den Umbau beschlossen.",
                    "title": "Rathaus bekommt neues Dach",
                    "kind": "pdf",
                    "notes": [{"kind": "edges", "message": "4 running heads and page numbers are left out"}],
                }
            ]
        }
    )

    text: str
    title: str
    kind: Annotated[str, Field(description="text, html, docx or pdf")]
    notes: list[NoteBody]


_BODY = {
    "requestBody": {
        "required": True,
        "description": "The file's bytes as they are, under any other type too; or JSON with a URL, then without a name.",
        "content": {
            "application/octet-stream": _FILE,
            "application/json": {"schema": UrlRequest.model_json_schema()},
        },
    }
}


def read_route(service: Service, reader: Reader) -> APIRouter:
    """The endpoint of one service. Each reading takes a place, as an article does."""
    router = APIRouter()
    problems: Mapping[int | str, dict[str, Any]] = {
        status: {"model": ProblemBody, "description": said} for status, said in _SAID.items()
    }

    @router.post("/v1/read", response_model=ReadBody, responses=dict(problems), openapi_extra=_BODY, tags=["files"])
    async def read(
        request: Request,
        name: Annotated[str, Query(max_length=255, description="The file's name, with its ending.")] = "",
    ) -> FileText:
        """The text of a file (.txt, .md, .html, .docx, .pdf) or of a page: plain, with blank lines between paragraphs."""
        body = await request.body()
        asked = _url(body) if not name and _is_json(request) else None
        async with service.desk.place():
            work = reader.read(body, name) if asked is None else reader.fetch(asked)
            return await while_connected(request.receive, work)

    return router


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").split(";")[0].strip().lower() == "application/json"


def _url(body: bytes) -> str:
    try:
        return UrlRequest.model_validate_json(body).url
    except ValidationError as error:
        said = explained(error.errors(include_url=False, include_input=False, include_context=False))
        raise BadShape(f"{said}; a file goes as its bytes, with ?name=") from None
