"""What stands before the app: rates, keys, other sites, slow and heavy bodies, request ids and logs."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient

import summarizer
from summarizer.errors import ConfigError
from summarizer.service.app import create_app
from summarizer.service.bodies import Bodies
from summarizer.service.keys import Keys, keys_from
from summarizer.service.limits import Limits, units
from summarizer.service.logs import JsonLines
from summarizer.service.problems import BodyTooLarge, QueueFull, TooSlow
from summarizer.service.rates import address_of
from summarizer.testing import fake_config

# Rates are a day's: with a minute's, a test that runs as one ends would find its count begun anew.
BODY = {"text": "Der Hund bellt laut.", "to": ["en"]}


def service(**said: Any) -> TestClient:
    """A client of an app without a page; an address of its own comes with ``client``."""
    client = said.pop("client", ("192.0.2.7", 1))
    return TestClient(create_app(summarizer.load(fake_config()), page=False, **said), client=client)


def post(client: TestClient, **headers: str) -> Any:
    return client.post("/v1/summarize", json=BODY, headers=headers)


def test_an_address_has_its_rate() -> None:
    """The request over the rate is a 429 with Retry-After; what only looks around is not counted."""
    with service(limits=Limits(address_rate="2/day")) as client:
        assert [post(client).status_code for _ in range(2)] == [200, 200]
        answer = post(client)
        assert answer.status_code == 429
        assert answer.json()["error"]["type"] == "TooOften"
        assert 1 <= int(answer.headers["retry-after"]) <= 86_400
        assert client.get("/v1/info").status_code == 200
        assert client.get("/health/live").status_code == 200


def test_every_row_of_a_batch_counts() -> None:
    """A batch is no way around the rate; one that can never pass is told how many may."""
    rows = b'{"text": "Der Hund bellt."}\n'
    with service(limits=Limits(address_rate="5/day")) as client:
        answer = client.post("/v1/batch", content=rows * 6)
        assert answer.status_code == 429
        assert "5 at a time" in answer.json()["error"]["message"]
    with service(limits=Limits(address_rate="5/day")) as client:
        assert client.post("/v1/batch", content=rows * 4).status_code == 200
        assert client.post("/v1/batch", content=rows * 2).status_code == 429
        assert post(client).status_code == 429


def test_a_long_article_counts_more() -> None:
    """One for each 10,000 characters begun: an article, a row of lines, a row of a table."""
    long, short = {"text": "Der Hund bellt laut. " * 1500}, {"text": "Der Hund bellt."}  # 31,500 characters
    for path, data, kind in [
        ("/v1/summarize", json.dumps(long), "application/json"),
        ("/v1/batch", json.dumps(long), "application/x-ndjson"),
        ("/v1/batch", f"text\n{long['text']}\n", "text/csv"),
    ]:
        with service(limits=Limits(address_rate="5/day", cache=0)) as client:
            assert client.post(path, content=data, headers={"content-type": kind}).status_code == 200
            statuses = [client.post("/v1/summarize", json=short).status_code for _ in range(2)]
            assert statuses == [200, 429], path


def test_a_long_article_is_not_refused_for_ever() -> None:
    """It takes the whole of a rate, once nothing else is remembered; a batch of such is told what would do."""
    long = {"text": "Der Hund bellt laut. " * 1500}
    with service(limits=Limits(address_rate="2/day")) as client:
        assert client.post("/v1/summarize", json=long).status_code == 200
        assert post(client).status_code == 429
    with service(limits=Limits(address_rate="2/day")) as client:
        answer = client.post("/v1/batch", content=f"{json.dumps(long)}\n" * 2)
        assert answer.status_code == 429
        assert "2 at a time at most, of 10,000 characters each" in answer.json()["error"]["message"]


def test_the_page_counts_as_programs_do() -> None:
    """What is sent to the page's own queue counts by its size too."""
    with TestClient(create_app(summarizer.load(fake_config()), limits=Limits(address_rate="5/day"))) as client:
        event = {"data": ["x" * 45_000], "fn_index": 99, "session_hash": "a", "trigger_id": None, "event_data": None}
        assert client.post("/gradio_api/queue/join", json=event).status_code < 500
        assert post(client).status_code == 429


@pytest.mark.parametrize(("characters", "counted"), [(0, 1), (1, 1), (10_000, 1), (10_001, 2), (200_000, 20)])
def test_units(characters: int, counted: int) -> None:
    """Begun is counted."""
    assert units(characters) == counted


