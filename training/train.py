"""Trains until the clock runs out. Killed and started again, it goes on from its last checkpoint as if nothing had been.

The schedule hangs on wall-clock time, because the machine is shared: warm up, constant, linear to zero over the last part,
so that the end of `--minutes` is the best moment. `trunk.pt` is kept from just before the decay: start another run from it
(`--from trunk.pt`) to go on for longer.

python -m training.train --data prepared --pieces spm.model --dev newstest2017.tsv.gz --out run --minutes 110
"""

import argparse
import gzip
import json
import signal
import time
from pathlib import Path
from typing import Any

import sentencepiece
import torch

from training.batches import LONG, LONG_ROWS, Batch, Packer, encode, pack, to_batch
from training.head import loss_and_slopes
from training.model import Shape, Translator
from training.muon import Muon
from training.recipe import DECAY_SHARE, learning_share
from training.stream import PairStream
from training.text import plain_english

MATRIX_RATE, OTHER_RATE = 0.015, 0.002
WARM_UP = 60  # updates
DOUBLE_AFTER = 5000  # updates; from then on two batches make one: less noise when progress slows
AVERAGE_EVERY, AVERAGE_KEEP = 10, 0.96  # moving average over about the last 250 updates, fewer at the start
LOG_EVERY, SAVE_SECONDS, SNAPSHOT_SECONDS = 10, 300, 900


class Run:
    """Everything a checkpoint holds."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        self.folder, self.seconds = options.out, options.minutes * 60
        self.pieces = sentencepiece.SentencePieceProcessor(model_file=str(options.pieces))
        self.shape = Shape(vocabulary=self.pieces.get_piece_size())
        self.model = Translator(self.shape)
        self.forward = torch.compile(self.model, dynamic=False)
        self.optimiser = Muon(self.model, self.shape.width)
        self.average = {name: p.detach().clone() for name, p in self.model.named_parameters()}
        self.stream = PairStream(options.data, options.seed)
        self.packer = Packer(lambda progress: encode(self.pieces, self.stream.next(progress)))
        self.dev = dev_batches(options.dev, self.pieces)
        self.elapsed, self.pairs, self.target_pieces = 0.0, 0, 0

    @property
    def progress(self) -> float:
        return self.elapsed / self.seconds

    def state(self) -> dict[str, Any]:
        counted = {key: getattr(self, key) for key in ("elapsed", "pairs", "target_pieces")}
        return {
            "shape": self.shape,
            "model": self.model.state_dict(),
            "average": self.average,
            "optimiser": self.optimiser.state(),
            "stream": self.stream.state(),
            "packer": self.packer.state(),
            "counted": counted,
        }

    def load(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        self.optimiser.load(state["optimiser"])
        self.stream.load(state["stream"])
        self.packer.load(state["packer"])
        for key, value in state["counted"].items():
            setattr(self, key, value)

    def save(self, name: str) -> None:
        """Written beside and renamed, so that a kill leaves the old file or the new one, never half."""
        partial = self.folder / f"{name}.partial"
        torch.save(self.state(), partial)
        partial.replace(self.folder / name)

    def learn(self) -> tuple[float, int]:
        """One update; summed loss and target pieces it was made of."""
        batches = [self.packer.next(self.progress) for _ in range(2 if self.optimiser.count >= DOUBLE_AFTER else 1)]
        pieces = sum(int((batch.labels >= 0).sum()) for batch in batches)
        loss = sum(self.accumulate(batch, pieces) for batch in batches)
        warm = min(1.0, (self.optimiser.count + 1) / WARM_UP) * learning_share(self.progress)
        self.optimiser.step(MATRIX_RATE * warm, OTHER_RATE * warm)
        self.model.zero_grad(set_to_none=True)
        if self.optimiser.count % AVERAGE_EVERY == 0:
            self.blend(self.optimiser.count // AVERAGE_EVERY)
        self.pairs += sum(batch.pairs for batch in batches)
        self.target_pieces += pieces
        return loss, pieces

    @torch.no_grad()
    def blend(self, times: int) -> None:
        """Moves the average towards the weights, faster while there is little to average."""
        keep = min(AVERAGE_KEEP, (1 + times) / (10 + times))
        for name, p in self.model.named_parameters():
            self.average[name].lerp_(p, 1 - keep)

    def accumulate(self, batch: Batch, pieces: int) -> float:
        """Gradients of one batch added to `.grad`, scaled to the mean over `pieces`."""
        states = self.forward(batch.source, batch.target)
        loss, by_states, by_table = loss_and_slopes(states, self.model.table, batch.labels)
        states.backward(by_states / pieces)
        assert self.model.table.grad is not None
        self.model.table.grad.add_(by_table, alpha=1 / pieces)
        return loss

    @torch.no_grad()
    def dev_loss(self) -> float:
        """Mean loss per piece on the development sentences, of the averaged weights."""
        mine = {name: p.detach().clone() for name, p in self.model.named_parameters()}
        self.model.load_state_dict(self.average, strict=False)
        loss, pieces = 0.0, 0
        for batch in self.dev:
            states = self.forward(batch.source, batch.target)
            loss += loss_and_slopes(states, self.model.table, batch.labels)[0]
            pieces += int((batch.labels >= 0).sum())
        self.model.load_state_dict(mine, strict=False)
        return loss / pieces


def dev_batches(path: Path, pieces: sentencepiece.SentencePieceProcessor, count: int = 500) -> list[Batch]:
    """The first sentences of the development set, packed like training data of the long shape."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for _, line in zip(range(count), lines, strict=False)]
    left = [encode(pieces, (german, plain_english(english))) for german, english in rows]
    left = [example for example in left if max(map(len, example)) <= LONG]
    batches = []
    while left:
        packed, left = pack(left, LONG_ROWS, LONG)
        batches.append(to_batch(packed, LONG))
    return batches


