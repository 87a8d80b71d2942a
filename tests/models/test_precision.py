"""What a model computes in, on machines that are not this one: the choice is a function of what the device can do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.errors import ModelFailed
from summarizer.models import engine, pytorch, registry
from summarizer.models.checkpoint import overflows
from summarizer.models.settings import Settings
from summarizer.models.weights import Located

AMPERE = {"float16", "bfloat16", "float32", "int8", "int8_float16", "int8_bfloat16", "int8_float32"}
TURING = {"float16", "float32", "int8", "int8_float16", "int8_float32"}
PASCAL = {"float32", "int8", "int8_float32"}


@pytest.mark.parametrize(
    ("device", "asked", "bfloat16", "overflowing", "expected"),
    [
        ("cpu", "auto", False, False, "float32"),  # bfloat16 is faster, and an output would hang on its batch
        ("mps", "auto", False, False, "float32"),
        ("cuda", "auto", True, False, "bfloat16"),
        ("cuda", "auto", True, True, "bfloat16"),
        ("cuda", "auto", False, False, "float16"),
        ("cuda", "auto", False, True, "float32"),  # T5 on a Turing card
        ("cuda", "float16", True, True, "float16"),  # asked for is asked for
        ("cpu", "bfloat16", False, False, "bfloat16"),
    ],
)
def test_transformers_computes_in_the_fastest_that_is_right(
    device: str, asked: str, bfloat16: bool, overflowing: bool, expected: str
) -> None:
    """Half precision on a GPU alone, and never one the model overflows in."""
    assert pytorch.precision_for(device, asked, bfloat16=bfloat16, overflows=overflowing) == expected


@pytest.mark.parametrize("asked", ["int8", "int8_float32", "int8_bfloat16"])
def test_transformers_has_no_eight_bits(asked: str) -> None:
    """The message names the wrapper that has."""
    with pytest.raises(ModelFailed, match=rf"no {asked}.*ct2"):
        pytorch.precision_for("cpu", asked, bfloat16=False, overflows=False)


@pytest.mark.parametrize(
    ("device", "fast", "overflowing", "chat", "expected"),
    [
        ("cpu", {"int8", "int8_float32", "float32"}, False, False, "int8"),
        ("cpu", {"int8", "int8_float32", "float32"}, True, True, "int8"),
        ("cpu", {"float32"}, False, False, "float32"),
        ("cuda", AMPERE, False, False, "float16"),
        ("cuda", AMPERE, False, True, "bfloat16"),
        ("cuda", AMPERE, True, False, "float32"),
        ("cuda", TURING, False, True, "float16"),
        ("cuda", TURING, True, False, "float32"),
        ("cuda", PASCAL, False, False, "float32"),
    ],
)
def test_ctranslate2_computes_in_the_fastest_that_is_right(
    device: str, fast: set[str], overflowing: bool, chat: bool, expected: str
) -> None:
    """T5's kin say nonsense in float16 on a GPU (OpenNMT/CTranslate2 1074, 2102)."""
    assert engine.precision_for(device, "auto", fast, overflows=overflowing, chat=chat) == expected


def test_what_a_device_does_not_compute_fast_is_refused() -> None:
    """The message lists what it does."""
    with pytest.raises(ModelFailed, match=r"cuda does not compute bfloat16 fast; take .*float16"):
        engine.precision_for("cuda", "bfloat16", TURING)


@pytest.mark.parametrize(
    ("kind", "expected"), [("t5", True), ("mt5", True), ("umt5", True), ("marian", False), ("m2m_100", False)]
)
def test_the_kin_of_t5_is_known_by_its_configuration(kind: str, expected: bool, tmp_path: Path) -> None:
    """MADLAD-400 calls itself t5, too."""
    (tmp_path / "config.json").write_text(json.dumps({"model_type": kind}))
    assert overflows(Located(tmp_path, "transformers", "model")) is expected


@pytest.mark.parametrize("wrapper", ["seq2seq", "ct2"])
def test_a_device_that_is_not_here_is_refused(wrapper: str, folder_of: Callable[[str], Path]) -> None:
    """Before anything is loaded; the message says which to take."""
    import torch  # noqa: PLC0415

    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    with pytest.raises(ModelFailed, match="no cuda device here; take device cpu"):
        registry.load(wrapper, Settings((str(folder_of("marian")),), device="cuda"))


def test_bfloat16_runs_where_it_is_asked_for(folder_of: Callable[[str], Path]) -> None:
    """The weights are really held in it, and the name says so."""
    from summarizer.models.seq2seq import Seq2SeqModel  # noqa: PLC0415

    model = Seq2SeqModel(Settings((str(folder_of("marian")),), device="cpu", precision="bfloat16", threads=1))
    assert model.name.endswith(":bfloat16")
    assert str(model._model.dtype) == "torch.bfloat16"
    model.close()
