"""What the files of a checkpoint say about it: its configuration, and how many tokens it reads and writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.errors import ModelFailed
from summarizer.models.weights import Located

# T5, mT5 and their kin have relative positions and no limit of their own; they were trained on 512 tokens.
DEFAULT_WINDOW = 512
_POSITIONS = ("max_position_embeddings", "n_positions")
_OF_HALF = {"encoder": "max_encoder_position_embeddings", "decoder": "max_decoder_position_embeddings"}  # LED
# Start token, language token and end token take up positions of the decoder too.
_DECODER_SPECIALS = 3


# T5's kin were trained in bfloat16; in float16 their activations leave its range.
_OVERFLOWS = ("t5", "mt5", "umt5", "longt5")


@dataclass(frozen=True, slots=True)
class Window:
    """``source``: tokens of text one input may hold, special tokens off. ``target``: of one output, None for no limit."""

    source: int
    target: int | None


def window_of(located: Located, *, special: int, stated: int | None, override: int | None) -> Window:
    """The window of the weights in a folder.

    ``special`` tokens are taken off; ``stated`` is the tokenizer's own limit; ``override``, and the ``window`` of a
    ``bundle.json``, count tokens of text already and come first.
    """
    config, bundle = config_of(located), config_of(located, "bundle.json")
    try:
        return _window(config, bundle, special=special, stated=stated, override=override)
    except (TypeError, ValueError) as error:
        raise ModelFailed(
            f"{located.name}: its files do not say how much it reads ({error}); fetch it again"
        ) from error


def _window(
    config: dict[str, Any], bundle: dict[str, Any], *, special: int, stated: int | None, override: int | None
) -> Window:
    limits = [limit for limit in (_positions(config, "encoder"), stated) if limit]
    outputs = _positions(config, "decoder") or bundle.get("positions")
    source = override or bundle.get("window") or min(limits, default=DEFAULT_WINDOW) - special
    return Window(int(source), int(outputs) - _DECODER_SPECIALS if outputs else None)


def languages_of(located: Located) -> tuple[str, ...]:
    """The pair a ``bundle.json`` states, as in ``Settings.languages``; nothing where there is none."""
    bundle = config_of(located, "bundle.json")
    return (f"{bundle['source']}-{bundle['target']}",) if {"source", "target"} <= bundle.keys() else ()


def overflows(located: Located) -> bool:
    """Whether the model is known to say nonsense in float16."""
    return config_of(located).get("model_type") in _OVERFLOWS


def config_of(located: Located, name: str = "config.json") -> dict[str, Any]:
    """The object in a JSON file of the folder; an empty one where there is no such file.

    Raises:
        ModelFailed: the file is no JSON.
    """
    return _read(located.path / name)


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelFailed(f"{file} is no JSON; fetch the model again") from error
    if not isinstance(content, dict):
        raise ModelFailed(f"{file} holds no JSON object; fetch the model again")
    return content


def _positions(config: dict[str, Any], half: str) -> int | None:
    """Positions of one half of the model; an EncoderDecoder checkpoint keeps a configuration for each.

    One that sees images too keeps those of its language model apart.
    """
    parts = [part for part in (config.get(half), config, config.get("text_config")) if isinstance(part, dict)]
    keys = (_OF_HALF[half], *_POSITIONS)
    return next((int(part[key]) for part in parts for key in keys if part.get(key)), None)
