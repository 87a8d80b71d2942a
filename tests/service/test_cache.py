"""Caches are bounded in bytes, forget the least used, and never are why something fails."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.service.cache import Cache, DiskCache, MemoryCache

KINDS = ["memory", "disk"]


@pytest.fixture(params=KINDS)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[int], MemoryCache | DiskCache]:
    """A maker of caches with a bound."""
    return MemoryCache if request.param == "memory" else lambda bound: DiskCache(tmp_path / "answers.db", bound)


def keys(cache: Cache, count: int) -> set[int]:
    return {n for n in range(count) if cache.get(bytes([n])) is not None}


def test_what_is_kept_is_found(made: Callable[[int], MemoryCache | DiskCache]) -> None:
    """The bytes put in come out; what was never put in does not."""
    cache = made(10_000)
    cache.put(b"a", b"answer \x00\xff")
    assert cache.get(b"a") == b"answer \x00\xff"
    assert cache.get(b"b") is None
    cache.close()


def test_the_least_used_goes_first(made: Callable[[int], MemoryCache | DiskCache]) -> None:
    """Bytes never exceed the bound, and using an answer keeps it."""
    cache = made(4 * 1120)
    for n in range(4):
        cache.put(bytes([n]), bytes(1000))
    assert cache.get(bytes([0])) is not None
    cache.put(bytes([4]), bytes(1000))
    assert cache.size <= cache.bound
    assert keys(cache, 5) == {0, 2, 3, 4}
    cache.put(bytes([5]), bytes(5000))  # larger than all of it
    assert keys(cache, 6) == {0, 2, 3, 4}
    for n in range(200):
        cache.put(bytes([n]), bytes(3 * n))
        assert cache.size <= cache.bound
    cache.close()


def test_putting_twice_counts_once(made: Callable[[int], MemoryCache | DiskCache]) -> None:
    """Two clients that asked the same at once leave one answer."""
    cache = made(10_000)
    cache.put(b"a", bytes(1000))
    size = cache.size
    cache.put(b"a", bytes(1000))
    assert cache.size == size
    cache.close()


def test_a_file_outlives_the_process_and_is_private(tmp_path: Path) -> None:
    """What is on disk is there again, within a bound that may have become smaller; only its owner may read it."""
    path = tmp_path / "answers.db"
    first = DiskCache(path, 10_000)
    for n in range(5):
        first.put(bytes([n]), bytes(1000))
    first.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    second = DiskCache(path, 3000)
    assert second.size <= 3000
    assert keys(second, 5) == {3, 4}
    second.close()


def test_a_broken_file_is_begun_anew(tmp_path: Path) -> None:
    """It held nothing that cannot be made again."""
    path = tmp_path / "answers.db"
    path.write_bytes(b"no database at all, but longer than a header would be" * 50)
    cache = DiskCache(path, 10_000)
    cache.put(b"a", b"answer")
    assert cache.get(b"a") == b"answer"
    cache.close()


def test_a_file_that_cannot_be_is_done_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The service works on; the log says why it is slower."""
    with caplog.at_level(logging.WARNING):
        cache = DiskCache(tmp_path / "no folder" / "answers.db", 10_000)
    assert "going on without it" in caplog.text
    cache.put(b"a", b"answer")
    assert cache.get(b"a") is None
    cache.close()
