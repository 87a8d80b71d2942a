"""``POST /v1/read``: files and pages into text, each in a process of its own; a bad one costs one 400 and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

import summarizer
from summarizer.errors import InputError, InputTooLarge, MissingDependency, UndecodableInput
from summarizer.service.app import create_app
from summarizer.service.fetching import Fetcher
from summarizer.service.limits import Limits
from summarizer.service.problems import DeadlineExceeded
from summarizer.service.reading import Reader, _environment
from summarizer.testing import fake_config
from summarizer.text.child import Task, answered
from tests.documents import docx, paragraph, pdf
from tests.service.test_fetching import PAGE, moved, server, whole

LINES = ["Der Rat der Stadt hat am Montag den Umbau des Rathauses", "beschlossen. Er kostet 1.250.000 Euro."]
TEXT = "Der Rat der Stadt hat am Montag den Umbau des Rathauses beschlossen. Er kostet 1.250.000 Euro."


def app(**said: Any) -> TestClient:
    """A client of a service without a page."""
    return TestClient(create_app(summarizer.load(fake_config()), page=False, **said), client=("192.0.2.7", 1))


@pytest.fixture(scope="module")
def reading() -> Iterator[TestClient]:
    with app(limits=Limits(file=100_000, characters=1_000)) as client:
        yield client


def post(client: TestClient, data: bytes, name: str = "", **headers: str) -> Any:
    return client.post("/v1/read", params={"name": name} if name else {}, content=data, headers=headers)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (pdf(LINES), "a.pdf", "pdf"),
        (pdf(LINES), "", "pdf"),
        (docx(paragraph(TEXT)), "Mein Artikel (1).DOCX", "docx"),
        (TEXT.encode(), "a.md", "text"),
        (f"<html><body><p>{TEXT}</p></body></html>".encode(), "a.html", "html"),
    ],
)
def test_files_become_text(reading: TestClient, data: bytes, name: str, kind: str) -> None:
    """The same text out of every kind; it can be summarised as it is, and its spans count in it."""
    answer = post(reading, data, name, **{"content-type": "application/x-whatever"})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"text": TEXT, "title": "", "kind": kind, "notes": []}
    result = reading.post("/v1/summarize", json={"text": answer.json()["text"], "sentences": 1}).json()
    (span,) = result["lines"][0]["evidence"]
    assert TEXT[span["start"] : span["end"]] == span["text"]


@pytest.mark.parametrize(
    ("data", "name", "status", "kind", "told"),
    [
        (b"", "a.pdf", 400, "EmptyInput", "empty"),
        (b"%PDF-1.4 broken", "a.pdf", 400, "UndecodableInput", "damaged"),
        (pdf([]), "a.pdf", 400, "EmptyInput", "OCR"),
        (pdf(LINES), "a.docx", 400, "UndecodableInput", "name it .pdf"),
        (b"x" * 100_001, "a.txt", 413, "BodyTooLarge", "100,000"),
        (b"Wort " * 300, "a.txt", 413, "InputTooLarge", "1,000"),
        (b"Text.", "a" * 300, 422, "BadShape", "name"),
    ],
)
def test_refusals(reading: TestClient, data: bytes, name: str, status: int, kind: str, told: str) -> None:
    """In the service's own form, with cause and cure."""
    answer = post(reading, data, name)
    assert answer.status_code == status
    assert answer.json()["error"]["type"] == kind
    assert told in answer.json()["error"]["message"]


def test_urls_are_off_by_default(reading: TestClient) -> None:
    """A 403 that names the option; nothing is fetched. What is no URL request is told its shape."""
    with server(whole(PAGE)) as there:
        answer = reading.post("/v1/read", json={"url": f"http://127.0.0.1:{there.port}/"})
    assert answer.status_code == 403
    assert "--allow-urls" in answer.json()["error"]["message"]
    assert there.requests == []
    for wrong in ({}, {"url": 5}, {"url": "http://x", "more": 1}, [], "x", {"url": "x" * 3000}):
        assert reading.post("/v1/read", json=wrong).status_code == 422
    named = post(reading, b'{"text": "Ein Satz."}', "a.txt", **{"content-type": "application/json"})
    assert named.json()["text"] == '{"text": "Ein Satz."}'


