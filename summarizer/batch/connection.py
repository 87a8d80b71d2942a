"""To a Ray cluster and back: connecting, its settings for the time of a job, and its errors as ours."""

from __future__ import annotations

import logging
import os
import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from summarizer.errors import ConfigError, MissingDependency, ModelFailed, SummarizerError

RETRIES = 3  # of a part whose actor has died
KNOCK_SECONDS = 10.0  # for a connection to a machine of the cluster


@contextmanager
def connected(ray: Any, address: str) -> Iterator[None]:
    if ray.is_initialized():  # the caller's own connection, which is not ours to close
        yield
        return
    if address.startswith("ray://"):
        raise ConfigError(
            f"{address!r} is an address of Ray Client, through which no files of this machine can be read; run this "
            "command on a machine of the cluster, with --cluster auto, or with the address that `ray start` printed, host:6379"
        )
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves the machine
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # what it would log is raised, too
    local = {"include_dashboard": False} if address == "local" else {}
    try:
        _knock(address)
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", **local)
    except (ConnectionError, ValueError, RuntimeError, OSError) as error:
        raise ConfigError(
            f"there is no Ray cluster at {address!r} ({error}); start one, or use --cluster local"
        ) from error
    try:
        with redirect_stdout(sys.stderr):  # where Ray tells of actors that died
            yield
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Somebody must be listening; Ray itself would try for more than ten minutes."""
    host, _, port = address.rpartition(":")
    if port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=KNOCK_SECONDS).close()


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


def retried(map_batches: Callable[..., Any], *arguments: Any, **settings: Any) -> Any:
    """What ``map_batches`` gives, with parts done again after their actor has died, but not for ever.

    Machines are lost now and then; a text that kills its actor would do so again and again.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the way to say so is to go in Ray 2.64, and none is named that comes after it
        try:
            return map_batches(*arguments, **settings, max_task_retries=RETRIES)
        except TypeError:
            return map_batches(*arguments, **settings)


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
