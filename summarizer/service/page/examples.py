"""Articles to try: those that come with the package, as far as the preset makes something of their language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from summarizer.config import Config
from summarizer.text.clean import clean

_PACKAGE = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Example:
    """An article, its headline, and its language: that of ``name.fr.txt``, German where the name says none."""

    name: str
    text: str
    language: str


def examples(config: Config) -> list[Example]:
    """Those a preset can read and translate; one of each language first, then the others."""
    found = [example for example in everything() if _fits(example.language, config)]
    order = [[other.language for other in found[:index]].count(example.language) for index, example in enumerate(found)]
    return [example for _, example in sorted(zip(order, found, strict=True), key=lambda pair: pair[0])]


def everything() -> Iterator[Example]:
    """All examples, of the package or the checkout."""
    places = (_PACKAGE / "examples", _PACKAGE.parent / "examples")
    for path in next((files for place in places if (files := sorted(place.glob("*.txt")))), []):
        text, (name, *code) = path.read_text("utf-8"), path.stem.split(".")
        yield Example(clean(text).title or name, text, code[0] if code else "de")


def _fits(language: str, config: Config) -> bool:
    known = config.languages
    readable = {"*", language} & set(config.summary.languages)
    return bool(readable and (not known or language in known.target or config.covers(language, known.target[0])))
