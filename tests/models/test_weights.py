"""Weights are found offline: bundled, in a folder, or in the hub's own cache."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import summarizer
from summarizer.config import Config
from summarizer.errors import ConfigError, ModelFailed, ModelNotFound
from summarizer.models import registry, weights
from summarizer.models.protocol import Options
from summarizer.models.settings import Settings

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HUB_ID = "someone/opus-mt-de-en"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any attempt to reach out is an error of its own kind."""

    def refuse(*_: object) -> None:
        raise OSError("the network is blocked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache of this test's own."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    return tmp_path / "hf" / "hub"


def pulled(hub: Path, folder: Path, repository: str = HUB_ID) -> Path:
    """``folder`` as huggingface_hub leaves a pulled repository: blobs, links to them, and a reference."""
    store = hub / f"models--{repository.replace('/', '--')}"
    snapshot = store / "snapshots" / COMMIT
    for place in (snapshot, store / "blobs", store / "refs"):
        place.mkdir(parents=True)
    (store / "refs" / "main").write_text(COMMIT)
    for number, file in enumerate(sorted(folder.iterdir())):
        blob = store / "blobs" / f"{number:040d}"
        blob.write_bytes(file.read_bytes())
        (snapshot / file.name).symlink_to(blob)
    return snapshot


def test_a_folder_is_itself(folder_of: Callable[[str], Path]) -> None:
    """Its name is the folder's, and there is no revision."""
    folder = folder_of("marian")
    located = weights.locate(str(folder))
    assert (located.path, located.kind, located.label) == (folder.resolve(), "transformers", "opus-mt-de-en")


def test_a_pulled_model_is_found_and_works_without_network(hub: Path, folder_of: Callable[[str], Path]) -> None:
    """Once pulled, everything runs with sockets blocked; commit and name reach the signature."""
    snapshot = pulled(hub, folder_of("marian"))
    located = weights.locate(HUB_ID)
    assert (located.path, located.revision, located.label) == (snapshot, COMMIT, f"{HUB_ID}@{COMMIT[:8]}")
    assert weights.pull(HUB_ID) == located
    model = registry.load("ct2", Settings((HUB_ID,), precision="float32"))
    (found,) = model.generate(["Niemand wurde verletzt."], Options())
    assert (found.text, model.supports("de", "en")) == ("Nobody was injured.", True)
    model.close()


@pytest.mark.parametrize("given", [f"{HUB_ID}@{COMMIT}", f"{HUB_ID}@main"])
def test_a_revision_may_stand_in_the_name(hub: Path, folder_of: Callable[[str], Path], given: str) -> None:
    """``id@revision`` wins over the revision beside it."""
    pulled(hub, folder_of("marian"))
    assert weights.locate(given, "other").revision == COMMIT
    with pytest.raises(ModelNotFound):
        weights.locate(HUB_ID, "other")


def test_a_list_gives_the_first_that_is_on_disk(hub: Path, folder_of: Callable[[str], Path]) -> None:
    """Pulling the better model later changes which one is taken, and nothing else."""
    local = str(folder_of("marian"))
    assert weights.locate([HUB_ID, local]).name == "opus-mt-de-en"
    pulled(hub, folder_of("marian"))
    assert weights.locate([HUB_ID, local]).name == HUB_ID


def test_nothing_on_disk_names_the_cure(hub: Path) -> None:
    """The message lists what was looked for and the command that fetches it."""
    with pytest.raises(ModelNotFound, match=f"{HUB_ID}.*bundled:none.*summarizer pull"):
        weights.locate([HUB_ID, "bundled:none", "/nowhere/model"])


def test_a_pull_without_network_says_so(hub: Path) -> None:
    """No traceback of a network library; HF_HUB_OFFLINE is named as a cause."""
    with pytest.raises(ModelNotFound, match=f"cannot fetch {HUB_ID}.*HF_HUB_OFFLINE"):
        weights.pull(HUB_ID)


def test_a_pull_that_was_cut_off_counts_as_absent(hub: Path, folder_of: Callable[[str], Path]) -> None:
    """Configuration without weights is no model."""
    snapshot = pulled(hub, folder_of("marian"))
    (snapshot / "model.safetensors").unlink()
    with pytest.raises(ModelNotFound):
        weights.locate(HUB_ID)


def test_a_sharded_model_lacking_a_shard_counts_as_absent(hub: Path, folder_of: Callable[[str], Path]) -> None:
    """The index says which files there must be."""
    snapshot = pulled(hub, folder_of("marian"))
    (snapshot / "model.safetensors").rename(snapshot / "model-00001-of-00002.safetensors")
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (snapshot / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(ModelNotFound):
        weights.locate(HUB_ID)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """The message says what is missing."""
    with pytest.raises(ModelFailed, match=r"neither model\.bin"):
        weights.locate(str(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"a pickle")
    with pytest.raises(ModelFailed, match="pickled weights are never loaded"):
        weights.locate(str(tmp_path))


@pytest.mark.parametrize("given", ["", "opus", "a/b/c", []])
def test_a_name_that_can_be_nothing_is_a_config_error(given: str | list[str]) -> None:
    """The message shows the three forms."""
    with pytest.raises(ConfigError, match="hub id"):
        weights.locate(given)


@pytest.mark.parametrize("wrapper", ["ct2", "seq2seq"])
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("config.json", "[]"),
        ("model.safetensors.index.json", "{"),
        ("model.safetensors.index.json", "[]"),
        ("model.safetensors.index.json", "{}"),
        ("vocab.json", "7"),
        ("vocab.json", "{}"),
        ("source.spm", "junk"),
        ("model.safetensors", ""),
        ("bundle.json", '{"window": "wide"}'),
    ],
)
def test_a_damaged_file_is_a_model_that_failed(
    wrapper: str, file: str, content: str, folder_of: Callable[[str], Path], tmp_path: Path
) -> None:
    """Named by its model, and no traceback of whichever library stumbled over it; never a mistake in the preset."""
    for each in folder_of("marian").iterdir():
        (tmp_path / each.name).write_bytes(each.read_bytes())
    (tmp_path / file).write_text(content)
    with pytest.raises(ModelFailed, match=tmp_path.name):
        registry.load(wrapper, Settings((str(tmp_path),), precision="float32", device="cpu", threads=1))


@pytest.mark.parametrize("name", ["", "..", "../data", "none"])
def test_a_bundled_name_is_one_of_a_model(name: str) -> None:
    """No way out of the package, and no error of the disk's."""
    with pytest.raises(ModelNotFound, match="not on this disk"):
        weights.locate(f"bundled:{name}")


@pytest.mark.parametrize(
    ("part", "message"),
    [({}, "translation.weights: give"), ({"weights": "foo"}, "translation.weights: 'foo' is neither")],
)
def test_weights_that_cannot_be_are_named_with_their_path(part: dict[str, str], message: str) -> None:
    """What only the opening tells is told like all that is wrong with a preset."""
    with pytest.raises(ConfigError, match=f"^{message}"):
        summarizer.load(
            Config.parse({"summary": {"model": "extractive"}, "translation": {"model": "ct2", **part}}, origin="own")
        )
