"""A checkpoint is converted once, whole, by one process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.errors import ModelFailed
from summarizer.folders import cache_folder
from summarizer.models.conversion import converted
from summarizer.models.ct2 import CT2Model
from summarizer.models.protocol import Options
from summarizer.models.seq2seq import Seq2SeqModel
from summarizer.models.settings import Settings
from summarizer.models.weights import locate
from tests import tiny

PROCESS = """
import logging, sys
logging.basicConfig(level=logging.INFO)
from summarizer.models.conversion import converted
from summarizer.models.weights import locate
print(converted(locate(sys.argv[1]), "int8"))
"""


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def copied(folder: Path, target: Path) -> Path:
    target.mkdir()
    for file in folder.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target


def test_two_processes_convert_once(own_cache: Path, folder_of: Callable[[str], Path]) -> None:
    """Both start at once, both get the same whole model, and nothing unfinished stays behind."""
    command = [sys.executable, "-c", PROCESS, str(folder_of("marian"))]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        for _ in range(2)
    ]
    outcomes = [process.communicate(timeout=240) for process in running]
    assert [process.returncode for process in running] == [0, 0], outcomes
    assert sum(said.count("converting opus-mt-de-en") for _, said in outcomes) == 1
    places = {output.strip() for output, _ in outcomes}
    assert len(places) == 1
    assert sorted(path.name for path in (own_cache / "ct2").iterdir() if path.is_dir()) == [Path(places.pop()).name]


def test_a_conversion_is_kept_per_precision_and_state(
    own_cache: Path, tmp_path: Path, folder_of: Callable[[str], Path]
) -> None:
    """The second call converts nothing; another precision, or weights that changed, do."""
    folder = copied(folder_of("marian"), tmp_path / "model")
    first = converted(locate(str(folder)), "float32")
    stamp = (first / "model.bin").stat().st_mtime_ns
    assert converted(locate(str(folder)), "float32") == first
    assert (first / "model.bin").stat().st_mtime_ns == stamp
    small = converted(locate(str(folder)), "int8")
    assert (small / "model.bin").stat().st_size < (first / "model.bin").stat().st_size
    (folder / "vocab.json").write_text((folder / "vocab.json").read_text() + " ")
    assert converted(locate(str(folder)), "float32") not in (first, small)


def test_a_failed_conversion_leaves_nothing(own_cache: Path, tmp_path: Path, folder_of: Callable[[str], Path]) -> None:
    """Broken weights are named, and the next try starts afresh."""
    folder = copied(folder_of("marian"), tmp_path / "model")
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelFailed, match="model could not be converted"):
        converted(locate(str(folder)), "float32")
    assert [path for path in (own_cache / "ct2").iterdir() if path.is_dir()] == []
    (folder / "model.safetensors").write_bytes(whole)
    assert (converted(locate(str(folder)), "float32") / "model.bin").is_file()


def test_a_converted_folder_is_taken_as_it_is(own_cache: Path, tmp_path: Path, folder_of: Callable) -> None:
    """CTranslate2 files and source.spm in one folder need no conversion and no transformers: the bundled layout."""
    folder = copied(converted(locate(str(folder_of("marian"))), "int8"), tmp_path / "bundle")
    (folder / "source.spm").write_bytes((folder_of("marian") / "source.spm").read_bytes())
    (folder / "bundle.json").write_text('{"source": "de", "target": "en", "window": 60}')
    assert converted(locate(str(folder)), "int8") == folder
    model = CT2Model(Settings((str(folder),), threads=1))
    assert (model.window, model.supports("de", "en"), model.supports("en", "de")) == (60, True, False)
    (found,) = model.generate(["Niemand wurde verletzt."], Options())
    assert found.text == "Nobody was injured."
    with pytest.raises(ModelFailed, match="the ct2 wrapper runs it"):
        Seq2SeqModel(Settings((str(folder),)))


def test_the_bundled_layout_runs_without_torch(tmp_path: Path, folder_of: Callable[[str], Path]) -> None:
    """Neither torch nor transformers is imported to translate with it."""
    folder = copied(converted(locate(str(folder_of("marian"))), "int8"), tmp_path / "bundle")
    (folder / "source.spm").write_bytes((folder_of("marian") / "source.spm").read_bytes())
    program = (
        "import sys\nfrom summarizer.models import registry\nfrom summarizer.models.settings import Settings\n"
        "from summarizer.models.protocol import Options\n"
        "model = registry.load('ct2', Settings((sys.argv[1],)))\n"
        "print(model.generate(['Niemand wurde verletzt.'], Options(beams=4))[0].text)\n"
        "print(sorted({'torch', 'transformers', 'huggingface_hub', 'tokenizers'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["Nobody was injured.", "[]"]


@pytest.mark.parametrize("family", tiny.TORCH_ONLY)
def test_an_architecture_without_converter_names_the_other_wrapper(
    family: str, folder_of: Callable[[str], Path]
) -> None:
    """The cure is one word in the preset."""
    with pytest.raises(ModelFailed, match=r"has no converter for this architecture.*model: seq2seq"):
        CT2Model(Settings((str(folder_of(family)),)))


@pytest.mark.parametrize("missing", ["source.spm", "vocab.json", "model.safetensors"])
@pytest.mark.parametrize("wrapper", [CT2Model, Seq2SeqModel])
def test_a_damaged_folder_is_a_model_that_failed(
    wrapper: type, missing: str, tmp_path: Path, own_cache: Path, folder_of: Callable[[str], Path]
) -> None:
    """Never a KeyError of a library: the message names the model."""
    folder = copied(folder_of("marian"), tmp_path / "damaged")
    (folder / missing).write_bytes(b"{")
    with pytest.raises(ModelFailed, match="damaged"):
        wrapper(Settings((str(folder),)))


def test_the_cache_lies_where_it_is_told(own_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """``SUMMARIZER_CACHE`` first, then the user's cache folder."""
    assert cache_folder() == own_cache
    monkeypatch.delenv("SUMMARIZER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "summarizer"
