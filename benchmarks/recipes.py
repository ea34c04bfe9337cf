"""Which defaults train best in a short time: recipes side by side, chosen on validation.

    VAE_DATA=… python -m benchmarks.recipes [--seeds 2] [--jobs 1] [--only wide small] [--decoded]

Each recipe trains two dimensions for as many steps as fit into about a minute on two cores, by the
processor time of its steps against that of the first recipe's (``cost``), so that the order does
not depend on what else the machine does. −ELBO is the mean over all validation images, grey, one
sample of z, in nats per image; the test split is not looked at. ``--decoded`` takes draws of the
shipped mnist-20d model in place of MNIST, where that is not on the machine.
"""

import argparse
import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from subprocess import check_output

import numpy as np
import torch

from vae.checkpoint import read
from vae.data import ImageDataset, Split, load
from vae.files.writing import SHIPPED
from vae.measures.evaluation import evaluate
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer

STEPS = 6000
"""Steps of the first recipe, about a minute's."""
SMALL, WIDE = (512, 256, 128), (512, 512, 256)
# name: cost of a step against the first recipe's, network, training
RECIPES: dict[str, tuple[float, dict, dict]] = {
    "wide": (1.0, {"hidden": WIDE, "fourier": 3}, {"learning_rate": 3e-3}),
    "wide, 5 octaves": (1.0, {"hidden": WIDE, "fourier": 5}, {"learning_rate": 5e-3}),
    "wide, batch 512": (
        *(1.4, {"hidden": WIDE, "fourier": 5}),
        {"batch_size": 512, "learning_rate": 8e-3},
    ),
    "small": (0.8, {"hidden": SMALL, "fourier": 3}, {"learning_rate": 3e-3}),
    "small, fast": (0.8, {"hidden": SMALL, "fourier": 3}, {"learning_rate": 5e-3}),
    "small, 4 octaves": (0.8, {"hidden": SMALL, "fourier": 4}, {"learning_rate": 5e-3}),
    "small, 5 octaves": (0.8, {"hidden": SMALL, "fourier": 5}, {"learning_rate": 5e-3}),
    "small, 6 octaves": (0.8, {"hidden": SMALL, "fourier": 6}, {"learning_rate": 5e-3}),
    "small, batch 128": (
        *(0.62, {"hidden": SMALL, "fourier": 3}),
        {"batch_size": 128, "learning_rate": 2e-3},
    ),
    "small, batch 512": (
        *(1.15, {"hidden": SMALL, "fourier": 5}),
        {"batch_size": 512, "learning_rate": 5e-3},
    ),
    "small, grey": (
        *(0.76, {"hidden": SMALL, "fourier": 5}),
        {"learning_rate": 5e-3, "binarize": "none"},
    ),
    "small, rising shorter": (
        *(0.8, {"hidden": SMALL, "fourier": 5}),
        {"learning_rate": 5e-3, "rise": 0.05},
    ),
}


def decoded(count: int = 60_000) -> ImageDataset:
    """Draw images from the prior of the shipped mnist-20d model."""
    model = read(SHIPPED / "mnist-20d.safetensors").model
    z = torch.randn(count, 20, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        parts = [model.decode_mean(part) for part in z.split(1000)]
    images = (torch.cat(parts) * 255).round().to(torch.uint8).numpy()
    splits = [Split(np.ascontiguousarray(part)) for part in np.split(images, [55_000])]
    return ImageDataset("decoded", "Decoded", splits[0], splits[1], splits[1])


def score(name: str, seed: int, dataset: ImageDataset) -> str:
    """Train one recipe and say what it reaches."""
    cost, network, changes = RECIPES[name]
    batch = changes.get("batch_size", TrainConfig().batch_size)
    epochs = max(1, round(STEPS / cost * batch / len(dataset.train)))
    config = TrainConfig(epochs=epochs, seed=seed, **changes)
    model = build(VAEConfig(z_dim=2, architecture=MLP(**network)), seed)
    trainer, used, wall = Trainer(model, dataset, config), time.process_time(), time.perf_counter()
    while not trainer.done:
        trainer._advance()
    used, wall = time.process_time() - used, time.perf_counter() - wall
    found = -evaluate(model.eval(), dataset.validation, split_name="validation").elbo
    return f"{found:.3f} {1e3 * used / trainer.step:.2f} {1e3 * wall / trainer.step:.2f} {epochs}"


def main() -> None:
    """Run every recipe with every seed in a process of its own; print the table, best first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=1, help="trainings at a time, two cores each")
    parser.add_argument("--only", nargs="*", choices=RECIPES, default=list(RECIPES))
    parser.add_argument("--decoded", action="store_true")
    parser.add_argument("--one", nargs=2, metavar=("RECIPE", "SEED"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        dataset = decoded() if arguments.decoded else load("mnist")
        print(score(arguments.one[0], int(arguments.one[1]), dataset))
        return
    pinned = {index: [2 * index, 2 * index + 1] for index in range(arguments.jobs)}
    free = list(pinned)

    def train(job: tuple[str, int]) -> tuple[str, list[float]]:
        slot = free.pop()
        command = [sys.executable, "-m", "benchmarks.recipes", "--one", job[0], str(job[1])]
        command += ["--decoded"] if arguments.decoded else []
        env = os.environ | {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "2")}
        pin = (lambda: os.sched_setaffinity(0, pinned[slot])) if arguments.jobs > 1 else None
        text = check_output(command, env=env, preexec_fn=pin, text=True)
        free.append(slot)
        print(f"{job[0]}, seed {job[1]}: {text}", end="", flush=True)
        return job[0], [float(word) for word in text.split()]

    jobs = [(name, seed) for seed in range(arguments.seeds) for name in arguments.only]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(train, jobs))
    print("\n−ELBO on validation, nats per image; ms of processor and of wall time a step; epochs")
    rows = []
    for name in arguments.only:
        mine = [numbers for found, numbers in results if found == name]
        rows.append([statistics.mean(column) for column in zip(*mine, strict=True)] + [name])
    for nats, used, wall, epochs, name in sorted(rows):
        print(f"{name:28} {nats:8.2f}  {used:6.2f} {wall:6.2f} {epochs:4.0f}")


if __name__ == "__main__":
    main()
