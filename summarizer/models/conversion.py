"""Hub checkpoints -> CTranslate2 models, once, into a cache. Atomic, and safe when two processes start at once."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
from pathlib import Path

from summarizer.errors import ModelFailed
from summarizer.folders import cache_folder
from summarizer.models.quiet import quiet_libraries
from summarizer.models.weights import Located

logger = logging.getLogger(__name__)

_CONFIG_FILES = ("config.json", "generation_config.json", "vocab.json", "tokenizer_config.json", "tokenizer.json")


def converted(located: Located, precision: str) -> Path:
    """The folder with the CTranslate2 model of these weights; converts on the first call.

    Raises:
        ModelFailed: the architecture has no converter, or the checkpoint is broken.
    """
    if located.kind == "ct2":
        return located.path
    target = cache_folder() / "ct2" / _key(located, precision)
    if (target / "model.bin").is_file():
        return target
    from filelock import FileLock  # noqa: PLC0415  # needed only for the one conversion

    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_suffix(".lock")):
        if not (target / "model.bin").is_file():
            _convert_into(target, located, precision)
    return target


def _key(located: Located, precision: str) -> str:
    """One folder name per model, state of the model, precision and converter."""
    from ctranslate2 import __version__ as version  # noqa: PLC0415

    name = located.name.replace("/", "--").replace(":", "-")
    state = located.revision or _fingerprint(located.path)
    return f"{name}-{state[:12]}-{precision}-ct2_{version}"


def _fingerprint(folder: Path) -> str:
    """A local folder's state: size and time of its weights, content of its small files, and where it lies."""
    digest = hashlib.sha256(str(folder).encode())
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        status = file.stat()
        digest.update(f"{file.name} {status.st_size} {status.st_mtime_ns}".encode())
        if file.name in _CONFIG_FILES:
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _convert_into(target: Path, located: Located, precision: str) -> None:
    logger.info("converting %s to CTranslate2 (%s), once, into %s", located.name, precision, target)
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _convert(located, scratch / "model", precision)
        shutil.rmtree(target, ignore_errors=True)  # an unfinished folder of some other origin
        os.replace(scratch / "model", target)  # noqa: PTH105  # the one step that is atomic
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _convert(located: Located, folder: Path, precision: str) -> None:
    from summarizer.models.converter import Converter  # noqa: PLC0415  # imports torch and transformers

    try:
        with quiet_libraries():
            Converter(str(located.path)).convert(str(folder), quantization=precision)
    except ValueError as error:
        if "No conversion is registered" not in str(error):
            raise ModelFailed(f"{located.name} could not be converted to CTranslate2: {error}") from error
        raise ModelFailed(
            f"{located.name}: CTranslate2 has no converter for this architecture; "
            "the seq2seq wrapper runs it (model: seq2seq)"
        ) from error
    except Exception as error:
        raise ModelFailed(f"{located.name} could not be converted to CTranslate2: {error}") from error
