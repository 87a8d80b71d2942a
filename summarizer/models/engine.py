"""CTranslate2 and the device it is to run on: what the wrappers around its Translator and its Generator begin with."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

from summarizer.errors import MissingDependency, ModelFailed

# The first of these that the device computes fast. Where the CPU has no bfloat16 of CTranslate2's liking (AVX512_BF16
# alone does not do), int8 is int8_float32; int8_bfloat16 is left to be asked for, as nobody measured it here.
_CPU = ("int8", "float32")
_CUDA = ("float16", "bfloat16", "float32")
# On a GPU the activations of T5's kin overflow in float16, and in bfloat16 their beams repeat themselves
# (OpenNMT/CTranslate2 issues 1074 and 2102).
_CUDA_OVERFLOWS = ("float32",)
_CUDA_CHAT = ("bfloat16", "float16", "float32")  # instruction models are trained in bfloat16, and some need its range
_PATIENCE = 60.0  # seconds for the batches under way when a model is closed


def engine() -> Any:
    """The ctranslate2 module."""
    try:
        import ctranslate2  # noqa: PLC0415
    except ImportError as error:
        raise MissingDependency("ctranslate2", "ct2", "the ct2 wrapper") from error
    return ctranslate2


def device_here(device: str) -> str:
    """``device``, or for ``auto`` the best there is."""
    if device in ("auto", "cuda") and engine().get_cuda_device_count() > 0:
        return "cuda"
    if device in ("auto", "cpu"):
        return "cpu"
    raise ModelFailed(f"the ct2 wrapper finds no {device} device here; take device cpu or auto")


def precision_here(device: str, asked: str, *, overflows: bool = False, chat: bool = False) -> str:
    """What to compute in. Asked before a model is converted, which takes minutes."""
    fast = engine().get_supported_compute_types(device)
    return precision_for(device, asked, fast, overflows=overflows, chat=chat)


def precision_for(
    device: str, asked: str, fast: Collection[str], *, overflows: bool = False, chat: bool = False
) -> str:
    """The same for a device that computes ``fast`` fast; ``overflows``: the model cannot do with float16's range."""
    if asked == "auto":
        on_cuda = _CUDA_OVERFLOWS if overflows else _CUDA_CHAT if chat else _CUDA
        return next(name for name in (_CPU if device == "cpu" else on_cuda) if name in fast)
    if asked not in fast:
        raise ModelFailed(f"this {device} does not compute {asked} fast; take {', '.join(sorted(fast))}, or auto")
    return asked


def unloaded(engine: Any) -> None:
    """Free an engine's weights as soon as the batches under way are done: until then it passes over the order."""
    until = time.monotonic() + _PATIENCE
    engine.unload_model()
    while engine.model_is_loaded and time.monotonic() < until:
        time.sleep(0.005)
        engine.unload_model()


def cause(name: str, error: Exception) -> str:
    """What a user is told of an error of CTranslate2's."""
    text = str(error)
    if "out of memory" in text.lower():
        return f"{name}: out of memory; take device cpu, a smaller precision (int8), or fewer beams"
    if "cannot be used as a sequence-to-sequence model" in text:
        return f"{name} is no encoder-decoder model; for a causal language model take the chat wrapper (model: chat)"
    return f"{name}: CTranslate2 gave up: {text}"
