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


def warm_up_target(chain: Chain) -> str | None:
    """A language into which a chain may be tried, if it translates."""
    translation = chain.config.translation
    if translation is None:
        return None
    targets = translation.languages.target
    return "en" if "en" in targets or "*" in targets else targets[0]


def tokens_written(chain: Chain, result: Result) -> int:
    """Tokens of the translations of a result, as the chain's own model counts them."""
    model = getattr(chain.translator, "model", None)
    written = [text for to, text in result.translations.items() if to != result.language]
    return sum(map(model.count, written)) if model is not None else 0
