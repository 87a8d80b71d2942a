"""What a model is asked: a template, its places filled, languages written out in English as models know them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

# What an instruction model is asked where its preset says nothing else; configs/chat.yaml shows them.
SUMMARY = (
    "Summarise the following article in at most {sentences} sentence(s), in {language}. Say only what the article says, "
    "copy its numbers, dates and names exactly, and write nothing but the summary.\n\n{text}"
)
TRANSLATION = (
    "Translate the following text from {language} into {target}. Copy its numbers and names exactly, and write nothing "
    "but the translation.\n\n{text}"
)

_PLACE = re.compile(r"\{([a-z]+)\}")


def filled(template: str, text: str, *, language: str = "", target: str = "", sentences: int = 0) -> str:
    """``template`` with ``{text}``, ``{language}``, ``{target}`` and ``{sentences}`` in their places.

    Languages are ISO 639-1 codes. Not ``str.format``: an article may hold braces, and is never filled itself.
    """
    if template == "{text}":
        return text
    values = {"text": text, "sentences": str(sentences)}
    values |= {place: language_name(code) for place, code in (("language", language), ("target", target)) if code}
    return _PLACE.sub(lambda match: values.get(match[1], match[0]), template)


def unfit(template: str, places: Sequence[str]) -> str | None:
    """What is wrong with a template that may hold these places and must hold ``{text}``; None if nothing is."""
    found = _PLACE.findall(template)
    unknown = next((place for place in found if place not in places), None)
    if unknown is not None:
        return f"{{{unknown}}} has no meaning here; choose from {', '.join(f'{{{place}}}' for place in places)}"
    return None if "text" in found or "text" not in places else "{text} must mark where the text goes"


@cache
def language_name(code: str) -> str:
    """``German`` for ``de``; the code itself where nobody has named it."""
    from babel import Locale  # noqa: PLC0415 - 20 ms that few chains need

    return str(Locale("en").languages.get(code, code))
