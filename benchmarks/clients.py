"""A server as users start it, clients that speak to it over sockets, and what became of their requests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
GREEDY = """
description: the bundled translator at its quickest, one sentence an article
summary: {model: extractive, sentences: 1}
translation: {model: ct2, weights: "bundled:de-en", beams: 1, languages: {source: [de], target: [en]}}
"""
FAKE = "summary: {model: extractive}\ntranslation: {model: 'summarizer.testing:FakeModel'}\n"


@dataclass
class Tally:
    """What became of the requests of one phase."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    mixed_up: int = 0
    lost: int = 0
    began: float = field(default_factory=time.perf_counter)

    @property
    def per_second(self) -> float:
        """Answers a second since the phase began."""
        return self.statuses[200] / (time.perf_counter() - self.began)

    def quantile(self, share: float) -> float:
        """Seconds within which so many of the requests were answered."""
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[round(share * 100) - 1]


@dataclass
class Server:
    """A running `summarizer serve`."""

    process: subprocess.Popen[str]
    port: int

    def megabytes(self) -> float:
        """Resident memory."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


@contextlib.contextmanager
def serving(preset: str, *options: str) -> Iterator[Server]:
    """A server that is ready."""
    command = [sys.executable, "-m", "summarizer", "serve", "--port", "0", "--preset", preset, "--cache", "0", *options]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    port = int(process.stderr.readline().split()[3].rsplit(":", 1)[1])
    threading.Thread(target=process.stderr.read, daemon=True).start()
    try:
        while True:
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10).status == 200:
                    break
            time.sleep(0.05)
        yield Server(process, port)
    finally:
        process.kill()
        process.wait()


class Connection:
    """One client: HTTP/1.1 on one connection, as long as the server keeps it."""

    def __init__(self, port: int) -> None:
        self.port, self._streams = port, None

    async def ask(self, text: str) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        body = json.dumps({"text": text, "to": ["en"]}).encode()
        head = (
            f"POST /v1/summarize HTTP/1.1\r\nHost: b\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        )
        writer.write(head.encode() + b"\r\n\r\n" + body)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        answer = await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            self.close()
        return int(first.split()[1]), answer, headers

    def close(self) -> None:
        """Leave."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def belongs(text: str, body: bytes) -> bool:
    """Whether an answer is this text's own."""
    answer = json.loads(body)
    spans = [span for line in answer["lines"] for span in line["evidence"]]
    right = all(text[span["start"] : span["end"]] == span["text"] for span in spans)
    return bool(spans) and right and answer["coverage"]["total"] == len(text)


async def one(client: Connection, text: str, tally: Tally) -> None:
    """One request, counted."""
    begun = time.perf_counter()
    try:
        status, body, headers = await client.ask(text)
    except (OSError, EOFError):
        tally.lost += 1
        raise asyncio.CancelledError from None
    tally.statuses[status] += 1
    if status == 200:
        tally.seconds.append(time.perf_counter() - begun)
        tally.mixed_up += not belongs(text, body)
    elif "retry-after" in headers:
        await asyncio.sleep(min(1.0, float(headers["retry-after"])))


async def load(port: int, clients: int, texts: Sequence[str], until: Callable[[], bool] = lambda: False) -> Tally:
    """So many clients, each with its next request when the last was answered, until all texts are done."""
    tally, waiting = Tally(), iter(texts)

    async def client() -> None:
        connection = Connection(port)
        try:
            for text in waiting:
                await one(connection, text, tally)
                if until():
                    return
        except asyncio.CancelledError:
            return
        finally:
            connection.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return tally


def wrong(tally: Tally, *allowed: int) -> int:
    """Requests without an answer or with one that is not allowed."""
    return tally.lost + sum(count for status, count in tally.statuses.items() if status not in (200, *allowed))
