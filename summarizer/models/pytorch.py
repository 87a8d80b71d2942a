"""PyTorch and the device it is to run on: what every wrapper around transformers begins with."""

from __future__ import annotations

from typing import Any

from summarizer.errors import MissingDependency, ModelFailed


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
