"""What a first article will ask for, made ready in threads while the rest is opened: each thing once in a process.

Unpacking the language model takes half a second without Python's lock, the tables of the facts 0.15 s with it, while a
first article waits for the former. What goes wrong here is told where it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from threading import Thread


@cache
def language_model() -> None:
    """Have the model that tells languages unpacked."""
    _begin(_detect)


@cache
def fact_tables(source: str, target: str) -> None:
    """Have the tables read by which facts in these two languages are compared."""
    _begin(lambda: _compare(source, target))


def _begin(work: Callable[[], None]) -> None:
    def quietly() -> None:
        with suppress(Exception):
            work()

    Thread(target=quietly, daemon=True).start()


def _detect() -> None:
    from summarizer.text.language import detect  # noqa: PLC0415

    detect("Sprache")


def _compare(source: str, target: str) -> None:
    from summarizer.stages.checks import check  # noqa: PLC0415

    # A name, a number and a negation on each side: every table is opened.
    check("Kein Thema in Oslo: 12,5", "Nobody in Paris: 17.30", source_language=source, language=target)
