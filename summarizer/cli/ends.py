"""Ends that are nobody's mistake: a reader who has seen enough, and Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

INTERRUPTED = 130


class ReaderGone(Exception):
    """Whoever read our standard output has closed it, as ``head`` does. Not an error of anybody."""


def clean_up_when_interrupted() -> None:
    """From here on Ctrl-C unwinds the program, so that what it has begun is cleaned up. Commands call it before they begin."""
    _on_interrupt(_interrupt)


def heed_interrupt() -> None:
    """Raise the KeyboardInterrupt that was asked for and lost.

    Python raises it wherever the program happens to be. Within a finalizer or a callback of a library it is printed
    and dropped there, and a long job would go on to its end; so it calls this between two steps.
    """
    if _interrupted.is_set():
        raise KeyboardInterrupt


@contextmanager
def interrupted_at_once() -> Iterator[None]:
    """Ctrl-C ends the program on the spot, until a command has something to clean up.

    A KeyboardInterrupt would not do while modules are imported: raised within a callback of the import system it is
    printed and lost, and the program waits on.
    """
    before = _on_interrupt(lambda *_: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        if before is not None:
            _on_interrupt(before)


_interrupted = threading.Event()


def _interrupt(*_: Any) -> None:
    _interrupted.set()
    raise KeyboardInterrupt


def _on_interrupt(handler: Any) -> Any:
    """Set the handler, and give back the one before; a program that ignores Ctrl-C goes on ignoring it."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            return None
        return signal.signal(signal.SIGINT, handler)
    except ValueError:  # not in the main thread, where no handler can be set
        return None
