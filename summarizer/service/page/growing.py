"""A result as it grows, and between its forms how far the work has come."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from summarizer.progress import Stage, heard_by
from summarizer.service.core import Service
from summarizer.service.schema import SummarizeRequest
from summarizer.types import Result

PAUSE = 0.2  # seconds between two stages that are shown; faster is a flicker


async def growing(service: Service, asked: SummarizeRequest) -> AsyncGenerator[Result | Stage, None]:
    """The results of :meth:`Service.steps`, and the stages in between as they change.

    Raises:
        SummarizerError, ServiceError: as the chain and the desk say.
    """
    heard: deque[Stage] = deque(maxlen=1)
    async with aclosing(service.steps(asked)) as steps:
        while True:
            with heard_by(heard.append):  # the task takes the listener along
                coming = asyncio.ensure_future(anext(steps, None))
            try:
                async for stage in _until(coming, heard):
                    yield stage
            finally:
                coming.cancel()
                await asyncio.wait({coming})  # steps can only be closed when nobody waits for the next
            result = coming.result()
            if result is None:
                return
            yield result


async def _until(coming: asyncio.Future[Result | None], heard: deque[Stage]) -> AsyncIterator[Stage]:
    told: Stage | None = None
    while not (await asyncio.wait({coming}, timeout=PAUSE))[0]:
        if heard and heard[0] != told:
            told = heard[0]
            yield told
