"""Files and pages into text: each in a short-lived process with bounds, a few at a time, so that none harms the service."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from summarizer.errors import InputError
from summarizer.service.limits import Limits
from summarizer.service.problems import DeadlineExceeded, Forbidden
from summarizer.text.child import Task, answered, command
from summarizer.text.filetext import FileText

if TYPE_CHECKING:
    from summarizer.service.fetching import Fetcher

# What a child needs to run. It is told no key.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT", "LANG", "TMPDIR")
QUICK = 6  # seconds of processor for a small file, of which one of 190,000 characters takes 0.6 and of 500 pages 1.0
STEP = 100_000  # bytes of a file for which it gets one second more
GRACE = 2.0  # seconds for a process to start, beside those for reading


class Reader:
    """Reads what strangers send. ``characters`` is the most that one text may have; without ``fetcher`` no page is fetched."""

    def __init__(self, limits: Limits, characters: int, fetcher: Fetcher | None = None) -> None:
        self.limits, self.characters, self.fetcher = limits, characters, fetcher
        self._places = asyncio.Semaphore(limits.readers)
        self._fetching = asyncio.Semaphore(limits.fetchers)

    async def read(self, data: bytes, name: str = "", charset: str = "") -> FileText:
        """The text of a file.

        Raises:
            SummarizerError: as :func:`~summarizer.text.files.read_file` says, and for what is over its bounds.
            DeadlineExceeded: it had to wait too long.
        """
        return await self._in_time(self._read(data, self._task(name, charset, len(data))))

    async def fetch(self, url: str) -> FileText:
        """The text of a page.

        Raises:
            Forbidden: the operator does not allow it.
            SummarizerError: as :meth:`read`, and where the page cannot be had.
            DeadlineExceeded: it had to wait too long.
        """
        if self.fetcher is None:
            raise Forbidden(
                "URLs are not read here; save the page and send the file, or the operator starts with --allow-urls"
            )
        return await self._in_time(self._fetched(url, self.fetcher))

    async def _fetched(self, url: str, fetcher: Fetcher) -> FileText:
        async with self._fetching:
            page = await fetcher.fetch(url)
        return await self._read(
            page.data, self._task("page.html" if page.is_html else "", page.charset, len(page.data))
        )

    async def _in_time(self, work: Coroutine[Any, Any, FileText]) -> FileText:
        try:
            return await asyncio.wait_for(work, self.limits.deadline)
        except asyncio.TimeoutError:
            raise DeadlineExceeded(f"not read within {self.limits.deadline:g} s; try again later") from None

    async def _read(self, data: bytes, task: Task) -> FileText:
        async with self._places:
            return await self._in_a_child(data, task)

    def _task(self, name: str, charset: str, size: int) -> Task:
        limits, ending = self.limits, PurePath(name).suffix[:20]  # others on the machine can see a command line
        return Task(
            f"file{ending}",
            charset[:40],
            size=limits.file,
            characters=self.characters,
            seconds=min(limits.read_seconds, QUICK + size // STEP),
            memory=limits.read_memory,
        )

    async def _in_a_child(self, data: bytes, task: Task) -> FileText:
        child = await asyncio.create_subprocess_exec(
            *command(task),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # it may quote the text
            env=_environment(os.environ),
        )
        try:
            said, _ = await asyncio.wait_for(child.communicate(data), self.limits.read_seconds + GRACE)
        except asyncio.TimeoutError:
            raise InputError(
                f"the file takes longer than {self.limits.read_seconds} s to read; split it, or save it again"
            ) from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return answered(said)


def _environment(of: Mapping[str, str]) -> dict[str, str]:
    # One thread: each one more reserves memory, which is counted.
    return {name: of[name] for name in _ENVIRONMENT if name in of} | {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
