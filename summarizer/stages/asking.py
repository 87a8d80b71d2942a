"""A template around a text, and a ruler for the text alone: what the template takes is taken off the window once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from summarizer.errors import ModelFailed
from summarizer.models.protocol import Model

LEAST_ROOM = 8  # tokens of text; a window under this would cut every sentence


@dataclass(frozen=True, slots=True)
class Asking:
    """One model, asked with one template in one language: ``prompt`` puts a text in its place.

    ``count`` and ``window`` speak of the text; ``count(text) <= window`` exactly where the whole prompt fits.

    Raises:
        ModelFailed: the template leaves no room for a text.
    """

    model: Model
    prompt: Callable[[str], str]
    taken: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "taken", self.model.count(self.prompt("")))
        if self.window < LEAST_ROOM:
            raise ModelFailed(
                f"the template takes {self.taken} of the {self.model.window} tokens that {self.model.name} can read, "
                "which leaves no room for a text; shorten the template, or raise window if the model reads more"
            )

    @property
    def window(self) -> int:
        """The most tokens of text that fit beside the template."""
        return self.model.window - self.taken

    def count(self, text: str) -> int:
        """Tokens that a text adds to the template."""
        return self.model.count(self.prompt(text)) - self.taken
