"""Two optimisers in one: Muon (momentum, orthogonalised) for the matrices of the layers, AdamW for everything else."""

from collections import defaultdict
from typing import Any

import torch
from torch import Tensor, nn

MOMENTUM = 0.95
BETAS = (0.9, 0.98)
EPSILON = 1e-9
COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # quintic step that lifts small singular values fastest (Jordan et al. 2024)
STEPS = 5


@torch.no_grad()
def orthogonal(batch: Tensor) -> Tensor:
    """(count, rows, columns), rows <= columns: each matrix with its singular values pressed towards 1 (Newton-Schulz)."""
    x = batch.bfloat16()
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    a, b, c = COEFFICIENTS
    for _ in range(STEPS):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.float()


class Muon:
    """Steps on `.grad` of the given parameters. Stacked projections (3 x width, width) are treated as separate matrices."""

    def __init__(self, model: nn.Module, width: int) -> None:
        named = dict(model.named_parameters())
        self.width = width
        self.matrices = {name: p for name, p in named.items() if p.ndim == 2 and name != "table"}
        self.others = {name: p for name, p in named.items() if name not in self.matrices}
        self.momentum = {name: torch.zeros_like(p) for name, p in self.matrices.items()}
        self.moments = {name: (torch.zeros_like(p), torch.zeros_like(p)) for name, p in self.others.items()}
        self.count = 0

    def leave_matrices(self) -> None:
        """AdamW for the matrices too, at the rate of the others: what Muon is compared with."""
        self.others |= self.matrices
        self.moments |= {name: (torch.zeros_like(p), torch.zeros_like(p)) for name, p in self.matrices.items()}
        self.matrices, self.momentum = {}, {}

    @torch.no_grad()
    def step(self, matrix_rate: float, other_rate: float) -> None:
        """One update; gradients are consumed."""
        self.count += 1
        self._step_matrices(matrix_rate)
        for name, p in self.others.items():
            self._step_adam(p, self.moments[name], other_rate)

    def _blocks(self, name: str, tensor: Tensor) -> Tensor:
        """(count, rows, columns) view with rows <= columns where the matrix allows it."""
        if name.endswith((".qkv", ".kv")):
            return tensor.view(-1, self.width, self.width)
        return tensor[None].mT if tensor.shape[0] > tensor.shape[1] else tensor[None]

    def _step_matrices(self, rate: float) -> None:
        alike: dict[tuple[int, int], list[tuple[Tensor, Tensor, float]]] = defaultdict(list)
        for name, p in self.matrices.items():
            assert p.grad is not None
            velocity = self.momentum[name].lerp_(p.grad, 1 - MOMENTUM)
            push = p.grad.lerp(velocity, MOMENTUM)
            tall = max(1.0, p.shape[0] / p.shape[1]) ** 0.5 if name.endswith(".up") else 1.0
            weights, pushes = self._blocks(name, p), self._blocks(name, push)
            alike[(weights.shape[1], weights.shape[2])].append((weights, pushes, tall))
        for group in alike.values():
            turned = orthogonal(torch.cat([pushes for _, pushes, _ in group]))
            for (weights, _, tall), part in zip(group, turned.split([len(w) for w, _, _ in group]), strict=True):
                weights.sub_(part, alpha=rate * tall)

    def _step_adam(self, p: Tensor, moments: tuple[Tensor, Tensor], rate: float) -> None:
        first, second = moments
        assert p.grad is not None
        first.lerp_(p.grad, 1 - BETAS[0])
        second.lerp_(p.grad.square(), 1 - BETAS[1])
        sizes = (second / (1 - BETAS[1] ** self.count)).sqrt_().add_(EPSILON)
        p.addcdiv_(first, sizes, value=-rate / (1 - BETAS[0] ** self.count))

    def state(self) -> dict[str, Any]:
        return {"momentum": self.momentum, "moments": self.moments, "count": self.count}

    def load(self, state: dict[str, Any]) -> None:
        for name, tensor in state["momentum"].items():
            self.momentum[name].copy_(tensor)
        for name, pair in state["moments"].items():
            for mine, stored in zip(self.moments[name], pair, strict=True):
                mine.copy_(stored)
        self.count = state["count"]
