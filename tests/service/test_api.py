"""The contract's endpoints: shapes, statuses and bounds."""

from __future__ import annotations

import gzip
import json
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

import summarizer
from summarizer.chain import Chain
from summarizer.errors import ConfigError, ModelFailed
from summarizer.service.app import create_app, serve
from summarizer.service.limits import Limits
from summarizer.service.schema import CoverageBody, FindingBody, JunkBody, LineBody, SpanBody
from summarizer.testing import FakeModel, fake_config
from summarizer.types import Coverage, Dropped, Finding, Line, Result, Span
from tests.service.shared import ARTICLE, wait_until_ready


def error_of(answer: Any) -> tuple[int, str]:
    """Status and type of a refusal, whose shape is checked on the way."""
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"type", "message"}
    assert body["error"]["message"]
    return answer.status_code, body["error"]["type"]


def test_summarize_answers_with_the_result(client: TestClient) -> None:
    """The answer is ``Result.to_dict()``, and its spans count in the text as it was sent."""
    answer = client.post("/v1/summarize", json={"text": ARTICLE, "to": ["en", "fr"], "sentences": 2})
    assert answer.status_code == 200
    result = Result.from_dict(answer.json())
    assert list(result.translations) == ["en", "fr"]
    assert len(result.lines) == 2
    for line in result.lines:
        for span in line.evidence:
            assert ARTICLE[span.start : span.end] == span.text
    assert answer.json() == json.loads(json.dumps(result.to_dict()))


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"text": ""}, 400, "EmptyInput"),
        ({"text": "   \n"}, 400, "EmptyInput"),
        ({"text": ARTICLE, "to": ["not a code"]}, 400, "ConfigError"),
        ({"text": ARTICLE, "sentences": 2, "length": "short"}, 400, "ConfigError"),
        ({"text": "Der Hund bellt. " * 4000}, 413, "InputTooLarge"),
        ({"text": "x" * 100_000}, 413, "BodyTooLarge"),
        ({}, 422, "BadShape"),
        ([], 422, "BadShape"),
        ("text", 422, "BadShape"),
        (None, 422, "BadShape"),
        ({"text": 7}, 422, "BadShape"),
        ({"text": ARTICLE, "to": 7}, 422, "BadShape"),
        ({"text": ARTICLE, "to": ["en"] * 17}, 422, "BadShape"),
        ({"text": ARTICLE, "sentences": 0}, 422, "BadShape"),
        ({"text": ARTICLE, "sentences": "3"}, 422, "BadShape"),
        ({"text": ARTICLE, "sentences": True}, 422, "BadShape"),
        ({"text": ARTICLE, "length": "epic"}, 422, "BadShape"),
        ({"text": ARTICLE, "langth": "short"}, 422, "BadShape"),
    ],
)
def test_bad_requests_say_why(client: TestClient, body: object, status: int, kind: str) -> None:
    """Each kind of mistake has its status and the name of its error class."""
    assert error_of(client.post("/v1/summarize", json=body)) == (status, kind)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b'{"text": "\\ud800"}',
        b'{"\\ud800": 1, "text": "a"}',
        b"[" * 50_000,
        b'{"text":' * 10_000,
        b'{"text": "a", "sentences": ' + b"9" * 9000 + b"}",
        b'{"text": "a", "sentences": NaN}',
        b'{"text": "a", "sentences": 1e999}',
        b'{"text": "\\u0000"}',
        '{"text": "\u202e"}'.encode(),
    ],
    ids=range(12),
)
@pytest.mark.parametrize("path", ["/v1/summarize", "/v1/batch"])
def test_odd_bytes_are_refused_not_suffered(client: TestClient, path: str, body: bytes) -> None:
    """Bytes that break parsers get a 4xx, or a line with an error: never a 500."""
    answer = client.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in ({200} if path == "/v1/batch" else {400, 422})
    for line in answer.text.splitlines():
        assert set(json.loads(line)) == {"error"}


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe\x00", b"[" * 50_000, gzip.compress(b'{"text": "Der Hund bellt."}')], ids=range(4)
)
def test_what_is_no_json_is_one_mistake(client: TestClient, body: bytes) -> None:
    """Half an object, bad UTF-8, endless nesting, compressed bytes: one status, one type, one cure."""
    answer = client.post("/v1/summarize", content=body, headers={"content-type": "application/json"})
    assert error_of(answer) == (422, "BadShape")
    assert "JSON object in UTF-8" in answer.json()["error"]["message"]


