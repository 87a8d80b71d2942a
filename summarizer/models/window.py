"""How many tokens a checkpoint can read and write, from what its files state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.errors import ModelFailed
from summarizer.models.tokenizers import Tokenizer
from summarizer.models.weights import Located

# T5, mT5 and their kin have relative positions and no limit of their own; they were trained on 512 tokens.
DEFAULT_WINDOW = 512
# Tokenizers without a limit say 1e30.
_NO_LIMIT = 1_000_000
_KEYS = ("max_position_embeddings", "n_positions", "max_encoder_position_embeddings")


@dataclass(frozen=True, slots=True)
class Window:
    """``source``: tokens of text one input may hold, special tokens off. ``target``: of one output, or None."""

    source: int
    target: int | None


def window_of(located: Located, tokenizer: Tokenizer, override: int | None) -> Window:
    """The window of the weights in a folder; ``override`` replaces what they state."""
    config = read_json(located.path / "config.json") | read_json(located.path / "bundle.json")
    positions = _positions(config, config.get("encoder"))
    stated = min([limit for limit in (positions, tokenizer.window) if limit] or [DEFAULT_WINDOW])
    source = override or stated - tokenizer.special
    outputs = _positions(config, config.get("decoder"))
    # Start token, language token and end token take up positions of the decoder too.
    return Window(source, outputs - 3 if outputs else None)


def read_json(file: Path) -> dict[str, Any]:
    """The object in a JSON file; an empty one where there is no file."""
    if not file.is_file():
        return {}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelFailed(f"{file} is no JSON; fetch the model again") from error
    return content if isinstance(content, dict) else {}


def _positions(config: dict[str, Any], half: Any) -> int | None:
    """Positions of one half of the model; an EncoderDecoder checkpoint keeps a configuration for each."""
    values = [part[key] for part in (half, config) if isinstance(part, dict) for key in _KEYS if part.get(key)]
    return next((int(value) for value in values if value < _NO_LIMIT), None)
