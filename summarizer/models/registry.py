"""Wrapper name -> class, imported when asked for, so that a chain loads only the framework it uses."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from summarizer.errors import ConfigError, MissingDependency
from summarizer.models.protocol import Model
from summarizer.models.settings import Settings

WRAPPERS = {
    "ct2": "summarizer.models.ct2:CT2Model",
    "seq2seq": "summarizer.models.seq2seq:Seq2SeqModel",
    "chat": "summarizer.models.chat.model:ChatModel",
}


def load(name: str, settings: Settings) -> Model:
    """Open a model with the wrapper called ``name``, or with one's own: ``"package.module:Class"``.

    Raises:
        ConfigError: no wrapper of this name, or a setting out of range.
        MissingDependency: the wrapper's framework is not installed.
        ModelNotFound: the weights are not on disk.
        ModelFailed: the weights are on disk and cannot be opened.
    """
    try:
        model = resolve(name)(settings)
    except TypeError as error:
        raise ConfigError(f"model: {name!r} is no model: it cannot be made from Settings ({error})") from error
    if not isinstance(model, Model):
        raise ConfigError(
            f"model: {name!r} makes a {type(model).__name__}, which lacks methods of summarizer.models.protocol.Model"
        )
    return model


def resolve(name: str) -> Callable[[Settings], Any]:
    """The class behind a wrapper name."""
    module, _, attribute = WRAPPERS.get(name, name).partition(":")
    if not module or not attribute:
        raise ConfigError(
            f"unknown model wrapper {name!r}; choose one of {', '.join(WRAPPERS)} or package.module:Class"
        )
    made = getattr(_imported(module, name), attribute, None)
    if not callable(made):
        raise ConfigError(f"model: {name!r} cannot be found: module {module!r} has no class {attribute!r}")
    return made  # type: ignore[no-any-return]


def _imported(module: str, name: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        missing = error.name or module
        if module == missing or module.startswith(f"{missing}."):
            raise ConfigError(f"model: {name!r} cannot be found: there is no module {missing!r} to import") from error
        raise MissingDependency(missing.partition(".")[0], name, f"the model wrapper {name!r}") from error