def test_a_text_over_the_services_own_limit_is_refused_unread() -> None:
    """Far below the body limit, for one article and for a row, with the number and a cure; info tells the limit."""
    chain = summarizer.load(fake_config())
    app = create_app(chain, limits=Limits(characters=1000), page=False)
    with TestClient(app) as client:
        wait_until_ready(client)
        worked = _batches(client)
        long = {"text": "x" * 1001}
        answer = client.post("/v1/summarize", json=long)
        assert error_of(answer) == (413, "InputTooLarge")
        message = answer.json()["error"]["message"]
        assert "1,001" in message
        assert "1,000" in message
        assert "split it" in message
        assert json.loads(client.post("/v1/batch", json=long).text)["error"]["type"] == "InputTooLarge"
        assert _batches(client) == worked
        assert client.post("/v1/summarize", json={"text": ("Der Hund bellt. " * 63)[:1000]}).status_code == 200
        assert client.get("/v1/info").json()["limits"]["characters"] == 1000
    assert chain.config.max_characters > Limits().characters
    assert Limits().characters * 4 < Limits().body


def test_a_longer_article_may_be_allowed() -> None:
    """What ``--characters`` says holds for text that is escaped as JSON may escape it, and for batches."""
    limits = Limits(body=1000, batch_body=1000, bodies=1000).with_characters(5000)
    text = ("Über die Brücke führt künftig eine Straße. " * 120)[:5000]
    with TestClient(create_app(summarizer.load(fake_config()), limits=limits, page=False)) as client:
        spelled = "".join(f"\\u{ord(letter):04x}" for letter in text)
        for path in ("/v1/summarize", "/v1/batch"):
            answer = client.post(path, content=f'{{"text":"{spelled}"}}', headers={"content-type": "application/json"})
            assert (answer.status_code, answer.json()["coverage"]["total"]) == (200, 5000)
        assert error_of(client.post("/v1/summarize", json={"text": text + "."})) == (413, "InputTooLarge")
        assert client.get("/v1/info").json()["limits"]["characters"] == 5000


def test_unknown_paths_and_methods(client: TestClient) -> None:
    """What is not there is a 404 in the service's own shape; a wrong method is a 405."""
    assert error_of(client.get("/v2/nothing")) == (404, "NotFound")
    assert error_of(client.get("/v1/summarize")) == (405, "MethodNotAllowed")
    assert client.get("/v1/summarize").headers["allow"] == "POST"
    assert error_of(client.delete("/v1/info")) == (405, "MethodNotAllowed")


@pytest.mark.parametrize(
    "path", ["/", "/v1/info", "/health/live", "/health/ready", "/docs", "/openapi.json", "/theme.css"]
)
def test_head_is_get_without_the_body(client: TestClient, path: str) -> None:
    """What asks for a status alone, such as a monitor, gets that of GET, and the same headers."""
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert head.headers["content-type"] == whole.headers["content-type"]


def test_head_is_refused_as_get_is(client: TestClient) -> None:
    """And where there is no GET there is no HEAD; the counters change from one look to the next, and answer both."""
    assert client.head("/metrics").status_code == 200
    assert client.head("/nowhere").status_code == 404
    assert client.head("/v1/summarize").status_code == 405
    assert client.post("/v1/info").headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("body", "value"),
    [(SpanBody, Span), (LineBody, Line), (FindingBody, Finding), (JunkBody, Dropped), (CoverageBody, Coverage)],
)
def test_the_schema_holds_every_field(body: Any, value: Any) -> None:
    """What OpenAPI tells of an answer is what the answer holds."""
    assert set(body.model_fields) == set(value.__slots__)