def train(run: Run) -> None:
    """The loop: update, log, save; a polite stop on SIGTERM."""
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopping.append(number))
    last = saved = snapped = time.monotonic()
    loss, pieces, pairs, since = 0.0, 0, run.pairs, last
    while run.progress < 1 and not stopping:
        before = run.progress
        part_loss, part_pieces = run.learn()
        now = time.monotonic()
        run.elapsed, last = run.elapsed + now - last, now
        loss, pieces = loss + part_loss, pieces + part_pieces
        if run.optimiser.count % LOG_EVERY == 0:
            log(run, loss=round(loss / pieces, 4), pairs_per_second=round((run.pairs - pairs) / (now - since), 1))
            loss, pieces, pairs, since = 0.0, 0, run.pairs, now
        if before < 1 - DECAY_SHARE <= run.progress:
            run.save("trunk.pt")
        if now - saved > SAVE_SECONDS:
            run.save("last.pt")
            log(run, dev_loss=round(run.dev_loss(), 4))
            saved = now
        if now - snapped > SNAPSHOT_SECONDS:
            torch.save(
                {"shape": run.shape, "average": run.average}, run.folder / f"average-{run.elapsed / 60:03.0f}.pt"
            )
            snapped = now
    run.save("last.pt" if stopping else "final.pt")
    log(run, dev_loss=round(run.dev_loss(), 4), stopped=bool(stopping))


def log(run: Run, **values: float) -> None:
    """One line of JSON per event, for learning curves."""
    rate = round(learning_share(run.progress), 3)
    counts = {"minutes": round(run.elapsed / 60, 2), "updates": run.optimiser.count, "pairs": run.pairs, "rate": rate}
    with (run.folder / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(counts | {"target_pieces": run.target_pieces} | values) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pieces", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--minutes", type=float, required=True, help="of wall-clock, the whole run, restarts not counted twice"
    )
    parser.add_argument("--from", dest="trunk", type=Path, help="checkpoint to branch from; its elapsed time counts")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    run = Run(options)
    start = options.out / "last.pt" if (options.out / "last.pt").exists() else options.trunk
    if start:
        run.load(torch.load(start, weights_only=False))
    train(run)


if __name__ == "__main__":
    main()
