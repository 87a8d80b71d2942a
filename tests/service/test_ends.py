"""How a server ends and whom it waits for: real processes, real sockets, a model that takes its time."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.service.shared import ROOT

PROGRAM = """
import pathlib, sys, time, summarizer
if files := int(sys.argv[4]):
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
from summarizer.service import connections, server
from summarizer.service.address import listen
from summarizer.service.app import create_app
from summarizer.service.limits import Limits
from summarizer.testing import FakeModel, fake_config

gate, seconds, most = pathlib.Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])

def slowly(text, options):
    time.sleep(0.02)
    while "langsam" in text and not gate.exists():
        time.sleep(0.02)
    return f"«en» {text}"

connections.HEAD_SECONDS = seconds
chain = summarizer.load(fake_config())
chain.translator.model = FakeModel(reply=slowly)
app = create_app(chain, limits=Limits(batch_size=4, cache=0, upload=seconds, connections=most), page=False)
with listen("127.0.0.1", 0) as listener:
    server.run(app, listener, lambda: print(listener.getsockname()[1], flush=True))
print("ended well", flush=True)
"""


NEVER = Path("/nonexistent")


@contextmanager
def running(
    gate: Path = NEVER, *, seconds: float = 60.0, most: int = 2000, files: int = 0
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server that is ready, and its port. What is slow waits until there is a ``gate``; a client has so many
    ``seconds`` for the head of a request, and as many for the body; ``most`` connections are open at a time, and ``files`` where that is not 0.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(gate), str(seconds), str(most), str(files)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline() or process.communicate()[1])
        until(lambda: ready(port))
        yield process, port
    finally:
        process.kill()
        process.communicate()


def ask(port: int, method: str, path: str, body: object = None) -> tuple[int, str]:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        data = None if body is None else json.dumps(body)
        connection.request(method, path, data, {"content-type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def ready(port: int) -> bool:
    """Whether it says so; where heads must come soon, one of a busy machine may come too late."""
    try:
        return ask(port, "GET", "/health/ready")[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def until(true: object) -> None:
    """Wait for the server."""
    for _ in range(3000):
        if true():  # type: ignore[operator]
            return
        time.sleep(0.02)
    pytest.fail("waited in vain")


def gauge(port: int, name: str) -> float:
    lines = ask(port, "GET", "/metrics")[1].splitlines()
    return float(next(line.split()[-1] for line in lines if line.startswith(name + " ")))


class Client(threading.Thread):
    """Asks on and on over one connection, each time something else, until told to come back later."""

    def __init__(self, port: int, number: int) -> None:
        super().__init__()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.number, self.statuses, self.wrong = number, list[int](), list[str]()

    def run(self) -> None:
        while not self.statuses or self.statuses[-1] == 200:
            text = f"Der Hund Nummer {self.number} bellt zum Mal {len(self.statuses)}."
            try:
                self.connection.request(
                    "POST", "/v1/summarize", json.dumps({"text": text}), {"content-type": "application/json"}
                )
                answer = self.connection.getresponse()
                body = json.loads(answer.read())
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(f"no answer: {error!r}")
                return
            self.statuses.append(answer.status)
            if answer.status == 200 and body["summary"] != text:
                self.wrong.append(f"{text} was answered with {body['summary']}")


def test_term_under_load_answers_everybody() -> None:
    """No request is lost: each gets its own result, or a 503 once the end has begun; then the exit code is 0."""
    with running() as (process, port):
        clients = [Client(port, number) for number in range(24)]
        for client in clients:
            client.start()
        until(lambda: sum(len(client.statuses) for client in clients) > 60)
        process.send_signal(signal.SIGTERM)
        for client in clients:
            client.join(60)
        said, errors = process.communicate(timeout=60)
        assert [client.wrong for client in clients if client.wrong] == []
        assert {client.statuses[-1] for client in clients} == {503}
        assert {status for client in clients for status in client.statuses[:-1]} == {200}
        assert (process.returncode, said, errors) == (0, "ended well\n", "")


@pytest.mark.parametrize(
    ("signals", "code"),
    [((signal.SIGTERM, signal.SIGTERM), 143), ((signal.SIGHUP,), 129), ((signal.SIGTERM, signal.SIGHUP), 129)],
)
def test_at_once_means_at_once(signals: tuple[signal.Signals, ...], code: int) -> None:
    """A second SIGTERM, or SIGHUP, ends the process in the middle of work that would go on for ever."""
    with running() as (process, port):
        client = socket.create_connection(("127.0.0.1", port))
        body = json.dumps({"text": "Der Hund bellt langsam."}).encode()
        client.sendall(
            b"POST /v1/summarize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        until(lambda: gauge(port, "summarizer_places_taken") == 1)
        for number in signals[:-1]:
            process.send_signal(number)
            until(lambda: "Draining" in ask(port, "GET", "/health/ready")[1])  # two that come at once would be one
        process.send_signal(signals[-1])
        assert process.wait(timeout=60) == code
        client.close()


def test_clients_that_dawdle() -> None:
    """Half a head, half a body and an endless chunk each end alone, while the others are served."""
    with running(seconds=1.0) as (_, port):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as half_a_head:
            half_a_head.sendall(b"POST /v1/summarize HT")
            assert half_a_head.recv(100) == b""
        with socket.create_connection(("127.0.0.1", port), timeout=60) as half_a_body:
            half_a_body.sendall(b"POST /v1/summarize HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            assert half_a_body.recv(100).startswith(b"HTTP/1.1 408")
        with socket.create_connection(("127.0.0.1", port), timeout=60) as endless:
            head = b"POST /v1/summarize HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            endless.sendall(head + b"f" * 15 + b"\r\nabc")
            assert endless.recv(100).startswith(b"HTTP/1.1 408")
        until(lambda: ready(port))


def test_clients_that_leave(tmp_path: Path) -> None:
    """What a closed connection asked for waits no longer, while the others are served."""
    gate = tmp_path / "gate"
    with running(gate) as (_, port):
        slow = threading.Thread(target=ask, args=(port, "POST", "/v1/summarize", {"text": "Der Hund bellt langsam."}))
        slow.start()
        until(lambda: gauge(port, "summarizer_places_taken") == 1 and gauge(port, "summarizer_queue_articles") == 0)
        for path, said in [("/v1/summarize", b'{"text":"Hallo."}'), ("/v1/batch", b'{"text":"Hallo."}\n' * 9)]:
            leaving = socket.create_connection(("127.0.0.1", port))
            leaving.sendall(
                b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (path.encode(), len(said), said)
            )
            until(lambda: gauge(port, "summarizer_queue_articles") > 0)
            leaving.close()
            until(lambda: gauge(port, "summarizer_queue_articles") == 0)
            until(lambda: gauge(port, "summarizer_places_taken") == 1)
        gate.touch()
        slow.join(60)
        assert ask(port, "POST", "/v1/summarize", {"text": "Der Hund bellt."})[0] == 200


def test_idle_connections_give_way() -> None:
    """Where clients say nothing on all the connections there may be, the longest silent goes and the next one is served."""
    with running(most=20, seconds=300) as (process, port), ExitStack() as opened:
        before = descriptors(process)
        silent = [opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60)) for _ in range(38)]
        until(lambda: ask(port, "GET", "/v1/info")[0] == 200)
        assert silent[0].recv(100) == b""
        until(lambda: descriptors(process) <= before + 20)


def test_a_flood_leaves_descriptors() -> None:
    """More clients at once than the system allows files: none is missing to the service, and the next one is served."""
    with running(files=256) as (process, port), ExitStack() as opened:
        for _ in range(600):
            client = opened.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
        until(lambda: ask(port, "GET", "/v1/info")[0] == 200)
        process.terminate()
        _, said = process.communicate(timeout=60)
    assert said == ""


def test_a_full_house_turns_away(tmp_path: Path) -> None:
    """Where every connection waits for its answer, the next is a 503 in our shape with Retry-After, and none is dropped."""
    gate = tmp_path / "gate"
    with running(gate, most=12) as (_, port):
        clients = [asking_slowly(port, number) for number in range(12)]
        assert ask(port, "GET", "/health/live")[0] == 503
        with socket.create_connection(("127.0.0.1", port), timeout=60) as late:
            head, _, body = whole(late).partition(b"\r\n\r\n")  # without having asked
        assert head.startswith(b"HTTP/1.1 503 Service Unavailable")
        assert b"retry-after: 5" in head
        assert json.loads(body)["error"]["type"] == "QueueFull"
        gate.touch()
        for client in clients:
            answer = client.getresponse()
            assert answer.status == 200, answer.read()
            client.close()
        until(lambda: ask(port, "GET", "/health/live")[0] == 200)


def descriptors(process: subprocess.Popen[str]) -> int:
    """How many files and connections a process has open."""
    return len(list(Path(f"/proc/{process.pid}/fd").iterdir()))


def asking_slowly(port: int, number: int) -> http.client.HTTPConnection:
    """A connection that has a place, as what it asked first shows, and waits for an article."""
    while True:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        client.request("GET", "/health/live")
        answer = client.getresponse()
        answer.read()
        if answer.status == 200:
            body = json.dumps({"text": f"Der Hund Nummer {number} bellt langsam."})
            client.request("POST", "/v1/summarize", body, {"content-type": "application/json"})
            return client
        client.close()  # one that was closed before still counts for a moment


def whole(client: socket.socket) -> bytes:
    said = b""
    while part := client.recv(10_000):
        said += part
    return said