def test_batch_keeps_order_and_place(client: TestClient) -> None:
    """One line out per line in, in order, errors at their place, ids returned; blank lines do not count."""
    rows: list[object] = [{"id": n, "text": f"Der Hund Nummer {n} bellt laut.", "to": ["en"]} for n in range(6)]
    rows[1] = {"id": "leer", "text": ""}
    rows[3] = {"text": ARTICLE, "to": ["fr"], "sentences": 1}
    rows[4] = "no object"
    body = "\n\n".join(json.dumps(row) for row in rows)
    answer = client.post("/v1/batch", content=body)
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line.get("id") for line in lines] == [0, "leer", 2, None, None, 5]
    assert [line.get("error", {}).get("type") for line in lines] == [None, "EmptyInput", None, None, "BadShape", None]
    assert [line["summary"] for line in (lines[0], lines[2], lines[5])] == [rows[n]["text"] for n in (0, 2, 5)]  # type: ignore[index]
    assert lines[3]["translation"].startswith("«fr»")


def test_a_bad_row_keeps_its_id(client: TestClient) -> None:
    """A row of the wrong shape is found again by the id it came with, as far as it had one."""
    rows = [
        b'{"id": "a", "text": 7}',
        b'{"id": 2, "txt": "x"}',
        b'{"id": [3], "text": "x"}',
        b'{"id": true}',
        b'{"id": 5',
        b"[6]",
    ]
    lines = [json.loads(line) for line in client.post("/v1/batch", content=b"\n".join(rows)).text.splitlines()]
    assert [line.get("id") for line in lines] == ["a", 2, None, None, None, None]
    assert {line["error"]["type"] for line in lines} == {"BadShape"}


def test_a_row_is_bounded_as_an_article_is(client: TestClient) -> None:
    """One that could not be sent by itself is not parsed either; the others are answered."""
    rows = [{"id": 1, "text": "x" * 100_000}, {"id": 2, "text": "Der Hund bellt."}]
    found = [
        json.loads(line)
        for line in client.post("/v1/batch", content="\n".join(map(json.dumps, rows))).text.splitlines()
    ]
    assert [line.get("error", {}).get("type") for line in found] == ["BodyTooLarge", None]


def test_batch_is_bounded(client: TestClient) -> None:
    """Too many rows or bytes are refused before anything is done."""
    assert error_of(client.post("/v1/batch", content=b"{}\n" * 51)) == (422, "BadShape")
    assert error_of(client.post("/v1/batch", content=b"x" * 200_001)) == (413, "BodyTooLarge")
    assert client.post("/v1/batch", content=b"").text == ""


def test_info_says_what_runs_here(client: TestClient) -> None:
    """Preset, version, models with licence, languages and limits."""
    info = client.get("/v1/info").json()
    assert info["preset"] == "fake"
    assert info["version"] == summarizer.__version__
    assert info["models"]["translation"]["licence"] == "Apache-2.0"
    assert info["languages"] == {"source": ["*"], "target": ["*"]}
    assert info["limits"]["characters"] == 50_000
    assert info["limits"]["body"] == 100_000


def test_ready_only_after_a_sentence_went_through() -> None:
    """Live at once, ready once the models have worked; a failure stays a 503 that says why."""
    gate = threading.Event()

    def held(text: str, _options: object) -> str:
        gate.wait(60)
        return text

    with TestClient(create_app(_chain_with(FakeModel(reply=held)), page=False)) as client:
        assert client.get("/health/live").status_code == 200
        answer = client.get("/health/ready")
        assert error_of(answer) == (503, "NotReady")
        assert int(answer.headers["retry-after"]) > 0
        gate.set()
        wait_until_ready(client)


def test_a_failed_warm_up_is_told() -> None:
    """A model that does not work keeps the service from ready, in words."""

    def broken(_text: str, _options: object) -> str:
        raise ModelFailed("the weights are damaged; pull them again")

    with TestClient(create_app(_chain_with(FakeModel(reply=broken)), page=False)) as client:
        while "no sentence" in (answer := client.get("/health/ready")).text:
            pass
        assert "the weights are damaged" in answer.json()["error"]["message"]
        assert error_of(client.post("/v1/summarize", json={"text": ARTICLE, "to": ["en"]})) == (503, "ModelFailed")


