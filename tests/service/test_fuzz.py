"""Never a 500, whatever bytes a client sends."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from summarizer.service.guard import OWN_PATHS, PAGE_PATHS

REFUSED = {400, 401, 404, 405, 413, 422, 503, 504}
GENTLE = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
requests = st.fixed_dictionaries(
    {"text": st.text(st.characters(), max_size=300) | json_values},
    optional={
        "to": st.lists(st.sampled_from(["en", "fr", "de", "xx", "EN-us", ""]) | st.text(max_size=5), max_size=3)
        | json_values,
        "sentences": st.integers(-2, 2000) | json_values,
        "length": st.sampled_from(["short", "medium", "long"]) | json_values,
        "language": st.sampled_from(["de", "zh", "xx"]) | json_values,
    },
)


@GENTLE
@given(body=st.binary(max_size=400), path=st.sampled_from(sorted(OWN_PATHS)), typed=st.booleans())
def test_any_bytes(client: TestClient, body: bytes, path: str, typed: bool) -> None:
    """Raw bytes, with and without a JSON content type, on every endpoint."""
    headers = {"content-type": "application/json"} if typed else {}
    answer = client.request(OWN_PATHS[path], path, content=body, headers=headers)
    assert answer.status_code in REFUSED | {200}


@GENTLE
@given(body=requests)
def test_any_request(client: TestClient, body: object) -> None:
    """JSON of nearly the right shape: a result or a refusal in the service's own form, for one and in a batch."""
    content = json.dumps(body).encode()
    answer = client.post("/v1/summarize", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in REFUSED | {200}, answer.text
    assert set(answer.json()) == {"error"} or answer.status_code == 200
    (line,) = client.post("/v1/batch", content=content).text.splitlines()
    assert set(json.loads(line)) == {"error"} or answer.status_code == 200


@GENTLE
@given(
    path=st.text(max_size=30).map(lambda text: quote(text.encode("utf-8", "surrogatepass")))
    | st.sampled_from(sorted(PAGE_PATHS - {"/gradio_api/queue/data"})),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"]),
    body=st.binary(max_size=100),
)
def test_any_path(client: TestClient, path: str, method: str, body: bytes) -> None:
    """Any path with any method, the page's own among them."""
    answer = client.request(method, "http://testserver/" + path.lstrip("/"), content=body)
    assert answer.status_code < 500, (method, path, answer.text)


@GENTLE
@given(
    data=json_values,
    index=st.integers(-1, 30) | json_values,
    session=st.text(st.characters(), max_size=9) | json_values,
)
def test_any_event_of_the_page(client: TestClient, data: object, index: object, session: object) -> None:
    """What the page's queue is asked to do, by somebody who is not the page."""
    event = {"data": data, "fn_index": index, "session_hash": session, "trigger_id": None, "event_data": None}
    answer = client.post(
        "/gradio_api/queue/join", content=json.dumps(event), headers={"content-type": "application/json"}
    )
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("length", ["-1", "1e3", "99999999999999999999999999", "²", "0x10", ""])
def test_any_content_length(client: TestClient, length: str) -> None:
    """A length that is no length is not believed; the body is counted."""
    headers = {"content-length": length.encode(), "content-type": "application/json"}
    assert client.post("/v1/summarize", content=b"x" * 100_001, headers=headers).status_code == 413
    assert client.post("/v1/summarize", content=b"x", headers=headers).status_code in {413, 422}
