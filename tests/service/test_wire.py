"""What odd clients put on the wire: every one is answered in our shape or hung up on, at once, and none harms another."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.service.test_ends import ask, running

BODY = b'{"text":"Der Hund bellt."}'
# Seconds of the server's own computing, however busy the machine; the faults these guard against took 3 to 60, or had no
# end, which the time of the client's socket bounds.
WORK = 8.0


def get(path: bytes, *headers: bytes, method: bytes = b"GET") -> bytes:
    """A request without a body."""
    return b"\r\n".join([method + b" " + path + b" HTTP/1.1", b"Host: x", b"Connection: close", *headers, b"", b""])


def post(
    body: bytes, *headers: bytes, path: bytes = b"/v1/summarize", kind: bytes = b"application/json", size: bool = True
) -> bytes:
    """A request with a body."""
    length = [b"Content-Length: %d" % len(body)] if size else []
    return get(path, b"Content-Type: " + kind, *length, *headers, method=b"POST") + body


def chunked(body: bytes, *headers: bytes, trailer: bytes = b"") -> bytes:
    """A request whose body comes in two chunks."""
    parts = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:]))
    return post(parts + b"0\r\n" + trailer + b"\r\n", b"Transfer-Encoding: chunked", *headers, size=False)


def batch(body: bytes, kind: bytes = b"application/x-ndjson") -> bytes:
    return post(body, path=b"/v1/batch", kind=kind)


CASES: dict[str, tuple[bytes, int]] = {
    "no HTTP": (b"\x00\x01\x02\r\n\r\n", 400),
    "TLS": (bytes.fromhex("160301020001000001fc0303") + b"x" * 100, 400),
    "no host": (b"GET /v1/info HTTP/1.1\r\n\r\n", 400),
    "NUL in a header": (get(b"/v1/info", b"X: a\0b"), 400),
    "500 headers": (get(b"/v1/info", *(b"X-%d: y" % number for number in range(500))), 200),
    "headers in one piece": (get(b"/v1/info", *(b"X-%d: %s" % (n, b"y" * 1000) for n in range(70))), 431),
    "headers over the bound": (get(b"/v1/info", *(b"X-%d: %s" % (n, b"y" * 1000) for n in range(17))), 431),
    "headers within the bound": (get(b"/v1/info", *(b"X-%d: %s" % (n, b"y" * 1000) for n in range(15))), 200),
    "headers without an end": (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 100_000, 431),
    "a long first line": (get(b"/v1/info?" + b"x" * 20_000), 431),
    "two lengths": (post(BODY, b"Content-Length: 5"), 400),
    "a length and chunks": (chunked(BODY, b"Content-Length: 5"), 400),
    "chunks": (chunked(BODY), 200),
    "chunks and trailers": (chunked(BODY, trailer=b"X-API-Key: k\r\nHost: y\r\n"), 200),
    "a chunk of no size": (post(b"zz\r\nabc\r\n0\r\n\r\n", b"Transfer-Encoding: chunked", size=False), 400),
    "a chunk of no size, and much more": (post(b"zz\r\n" + b"x" * 40_000, b"Transfer-Encoding: chunked", size=False), 400),
    "much that is no HTTP": (b"\x00" * 20_000, 400),
    "compressed": (post(gzip.compress(BODY), b"Content-Encoding: gzip"), 422),
    "HEAD of what takes none": (get(b"/v1/summarize", method=b"HEAD"), 405),
    "OPTIONS": (get(b"/v1/summarize", method=b"OPTIONS"), 405),
    "OPTIONS *": (get(b"*", method=b"OPTIONS"), 404),
    "CONNECT": (get(b"example.org:443", method=b"CONNECT"), 404),
    "another host's": (get(b"http://evil.example/v1/info"), 404),
    "two slashes": (get(b"//v1/info"), 404),
    "dots": (get(b"/v1/%2e%2e/metrics"), 404),
    "out of the folder": (get(b"/static-offline-docs/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd"), 404),
    "no percent": (get(b"/v1/%zz%ff%00"), 404),
    "a range": (get(b"/v1/info", b"Range: bytes=0-5,1-2,99999999999999999999-"), 200),
    "a websocket": (get(b"/", b"Upgrade: websocket", b"Connection: Upgrade"), 404),
    "a key twice": (post(b'{"text":7,"text":"Der Hund bellt."}'), 200),
    "a huge number": (post(b'{"text":"Der Hund bellt.","sentences":' + b"9" * 100_000 + b"}"), 422),
    "deep": (post(b'{"to":' + b"[" * 1_000_000), 422),
    "many fields": (post(b"{" + b",".join(b'"k%d":1' % n for n in range(200_000)) + b"}"), 422),
    "many languages": (post(b'{"text":"a","to":[' + b",".join([b"1"] * 1_000_000) + b"]}"), 422),
    "a long language": (post(b'{"text":"Der Hund bellt.","to":"' + b"a" * 5_000_000 + b'"}'), 400),
    "a deep row": (batch(b"[" * 1_000_000 + b"\n" + b"9" * 1_000_000), 200),
    "blank lines": (batch(b" \n" * 10_000_000), 200),
    "a blank table": (batch(b"text\n" + b"\n" * 5_000_000, b"text/csv"), 422),
    "a wide table": (batch(b"text" + b",a" * 1_000_000 + b"\n" + b"x\n" * 50, b"text/csv"), 422),
    "a wide table that may be": (batch(b"text" + b",a" * 100_000 + b"\n" + b"x\n" * 500, b"text/csv"), 200),
    "an endless header": (batch(b'"' + b"\n" * 5_000_000, b"text/csv"), 422),
}  # fmt: skip


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server and its port."""
    with running() as (process, port):
        yield process, port
        process.terminate()
        _, said = process.communicate(timeout=60)
    assert said == ""  # nobody fills the log with what is none of its business


