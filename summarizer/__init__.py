"""Short, faithful, checked summaries of articles, German first, in German and in the reader's language.

    import summarizer

    result = summarizer.summarize(text, to="en", sentences=3)
    with summarizer.load("hub", device="auto") as chain:
        result = chain(text, to="en")

Importing the package loads no framework; models are loaded when first asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer import ahead
from summarizer.errors import (
    ConfigError,
    EmptyInput,
    InputError,
    InputTooLarge,
    LanguageNotSupported,
    MissingDependency,
    ModelFailed,
    ModelNotFound,
    SummarizerError,
    UndecodableInput,
)
from summarizer.types import Article, Coverage, Dropped, Finding, Length, Line, Result, Span
from summarizer.version import __version__

if TYPE_CHECKING:
    from summarizer.chain import Chain
    from summarizer.config import Config

__all__ = [
    "Article",
    "Config",
    "ConfigError",
    "Coverage",
    "Dropped",
    "EmptyInput",
    "Finding",
    "InputError",
    "InputTooLarge",
    "LanguageNotSupported",
    "Line",
    "MissingDependency",
    "ModelFailed",
    "ModelNotFound",
    "Result",
    "Span",
    "SummarizerError",
    "UndecodableInput",
    "__version__",
    "check",
    "load",
    "summarize",
]

logging.getLogger("summarizer").addHandler(logging.NullHandler())


def summarize(
    text: str | Article,
    to: str | Sequence[str] | None = "en",
    *,
    sentences: int | None = None,
    length: Length | None = None,
    language: str | None = None,
    preset: str | Path | Config = "default",
) -> Result:
    """Summarise an article and translate the summary; the preset's models stay loaded for the next call.

    Takes and raises what :meth:`summarizer.chain.Chain.__call__` does, and what :func:`load` raises.
    """
    return _loaded(preset)(text, to, sentences=sentences, length=length, language=language)


def load(preset: str | Path | Config = "default", **overrides: Any) -> Chain:
    """A chain from a preset's name, a YAML file or a ``Config``; keyword arguments replace its top-level keys.

    Raises:
        ConfigError: the preset or a key in it is not as it must be.
        MissingDependency: a model needs a package that is not installed.
        ModelNotFound: weights are not on disk; the message says how to get them.
        ModelFailed: weights are there and cannot be loaded.
    """
    from summarizer.config import Config  # noqa: PLC0415 - pydantic is not needed to import the package
    from summarizer.parts import build  # noqa: PLC0415 - the models come when asked for

    chain = build(Config.load(preset, **overrides))
    known = chain.config.languages
    if known and "*" not in (known.source[0], known.target[0]):
        ahead.fact_tables(known.source[0], known.target[0])
    return chain


def check(source: str, candidate: str, *, source_language: str = "de", language: str = "en") -> tuple[Finding, ...]:
    """Compare the facts of ``candidate`` with those of ``source``: numbers, dates, names and negations.

    Works on anybody's summary or translation. See :func:`summarizer.stages.checks.check`.

    Raises:
        InputError: a text is no ``str``.
        ConfigError: a language is no code such as "de" or "de-AT".
    """
    from summarizer.request import language_code  # noqa: PLC0415
    from summarizer.stages import checks  # noqa: PLC0415

    if not isinstance(source, str) or not isinstance(candidate, str):
        raise InputError("check compares two texts; both must be a str")
    return checks.check(
        source,
        candidate,
        source_language=language_code(source_language, "source_language"),
        language=language_code(language, "language"),
    )


@lru_cache(maxsize=2)  # two presets side by side; a third takes the place of the one used longest ago
def _loaded(preset: str | Path | Config) -> Chain:
    return load(preset)


def __getattr__(name: str) -> Any:
    if name == "Config":
        from summarizer.config import Config  # noqa: PLC0415

        return Config
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
