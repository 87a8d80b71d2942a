"""What page and API share: chains behind a desk, their cache, their metrics, and whether they are ready."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import AsyncGenerator, Iterable, Sequence
from functools import partial

from summarizer.chain import Chain
from summarizer.errors import InputTooLarge, SummarizerError
from summarizer.service.cache import Cache, MemoryCache
from summarizer.service.desk import Desk, Wish
from summarizer.service.limits import Limits
from summarizer.service.loaded import Loaded, tokens_written, warm_ups
from summarizer.service.metrics import Metrics
from summarizer.service.problems import BadShape, Draining, NotReady, encoded
from summarizer.service.rows import Row, in_order
from summarizer.service.schema import BatchRow, SummarizeRequest
from summarizer.types import Result

_log = logging.getLogger(__name__)


class Service:
    """A chain for each preset, many clients. ``cache`` keeps answers; in memory when None.

    ``chain`` is the first preset's, which is meant where a request names none.
    """

    def __init__(self, chains: Sequence[Chain], limits: Limits, cache: Cache | None = None) -> None:
        self.presets = Loaded(chains)
        self.chain = self.presets.default
        self.limits = limits
        self.metrics = Metrics(lambda: self.desk.taken, lambda: self.desk.waiting, self.presets.names)
        self.desk = Desk(self._work, limits, self._seen)
        self.cache = cache or MemoryCache(limits.cache)
        self.warmed = False  # whether the first sentence went through, or failed to
        self._not_ready: str | None = "no sentence went through yet; ask again in a moment"

    async def warm_up(self) -> None:
        """Send a real sentence through each preset; from then on the service is ready. A failure stays readable."""
        try:
            for chain in self.presets:
                for trial in warm_ups(chain):
                    work = partial(chain, trial.text, trial.to, sentences=1, language=trial.language)
                    await self.desk.run(work, deadline=None)
            self._not_ready = None
        except Exception as error:  # noqa: BLE001 - whatever it is, the service is up and not ready
            name = f" of preset {chain.config.name!r}" if len(self.presets.names) > 1 else ""
            self._not_ready = f"the first sentence{name} failed: {type(error).__name__}: {error}"
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
            chain, whole = self.presets.of(request.preset), None
            growing = chain.steps(request.text, request.targets, **request.options)
            # Each step waits for its turn, so that many targets hold nobody up.
            while result := await self.desk.run(lambda: next(growing, None), deadline=self.limits.deadline):
                yield result
                whole = result
        if whole is not None:
            self._observe(chain, [whole])
            self._keep(request, encoded(whole.to_dict()))

    def batch(self, rows: Iterable[Row]) -> AsyncGenerator[tuple[Row, bytes | Exception], None]:
        """Each row with its result as JSON, or its error; in order. Whoever asks holds a place throughout.

        As many rows as fill one batch of the models are at work, so that clients with one article wait little.
        """
        return in_order(rows, self._row, most=self.limits.batch_size)

    async def close(self) -> None:
        """Take no more work and free the models."""
        await self.desk.close()
        self.presets.close()
        self.cache.close()

    async def _row(self, row: BatchRow) -> bytes:
        return self._known(row) or await self._fresh(row)

    async def _fresh(self, request: SummarizeRequest) -> bytes:
        preset = self.presets.of(request.preset).config.name
        wish = Wish(request.targets, request.sentences, request.length, request.language, preset)
        result = await self.desk.ask(wish, request.text, deadline=self.limits.deadline)
        body = encoded(result.to_dict())
        self._keep(request, body)
        return body

    @property
    def characters(self) -> int:
        """The most that one article may have here, with the default preset."""
        return self.characters_of(None)

    def characters_of(self, preset: str | None) -> int:
        """The most that one article may have with a preset."""
        return min(self.limits.characters, self.presets.of(preset).config.max_characters)

    def _known(self, request: SummarizeRequest) -> bytes | None:
        """The answer kept, if any. What is asked is checked first, as far as that goes without reading the text."""
        most = self.characters_of(request.preset)
        if len(request.text) > most:
            raise InputTooLarge(
                f"the text has {len(request.text):,} characters and this service takes {most:,}; "
                "split it, or run summarizer on a machine of your own"
            )
        if len(request.targets) > self.limits.languages:
            raise BadShape(f"to: {len(request.targets)} languages are over the limit of {self.limits.languages}")
        known = self.cache.get(self._key(request)) if self.limits.cache else None
        if self.limits.cache:
            name = self.presets.of(request.preset).config.name
            self.metrics.cache.labels(name, "miss" if known is None else "hit").inc()
        return known

    def _keep(self, request: SummarizeRequest, body: bytes) -> None:
        if self.limits.cache:
            self.cache.put(self._key(request), body)

    def _key(self, request: SummarizeRequest) -> bytes:
        # The signature names version, preset, models and what follows from the options; the rest says how it was asked.
        chain = self.presets.of(request.preset)
        signature = chain.signature(request.targets, sentences=request.sentences, length=request.length)
        asked = json.dumps([signature, request.targets, request.options]).encode()
        return hashlib.sha256(asked + b"\n" + request.text.encode("utf-8", "surrogatepass")).digest()

    def _seen(self, wish: Wish, articles: int) -> None:
        self.metrics.batches.labels(wish.preset).observe(articles)

    def _work(self, wish: Wish, texts: Sequence[str]) -> list[Result | Exception]:
        """What becomes of each text, on a thread. A fault that nobody foresaw costs its own text only."""
        outcomes: list[Result | Exception]
        chain = self.presets.of(wish.preset)
        try:
            outcomes = list(
                chain.stream(
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
        self._observe(chain, [outcome for outcome in outcomes if isinstance(outcome, Result)])
        return outcomes

    def _observe(self, chain: Chain, results: Sequence[Result]) -> None:
        for result in results:
            self.metrics.observe(result, preset=chain.config.name, tokens=tokens_written(chain, result))
