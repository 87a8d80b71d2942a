"""A real HTTP server on this machine that speaks the OpenAI protocol; its model is a rule, its failures are ordered."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from tests.lessons import PAIRS

ENGLISH = dict(PAIRS)
QUICK = {"retry-after-ms": "20"}  # the real client waits as long as it is told


def clerk(prompt: str) -> str:
    """Translates the last paragraph by heart, or sums it up in its first and third sentence; chatters all the while."""
    text = prompt.rsplit("\n\n", 1)[-1]
    if prompt.startswith("Translate"):
        return f"<think>short sentence</think>\n“{ENGLISH.get(text, 'I do not know.')}”"
    sentences = [part.strip() + "." for part in text.split(".") if part.strip()]
    return f"Here is the summary:\n\n{' '.join(sentences[:3:2])}"


@dataclass
class ChatServer:
    """``url`` is its address. ``failures`` are sent first, one per request; ``seen`` is what it was asked."""

    url: str = ""
    rule: Callable[[str], str] = clerk
    key: str | None = None
    reason: str = "stop"
    delay: float = 0.0
    failures: list[Response] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    most_at_once: int = 0
    _now: int = 0

    async def answer(self, request: Request) -> Response:
        body = await request.json()
        self.seen.append(body)
        self.headers.append(dict(request.headers))
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await asyncio.sleep(self.delay)
        finally:
            self._now -= 1
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            told = f"Incorrect API key provided: {request.headers.get('authorization')}"
            return JSONResponse({"error": {"message": told, "type": "invalid_request_error"}}, 401)
        if self.failures:
            return self.failures.pop(0)
        said = self.rule(body["messages"][-1]["content"])
        return JSONResponse(completion(said, self.reason, body["model"]))


def completion(said: str | None, reason: str = "stop", model: str = "clerk") -> dict[str, Any]:
    choice = {"index": 0, "finish_reason": reason, "message": {"role": "assistant", "content": said}}
    usage = {"prompt_tokens": 9, "completion_tokens": 7, "total_tokens": 16}
    return {
        "id": "c", "object": "chat.completion", "created": 0, "model": model, "choices": [choice], "usage": usage
    }  # fmt: skip


def failure(status: int, message: str = "no") -> Response:
    """An error as such servers send it; the client is told to try again soon."""
    return JSONResponse({"error": {"message": message}}, status, headers=QUICK)


def dripping(every: float) -> Response:
    """A space now and then, for ten seconds."""

    async def spaces() -> AsyncIterator[bytes]:
        for _ in range(int(10 / every)):
            yield b" "
            await asyncio.sleep(every)

    return StreamingResponse(spaces(), media_type="application/json")


def broken_off() -> Response:
    """Half of an answer, and then the connection is gone."""
    return Response('{"choices": [', media_type="application/json", headers={"content-length": "500"})


@contextmanager
def hanging_up() -> Iterator[str]:
    """The address of a server that takes every connection and closes it without a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    taken, _ = listening.accept()
                    with taken:
                        taken.recv(65_536)

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@contextmanager
def serving() -> Iterator[ChatServer]:
    """The server, in a thread of its own, while the block runs."""
    chat, app = ChatServer(), FastAPI()
    app.add_api_route("/v1/chat/completions", chat.answer, methods=["POST"])
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    chat.url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield chat
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
