"""The presets of one service: a chain for each, by name. The first is the one meant where a request names none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from summarizer.chain import Chain
from summarizer.config import Languages
from summarizer.errors import ConfigError
from summarizer.types import Result

_TEXTS = {
    "de": "Der Gemeinderat hat am Montag 18 neue Bäume für den Stadtpark bewilligt. "
    "Die Arbeiten beginnen nach Angaben der Stadt im Oktober und kosten 12.500 Euro.",
    "en": "On Monday the council approved 18 new trees for the city park. "
    "The work begins in October, the city says, and costs 12,500 euros.",
}
_NAMES = "Berlin, Madrid, Paris: UNESCO, 18. 10. 2026."  # may be said to be in any language


class Loaded:
    """Chains by the names of their presets, in the order given."""

    def __init__(self, chains: Sequence[Chain]) -> None:
        """Take the chains over.

        Raises:
            ConfigError: there is none, or two presets are called the same.
        """
        self._chains = {chain.config.name: chain for chain in chains}
        if not chains:
            raise ConfigError("a service needs a preset; 'default' is one")
        if len(self._chains) < len(chains):
            names = [chain.config.name for chain in chains]
            double = next(name for name in names if names.count(name) > 1)
            raise ConfigError(f"two presets are called {double!r}; give each a name of its own (name: in its file)")

    def __iter__(self) -> Iterator[Chain]:
        """The chains, the default first."""
        return iter(self._chains.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the presets, the default first."""
        return tuple(self._chains)

    @property
    def default(self) -> Chain:
        """The chain of the first preset."""
        return next(iter(self))

    def of(self, preset: str | None) -> Chain:
        """The chain of a preset; the default's for None.

        Raises:
            ConfigError: it is not loaded here.
        """
        chain = self.default if preset is None else self._chains.get(preset)
        if chain is None:
            raise ConfigError(f"the preset {preset!r:.60} is not loaded here; choose from: {', '.join(self.names)}")
        return chain

    def close(self) -> None:
        """Free all models."""
        for chain in self:
            chain.close()


@dataclass(frozen=True, slots=True)
class WarmUp:
    """A real text, its language, and into which languages it goes."""

    text: str
    language: str
    to: tuple[str, ...]


def warm_ups(chain: Chain) -> list[WarmUp]:
    """What a chain may be tried with, so that each of its models has something to do."""
    asked: dict[str, dict[str, None]] = {}
    for part in chain.config.translations:
        for source, target in _pairs(chain, part.languages)[:1]:
            asked.setdefault(source, {})[target] = None
    if not asked:
        asked = {next(iter(_readable(chain, "de", *chain.config.summary.languages)), "de"): {}}
    return [WarmUp(_TEXTS.get(source, _NAMES), source, tuple(to)) for source, to in asked.items()]


def _pairs(chain: Chain, known: Languages) -> list[tuple[str, str]]:
    """What a model may be asked for: what it does without another's help first, and German and English before all else."""
    if chain.translator is None:
        return []
    targets = [code for code in ("en", "de", *known.target) if code != "*" and {code, "*"} & set(known.target)]
    pairs = product(_readable(chain, "de", "en", *known.source), targets)
    able = [pair for pair in pairs if pair[0] != pair[1] and chain.translator.supports(*pair)]
    return sorted(able, key=lambda pair: not known.cover(*pair))


def _readable(chain: Chain, *codes: str) -> list[str]:
    read = set(chain.config.summary.languages)
    return [code for code in codes if code != "*" and {code, "*"} & read]


def tokens_written(chain: Chain, result: Result) -> int:
    """Tokens of the translations of a result, as the chain's own models count them."""
    if chain.translator is None:
        return 0
    source, count = result.language, chain.translator.count
    return sum(count(text, source=source, target=to) for to, text in result.translations.items() if to != source)
