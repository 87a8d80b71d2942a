"""How much one process takes on: bytes, places, seconds, requests a minute. What is over a bound is refused and says so."""

from __future__ import annotations

from dataclasses import dataclass, replace

from limits import RateLimitItem, parse_many

from summarizer.errors import ConfigError

UNIT = 10_000  # characters
LONGEST_HEAD = 16 * 2**10  # bytes of a request's first line and headers
ESCAPED = 6  # bytes that a character takes in JSON, as \u00fc


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a service.

    Bytes: ``body`` and ``batch_body`` bound one request before it is parsed, ``bodies`` all requests held at a time,
    ``cache`` the answers kept in memory, or on disk where the cache has a file.

    Places: ``connections`` are open at a time. ``workers`` batches run at once, and as many requests as make ``workers + queue`` are let in; the others are
    told when to come back. ``characters`` bounds one article, below what the preset allows: one that is being read holds
    up the others. A batch for the models is closed at ``batch_size`` articles or ``batch_tokens`` tokens, and
    waits ``patience`` seconds for company. ``rows`` bounds the lines of ``/v1/batch``, ``languages`` the targets of a
    request.

    Files: ``file`` bytes each, ``readers`` processes that read them at a time, ``read_memory`` bytes and ``read_seconds``
    of processor for each of those, a small file less; ``fetchers`` pages are fetched at a time.

    Seconds: ``deadline`` for one article, waiting included; ``upload`` until a body has arrived; ``stall`` for a client
    that does not read its answer.

    Rates, such as ``"10/second;300/minute"``, or empty for none: ``key_rate`` for each API key, ``address_rate`` for
    each address; every article counts, a long one more than once (see :func:`units`). None leaves the second to
    ``serve``: a rate where other machines can call.
    """

    body: int = 8 * 2**20
    batch_body: int = 64 * 2**20
    bodies: int = 256 * 2**20
    cache: int = 16 * 2**20
    connections: int = 2000
    workers: int = 1
    queue: int = 128
    batch_size: int = 16
    batch_tokens: int = 16_384
    patience: float = 0.005
    characters: int = 200_000  # a whole newspaper's worth; 0.8 to 1.1 s to read, on busy cores
    file: int = 16 * 2**20
    readers: int = 2
    fetchers: int = 4
    read_seconds: int = 20
    read_memory: int = 2**30
    rows: int = 10_000
    languages: int = 16
    deadline: float = 120.0
    upload: float = 60.0
    stall: float = 60.0
    key_rate: str = ""
    address_rate: str | None = None

    def with_characters(self, most: int) -> Limits:
        """The same for articles of so many characters, and bodies that can hold one however it is escaped."""
        body = max(self.body, most * ESCAPED + 2**16)
        return replace(
            self,
            characters=most,
            body=body,
            batch_body=max(self.batch_body, body),
            bodies=max(self.bodies, 4 * body),
        )


def units(characters: int) -> int:
    """What an article counts where rates are counted: one for each 10,000 characters begun.

    Most news articles count one. The work grows about so with the default preset: 300 words take 0.06 s, 200,000
    characters 1 s.
    """
    return max(1, -(-characters // UNIT))


def rates(stated: str | None) -> list[RateLimitItem]:
    """What a rate in words means.

    Raises:
        ConfigError: it is not of the form "10/second;300/minute".
    """
    try:
        return parse_many(stated) if stated else []
    except ValueError:
        raise ConfigError(f"{stated!r} is no rate; write it as '300/minute' or '10/second;300/minute'") from None
