"""What a page of the documentation copies from another is the same there."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def test_the_figures_of_the_fact_guard_are_those_measured() -> None:
    """docs/faithfulness.md shows the section "Fact guard" of docs/quality.md; copy it again when it has changed."""
    measured = re.search(
        r"^## Fact guard\n\n(.*?)(?=^## )", (DOCS / "quality.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    copied = re.search(
        r"<!-- copy of quality\.md: Fact guard -->\n(.*?)\n<!-- end of copy -->",
        (DOCS / "faithfulness.md").read_text("utf-8"),
        re.DOTALL,
    )
    assert measured
    assert copied
    assert copied[1].strip() == measured[1].strip()


def test_the_translators_page_says_what_its_card_says() -> None:
    """docs/translator.md repeats data, limits and samples of the card that lies beside the weights."""
    card = (DOCS.parent / "summarizer" / "data" / "de-en" / "README.md").read_text("utf-8")
    page = (DOCS / "translator.md").read_text("utf-8")
    sections = dict(part.split("\n", 1) for part in card.split("\n## ")[1:])
    wanted = [name for name in sections if name.startswith(("Data", "Not good for", "Twenty unpicked"))]
    assert len(wanted) == 3
    for name in wanted:
        assert sections[name].strip() in page