def test_keys_are_counted_apart() -> None:
    """One key's use costs no other."""
    with service(limits=Limits(key_rate="1/day"), api_keys=["first", "second"]) as client:
        statuses = [post(client, **{"x-api-key": key}).status_code for key in ("first", "first", "second", "second")]
    assert statuses == [200, 429, 200, 429]


def test_trying_keys_is_counted() -> None:
    """Wrong keys use up the rate of their address, on every path that wants one."""
    with service(limits=Limits(address_rate="3/day"), api_keys=["right"]) as client:
        statuses = [client.get("/v1/info", headers={"x-api-key": f"wrong {n}"}).status_code for n in range(4)]
        assert statuses == [401, 401, 401, 429]
        assert client.get("/v1/info", headers={"x-api-key": "right"}).status_code == 200


@pytest.mark.parametrize(
    ("client", "address"),
    [
        (("192.0.2.1", 5), "192.0.2.1"),
        (("2001:db8:1:2:3:4:5:6", 5), "2001:db8:1:2::/64"),
        (("::ffff:192.0.2.1", 5), "192.0.2.1"),
        (("testclient", 5), "testclient"),
        (None, ""),
    ],
)
def test_one_address(client: tuple[str, int] | None, address: str) -> None:
    """A customer with a whole IPv6 network is one."""
    assert address_of(client) == address


@pytest.mark.parametrize("rate", ["many", "5", "5/fortnight", "-1/minute"])
def test_a_rate_that_is_none(rate: str) -> None:
    """Told before anything starts, with an example."""
    with pytest.raises(ConfigError, match="300/minute"):
        create_app(summarizer.load(fake_config()), limits=Limits(address_rate=rate), page=False)


def test_keys_may_be_given_as_hashes(tmp_path: Path) -> None:
    """Settings that hold a hash let the key in, and the hash itself opens nothing."""
    hashed = "sha256:" + hashlib.sha256(b"secret").hexdigest()
    file = tmp_path / "keys"
    file.write_text(f"{hashed}\n\nplain\n")
    keys = Keys(keys_from({"SUMMARIZER_API_KEYS": "one, two,", "SUMMARIZER_API_KEYS_FILE": str(file)}))
    for key, known in [("secret", True), ("plain", True), ("one", True), ("two", True), (hashed, False), ("", False)]:
        assert (keys.owner(Headers({"x-api-key": key})) is not None) is known, key
    assert "secret" not in repr(vars(keys))


@pytest.mark.parametrize("key", ["sha256:", "sha256:123", "sha256:" + "g" * 64, " "])
def test_a_hash_that_is_none(key: str) -> None:
    """A slip in the settings is told, not taken for a key."""
    with pytest.raises(ConfigError, match="64 hexadecimal"):
        Keys([key])


def test_a_key_file_that_cannot_be_read(tmp_path: Path) -> None:
    """No key file, no service: not one that lets everybody in."""
    with pytest.raises(ConfigError, match="SUMMARIZER_API_KEYS_FILE"):
        keys_from({"SUMMARIZER_API_KEYS_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "https://proxied.example", "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://friend.example", "sec-fetch-site": "cross-site"}, 200),
    ],
)
def test_pages_of_other_sites_may_not_send(sites: TestClient, headers: dict[str, str], status: int) -> None:
    """A page that somebody visits cannot use the service on that reader's machine, unless the operator named it."""
    assert post(sites, **headers).status_code == status


def test_cors_is_open_for_named_sites_alone(sites: TestClient) -> None:
    """The named site may read and ask first; no other, and without names nobody."""
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    friend = sites.options("/v1/summarize", headers={"origin": "https://friend.example", **ask})
    assert friend.status_code == 200
    assert friend.headers["access-control-allow-origin"] == "https://friend.example"
    assert sites.get("/v1/info", headers={"origin": "https://friend.example"}).headers["access-control-allow-origin"]
    evil = {"origin": "https://evil.example"}
    refused = sites.options("/v1/summarize", headers={**evil, **ask})
    assert "access-control-allow-origin" not in refused.headers
    assert (refused.status_code, refused.json()["error"]["type"]) == (403, "Forbidden")
    assert "access-control-allow-origin" not in sites.get("/v1/info", headers=evil).headers
    with service() as closed:
        for origin in ("https://friend.example", "http://localhost:7860", "null"):
            assert "access-control-allow-origin" not in closed.get("/v1/info", headers={"origin": origin}).headers


@pytest.fixture(scope="module")
def sites() -> Iterator[TestClient]:
    with service(origins=["https://friend.example"]) as client:
        yield client


