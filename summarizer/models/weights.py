"""``bundled:NAME``, a folder or a hub id -> a folder on this disk. Offline first: only :func:`pull` uses the network."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

from summarizer.errors import ConfigError, ModelFailed, ModelNotFound

Kind = Literal["ct2", "transformers"]

BUNDLED = "bundled:"
_NAME = re.compile(r"[\w-]+")
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+$")
_PATIENCE = 15.0  # seconds for the hub to answer at all
_COMMIT = re.compile(r"[0-9a-f]{40}$")

# What a repository is asked for: configuration, tokenizer, and weights that hold tensors and nothing that runs.
_TEXT_FILES = ("*.json", "*.spm", "*.model", "*.txt", "*.jinja", "LICENSE*", "README.md")
_SAFE_WEIGHTS = ("*.safetensors",)
_UNSAFE = (
    "{0} holds no safetensors at this revision, and pickled weights are never loaded; name a revision that holds them, "
    "such as {0}@refs/pr/1 (the Hub's converter offers one on the repository's Community page)"
)


@dataclass(frozen=True, slots=True)
class Located:
    """Weights on this disk: the folder, which engine wrote it, and the name and revision a signature prints."""

    path: Path
    kind: Kind
    name: str
    revision: str | None = None

    @property
    def label(self) -> str:
        """Name and, where there is one, revision (commits cut to 8 digits): ``opus-mt-de-en@1a2b3c4d``."""
        short = self.revision[:8] if self.revision and _COMMIT.match(self.revision) else self.revision
        return f"{self.name}@{short}" if short else self.name


def locate(weights: str | Sequence[str], revision: str | None = None) -> Located:
    """The first of ``weights`` that is on this disk. Never uses the network.

    Raises:
        ModelNotFound: none is; the message says how to get them.
        ConfigError: a name that can be none of the three.
        ModelFailed: a folder is there, and is no model.
    """
    names = _listed(weights)
    for name in names:
        found = _find(name, revision)
        if found is not None:
            return found
    cure = (
        "fetch the models of the preset once with summarizer pull and the preset's name"
        if any(map(_is_hub_id, names))
        else "check the path or the name"
    )
    raise ModelNotFound(f"not on this disk: {', '.join(names)}; {cure}")


def pull(weights: str | Sequence[str], revision: str | None = None) -> Located:
    """Fetch the first of ``weights`` that can be had, unless it is on disk already, and say where it lies.

    Raises:
        ModelNotFound: the hub is not within reach or has no such model.
    """
    for name in _listed(weights):
        if not _is_hub_id(name):
            found = _find(name, revision)
            if found is not None:
                return found
            continue
        return _find(name, revision) or _download(*_id_and_revision(name, revision))
    return locate(weights, revision)


def _listed(weights: str | Sequence[str]) -> tuple[str, ...]:
    names = (weights,) if isinstance(weights, str) else tuple(weights)
    if not names or not all(names):
        raise ConfigError("weights: give bundled:NAME, a folder, or a hub id such as Helsinki-NLP/opus-mt-de-en")
    return names


def _find(name: str, revision: str | None) -> Located | None:
    if name.startswith(BUNDLED):
        return _bundled(name.removeprefix(BUNDLED))
    folder = Path(name).expanduser()
    if folder.is_dir():
        resolved = folder.resolve()
        return Located(resolved, _kind(resolved), resolved.name)
    if _is_hub_id(name):
        return _cached(*_id_and_revision(name, revision))
    if folder.is_absolute() or name.startswith((".", "~")):
        return None
    raise ConfigError(f"weights: {name!r} is neither bundled:NAME, nor a folder, nor a hub id such as owner/name")


def _is_hub_id(name: str) -> bool:
    return not name.startswith((BUNDLED, ".", "~", "/")) and _HUB_ID.match(name.partition("@")[0]) is not None


def _id_and_revision(name: str, revision: str | None) -> tuple[str, str | None]:
    repository, _, own = name.partition("@")
    return repository, own or revision


def _bundled(name: str) -> Located | None:
    folder = Path(str(resources.files("summarizer.data"))) / name
    if not _NAME.fullmatch(name) or not (folder / "model.bin").is_file():
        return None
    # Releases exchange the weights under one name; the signature must tell them apart.
    digest = hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest()[:40]
    return Located(folder, _kind(folder), f"{BUNDLED}{name}", digest)


def _kind(folder: Path) -> Kind:
    if (folder / "model.bin").is_file():
        return "ct2"
    if not (folder / "config.json").is_file():
        raise ModelFailed(f"{folder} holds no model: neither model.bin (CTranslate2) nor config.json (transformers)")
    if not _has_weights(folder):
        raise ModelFailed(f"{folder} has a config.json and no *.safetensors; pickled weights are never loaded")
    return "transformers"


def _has_weights(folder: Path) -> bool:
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        shards = _shards(index)
        return all((folder / shard).is_file() for shard in shards)
    return any(file.is_file() for pattern in _SAFE_WEIGHTS for file in folder.glob(pattern))


def _shards(index: Path) -> set[str]:
    try:
        return set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFailed(f"{index} does not list the files of the model; fetch the model again") from error


def _hub_cache() -> Path:
    """Where huggingface_hub keeps models, found without importing it: the bundled chain must start fast."""
    home = os.environ.get("HF_HOME") or str(Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "huggingface")
    return Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub").expanduser()


def _cached(repository: str, revision: str | None) -> Located | None:
    """The snapshot of a hub repository in the hub's own cache, complete enough to load, or None."""
    store = _hub_cache() / f"models--{repository.replace('/', '--')}"
    commit = _commit(store, revision or "main")
    folder = store / "snapshots" / commit if commit else None
    if folder is None or not folder.is_dir():
        return None
    try:
        return Located(folder, _kind(folder), repository, commit)
    except ModelFailed:  # a download that was cut off: as good as absent, pull completes it
        return None


def _commit(store: Path, revision: str) -> str | None:
    if _COMMIT.match(revision):
        return revision
    reference = store / "refs" / revision
    return reference.read_text().strip() if reference.is_file() else None


def _download(repository: str, revision: str | None) -> Located:
    from huggingface_hub import HfApi, snapshot_download  # noqa: PLC0415  # 0.2 s, needed only here

    try:
        listed = HfApi().model_info(repository, revision=revision, timeout=_PATIENCE).siblings or []
        _require_safetensors(repository, [file.rfilename for file in listed])
        snapshot_download(repository, revision=revision, allow_patterns=[*_TEXT_FILES, *_SAFE_WEIGHTS])
    except ModelFailed:
        raise
    except Exception as error:  # the hub's library lets through errors of whichever network library it uses
        raise ModelNotFound(_unreachable(repository, revision, error)) from error
    found = _cached(repository, revision)
    if found is None:
        raise ModelFailed(f"{repository} was fetched and holds no weights this program reads (*.safetensors)")
    return found


def _require_safetensors(repository: str, files: Sequence[str]) -> None:
    if not any(name.endswith(".safetensors") for name in files):
        raise ModelFailed(_UNSAFE.format(repository))


def _unreachable(repository: str, revision: str | None, error: Exception) -> str:
    at = f" at revision {revision}" if revision else ""
    reason = str(error).strip().partition("\n")[0] or type(error).__name__
    return (
        f"cannot fetch {repository}{at}: {reason}. Check the name, the network and HF_HUB_OFFLINE, "
        "or give a folder that holds the model"
    )
