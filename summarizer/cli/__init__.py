"""The command line's way in and out: what runs a command, and turns every end it can come to into an exit code.

0 all good · 1 some rows failed · 2 wrong usage, config or input · 3 a model is missing or failed · 130 interrupted.
Nothing but the error tree is imported here, so that Ctrl-C is met even while the program starts.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Sequence

from summarizer.cli.ends import INTERRUPTED, ReaderGone, interrupted_at_once
from summarizer.errors import ConfigError, InputError, LanguageNotSupported, SummarizerError

USAGE, MODEL = 2, 3
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; ``arguments`` are those of the process when None. Returns the exit code."""

    def run() -> int:
        with interrupted_at_once():
            return _run(arguments)

    return exit_code(run)


def exit_code(work: Callable[[], int]) -> int:
    """Do ``work``; what it returns, or the code of the end it came to, which is told on standard error."""
    try:
        return _written(work())
    except KeyboardInterrupt:
        return INTERRUPTED
    except ReaderGone:
        return 0
    except SystemExit as end:  # argument parsers and libraries may leave this way
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception as error:  # noqa: BLE001 - the last net: one line, never a traceback
        return _failed(error)
    finally:
        _flush()


def _run(arguments: Sequence[str] | None) -> int:
    from summarizer.cli.commands import app  # noqa: PLC0415 - the parser comes under the net

    _speak_utf8()
    _log_to_stderr()
    return int(app(arguments, prog_name="summarizer", standalone_mode=False) or 0)


def _failed(error: Exception) -> int:
    if type(error).__name__ == "Abort":
        return INTERRUPTED
    if os.environ.get("SUMMARIZER_DEBUG"):
        import traceback  # noqa: PLC0415

        traceback.print_exception(error)
    message, code = _told(error)
    sys.stderr.write(f"error: {message}\n")
    return code


def _told(error: Exception) -> tuple[str, int]:
    """What to say about an error, on one line, and the exit code it ends in."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        where = error.filename or "output"
        return f"{where}: {_line(error.strerror or str(error))}; make room, or write to another place", USAGE
    usage = getattr(error, "format_message", None)  # the parser's own errors; its class moves between versions
    if usage is not None:
        return f"{_line(usage())}; see summarizer --help", USAGE
    if isinstance(error, SummarizerError):
        mistaken = isinstance(error, InputError | ConfigError | LanguageNotSupported)
        return _line(str(error)), USAGE if mistaken else MODEL
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {_line(error.strerror or str(error))}", USAGE
    kind = type(error).__name__
    return f"unexpected {kind}: {_line(str(error))} (run again with SUMMARIZER_DEBUG=1 for the traceback)", MODEL


def _line(message: str) -> str:
    return " ".join(message.split()).rstrip(".")


def _speak_utf8() -> None:
    """Files and pipes get UTF-8 whatever the machine's code page; a terminal keeps its own and never stops us."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace") if stream.isatty() else reconfigure(encoding="utf-8", errors="replace")


def _log_to_stderr() -> None:
    import logging  # noqa: PLC0415

    debug = bool(os.environ.get("SUMMARIZER_DEBUG"))
    logger = logging.getLogger("summarizer")
    if all(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(name)s: %(message)s" if debug else "warning: %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG if debug else logging.WARNING)


def _written(code: int) -> int:
    """The code, once all that was said is written; a full disk is told, a reader who has left is not."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    return code


def _flush() -> None:
    """Write out what is buffered; what cannot be written was told of, and stays quiet when the interpreter ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
