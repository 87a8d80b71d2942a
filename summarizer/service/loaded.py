"""The presets of one service: a chain for each, by name. The first is the one meant where a request names none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.chain import Chain
from summarizer.errors import ConfigError
from summarizer.types import Result


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


def warm_up_targets(chain: Chain, source: str) -> tuple[str, ...]:
    """Languages into which a chain may be tried: one for each of its models, as far as ``source`` leads there."""
    sides = [part.languages.target for part in chain.config.translations]
    found = dict.fromkeys("en" if {"en", "*"} & set(codes) else codes[0] for codes in sides)
    if chain.translator is None or len(sides) == 1:
        return tuple(found)
    return tuple(code for code in found if chain.translator.supports(source, code))


def tokens_written(chain: Chain, result: Result) -> int:
    """Tokens of the translations of a result, as the chain's own models count them."""
    if chain.translator is None:
        return 0
    source, count = result.language, chain.translator.count
    return sum(count(text, source=source, target=to) for to, text in result.translations.items() if to != source)
