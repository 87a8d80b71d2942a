"""The records of CSV, as Excel and others write it: what the batch job and the service read alike."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TextIO

from summarizer.errors import InputError

DELIMITERS = ",;\t|"
SAMPLE = 1 << 20  # bytes looked at to tell the encoding

_QUOTE = "a quote is opened here and never closed; all that follows was read as one cell"


def delimiter_of(header: str) -> str:
    """The delimiter that stands most often in the header outside quotes; the comma where there is none."""
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count)


def header_of(first: str, lines: TextIO, *, longest: int = sys.maxsize) -> str:
    """The header that begins with the line ``first``: a quoted name may hold line breaks. Ends when over ``longest``."""
    header, quotes = first, first.count('"')
    while quotes % 2 and len(header) <= longest and (more := lines.readline()):
        header, quotes = header + more, quotes + more.count('"')
    return header


def records(
    lines: Iterable[str],
    *,
    delimiter: str,
    before: int,
    broken: tuple[type[Exception], ...],
    told: Callable[[Exception], InputError],
) -> Iterator[tuple[int, list[str] | InputError]]:
    """Line and cells of each record, or what is wrong with it.

    ``before`` lines stand above the first. csv goes on after an error of its own; after one of ``broken``, which the
    file raises and ``told`` puts into words, nothing more can be read.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = before + reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, InputError(_QUOTE if "unexpected end" in str(error) else f"not CSV: {error}")
        except broken as error:
            yield line, told(error)
            return


def too_many(cells: Sequence[str], columns: Sequence[str], *, line: int, delimiter: str) -> str:
    """What is said of a record with more cells than the header: most often an article with an unquoted delimiter, whose
    first piece alone would be cut in silence.
    """
    return f"line {line}: {len(cells)} cells under a header of {len(columns)}; quote cells that hold {delimiter!r}"
