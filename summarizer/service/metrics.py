"""Counters for Prometheus, one registry per app. Labels are few and fixed: presets, steps; no text, address or key."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from summarizer.types import Result

_ARTICLES = (1, 2, 4, 8, 16, 32, 64)
_SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """What is counted.

    ``taken`` is asked for the number of requests that run or wait, ``waiting`` for the articles in the queue;
    ``presets`` are the names that stand in labels.
    """

    def __init__(self, taken: Callable[[], float], waiting: Callable[[], float], presets: Iterable[str]) -> None:
        self.registry = into = CollectorRegistry()
        self.requests = Counter(
            "summarizer_requests", "Requests by path and status.", ["path", "status"], registry=into
        )
        self.latency = Histogram(
            "summarizer_request_seconds", "Time to answer.", ["path"], buckets=_SECONDS, registry=into
        )
        self.stages = Histogram(
            "summarizer_stage_seconds",
            "Time per stage of one article.",
            ["preset", "stage"],
            buckets=_SECONDS,
            registry=into,
        )
        self.findings = Counter(
            "summarizer_findings", "Findings by step and kind.", ["preset", "step", "kind"], registry=into
        )
        self.characters = Counter(
            "summarizer_characters", "Characters of input by fate.", ["preset", "fate"], registry=into
        )
        self.tokens = Counter(
            "summarizer_tokens", "Tokens written by the translation model.", ["preset"], registry=into
        )
        self.cache = Counter("summarizer_cache", "Articles looked up in the cache.", ["preset", "found"], registry=into)
        self.batches = Histogram(
            "summarizer_batch_articles",
            "Articles in one batch of the models.",
            ["preset"],
            buckets=_ARTICLES,
            registry=into,
        )
        for preset in presets:  # counts begin at nought, not when something is counted first
            self.batches.labels(preset)
            self.tokens.labels(preset)
        places = Gauge("summarizer_places_taken", "Requests that run or wait.", registry=into)
        places.set_function(taken)
        queue = Gauge("summarizer_queue_articles", "Articles that wait for a batch.", registry=into)
        queue.set_function(waiting)

    def observe(self, result: Result, *, preset: str, tokens: int = 0) -> None:
        """Count one result and the tokens of its translations."""
        self.tokens.labels(preset).inc(tokens)
        for stage, seconds in result.timings.items():
            self.stages.labels(preset, stage).observe(seconds)
        for finding in result.findings:
            self.findings.labels(preset, finding.step, finding.kind).inc()
        for fate in ("read", "dropped", "unread"):
            self.characters.labels(preset, fate).inc(getattr(result.coverage, fate))

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)


class Counted:
    """ASGI middleware: counts and times every request. Paths outside ``known`` are all ``page``, so labels stay few."""

    def __init__(self, app: ASGIApp, metrics: Metrics, known: frozenset[str]) -> None:
        self.app, self.metrics, self.known = app, metrics, known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status: list[int] = []
        start = time.perf_counter()

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self._count(scope, status[0] if status else 499, time.perf_counter() - start)  # 499: the client left

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        path = scope["path"] if scope["path"] in self.known else "page"
        self.metrics.requests.labels(path, str(status)).inc()
        self.metrics.latency.labels(path).observe(seconds)