def test_a_page_is_read_where_urls_are_allowed() -> None:
    """Its text as a person sees it; what cannot be fetched is a 400 and never a 500."""
    german = "<html><meta charset=utf-8><p>Совет принял решение о здании.</p></html>".encode("cp1251")
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1251\r\n"
    as_pdf = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n"
    with (
        server(whole(german, head)) as page,
        server(whole(pdf(LINES), as_pdf)) as file,
        server(moved("http://10.0.0.1/")) as inner,
    ):
        ports = frozenset({page.port, file.port, inner.port})
        fetcher = Fetcher(ports=ports, allowed=lambda address: str(address) == "127.0.0.1")
        with app(fetcher=fetcher) as client:
            texts = {}
            for there in (page, file, inner):
                answer = client.post("/v1/read", json={"url": f"http://127.0.0.1:{there.port}/"})
                texts[there.port] = (answer.status_code, answer.json().get("text"))
            refused = client.post("/v1/read", json={"url": "file:///etc/passwd"})
    assert texts[page.port] == (200, "Совет принял решение о здании.")
    assert texts[file.port] == (200, TEXT)
    assert texts[inner.port] == (400, None)
    assert refused.status_code == 400


def test_keys_and_rates_stand_before_files_too() -> None:
    """No key, no reading; a file counts as an article does; pages of other sites may not send."""
    with app(api_keys=["right"], limits=Limits(key_rate="2/day")) as client:
        assert post(client, b"Text.").status_code == 401
        key = {"x-api-key": "right"}
        assert post(client, b"Text.", **key, origin="https://evil.example").status_code == 403
        assert [post(client, b"Text.", **key).status_code for _ in range(3)] == [200, 200, 429]


def test_a_service_about_to_end_reads_no_more(reading: TestClient) -> None:
    """What it has begun it answers; what comes then is told to come back."""
    desk = reading.app.state.service.desk  # type: ignore[attr-defined]
    desk.draining = True
    try:
        assert post(reading, b"Text.").status_code == 503
    finally:
        desk.draining = False


@settings(deadline=None, max_examples=8, suppress_health_check=list(HealthCheck))
@given(
    data=st.binary(max_size=200)
    | st.sampled_from([pdf(LINES)[:400], docx(paragraph(TEXT))[:-30], b"%PDF-", b"PK\3\4"]),
    name=st.text(max_size=12) | st.sampled_from(["a.pdf", "a.docx", "\0", "../../etc/passwd", "a.\ud800"]),
)
def test_any_file(reading: TestClient, data: bytes, name: str) -> None:
    """Never a 500."""
    name = name.encode("utf-8", "replace").decode()
    assert post(reading, data, name).status_code in {200, 400, 413, 422}


def read(data: bytes, *, limits: Limits | None = None, times: int = 1) -> list[Any]:
    """What becomes of a file that is read so many times at once."""

    async def all_of_them() -> list[Any]:
        reader = Reader(limits or Limits(), 200_000)
        return await asyncio.gather(*(reader.read(data, "a.pdf") for _ in range(times)), return_exceptions=True)

    return asyncio.run(all_of_them())


def test_a_file_that_takes_for_ever_is_ended() -> None:
    """By the processor's clock, and by the wall's; the next file is read."""
    slow = pdf(*[["Wort " * 20] * 400] * 60)
    (ended,) = read(slow, limits=Limits(read_seconds=1))
    assert isinstance(ended, InputError)
    assert not isinstance(ended, InputTooLarge)  # which it would be in the end
    assert read(pdf(LINES))[0].text == TEXT


