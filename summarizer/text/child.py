"""A stranger's file read in a process of its own, which has little time, little memory and nothing to tell.

The parent writes the file to standard input and reads one JSON object: what is in it, or the error. A file that hangs
the reader or eats memory ends this process, and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import summarizer.errors
from summarizer.errors import InputError, InputTooLarge, SummarizerError
from summarizer.text.files import read_file
from summarizer.text.filetext import Bounds, FileText, Note
from summarizer.text.visible import visible

# The same places to import from as in the parent, and none before them: ``sys`` is the one module that needs no file.
_PROGRAM = "import sys; sys.path[:] = sys.argv[1].split('\\n'); from summarizer.text.child import main; main()"
_TOO_MUCH = "the file takes more memory to read than is allowed; split it, or print it to a new PDF"


@dataclass(frozen=True, slots=True)
class Task:
    """What the child is told: the file's name, the encoding a server said, and the bounds."""

    name: str = ""
    charset: str = ""
    size: int = Bounds().size
    unpacked: int = Bounds().unpacked
    pages: int = Bounds().pages
    characters: int = 200_000
    seconds: int = 20
    memory: int = 2**30


def command(task: Task) -> list[str]:
    """The command line of the child."""
    places = "\n".join(place or str(Path.cwd()) for place in sys.path)
    return [sys.executable, "-c", _PROGRAM, places, json.dumps(asdict(task))]


def answered(said: bytes) -> FileText:
    """What the child found.

    Raises:
        SummarizerError: what the child says; InputError if it was ended before it said anything.
    """
    try:
        answer = json.loads(said)
    except ValueError:
        raise InputError(
            "the file could not be read within its bounds of time and memory; split it, or save it again"
        ) from None
    if "error" in answer:
        raise _error(answer["error"], answer["message"])
    notes = tuple(Note(**note) for note in answer["notes"])
    return FileText(answer["text"], answer["kind"], answer["title"], notes)


def _error(name: str, message: str) -> SummarizerError:
    kind = getattr(summarizer.errors, name)
    error: SummarizerError = kind.__new__(kind)
    Exception.__init__(error, message)
    return error


def main() -> None:
    """Read standard input as the arguments say; write JSON to standard output."""
    task = Task(**json.loads(sys.argv[2]))
    _bound(task)
    try:
        answer = _read(sys.stdin.buffer.read(task.size + 1), task)
    except SummarizerError as error:
        answer = {"error": type(error).__name__, "message": str(error)}
    except RecursionError:
        answer = {"error": "UndecodableInput", "message": "the file is nested without end; it is damaged"}
    except MemoryError:
        answer = {"error": "InputTooLarge", "message": _TOO_MUCH}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _read(data: bytes, task: Task) -> dict[str, object]:
    found = visible(
        read_file(data, task.name, bounds=Bounds(task.size, task.unpacked, task.pages), charset=task.charset)
    )
    if len(found.text) > task.characters:
        raise InputTooLarge(
            f"the file holds {len(found.text):,} characters of text and the limit is {task.characters:,}; split it"
        )
    return asdict(found)


def _bound(task: Task) -> None:
    """From here on the system holds the bounds; nothing is written, and summaries go first."""
    try:
        os.nice(5)
        import resource  # noqa: PLC0415 - not on Windows, where the parent's clock is the only bound
    except (ImportError, AttributeError):
        return
    for what, most in (
        (resource.RLIMIT_AS, task.memory),
        (resource.RLIMIT_CPU, task.seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