def test_an_unforeseen_error_keeps_the_text_to_itself() -> None:
    """A fault of ours is a 500 without the message, which may quote the text."""

    def faulty(text: str, _options: object) -> str:
        raise RuntimeError(f"secret: {text}")

    app = create_app(_chain_with(FakeModel(reply=faulty)), page=False)
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.post("/v1/summarize", json={"text": ARTICLE, "to": ["en"]})
        assert error_of(answer) == (500, "InternalError")
        assert "secret" not in answer.text


def test_metrics_count_without_telling_texts(client: TestClient) -> None:
    """Requests, times, findings and characters, by labels that hold no text and no path a client invents."""
    client.post("/v1/summarize", json={"text": ARTICLE, "to": ["en"]})
    client.get("/invented/by/a/client")
    text = client.get("/metrics").text
    assert 'summarizer_requests_total{path="/v1/summarize",status="200"}' in text
    assert 'summarizer_stage_seconds_count{preset="fake",stage="summary"}' in text
    assert 'summarizer_characters_total{fate="dropped",preset="fake"}' in text
    assert "summarizer_places_taken 0.0" in text
    assert "invented" not in text
    assert "Rathaus" not in text


def test_the_schema_names_every_endpoint(client: TestClient) -> None:
    """OpenAPI lists the contract's endpoints and the shape of errors."""
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == {
        "/v1/summarize", "/v1/batch", "/v1/read", "/v1/info", "/health/live", "/health/ready", "/metrics",
    }  # fmt: skip
    answers = schema["paths"]["/v1/summarize"]["post"]["responses"]
    assert set(answers) >= {"200", "400", "401", "413", "422", "429", "503", "504"}
    assert answers["422"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ProblemBody"}


def test_docs_need_no_other_host(client: TestClient) -> None:
    """The documentation page and all it loads come from here."""
    page = client.get("/docs").text
    assert "https://" not in page
    assert client.get("/static-offline-docs/swagger-ui-bundle.js").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": "Bearer"}, 401),
        ({"authorization": "Basic not-base64"}, 401),
        ({"authorization": "Basic /////w=="}, 401),
        ({"x-api-key": "schlüssel".encode()}, 401),
        ({"authorization": "Bearer key-2"}, 200),
        ({"x-api-key": "key-1"}, 200),
        ({"authorization": "Basic dXNlcjprZXktMQ=="}, 200),  # user:key-1, what a browser sends
    ],
)
def test_keys(keyed: TestClient, headers: dict[str, str | bytes], status: int) -> None:
    """With keys set, page and API want one; health does not."""
    for path in ("/v1/info", "/", "/metrics"):
        answer = keyed.get(path, headers=headers)
        assert answer.status_code == status, path
        if status == 401:
            assert error_of(answer) == (401, "Unauthorized")
            assert answer.headers["www-authenticate"].startswith("Basic")
    assert keyed.get("/health/live").status_code == 200


@pytest.fixture(scope="module")
def keyed() -> TestClient:
    return TestClient(create_app(summarizer.load(fake_config()), api_keys=["key-1", "key-2"]))


def test_a_full_desk_refuses_and_recovers() -> None:
    """Beyond workers + queue the answer is 503 with Retry-After, at once; afterwards all is as before."""
    gate, begun = threading.Event(), threading.Semaphore(0)

    def held(text: str, _options: object) -> str:
        begun.release()
        gate.wait(60)
        return text

    app = create_app(_chain_with(FakeModel(reply=held)), limits=Limits(workers=1, queue=1), page=False)
    statuses: list[int] = []
    body = {"text": ARTICLE, "to": ["en"], "sentences": 1}
    with TestClient(app) as client:
        begun.acquire()  # the warm-up holds the only worker, though no place
        others = [threading.Thread(target=lambda: statuses.append(_status(client, body))) for _ in range(2)]
        for other in others:
            other.start()
        _until(lambda: app.state.service.desk.taken == 2)
        answer = client.post("/v1/summarize", json=body)
        assert error_of(answer) == (503, "QueueFull")
        assert int(answer.headers["retry-after"]) >= 1
        assert error_of(client.post("/v1/batch", json=body)) == (503, "QueueFull")
        gate.set()
        for other in others:
            other.join(60)
        assert statuses == [200, 200]
        assert app.state.service.desk.taken == 0
        assert client.post("/v1/batch", json=body).status_code == 200


