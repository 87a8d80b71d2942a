"""One tiny model per family and one wrapper around each, built when a test first asks for it and shared by all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from summarizer.models import registry
from summarizer.models.chat.settings import ChatSettings
from summarizer.models.protocol import Model
from summarizer.models.settings import Settings
from tests import tiny, tiny_chat


@pytest.fixture(scope="session", autouse=True)
def _calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Caches lie in a temporary folder, and torch takes one core: others work on this machine too."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    root = tmp_path_factory.mktemp("caches")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUMMARIZER_CACHE", str(root / "summarizer"))
        patch.setenv("HF_HOME", str(root / "huggingface"))
        patch.delenv("HF_HUB_CACHE", raising=False)
        yield


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """``folder_of("marian")``: the folder of that family's tiny model."""
    root = tmp_path_factory.mktemp("tiny")
    builders = {**tiny.BUILDERS, **tiny_chat.BUILDERS}
    return cache(lambda family: builders[family](root / tiny.NAMES.get(family, family)))


@pytest.fixture(scope="session")
def model_of(folder_of: Callable[[str], Path]) -> Iterator[Callable[[str, str], Model]]:
    """``model_of("ct2", "marian")``: that family's tiny model in float32, opened once. ``chat-ct2`` is chat through CTranslate2."""
    opened: dict[tuple[str, str], Model] = {}

    def model(wrapper: str, family: str) -> Model:
        key = (wrapper, family)
        if key not in opened:
            settings = Settings((str(folder_of(family)),), precision="float32", threads=1)
            engine = "ct2" if wrapper == "chat-ct2" else None
            opened[key] = registry.load(wrapper.removesuffix("-ct2"), ChatSettings.of(settings, engine=engine))
        return opened[key]

    yield model
    for each in opened.values():
        each.close()
