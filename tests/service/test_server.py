"""The server as it is started in earnest: a process, a port, signals, and no word to any other machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from summarizer.errors import ConfigError
from summarizer.service.app import serve
from tests.service.shared import ARTICLE, ROOT

# Told about every connection and every name looked up, by any thread, from before the first import.
PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits deafness to it
HERE = ("127.0.0.1", "::1", "localhost", None, "")
def watch(event, args):
    if event in ("socket.connect", "socket.sendto"):
        host = args[1][0] if isinstance(args[1], tuple) else "127.0.0.1"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if host not in HERE:
        print("left this machine:", event, host, file=sys.stderr, flush=True)
sys.addaudithook(watch)
from summarizer.service.app import serve
from summarizer.testing import fake_config
try:
    serve(port=0, preset=fake_config(), announce=lambda address: print(address, flush=True))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running server and its address."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), process.communicate(timeout=10)
    yield process, address
    process.kill()
    process.communicate(timeout=10)


def test_page_and_api_answer_at_once(server: tuple[subprocess.Popen[str], str]) -> None:
    """As soon as the address is announced, the page is there and an article goes through."""
    _, address = server
    assert b"Summarizer" in urllib.request.urlopen(address + "/", timeout=30).read()
    body = json.dumps({"text": ARTICLE, "to": ["en"]}).encode()
    request = urllib.request.Request(address + "/v1/summarize", body, {"content-type": "application/json"})
    assert json.load(urllib.request.urlopen(request, timeout=60))["translation"].startswith("«en»")


def test_gradios_other_doors_are_shut(server: tuple[subprocess.Popen[str], str]) -> None:
    """No upload, no file, no proxy, no history, no monitoring, whatever Gradio offers by default."""
    _, address = server
    for path in ("upload", "file=/etc/passwd", "proxy=http://192.0.2.1/", "runs", "info", "deep_link", "vibe-code"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/gradio_api/{path}", timeout=10)
    for path in ("monitoring", "login", "config/../gradio_api/info"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/{path}", timeout=10)


def test_a_port_in_use_is_told(server: tuple[subprocess.Popen[str], str]) -> None:
    """The cure is named, before anything is loaded."""
    port = int(server[1].rsplit(":", 1)[1])
    with pytest.raises(ConfigError, match="--port"):
        serve(port=port, preset="no such preset")


def test_an_open_stream_does_not_keep_it_from_ending(server: tuple[subprocess.Popen[str], str]) -> None:
    """Ctrl+C ends the server although a page holds a connection, without a traceback and without having phoned home."""
    process, address = server
    with socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), timeout=10) as page:
        page.sendall(b"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200" in page.recv(100)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert "left this machine" not in said
    assert said == ""
    assert process.returncode == 130
