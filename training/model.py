"""The translator's maths in plain PyTorch: an encoder-decoder with pre-norm layers, in the shape of Pegasus.

Rows hold several sentence pairs one after another; segment numbers keep them apart (0 is padding). The weights map one to
one to transformers' `PegasusForConditionalGeneration` (`training.export`), whose linear biases stay zero here.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

WORKING = torch.bfloat16  # matrix products; sums along the residual stream stay in float32


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a model."""

    vocabulary: int = 8192
    width: int = 256
    heads: int = 4
    inner: int = 1024
    encoder_layers: int = 6
    decoder_layers: int = 2


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a batch: piece ids, places within the sentence, segment numbers, each (rows, length)."""

    ids: Tensor
    places: Tensor
    segments: Tensor


def sinusoids(length: int, width: int) -> Tensor:
    """Sine in the first half of the width, cosine in the second, as in the original transformer."""
    rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))
    angle = torch.arange(length)[:, None] * rate[None]
    return torch.cat([angle.sin(), angle.cos()], 1).float()


def matrix(rows: int, columns: int, *, zero: bool = False) -> nn.Parameter:
    """A weight (out, in); those that write into the residual stream begin at zero, so that layers start as identities."""
    return nn.Parameter(torch.zeros(rows, columns) if zero else torch.randn(rows, columns) * columns**-0.5)


def linear(x: Tensor, weight: Tensor) -> Tensor:
    return functional.linear(x, weight.to(WORKING))


def attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor, heads: int) -> Tensor:
    """Softmax attention written out: compiled, its backward is three times as fast on a CPU as the built-in one."""
    query, key, value = (x.unflatten(-1, (heads, -1)).transpose(1, 2) for x in (query, key, value))
    scores = (query @ key.transpose(-1, -2)).float() * query.shape[-1] ** -0.5 + bias
    mixed = scores.softmax(-1).to(WORKING) @ value
    return mixed.transpose(1, 2).flatten(2)


class SelfAttention(nn.Module):
    """The stream looks at itself."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.norm = nn.LayerNorm(shape.width)
        self.qkv = matrix(3 * shape.width, shape.width)
        self.out = matrix(shape.width, shape.width, zero=True)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        query, key, value = linear(self.norm(x).to(WORKING), self.qkv).chunk(3, -1)
        return x + linear(attend(query, key, value, bias, self.heads), self.out)


class CrossAttention(nn.Module):
    """The decoder looks at the source."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.norm = nn.LayerNorm(shape.width)
        self.q = matrix(shape.width, shape.width)
        self.kv = matrix(2 * shape.width, shape.width)
        self.out = matrix(shape.width, shape.width, zero=True)

    def forward(self, x: Tensor, memory: Tensor, bias: Tensor) -> Tensor:
        key, value = linear(memory, self.kv).chunk(2, -1)
        query = linear(self.norm(x).to(WORKING), self.q)
        return x + linear(attend(query, key, value, bias, self.heads), self.out)


class FeedForward(nn.Module):
    """Each place by itself."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(shape.width)
        self.up = matrix(shape.inner, shape.width)
        self.down = matrix(shape.width, shape.inner, zero=True)

    def forward(self, x: Tensor) -> Tensor:
        return x + linear(functional.relu(linear(self.norm(x).to(WORKING), self.up)), self.down)


class EncoderLayer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = SelfAttention(shape)
        self.feed = FeedForward(shape)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        return self.feed(self.attention(x, bias))


class DecoderLayer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = SelfAttention(shape)
        self.cross = CrossAttention(shape)
        self.feed = FeedForward(shape)

    def forward(self, x: Tensor, memory: Tensor, own: Tensor, across: Tensor) -> Tensor:
        return self.feed(self.cross(self.attention(x, own), memory, across))


class Translator(nn.Module):
    """Source and shifted target in, the decoder's last states out; `training.head` turns those into a loss."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.table = nn.Parameter(torch.randn(shape.vocabulary, shape.width) * shape.width**-0.5)
        self.encoder = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.encoder_layers))
        self.decoder = nn.ModuleList(DecoderLayer(shape) for _ in range(shape.decoder_layers))
        self.encoder_norm = nn.LayerNorm(shape.width)
        self.decoder_norm = nn.LayerNorm(shape.width)
        self.register_buffer("positions", sinusoids(512, shape.width), persistent=False)

    def embed(self, side: Side) -> Tensor:
        return functional.embedding(side.ids, self.table) * self.shape.width**0.5 + self.positions[side.places]

    def forward(self, source: Side, target: Side) -> Tensor:
        x = self.embed(source)
        bias = apart(source.segments, source.segments)
        for layer in self.encoder:
            x = layer(x, bias)
        memory = self.encoder_norm(x).to(WORKING)
        y = self.embed(target)
        length = target.ids.shape[1]
        future = torch.ones(length, length, dtype=torch.bool, device=y.device).triu(1)
        own = apart(target.segments, target.segments).masked_fill(future, -1e4)
        across = apart(target.segments, source.segments)
        for layer in self.decoder:
            y = layer(y, memory, own, across)
        return self.decoder_norm(y)


def apart(looking: Tensor, seen: Tensor) -> Tensor:
    """(rows, 1, looking, seen): 0 within a sentence, -10,000 across; finite, so that padding rows make no NaN."""
    same = looking[:, :, None] == seen[:, None, :]
    return torch.where(same, 0.0, -1e4)[:, None]