@pytest.mark.parametrize("name", CASES)
def test_odd_requests(served: tuple[subprocess.Popen[str], int], name: str) -> None:
    """The status that says what is wrong, JSON of our shape, at little cost, and the next client is served."""
    process, port = served
    sent, status = CASES[name]
    before = computed(process)
    head, body = answer(port, sent)
    assert computed(process) - before < WORK
    assert int(head.split()[1]) == status, head
    assert len(body) < 100_000
    if status >= 400 and body:
        problem: Any = json.loads(body)
        assert set(problem) == {"error"}
        assert set(problem["error"]) == {"type", "message"}
        assert b"content-type: application/json" in head
    assert ask(port, "GET", "/health/live")[0] == 200


def test_many_in_a_row(served: tuple[subprocess.Popen[str], int]) -> None:
    """Requests that are sent without waiting are answered one by one, in order; rubbish behind them ends it."""
    texts = [f"Der Hund Nummer {number} bellt." for number in range(12)]
    sent = b"".join(post(json.dumps({"text": text}).encode()).replace(b"Connection: close\r\n", b"") for text in texts)
    said = b"".join(answer(served[1], sent + b"\x00 rubbish\r\n\r\n"))
    assert [said.index(text.encode()) for text in texts] == sorted(said.index(text.encode()) for text in texts)
    assert said.count(b"HTTP/1.1 200") == 12
    assert said.count(b"HTTP/1.1 400") == 1


def test_head_is_get_without_the_body(served: tuple[subprocess.Popen[str], int]) -> None:
    """A length is told and nothing comes after the head, so that the next answer on the connection is the next."""
    head, body = answer(served[1], get(b"/health/live", method=b"HEAD").replace(b"close", b"keep-alive"), b"/v1/info")
    assert b"200 OK" in head
    assert b"content-length: 17" in head
    assert body.startswith(b"HTTP/1.1 200 OK")


def computed(process: subprocess.Popen[str]) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def answer(port: int, sent: bytes, then: bytes = b"") -> tuple[bytes, bytes]:
    """Head and body of what comes back until the server hangs up. ``then`` is a path asked for on the same connection."""
    sent += get(then) if then else b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(sent)
        said = b""
        while part := client.recv(1 << 16):
            said += part
    head, _, body = said.partition(b"\r\n\r\n")
    return head, body
