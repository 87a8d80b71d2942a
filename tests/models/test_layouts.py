"""Checkpoints as the Hub's repositories hold them: found in the Hub's own cache, converted, and saying what they learnt."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from summarizer.errors import ModelFailed, ModelNotFound
from summarizer.models import registry
from summarizer.models.chat.settings import ChatSettings
from summarizer.models.protocol import Options
from summarizer.models.settings import Settings
from tests import tiny
from tests.models.test_weights import pulled
from tests.tiny_layouts import LAYOUTS, laid_out

CHAT = ("eurollm", "qwen3")
CASES = [
    (layout, wrapper)
    for layout in LAYOUTS
    for wrapper in (("chat", "chat-ct2") if layout in CHAT else ("seq2seq", "ct2"))
]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache of this test's own, and no way out."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tmp_path / "hf" / "hub"


@pytest.mark.parametrize(("layout", "wrapper"), CASES)
def test_a_checkpoint_in_the_files_of_the_hub_works(
    layout: str, wrapper: str, hub: Path, tmp_path: Path, folder_of: Callable[[str], Path], capfd: pytest.CaptureFixture
) -> None:
    """By its name on the Hub, with links into the cache; what the checkpoint would set by itself changes no word.

    Nothing is printed and nothing warned of: a user could do nothing about it.
    """
    family, name, _ = LAYOUTS[layout]
    pulled(hub, laid_out(layout, folder_of(family), tmp_path / "folder"), name)
    settings = ChatSettings.of(
        Settings((name,), precision="float32", threads=1), engine="ct2" if "-" in wrapper else None
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = registry.load(wrapper.partition("-")[0], settings)
        # The checkpoint asks for beams itself; the tiny chat models know their lessons without.
        options = Options(source="de", target="en", beams=1 if layout in CHAT else 2)
        found = model.generate([german for german, _ in tiny.FEW], options)
    assert [generation.text for generation in found] == [english for _, english in tiny.FEW]
    assert not any(generation.truncated or generation.repeated for generation in found)
    assert capfd.readouterr() == ("", "")
    model.close()


@pytest.mark.parametrize(
    ("family", "wrapper", "weight"),
    [
        ("marian", "seq2seq", "model.encoder.layers.0.fc1.weight"),
        ("marian", "ct2", "model.encoder.layers.0.fc1.weight"),
        ("mt5", "seq2seq", "encoder.block.0.layer.0.layer_norm.weight"),
        ("mt5", "ct2", "encoder.block.0.layer.0.layer_norm.weight"),
        ("llama", "chat", "model.norm.weight"),
        ("llama", "chat-ct2", "model.norm.weight"),
    ],
)
def test_a_checkpoint_with_a_hole_is_refused(
    family: str, wrapper: str, weight: str, tmp_path: Path, folder_of: Callable[[str], Path]
) -> None:
    """Transformers would fill it with numbers at random and say nonsense; the message names the weight."""
    folder = shutil.copytree(folder_of(family), tmp_path / "holed")
    tensors = load_file(folder / "model.safetensors")
    del tensors[weight]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    settings = Settings((str(folder),), precision="float32", threads=1)
    engine = "ct2" if wrapper == "chat-ct2" else None
    with pytest.raises(ModelFailed, match=rf"holed.* lacks .*{weight}.*fetch the model again"):
        registry.load(wrapper.removesuffix("-ct2"), ChatSettings.of(settings, engine=engine))


@pytest.mark.parametrize("wrapper", ["seq2seq", "ct2"])
def test_positions_that_can_be_worked_out_need_not_be_there(
    wrapper: str, tmp_path: Path, folder_of: Callable[[str], Path]
) -> None:
    """Pegasus checkpoints of some versions leave out their sines and cosines."""
    folder = shutil.copytree(folder_of("pegasus"), tmp_path / "pegasus")
    tensors = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in tensors.items() if "embed_positions" not in name}
    assert len(kept) == len(tensors) - 2
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    model = registry.load(wrapper, Settings((str(folder),), precision="float32", threads=1))
    (found,) = model.generate([tiny.FEW[1][0]], Options())
    assert found.text == tiny.FEW[1][1]
    model.close()


@pytest.mark.parametrize("where", ["folder", "hub"])
def test_pickled_weights_alone_are_refused_with_the_cure(
    where: str, hub: Path, tmp_path: Path, folder_of: Callable[[str], Path]
) -> None:
    """As facebook/m2m100_418M and nllb-200-distilled-600M have on their main branch: never opened."""
    folder = shutil.copytree(folder_of("m2m100"), tmp_path / "m2m100_418M")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    if where == "folder":
        with pytest.raises(ModelFailed, match=r"no \*.safetensors; pickled weights are never loaded"):
            registry.load("ct2", Settings((str(folder),)))
    else:
        pulled(hub, folder, "facebook/m2m100_418M")
        with pytest.raises(ModelNotFound, match=r"facebook/m2m100_418M.*summarizer pull"):
            registry.load("ct2", Settings(("facebook/m2m100_418M",)))
