"""``POST /v1/read``: a file, or the page behind a URL where the operator allows it, into text that can be summarised."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from summarizer.service.core import Service
from summarizer.service.leaving import while_connected
from summarizer.service.media import media_type
from summarizer.service.reading import Reader
from summarizer.service.refusals import refusals
from summarizer.service.shape import of_shape
from summarizer.text.filetext import FileText

_OWN = {
    400: "The file or the page cannot be read, and why.",
    403: "A page of another site may not call; or URLs are not allowed here.",
    503: "Busy, starting, ending, or a package is missing; Retry-After says when.",
}
_CURE = "a file goes as its bytes, with ?name="
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

    @router.post("/v1/read", response_model=ReadBody, responses=refusals(_OWN), openapi_extra=_BODY, tags=["files"])
    async def read(
        request: Request,
        name: Annotated[str, Query(max_length=255, description="The file's name, with its ending.")] = "",
    ) -> FileText:
        """The text of a file (.txt, .md, .html, .docx, .pdf) or of a page: plain, with blank lines between paragraphs."""
        body = await request.body()
        asked = of_shape(UrlRequest, body, _CURE).url if not name and _is_json(request) else None
        async with service.desk.place():
            work = reader.read(body, name) if asked is None else reader.fetch(asked)
            return await while_connected(request.receive, work)

    return router


def _is_json(request: Request) -> bool:
    return media_type(request.headers.get("content-type", ""))[0] == "application/json"
