"""To a Ray cluster and back: connecting, its settings for the time of a job, and its errors as ours."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from summarizer.errors import ConfigError, MissingDependency, ModelFailed, SummarizerError


@contextmanager
def connected(ray: Any, address: str) -> Iterator[None]:
    if ray.is_initialized():  # the caller's own connection, which is not ours to close
        yield
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves the machine
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    local = {"include_dashboard": False} if address == "local" else {}
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", **local)
    except (ConnectionError, ValueError, RuntimeError, OSError) as error:
        raise ConfigError(
            f"there is no Ray cluster at {address!r} ({error}); start one, or use --cluster local"
        ) from error
    try:
        yield
    finally:
        ray.shutdown()


@contextmanager
def one_part_each() -> Iterator[None]:
    """Ray Data's blocks hold one part each, or a single actor would be given all of them; and it prints nothing."""
    from ray.data import DataContext  # noqa: PLC0415

    context = DataContext.get_current()
    ours = {"target_max_block_size": 1, "target_min_block_size": 1, "enable_progress_bars": False}
    before = {name: getattr(context, name) for name in ours}
    for name, value in ours.items():
        setattr(context, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(context, name, value)


@contextmanager
def mapped(ray: Any) -> Iterator[None]:
    """Ray's errors as ours."""
    try:
        yield
    except ray.exceptions.RayError as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, SummarizerError):
            cause = getattr(cause, "cause", None) or cause.__cause__
        if cause is not None:
            raise cause from error
        raise ModelFailed(
            f"the cluster gave up: {str(error).strip().splitlines()[-1]}; what was done is kept, "
            "and the same command goes on from there"
        ) from error


def ray() -> Any:
    try:
        import ray as installed  # noqa: PLC0415
        import ray.data  # noqa: PLC0415
    except ImportError as error:
        raise MissingDependency("ray[data]", "cluster", "running on a cluster") from error
    return installed
