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
from contextlib import contextmanager

import pytest

from tests.service.shared import ROOT

PROGRAM = """
import time, summarizer
from summarizer.service import server
from summarizer.service.address import listen
from summarizer.service.app import create_app
from summarizer.service.limits import Limits
from summarizer.testing import FakeModel, fake_config

def slowly(text, options):
    time.sleep(3 if "langsam" in text else 0.02)
    return f"«en» {text}"

server.HEAD_SECONDS = 0.3
chain = summarizer.load(fake_config())
chain.translator.model = FakeModel(reply=slowly)
app = create_app(chain, limits=Limits(batch_size=4, cache=0, upload=0.5), page=False)
with listen("127.0.0.1", 0) as listener:
    server.run(app, listener, lambda: print(listener.getsockname()[1], flush=True))
print("ended well", flush=True)
"""


@contextmanager
def running() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server that is ready, and its port."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline() or process.communicate()[1])
        until(lambda: ask(port, "GET", "/health/ready")[0] == 200)
        yield process, port
    finally:
        process.kill()
        process.communicate()


def ask(port: int, method: str, path: str, body: object = None) -> tuple[int, str]:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        data = None if body is None else json.dumps(body)
        connection.request(method, path, data, {"content-type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def until(true: object) -> None:
    """Wait for the server."""
    for _ in range(1500):
        if true():  # type: ignore[operator]
            return
        time.sleep(0.01)
    pytest.fail("waited in vain")


def gauge(port: int, name: str) -> float:
    lines = ask(port, "GET", "/metrics")[1].splitlines()
    return float(next(line.split()[-1] for line in lines if line.startswith(name + " ")))


class Client(threading.Thread):
    """Asks on and on over one connection, each time something else, until told to come back later."""

    def __init__(self, port: int, number: int) -> None:
        super().__init__()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
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
            client.join(30)
        said, errors = process.communicate(timeout=30)
        assert [client.wrong for client in clients if client.wrong] == []
        assert {client.statuses[-1] for client in clients} == {503}
        assert {status for client in clients for status in client.statuses[:-1]} == {200}
        assert (process.returncode, said, errors) == (0, "ended well\n", "")


@pytest.mark.parametrize(
    ("signals", "code"),
    [((signal.SIGTERM, signal.SIGTERM), 143), ((signal.SIGHUP,), 129), ((signal.SIGTERM, signal.SIGHUP), 129)],
)
def test_at_once_means_at_once(signals: tuple[signal.Signals, ...], code: int) -> None:
    """A second SIGTERM, or SIGHUP, ends the process in the middle of its work."""
    with running() as (process, port):
        client = socket.create_connection(("127.0.0.1", port))
        body = json.dumps({"text": "Der Hund bellt langsam."}).encode()
        client.sendall(
            b"POST /v1/summarize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        until(lambda: gauge(port, "summarizer_places_taken") == 1)
        start = time.monotonic()
        for number in signals:
            process.send_signal(number)
            time.sleep(0.2)
        assert process.wait(timeout=2) == code
        assert time.monotonic() - start < 2
        client.close()


def test_clients_that_dawdle_or_leave(  # one server for all of them: its start is what takes time
) -> None:
    """Half a head, half a body and a closed connection each end alone, while the others are served."""
    with running() as (_, port):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as half_a_head:
            half_a_head.sendall(b"POST /v1/summarize HT")
            assert half_a_head.recv(100) == b""
        with socket.create_connection(("127.0.0.1", port), timeout=10) as half_a_body:
            half_a_body.sendall(b"POST /v1/summarize HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            assert half_a_body.recv(100).startswith(b"HTTP/1.1 408")
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
        slow.join(10)
        assert ask(port, "POST", "/v1/summarize", {"text": "Der Hund bellt."})[0] == 200
