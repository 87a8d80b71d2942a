"""What is asked of a chain in one call, checked before any work is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.config import Config, Languages, presets
from summarizer.errors import ConfigError, LanguageNotSupported
from summarizer.types import LENGTHS, SENTENCES_OF, Length

MOST_SENTENCES = 1000  # more is not a summary, and is most likely a slip

_CODE = re.compile(r"([a-z]{2,3})([-_][a-z0-9]{2,8})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """Target languages (ISO 639-1, each once), the number of sentences, and the article's language if it is given."""

    to: tuple[str, ...] = ()
    sentences: int = 3
    language: str | None = None

    @classmethod
    def of(
        cls,
        to: str | Sequence[str] | None,
        *,
        sentences: int | None = None,
        length: Length | None = None,
        language: str | None = None,
        default: int = 3,
    ) -> Request:
        """A request from the arguments of a call; ``default`` is the preset's number of sentences.

        Raises:
            ConfigError: something is not as it must be, or both a number and a length are given.
        """
        if not isinstance(to, str | Sequence | None):
            raise ConfigError(f"to must be a language code such as 'en', several, or None, not {to!r}")
        targets = (to,) if isinstance(to, str) else tuple(to or ())
        return cls(
            tuple(dict.fromkeys(language_code(target, "to") for target in targets)),
            _number(sentences, length, default),
            None if language is None else language_code(language, "language"),
        )


def language_code(code: object, argument: str) -> str:
    """``"de"`` from ``"de"``, ``"DE"`` or ``"de-AT"``."""
    match = _CODE.fullmatch(code.strip()) if isinstance(code, str) else None
    if not match:
        raise ConfigError(f"{argument} must be a language code such as 'en' or 'de', not {code!r:.60}")
    return match[1].lower()


def covering(source: str, target: str) -> list[str]:
    """The names of the presets that translate this pair by their own word."""
    return [name for name in presets() if Config.load(name).covers(source, target)]


def check_targets(config: Config, to: Sequence[str]) -> None:
    """Refuse before any work a job whose every translation would fail, for want of a model that writes the language.

    A language that the preset only reads is let through: articles in it stay as they are.

    Raises:
        LanguageNotSupported: and which presets write it.
    """
    known = config.languages or Languages()
    for target in (language_code(code, "to") for code in to):
        if not {"*", target} & {*known.target, *known.source}:
            others = " or ".join(repr(name) for name in covering(known.source[0], target))
            cure = f"take the preset {others}" if others else "give a model that does, in a preset of your own"
            raise LanguageNotSupported(f"preset {config.name!r} does not translate into {target}; {cure}")


def reading(language: str) -> list[str]:
    """The names of the presets whose summariser reads this language."""
    named = ((name, Config.load(name).summary.languages) for name in presets())
    return [name for name, languages in named if "*" in languages or language in languages]


def _number(sentences: int | None, length: Length | None, default: int) -> int:
    if sentences is not None and length is not None:
        raise ConfigError("give sentences or length, not both")
    if length is not None and length not in LENGTHS:
        raise ConfigError(f"length must be one of {', '.join(LENGTHS)}, not {length!r}")
    if sentences is None:
        return default if length is None else SENTENCES_OF[length]
    if isinstance(sentences, bool) or not isinstance(sentences, int) or not 1 <= sentences <= MOST_SENTENCES:
        raise ConfigError(f"sentences must be a number from 1 to {MOST_SENTENCES}, not {sentences!r}")
    return sentences