def test_the_deadline_ends_the_wait() -> None:
    """Work over the deadline is a 504 for one article and an error line in a batch; the place is free again."""
    gate = threading.Event()

    def held(text: str, _options: object) -> str:
        gate.wait(60)
        return text

    limits = Limits(deadline=0.2)
    app = create_app(_chain_with(FakeModel(reply=held)), limits=limits, page=False)
    body = {"text": ARTICLE, "to": ["en"]}
    with TestClient(app) as client:
        assert error_of(client.post("/v1/summarize", json=body)) == (504, "DeadlineExceeded")
        line = json.loads(client.post("/v1/batch", json={**body, "id": 1}).text)
        assert (line["id"], line["error"]["type"]) == (1, "DeadlineExceeded")
        assert app.state.service.desk.taken == 0
        gate.set()


def test_a_late_article_stops_being_worked_on() -> None:
    """A model is asked for no further part of an article once its deadline has passed."""
    asked: list[str] = []
    late = threading.Event()

    def slowly(text: str, _options: object) -> str:
        asked.append(text)
        if "Satz" in text:
            late.wait(60)
        return text

    app = create_app(_chain_with(FakeModel(reply=slowly)), limits=Limits(deadline=0.4, cache=0), page=False)
    text = " ".join(f"Das ist der Satz Nummer {number}, der sich von den anderen abhebt." for number in range(100))
    with TestClient(app) as client:
        wait_until_ready(client)
        answer = client.post("/v1/summarize", json={"text": text, "sentences": 100})
        late.set()
        assert error_of(answer) == (504, "DeadlineExceeded")
    # Now the app is closed, and what still ran has ended.
    assert len([said for said in asked if "Satz" in said]) < 20


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_a_public_address_needs_a_key(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Strangers are let in on purpose or not at all; the refusal comes before any model is loaded."""
    monkeypatch.delenv("SUMMARIZER_API_KEYS", raising=False)
    with pytest.raises(ConfigError, match="SUMMARIZER_API_KEYS"):
        serve(host=host, preset="no such preset")


def test_security_headers(client: TestClient) -> None:
    """Page and API forbid loading from elsewhere, sniffing and framing by others."""
    for path in ("/", "/v1/info", "/nowhere"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_the_page_keeps_quiet(client: TestClient) -> None:
    """Gradio's telemetry is off, it keeps no history, and its import writes nothing into the installation."""
    config = client.get("/config").json()
    assert (config["analytics_enabled"], config["run_history"], config["enable_queue"]) == (False, False, True)
    assert {event["api_visibility"] for event in config["dependencies"]} == {"private"}
    stubs: Any = sys.modules["gradio.component_meta"]
    assert stubs.create_or_modify_pyi(None, None, None) is None  # the real one would look for the file of a class


def _chain_with(model: FakeModel) -> Chain:
    chain = summarizer.load(fake_config())
    chain.translator.model = model  # type: ignore[union-attr]
    return chain


def _batches(client: TestClient) -> str:
    lines = client.get("/metrics").text.splitlines()
    return next(line for line in lines if line.startswith("summarizer_batch_articles_count"))


def _status(client: TestClient, body: object) -> int:
    return int(client.post("/v1/summarize", json=body).status_code)


def _until(true: Callable[[], bool]) -> None:
    for _ in range(6000):
        if true():
            return
        threading.Event().wait(0.01)
    pytest.fail("waited in vain")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", None])
def test_a_body_without_its_content_type_is_told_of_it(client: TestClient, kind: str | None) -> None:
    """What curl sends with -d alone: the answer names the header that is missing."""
    headers = {"content-type": kind} if kind else {}
    answer = client.post("/v1/summarize", content=json.dumps({"text": ARTICLE}).encode(), headers=headers)
    assert error_of(answer) == (422, "BadShape")
    assert "'Content-Type: application/json'" in answer.json()["error"]["message"]


def test_a_table_without_its_content_type_is_told_of_it(client: TestClient) -> None:
    """Its lines are no JSON, and each says how a table is sent."""
    answer = client.post("/v1/batch", content=b"id,text\n1,Der Rat tagt.\n")
    assert all("'Content-Type: text/csv'" in json.loads(line)["error"]["message"] for line in answer.text.splitlines())
