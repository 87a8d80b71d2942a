"""What a first article will ask for, made ready in a thread while the rest is opened: each thing once in a process.

The tables of the facts take 0.15 s. What goes wrong here is told where it is asked for.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from threading import Thread


@cache
def fact_tables(source: str, target: str) -> None:
    """Have the tables read by which facts in these two languages are compared."""

    def quietly() -> None:
        with suppress(Exception):
            _compare(source, target)

    Thread(target=quietly, daemon=True).start()


def _compare(source: str, target: str) -> None:
    from summarizer.stages.checks import check  # noqa: PLC0415

    # A name, a number and a negation on each side: every table is opened.
    check("Kein Thema in Oslo: 12,5", "Nobody in Paris: 17.30", source_language=source, language=target)
