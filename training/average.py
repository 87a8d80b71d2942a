"""The mean of several checkpoints' weights: often better than the last of them, where no decay was run.

python -m training.average --checkpoints run/average-060.pt run/average-075.pt --out mean.pt
"""

import argparse
from pathlib import Path

import torch
from torch import Tensor


def mean(weights: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Name by name."""
    return {name: torch.stack([each[name] for each in weights]).mean(0) for name in weights[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoints", type=Path, nargs="+", required=True)
    parser.add_argument("--weights", choices=("model", "average"), default="average")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    states = [torch.load(path, weights_only=False) for path in options.checkpoints]
    averaged = mean([state[options.weights] for state in states])
    torch.save({"shape": states[0]["shape"], "average": averaged}, options.out)


if __name__ == "__main__":
    main()
