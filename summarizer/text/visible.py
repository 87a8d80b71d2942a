"""A file's text as a person reads it: of a web page the article, without markup; all that is left out is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from summarizer.errors import EmptyInput
from summarizer.text.clean import clean
from summarizer.text.filetext import FileText, Note
from summarizer.types import Dropped


def visible(found: FileText) -> FileText:
    """The same as plain text. Only HTML changes: its title, headings and paragraphs, a blank line between them.

    Raises:
        EmptyInput: the page holds no article; it may be one that is written by scripts in a browser.
    """
    if found.kind != "html":
        return found
    article = clean(found.text)
    text = "\n\n".join(" ".join(block.span.text.split()) for block in article.blocks)
    if not text:
        raise EmptyInput("the page holds no text to read; open it in a browser, and paste or save what is shown there")
    return replace(found, text=text, title=article.title, notes=(*found.notes, *_left_out(article.dropped)))


def _left_out(dropped: Sequence[Dropped]) -> list[Note]:
    sizes: Counter[str] = Counter()
    for item in dropped:
        sizes[item.kind] += len(item.span.text)
    sizes.pop("markup", None)
    if not sizes:
        return []
    kinds = ", ".join(kind for kind, _ in sizes.most_common())
    return [Note("left_out", f"{sizes.total():,} characters beside the article are left out ({kinds})")]
