"""Assistants over MCP: the official client over HTTP, behind the same keys, rates, bounds and desk as everybody."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

import summarizer
from summarizer.errors import MissingDependency
from summarizer.service.address import listen
from summarizer.service.app import create_app
from summarizer.service.limits import Limits
from summarizer.testing import fake_config
from tests.service.shared import ARTICLE, wait_until_ready
from tests.service.test_fuzz import GENTLE

mcp = pytest.importorskip("mcp")
httpx2 = pytest.importorskip("httpx2")


def played(scene: Callable[[Any], Awaitable[None]], key: str = "", **said: Any) -> None:
    """A scene with a client that is connected to a real server."""
    from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415 - behind importorskip

    app = create_app(summarizer.load(fake_config()), page=False, mcp=True, **said)

    async def play() -> None:
        with listen("127.0.0.1", 0) as listener:
            server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            headers = {"authorization": f"Bearer {key}"} if key else {}
            async with httpx2.AsyncClient(headers=headers) as http:
                url = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
                async with mcp.Client(streamable_http_client(url, http_client=http)) as client:
                    await scene(client)
            server.should_exit = True
            await serving

    asyncio.run(asyncio.wait_for(play(), 60))


def test_tools_are_listed_and_do_what_they_say() -> None:
    """Summaries as the API gives them, translations line by line, facts compared."""

    async def scene(client: Any) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"summarize", "translate", "check"}
        assert set(tools["summarize"].input_schema["properties"]) >= {"text", "to", "sentences", "preset"}
        found = await client.call_tool("summarize", {"text": ARTICLE, "to": ["en"], "sentences": 1})
        (line,) = found.structured_content["lines"]
        for span in line["evidence"]:
            assert ARTICLE[span["start"] : span["end"]] == span["text"]
        assert json.loads(found.content[0].text) == found.structured_content
        found = await client.call_tool("translate", {"text": "Der Hund.\n\nDie Katze.", "to": "fr", "language": "de"})
        assert found.structured_content == {"translation": "«fr» Der Hund.\n\n«fr» Die Katze."}
        sides = {"source": "Am 12. März kamen 1.250 Menschen.", "candidate": "On March 12, 1,520 people came."}
        (finding,) = (await client.call_tool("check", sides)).structured_content["findings"]
        assert (finding["kind"], finding["value"]) == ("number", "1,520")

    played(scene)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("summarize", {"text": ""}, "EmptyInput: "),
        ("summarize", {"text": "Der Hund.", "to": ["!"]}, "ConfigError: "),
        ("summarize", {"text": "Der Hund.", "preset": "other"}, "choose from: fake"),
        ("summarize", {"text": "x" * 2001}, "InputTooLarge: "),
        ("summarize", {"tekst": "Der Hund."}, "BadShape: text: Field required"),
        ("translate", {"text": "x " * 6000}, "InputTooLarge: "),
        ("translate", {"text": "Der Hund.", "to": 7}, "BadShape: "),
        ("check", {"source": "x" * 2001, "candidate": "y"}, "InputTooLarge: "),
        ("check", {"source": "a", "candidate": "b", "language": "?"}, "ConfigError: language"),
        ("delete", {}, "choose from: summarize, translate, check"),
    ],
)
def test_mistakes_are_told_to_the_model(tool: str, arguments: dict[str, Any], said: str) -> None:
    """In the words of the API, as an error of the tool: an assistant can mend its call."""

    async def scene(client: Any) -> None:
        found = await client.call_tool(tool, arguments)
        assert found.is_error
        assert said in found.content[0].text

    played(scene, limits=Limits(characters=2000))


def test_calls_are_counted() -> None:
    """Looking round is free; a call counts as an article does."""

    async def scene(client: Any) -> None:
        for _ in range(3):
            await client.list_tools()
        found = [await client.call_tool("translate", {"text": f"Hund {n}."}) for n in range(3)]
        assert [result.is_error for result in found] == [False, False, True]
        assert found[-1].content[0].text.startswith("TooOften: over the rate of 2 per 1 day")

    played(scene, limits=Limits(address_rate="2/day"))


def test_keys_are_asked_for() -> None:
    """With the key everything works; without it nobody gets as far as the protocol."""

    async def scene(client: Any) -> None:
        assert not (await client.call_tool("translate", {"text": "Hund."})).is_error

    played(scene, key="secret", api_keys=["secret"])
    app = create_app(summarizer.load(fake_config()), page=False, mcp=True, api_keys=["secret"])
    answer = TestClient(app).post("/mcp", json={}, headers={**_ACCEPT, "authorization": "Bearer wrong"})
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "Unauthorized")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    limits = Limits(body=10_000, deadline=0.5)
    app = create_app(summarizer.load(fake_config()), limits=limits, page=False, mcp=True)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


_ACCEPT = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
_MESSAGES = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0") | st.text(max_size=3), "method": st.sampled_from(["tools/call", "tools/list", "ping"])},
    optional={
        "id": st.integers() | st.text(max_size=5) | st.none(),
        "params": st.none()
        | st.fixed_dictionaries(
            {},
            optional={
                "name": st.sampled_from(["summarize", "check", "x"]) | st.integers(),
                "arguments": st.none()
                | st.dictionaries(st.sampled_from(["text", "to", "source"]), st.text(max_size=9)),
            },
        )
        | st.lists(st.integers(), max_size=2),
    },
)


@GENTLE
@given(
    body=st.binary(max_size=200) | _MESSAGES.map(lambda value: json.dumps(value).encode()),
    version=st.sampled_from(["", "2025-06-18", "2026-07-28", "9999", "é"]),
)
def test_any_message(client: TestClient, body: bytes, version: str) -> None:
    """Never a 500, whatever is sent."""
    headers = {**_ACCEPT, **({"mcp-protocol-version": version.encode("latin-1")} if version else {})}
    assert client.post("/mcp", content=body, headers=headers).status_code < 500  # type: ignore[arg-type]


def test_the_guard_stands_before_it(client: TestClient) -> None:
    """Other methods, other sites, large bodies; and without ``mcp`` there is nothing."""
    for method in ("GET", "DELETE", "PUT"):
        assert client.request(method, "/mcp").status_code == 405
    assert client.post("/mcp", content=b"{}", headers={**_ACCEPT, "origin": "https://evil.example"}).status_code == 403
    assert client.post("/mcp", content=b" " * 10_001, headers=_ACCEPT).status_code == 413
    assert client.post("/mcp/", content=b"{}", headers=_ACCEPT).status_code == 404
    with TestClient(create_app(summarizer.load(fake_config()), page=False)) as without:
        assert without.post("/mcp", content=b"{}", headers=_ACCEPT).status_code == 404


def test_it_may_be_started_again() -> None:
    """An app that was ended and begun anew serves as before."""
    app = create_app(summarizer.load(fake_config()), page=False, mcp=True)
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    for _ in range(2):
        with TestClient(app) as client:
            assert client.post("/mcp", json=asked, headers=_ACCEPT).status_code < 500


def test_without_the_package_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cure."""
    monkeypatch.setitem(sys.modules, "mcp.server.streamable_http_manager", None)
    with pytest.raises(MissingDependency, match=r"summarizer\[mcp\]"):
        create_app(summarizer.load(fake_config()), page=False, mcp=True)
