"""The loss at the tied softmax with its gradients in one pass, chunk by chunk, so that no large logits are ever stored."""

import torch
from torch import Tensor

from training.model import WORKING

CHUNK = 1024  # places at a time: 1024 x 8192 half-precision logits are 16 MB and stay in the cache


def chunk_loss(states: Tensor, table: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Summed cross-entropy of one chunk, its gradient by the states and by the table; label -1 counts for nothing."""
    logits = (states @ table.T).float()
    kept = (labels >= 0)[:, None]
    surplus = logits.logsumexp(-1, keepdim=True)
    hit = torch.arange(table.shape[0], device=table.device)[None] == labels[:, None]
    loss = torch.where(kept[:, 0], surplus[:, 0] - torch.where(hit, logits, 0.0).sum(-1), 0.0).sum()
    slope = torch.where(kept, (logits - surplus).exp() - hit.float(), 0.0).to(WORKING)
    return loss, slope @ table, slope.T @ states


compiled_chunk_loss = torch.compile(chunk_loss, dynamic=False)


def loss_and_slopes(states: Tensor, table: Tensor, labels: Tensor) -> tuple[float, Tensor, Tensor]:
    """Summed loss over (rows, length); gradients by the states (same shape) and by the table, both float32."""
    flat, wanted, working = states.detach().flatten(0, 1).to(WORKING), labels.flatten(), table.detach().to(WORKING)
    total, by_states, by_table = 0.0, [], torch.zeros_like(table)
    for begin in range(0, len(flat), CHUNK):
        part = slice(begin, begin + CHUNK)
        loss, state_slope, table_slope = compiled_chunk_loss(flat[part], working, wanted[part])
        total += loss.item()
        by_states.append(state_slope)
        by_table += table_slope
    return total, torch.cat(by_states).float().view_as(states), by_table
