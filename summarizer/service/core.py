"""What page and API share: a chain behind a desk, its cache, its metrics, and whether it is ready."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import AsyncGenerator, Iterable, Sequence

from summarizer.chain import Chain
from summarizer.errors import InputTooLarge, SummarizerError
from summarizer.service.cache import Cache, MemoryCache
from summarizer.service.desk import Desk, Wish
from summarizer.service.limits import Limits
from summarizer.service.metrics import Metrics
from summarizer.service.problems import BadShape, Draining, NotReady, encoded
from summarizer.service.rows import Row, explained, in_order
from summarizer.service.schema import BatchRow, SummarizeRequest
from summarizer.types import Result

WARM_UP = (
    "Der Gemeinderat hat am Montag 18 neue Bäume für den Stadtpark bewilligt. "
    "Die Arbeiten beginnen nach Angaben der Stadt im Oktober und kosten 12.500 Euro."
)

__all__ = ["WARM_UP", "Service", "explained"]

_log = logging.getLogger(__name__)


class Service:
    """One chain, many clients. ``cache`` keeps answers; in memory when None."""

    def __init__(self, chain: Chain, limits: Limits, cache: Cache | None = None) -> None:
        self.chain = chain
        self.limits = limits
        self.metrics = Metrics(lambda: self.desk.taken, lambda: self.desk.waiting)
        self.desk = Desk(self._work, limits, self.metrics.batches.observe)
        self.cache = cache or MemoryCache(limits.cache)
        self.warmed = False  # whether the first sentence went through, or failed to
        self._not_ready: str | None = "no sentence went through yet; ask again in a moment"

    async def warm_up(self) -> None:
        """Send a real sentence through; from then on the service is ready. A failure stays readable."""
        try:
            target = _warm_up_target(self.chain)
            await self.desk.run(lambda: self.chain(WARM_UP, target, sentences=1), deadline=None)
            self._not_ready = None
        except Exception as error:  # noqa: BLE001 - whatever it is, the service is up and not ready
            self._not_ready = f"the first sentence failed: {type(error).__name__}: {error}"
            _log.warning("not ready: %s", self._not_ready)
        self.warmed = True

    def check_ready(self) -> None:
        """Raises:
        NotReady: no sentence went through yet.
        Draining: the service is about to end.
        """
        if self.desk.draining:
            raise Draining("the service is about to end; ask another")
        if self._not_ready:
            raise NotReady(self._not_ready)

    async def answer(self, request: SummarizeRequest) -> tuple[bytes, bool]:
        """The result for one article as JSON, and whether it was kept from before.

        Raises:
            SummarizerError, ServiceError: as the chain and the desk say.
        """
        known = self._known(request)
        if known is not None:
            return known, True
        async with self.desk.place():
            return await self._fresh(request), False

    async def summarize(self, request: SummarizeRequest) -> Result:
        """One article; as :meth:`answer`."""
        body, _ = await self.answer(request)
        return Result.from_dict(json.loads(body))

    async def steps(self, request: SummarizeRequest) -> AsyncGenerator[Result, None]:
        """One article, its result as it grows: the summary first, the whole last. Leaving off midway frees the place.

        Raises:
            SummarizerError, ServiceError: as the chain and the desk say.
        """
        known = self._known(request)
        if known is not None:
            yield Result.from_dict(json.loads(known))
            return
        async with self.desk.place():
            growing = self.chain.steps(request.text, request.targets, **request.options)
            whole = None
            # Each step waits for its turn, so that many targets hold nobody up.
            while result := await self.desk.run(lambda: next(growing, None), deadline=self.limits.deadline):
                yield result
                whole = result
        if whole is not None:
            self._observe([whole])
            self._keep(request, encoded(whole.to_dict()))

    def batch(self, rows: Iterable[Row]) -> AsyncGenerator[tuple[Row, bytes | Exception], None]:
        """Each row with its result as JSON, or its error; in order. Whoever asks holds a place throughout.

        As many rows as fill one batch of the models are at work, so that clients with one article wait little.
        """
        return in_order(rows, self._row, most=self.limits.batch_size)

    async def close(self) -> None:
        """Take no more work and free the models."""
        await self.desk.close()
        self.chain.close()
        self.cache.close()

    async def _row(self, row: BatchRow) -> bytes:
        return self._known(row) or await self._fresh(row)

    async def _fresh(self, request: SummarizeRequest) -> bytes:
        wish = Wish(request.targets, request.sentences, request.length, request.language)
        result = await self.desk.ask(wish, request.text, deadline=self.limits.deadline)
        body = encoded(result.to_dict())
        self._keep(request, body)
        return body

    @property
    def characters(self) -> int:
        """The most that one article may have here."""
        return min(self.limits.characters, self.chain.config.max_characters)

    def _known(self, request: SummarizeRequest) -> bytes | None:
        """The answer kept, if any. What is asked is checked first, as far as that goes without reading the text."""
        if len(request.text) > self.characters:
            raise InputTooLarge(
                f"the text has {len(request.text):,} characters and this service takes {self.characters:,}; "
                "split it, or run summarizer on a machine of your own"
            )
        if len(request.targets) > self.limits.languages:
            raise BadShape(f"to: {len(request.targets)} languages are over the limit of {self.limits.languages}")
        known = self.cache.get(self._key(request)) if self.limits.cache else None
        if self.limits.cache:
            self.metrics.cache.labels("miss" if known is None else "hit").inc()
        return known

    def _keep(self, request: SummarizeRequest, body: bytes) -> None:
        if self.limits.cache:
            self.cache.put(self._key(request), body)

    def _key(self, request: SummarizeRequest) -> bytes:
        # The signature names version, preset, models and what follows from the options; the rest says how it was asked.
        signature = self.chain.signature(request.targets, sentences=request.sentences, length=request.length)
        asked = json.dumps([signature, request.targets, request.options]).encode()
        return hashlib.sha256(asked + b"\n" + request.text.encode("utf-8", "surrogatepass")).digest()

    def _work(self, wish: Wish, texts: Sequence[str]) -> list[Result | Exception]:
        """What becomes of each text, on a thread. A fault that nobody foresaw costs its own text only."""
        outcomes: list[Result | Exception]
        try:
            outcomes = list(
                self.chain.stream(
                    texts,
                    wish.to,
                    sentences=wish.sentences,
                    length=wish.length,
                    language=wish.language,
                    batch_size=len(texts),
                    on_error="return",
                )
            )
        except Exception as error:  # noqa: BLE001 - told to the client, or found by trying each text alone
            if len(texts) == 1 or isinstance(error, SummarizerError):  # an option that all of them share
                return [error] * len(texts)
            return [outcome for text in texts for outcome in self._work(wish, [text])]
        self._observe([outcome for outcome in outcomes if isinstance(outcome, Result)])
        return outcomes

    def _observe(self, results: Sequence[Result]) -> None:
        model = getattr(self.chain.translator, "model", None)
        for result in results:
            written = [text for to, text in result.translations.items() if to != result.language]
            self.metrics.observe(result, tokens=sum(map(model.count, written)) if model is not None else 0)


def _warm_up_target(chain: Chain) -> str | None:
    translation = chain.config.translation
    if translation is None:
        return None
    targets = translation.languages.target
    return "en" if "en" in targets or "*" in targets else targets[0]
