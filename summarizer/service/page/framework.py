"""Gradio, imported late, without telemetry, and in 60 % of the time it would take by itself."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any


def framework() -> Any:
    """The module ``gradio``. Safe to call from several threads; only the first import takes its 2 to 3 s."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    if "gradio" not in sys.modules and not any(isinstance(finder, _WithoutStubs) for finder in sys.meta_path):
        sys.meta_path.insert(0, _WithoutStubs())
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "Couldn't find ffmpeg", RuntimeWarning
        )  # for sound, which the page has none of
        import gradio  # noqa: PLC0415 - slow, and only the page needs it

    return gradio


class _WithoutStubs:
    """At every import Gradio parses its own sources to write stubs for editors beside them.

    That is 41 % of the import (profile of 6.31: 29 of 71 s under cProfile), writes into the installation, and serves
    nobody who only runs the page. Where a later Gradio does it no more or otherwise, this does nothing.
    """

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == "gradio.component_meta" else None
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                if "create_or_modify_pyi" in vars(module):
                    vars(module)["create_or_modify_pyi"] = lambda *_: None

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec
