"""What a model wrapper is told: which weights, where they run, and how. Values only; nothing here imports a framework."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """How to open a model.

    ``weights`` are ``bundled:NAME``, a folder, or a hub id (``id`` or ``id@revision``); of several, the first that is
    on disk. ``revision`` is the hub revision of ids that name none themselves. ``threads`` is None for all cores this
    process may use. ``window`` replaces the window the checkpoint states, for models that state none (T5).

    ``languages`` says what the weights cover where the checkpoint does not: ``"de-en"`` is a pair, ``"de"`` is text
    in German to text in German; models with language tokens also cross between the plain codes.
    """

    weights: tuple[str, ...]
    revision: str | None = None
    device: str = "auto"
    precision: str = "auto"
    threads: int | None = None
    window: int | None = None
    languages: tuple[str, ...] = ()


def available_cores() -> int:
    """Cores this process may really use: its CPU affinity and its container's quota, at least 1."""
    cores = _affinity()
    quota = _quota()
    return max(1, min(cores, quota) if quota else cores)


# Batches decoded at a time, one thread each, before batches get more threads: on two cores, two batches of one thread
# took a third less CPU time than one of two (300 sentences, bundled model, greedy: 1.35 and 2.0 s).
_WORKERS = 4


def shared(cores: int) -> tuple[int, int]:
    """Workers, and threads of each, that keep so many cores busy."""
    workers = min(cores, _WORKERS)
    return workers, cores // workers


def _affinity() -> int:
    with suppress(AttributeError, OSError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quota(root: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Whole cores of the container's CPU quota (cgroup 2, then 1), or None if there is none."""
    with suppress(OSError, ValueError):
        limit, period = (root / "cpu.max").read_text().split()
        return None if limit == "max" else max(1, int(limit) // int(period))
    with suppress(OSError, ValueError):
        limit_us = int((root / "cpu" / "cpu.cfs_quota_us").read_text())
        period_us = int((root / "cpu" / "cpu.cfs_period_us").read_text())
        return max(1, limit_us // period_us) if limit_us > 0 else None
    return None
