"""Muon or AdamW: the same model, the same sentences in the same order, so many updates from nothing; loss and seconds.

One call is one row, so that each has the machine to itself:
python -m training.compare --data prepared --pieces spm.model --dev newstest2017.tsv.gz --optimiser adamw --rate 0.002
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import torch

from training.train import MATRIX_RATE, OTHER_RATE, WARM_UP, Run

PROGRESS = 0.0  # the recipe's first phase; the clock plays no part here


def compared(run: Run, updates: int, *, matrix_rate: float, other_rate: float) -> dict[str, float]:
    """Trains for so many updates; mean loss of the last tenth, development loss of the last weights, seconds."""
    begin = time.monotonic()
    tail: list[float] = []
    for update in range(updates):
        batch = run.packer.next(PROGRESS)
        pieces = int((batch.labels >= 0).sum())
        loss = run.accumulate(batch, pieces)
        warm = min(1.0, (update + 1) / WARM_UP)
        run.optimiser.step(matrix_rate * warm, other_rate * warm)
        run.model.zero_grad(set_to_none=True)
        if update == 0:
            begin = time.monotonic()  # what compilation takes is no merit of an optimiser
        if update >= updates * 0.9:
            tail.append(loss / pieces)
    seconds = time.monotonic() - begin
    run.average = {name: p.detach().clone() for name, p in run.model.named_parameters()}
    return {
        "loss": round(sum(tail) / len(tail), 4),
        "dev_loss": round(run.dev_loss(), 4),
        "seconds": round(seconds, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pieces", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--optimiser", choices=("muon", "adamw"), required=True)
    parser.add_argument("--rate", type=float, help="of the layers' matrices")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as folder:
        run = Run(argparse.Namespace(**vars(options), out=Path(folder), minutes=1.0))
        muon = options.optimiser == "muon"
        if not muon:
            run.optimiser.leave_matrices()
        rate = options.rate or (MATRIX_RATE if muon else OTHER_RATE)
        found = compared(run, options.updates, matrix_rate=rate, other_rate=OTHER_RATE if muon else rate)
    print(json.dumps({"optimiser": options.optimiser, "rate": rate, "updates": options.updates} | found))


if __name__ == "__main__":
    main()
