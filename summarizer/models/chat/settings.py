"""What the chat wrapper is told beside the common settings: what to say first, which engine, which server."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from summarizer.models.settings import Settings

Engine = Literal["transformers", "ct2"]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that speaks the OpenAI protocol.

    ``key`` is the name of the environment variable that holds the key, never the key; ``timeout`` is in seconds, for
    the whole answer; ``retries`` is how often a failed request is tried again; ``parallel`` bounds the requests under way; ``body`` is a
    JSON object of further fields for every request.
    """

    url: str
    model: str
    key: str | None = None
    timeout: float = 120.0
    retries: int = 2
    parallel: int = 4
    body: str | None = None


@dataclass(frozen=True, slots=True)
class ChatSettings(Settings):
    """``system`` stands before every text, where the chat template has a place for it. ``engine`` is None for transformers.

    With a ``server`` there are no weights.
    """

    system: str = ""
    engine: Engine | None = None
    server: Server | None = None

    @classmethod
    def of(
        cls, settings: Settings, *, system: str = "", engine: Engine | None = None, server: Server | None = None
    ) -> ChatSettings:
        """Common settings and those of a chat model together."""
        if isinstance(settings, cls):
            return settings
        common = {field.name: getattr(settings, field.name) for field in fields(Settings)}
        return cls(**common, system=system, engine=engine, server=server)
