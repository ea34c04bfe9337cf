"""Whether several processes train what one trains: the ELBO after each epoch, on this machine.

    VAE_DATA=… python -m benchmarks.alike [--processes 1 2] [--epochs 3] [--precision float32]

Each trains `mnist` in 2 dimensions with the page's defaults, the same batches, draws and seed.
Told are the ELBO of all test images, in nats, and its difference to that of the first training,
with how far the weights have come apart: the root of the mean squared difference, relative to the
root of the mean square of the first's weights.

What is left of a difference are sums in another order, which a training may amplify like any
rounding. Two things show how much: `--precision float64` rounds a thousand million times less, and
`--nudge` trains once more by the first number of processes with one bias moved to the next
float32. `--seeds` trains from other seeds too.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from vae.data.batch import Batch, Held


class Doubled(Held):
    """A split whose batches are float64."""

    def take(self, rows: Any, device: Any = "cpu") -> Batch:
        """Take rows as float64 pixels."""
        batch = super().take(rows, device)
        return batch._replace(x=batch.x.double())


def train(asked: argparse.Namespace) -> None:
    """Train as one of the processes that torchrun started; the first writes what came of it."""
    from vae.__main__ import leave
    from vae.measures.evaluation import evaluate
    from vae.training.distributed import gathered

    with gathered() as team:
        trainer, test = _trainer(asked)
        team.met = True
        trainer.join(team)
        if not team.leads:
            trainer.follow()
            leave(0)
        elbos = []
        for epoch in range(1, asked.epochs + 1):
            trainer.pause_at = epoch * trainer.steps_per_epoch
            for _ in trainer.run():
                pass
            elbos.append(evaluate(deepcopy(trainer.model).float(), test).elbo)
            weights = [one.detach().flatten().numpy() for one in trainer.model.parameters()]
            np.save(asked.out / f"{epoch}.npy", np.concatenate(weights))
        team.lead(None)
        (asked.out / "elbos.json").write_text(json.dumps(elbos))
    leave(0)


def _trainer(asked: argparse.Namespace) -> tuple[Any, Any]:
    import torch

    from vae import data
    from vae.models.config import VAEConfig
    from vae.models.vae import build
    from vae.training.config import TrainConfig
    from vae.training.loop import Trainer

    images, double = data.load(asked.dataset), asked.precision == "float64"
    precision = "float32" if double else asked.precision
    config = TrainConfig(epochs=asked.epochs, precision=precision, seed=asked.seed)
    model = build(VAEConfig(images.image_shape, 2), asked.seed)
    if asked.nudge:
        with torch.no_grad():
            one = list(model.parameters())[1].view(-1)[:1]
            one.copy_(torch.nextafter(one, one + 1))
    trainer = Trainer(model.double() if double else model, images, config)
    if double:
        trainer.images, trainer.held_out = Doubled(*trainer.images), Doubled(*trainer.held_out)
    return trainer, images.test


def _spread(out: Path, asked: argparse.Namespace, count: int, words: list[str]) -> list[float]:
    torchrun = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={count}"]
    out.mkdir()
    same = ["--out", str(out), "--dataset", asked.dataset, "--epochs", str(asked.epochs)]
    subprocess.run(
        [sys.executable, *(torchrun if count > 1 else []), "-m", "benchmarks.alike", *same]
        + ["--precision", asked.precision, *words],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        check=True,
    )
    found: list[float] = json.loads((out / "elbos.json").read_text())
    return found


def _apart(one: Path, other: Path) -> float:
    first, second = np.load(one), np.load(other)
    return float(np.sqrt(np.square(first - second).mean() / np.square(first).mean()))


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seeds", type=int, nargs="*", default=[])
    parser.add_argument("--nudge", action="store_true")
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Train, compare and print."""
    asked = _parsed()
    if asked.out:
        train(asked)
    first, seed = asked.processes[0], ["--seed", str(asked.seed)]
    runs = [(f"{count} processes", count, seed) for count in asked.processes]
    runs += [("nudged", first, [*seed, "--nudge"])] if asked.nudge else []
    runs += [(f"seed {other}", first, ["--seed", str(other)]) for other in asked.seeds]
    with tempfile.TemporaryDirectory() as folder:
        beside, elbos = Path(folder) / runs[0][0], None
        for name, count, words in runs:
            out = Path(folder) / name
            found = _spread(out, asked, count, words)
            elbos = elbos or found
            for epoch, (elbo, other) in enumerate(zip(found, elbos, strict=True), 1):
                apart = _apart(beside / f"{epoch}.npy", out / f"{epoch}.npy")
                told = f"{elbo:.3f} nats, {elbo - other:+.3f}, weights {apart:.0e} apart"
                print(f"{name}, epoch {epoch}: {told}", flush=True)


if __name__ == "__main__":
    main()