def read(parts: list[bytes], limits: Limits, *, limit: int = 100, pause: float = 0.0) -> bytes | None:
    """What becomes of a body that arrives in parts."""
    waiting = [{"type": "http.request", "body": part, "more_body": n + 1 < len(parts)} for n, part in enumerate(parts)]

    async def receive() -> Any:
        await asyncio.sleep(pause)
        return waiting.pop(0)

    async def play() -> bytes | None:
        bodies = Bodies(limits)
        try:
            with bodies.held() as held:
                return await held.read(Headers({}), receive, limit)
        finally:
            assert bodies.size == 0

    return asyncio.run(play())


def test_bodies_are_bounded_in_every_way() -> None:
    """One by one, all together, and in time; what was held is given back each time."""
    assert read([b"a" * 50, b"b" * 50], Limits()) == b"a" * 50 + b"b" * 50
    with pytest.raises(BodyTooLarge):
        read([b"a" * 50, b"b" * 51], Limits())
    with pytest.raises(QueueFull):
        read([b"a" * 50, b"b" * 50], Limits(bodies=80))
    with pytest.raises(TooSlow, match=r"0\.05 s"):
        read([b"a"] * 10, Limits(upload=0.05), pause=0.02)


@pytest.mark.parametrize(
    ("headers", "asked"),
    [({}, 5), ({"content-length": "500"}, 5), ({"content-length": "500", "expect": "100-continue"}, 0)],
)
def test_a_refused_client_can_read_why(headers: dict[str, str], asked: int) -> None:
    """What it still sends is read and forgotten, or its system would throw the answer away; then nothing is waited for."""
    parts = [b"x" * 100] * 5

    async def receive() -> Any:
        return {"type": "http.request", "body": parts.pop(), "more_body": bool(parts)}

    async def reading() -> None:
        bodies = Bodies(Limits())
        with bodies.held() as held:
            with pytest.raises(BodyTooLarge):
                await held.read(Headers(headers), receive, 150)
            for _ in range(2):
                await held.let_go(Headers(headers), receive)
            assert held.size <= 200

    asyncio.run(reading())
    assert len(parts) == 5 - asked


def test_logs_of_the_command_are_json_alone() -> None:
    """Every line on standard error is an object, though commands print warnings in words elsewhere."""
    program = (
        "import logging; from summarizer.cli import _log_to_stderr; from summarizer.service.logs import log_as_json;"
        "_log_to_stderr(); log_as_json(); logging.getLogger('summarizer.service.requests').info('request');"
        "logging.getLogger('summarizer.chain').warning('odd')"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr
    assert [json.loads(line)["message"] for line in said.splitlines()] == ["request", "odd"]


def test_every_answer_has_an_id() -> None:
    """The client's own comes back if no words fit into it; refusals have one too."""
    with service() as client:
        assert client.get("/v1/info", headers={"x-request-id": "0af7-65AB"}).headers["x-request-id"] == "0af7-65AB"
        for sent in ("a secret word", "x" * 200, ""):
            given = client.get("/nowhere", headers={"x-request-id": sent}).headers["x-request-id"]
            assert len(given) == 32
            assert given != sent


def test_logs_tell_of_requests_and_of_no_one(caplog: pytest.LogCaptureFixture) -> None:
    """A line of JSON for each request: path, method, status, seconds, id; no text, address, key or invented path."""
    with caplog.at_level(logging.INFO, "summarizer.service.requests"), service(api_keys=["geheim"]) as client:
        post(client, authorization="Bearer geheim")
        client.get("/invented?by=somebody", headers={"x-api-key": "geheim"})
        post(client, authorization="Bearer falsch")
    records = [record for record in caplog.records if record.name == "summarizer.service.requests"]
    lines = [json.loads(JsonLines().format(record)) for record in records]
    assert [(line["path"], line["method"], line["status"]) for line in lines] == [
        ("/v1/summarize", "POST", 200),
        ("page", "GET", 404),
        ("/v1/summarize", "POST", 401),
    ]
    assert all(line["seconds"] >= 0 and line["time"] and line["level"] == "info" for line in lines)
    for secret in ("Hund", "geheim", "falsch", "192.0.2.7", "invented", "somebody"):
        assert secret not in json.dumps(lines)


def test_an_exception_is_logged_by_its_name() -> None:
    """Its message may quote a text."""
    error = ValueError("a quoted text")
    record = logging.LogRecord("x", logging.ERROR, "", 1, "it failed", (), (ValueError, error, None))
    line = json.loads(JsonLines().format(record))
    assert (line["error"], line["message"]) == ("ValueError", "it failed")
    assert "quoted" not in json.dumps(line)