def test_a_small_file_gets_little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks from little to much costs what a small file may, not what the largest may."""
    monkeypatch.setattr("summarizer.service.reading.QUICK", 1)
    bomb = pdf(*[["Wort " * 20] * 250] * 30, packed=True)
    assert len(bomb) < 100_000
    (ended,) = read(bomb, limits=Limits(read_seconds=300))
    assert "within its bounds of time" in str(ended)  # it holds too much text, too, which is told of it in the end


@pytest.mark.parametrize(
    ("size", "most", "seconds"), [(0, 20, 6), (99_999, 20, 6), (1_000_000, 20, 16), (16_000_000, 20, 20), (0, 1, 1)]
)
def test_time_grows_with_the_file(size: int, most: int, seconds: int) -> None:
    """Up to the bound of the service."""
    assert Reader(Limits(read_seconds=most), 1_000)._task("a.pdf", "", size).seconds == seconds


def test_memory_is_bounded() -> None:
    """A file that unpacks to more than is allowed ends its own process; this one goes on."""
    bomb = pdf(["Wort " * 4_000_000], packed=True)
    assert len(bomb) < 200_000
    (ended,) = read(bomb, limits=Limits(read_memory=128 * 2**20))
    assert isinstance(ended, InputError)
    assert "memory" in str(ended)


def test_a_few_at_a_time() -> None:
    """So many processes and no more; whoever waits too long is told so, and leaves nothing behind."""

    async def watched() -> tuple[list[str], int]:
        reader = Reader(Limits(readers=1), 200_000)
        tasks = [asyncio.ensure_future(reader.read(pdf(LINES), "a.pdf")) for _ in range(3)]
        most = 0
        while not all(task.done() for task in tasks):
            most = max(most, len(children()))
            await asyncio.sleep(0.02)
        return [task.result().text for task in tasks], most

    assert asyncio.run(watched()) == ([TEXT] * 3, 1)
    late = read(pdf(*[LINES] * 40), limits=Limits(readers=1, deadline=0.05), times=2)
    assert [type(one) for one in late] == [DeadlineExceeded] * 2
    assert children() == []


def test_who_leaves_takes_the_process_along() -> None:
    """Nobody waits for an answer: nothing goes on reading."""

    async def leave() -> tuple[list[str], list[str]]:
        slow = pdf(*[["Wort " * 20] * 400] * 60)
        task = asyncio.ensure_future(Reader(Limits(), 200_000).read(slow, "a.pdf"))
        while not children():  # noqa: ASYNC110 - the system tells of processes, and only when asked
            await asyncio.sleep(0.01)
        during = children()
        task.cancel()
        await asyncio.wait({task})
        return during, children()

    during, after = asyncio.run(leave())
    assert len(during) == 1
    assert after == []


def children() -> list[str]:
    """Processes of this one that read files."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = process.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1]
            line = process.joinpath("cmdline").read_text()
        except OSError:
            continue
        if parent == str(os.getpid()) and "text.child" in line:
            found.append(line)
    return found


def test_the_child_knows_no_key_and_works_anywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Secrets of the service's environment do not reach the process that reads; its folder does not matter."""
    monkeypatch.setenv("SUMMARIZER_API_KEYS", "geheim")
    assert "geheim" not in json.dumps(_environment(os.environ))
    (tmp_path / "json.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(Path(summarizer.__file__).parents[1]))
    assert read(pdf(LINES))[0].text == TEXT


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"", InputError),
        (b"{", InputError),
        (b'{"error": "UndecodableInput", "message": "damaged"}', UndecodableInput),
        (b'{"error": "InputTooLarge", "message": "large"}', InputTooLarge),
        (b'{"error": "MissingDependency", "message": "pip install"}', MissingDependency),
    ],
)
def test_what_a_child_says(said: bytes, error: type[Exception]) -> None:
    """Its error is the parent's error; silence is one too."""
    with pytest.raises(error):
        answered(said)


def test_a_task_is_plain() -> None:
    """It travels as JSON and back, whatever the name."""
    task = replace(Task(), name="file.\x00ö")
    assert Task(**json.loads(json.dumps({name: getattr(task, name) for name in Task.__dataclass_fields__}))) == task
