"""The page's framework behind the service: never a 500 for a path, and every refusal in the service's own shape."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient

from summarizer.service.page.inner import InOurWords


@pytest.mark.parametrize("folder", ["/static/", "/assets/", "/static-offline-docs/"])
@pytest.mark.parametrize("rest", ["a" * 300, "a/" * 3000, "ä" * 150, "%00", "a%00b", "%ff", "..%2f..%2fetc", "nope"])
def test_no_path_is_a_500(client: TestClient, folder: str, rest: str) -> None:
    """Names longer than a file system takes, and bytes that it takes in no name, are a 404 in the service's shape."""
    answer = client.get(folder + rest)
    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "NotFound"


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/assets/nope", 404, "NotFound"),
        ("GET", "/static/nope", 404, "NotFound"),
        ("GET", "/gradio_api/queue/data", 422, "BadShape"),
        ("POST", "/gradio_api/queue/join", 422, "BadShape"),
        ("POST", "/gradio_api/reset", 422, "BadShape"),
        ("PATCH", "/theme.css", 405, "MethodNotAllowed"),
    ],
)
def test_gradio_refuses_in_our_words(client: TestClient, method: str, path: str, status: int, kind: str) -> None:
    """The contract's ``{"error": {"type", "message"}}`` on the page's own paths."""
    answer = client.request(method, path, json={} if method == "POST" else None)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert answer.json()["error"]["type"] == kind
    assert set(answer.json()["error"]) == {"type", "message"}
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("index", [9999, -5, 10**30, "x", None, [1], True])
@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/cancel"])
def test_a_message_that_the_page_does_not_send(client: TestClient, path: str, index: object) -> None:
    """Functions and sessions that are not there are the sender's mistake, not a fault of the service."""
    message = {"data": [], "fn_index": index, "session_hash": "a", "event_id": "b", "trigger_id": None}
    answer = client.post(path, json={**message, "event_data": None})
    assert answer.status_code in {200, 400, 404, 422}, answer.text
    assert answer.status_code == 200 or set(answer.json()) == {"error"}


def test_what_is_no_refusal_goes_through(client: TestClient) -> None:
    """The page and its files are as Gradio made them."""
    assert client.get("/").headers["content-type"].startswith("text/html")
    assert "components" in client.get("/config").json()
    assert client.get("/theme.css").status_code == 200


@pytest.mark.parametrize(
    ("status", "sent"), [(200, 200), (304, 304), (403, 404), (413, 413), (418, 418), (500, 500), (503, 503)]
)
def test_a_status_stays_what_it_was(status: int, sent: int) -> None:
    """Streams go through piece by piece; of a refusal only the status is kept, and a fault tells nothing of itself."""
    said: list[Any] = []

    async def inner(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"secret", "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def sending(message: Any) -> None:
        said.append(message)

    asyncio.run(InOurWords(inner)({"type": "http", "method": "GET"}, None, sending))  # type: ignore[arg-type]
    body = b"".join(message.get("body", b"") for message in said)
    assert said[0]["status"] == sent
    assert (b"secret" in body) is (status < 400)
    assert (b'{"error":' in body) is (status >= 400)
