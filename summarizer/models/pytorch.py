"""PyTorch and the device it is to run on: what every wrapper around transformers begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from summarizer.errors import MissingDependency, ModelFailed
from summarizer.models.checkpoint import overflows
from summarizer.models.quiet import quiet_libraries
from summarizer.models.weights import Located


def import_torch(user: str) -> Any:
    """The torch module, with transformers beside it; ``user`` is who needs them, for the message."""
    try:
        import torch  # noqa: PLC0415
        import transformers  # noqa: F401, PLC0415
    except ImportError as error:
        raise MissingDependency(error.name or "torch", "transformers", user) from error
    return torch


def device_here(torch: Any, device: str) -> str:
    """``device``, or for ``auto`` the best there is."""
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, present in here.items() if present)
    if not here.get(device, False):
        raise ModelFailed(f"no {device} device here; take device cpu or auto")
    return device


def precision_here(torch: Any, device: str, asked: str, located: Located) -> str:
    """What to compute in: as asked, or for ``auto`` the fastest that is right on this device."""
    # Older GPUs compute bfloat16 too, slower than float32, and torch counts that as supported unless told not to.
    bfloat16 = device == "cuda" and bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return precision_for(device, asked, bfloat16=bfloat16, overflows=overflows(located))


def precision_for(device: str, asked: str, *, bfloat16: bool, overflows: bool) -> str:
    """The same for a device of which is known whether it computes ``bfloat16`` fast."""
    if asked.startswith("int8"):
        raise ModelFailed(f"transformers has no {asked} here; take float32 or bfloat16, or CTranslate2 (ct2)")
    if asked != "auto":
        return asked
    if device != "cuda":
        return "float32"
    if bfloat16:
        return "bfloat16"
    return "float32" if overflows else "float16"


def opened(kind: str, located: Located, *, device: str, precision: str, other: str) -> Any:
    """The weights in a folder as the transformers class called ``kind``, ready to generate.

    Safetensors only, and no code of theirs. ``other`` is what to take where the architecture is of another kind.
    """
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    try:
        with quiet_libraries():
            model, report = getattr(transformers, kind).from_pretrained(
                str(located.path),
                dtype=getattr(torch, precision),
                local_files_only=True,
                trust_remote_code=False,
                use_safetensors=True,
                output_loading_info=True,
            )
    except ValueError as error:
        if "Unrecognized configuration class" not in str(error):
            raise ModelFailed(f"{located.name} cannot be opened: {error}") from error
        raise ModelFailed(f"{located.name} is {other}") from error
    except Exception as error:
        raise ModelFailed(cause(located.name, error)) from error
    if missing := lacking(model, report):
        raise ModelFailed(f"{located.name} lacks {missing}; fetch the model again, or take another revision")
    return model.to(device).eval()


def lacking(model: Any, report: Mapping[str, Any]) -> str:
    """The first weights that a checkpoint lacks, in words; nothing if it is whole.

    transformers goes on with numbers at random. Positions that a model works out by itself need not be there.
    """
    owners = {name: model.get_submodule(name.rpartition(".")[0]) for name in sorted(report["missing_keys"])}
    missing = [name for name, owner in owners.items() if "Sinusoidal" not in type(owner).__name__]
    return ", ".join([*missing[:3], *([f"{len(missing) - 3} more"] if len(missing) > 3 else [])])


def cause(name: str, error: Exception) -> str:
    """What a user is told of an error of torch's or transformers'."""
    if "out of memory" in str(error).lower():
        return f"{name}: out of memory; take device cpu, a smaller precision, or fewer beams"
    return f"{name}: transformers gave up: {error}"


def freed(torch: Any, device: str) -> None:
    """After the last use of a model's weights: its memory goes back to the device."""
    if device == "cuda":
        torch.cuda.empty_cache()
