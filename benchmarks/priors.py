"""What a learned prior brings: the same network with each prior, compared on the same images.

    VAE_DATA=… python -m benchmarks.priors --folder runs/priors [--epochs 60] [--seeds 3]
        [--importance-samples 5000] [--images 10000] [--only standard-normal vamp]

Each prior trains the network of Burda et al. (two layers of 200) in 20 dimensions on MNIST for the
same number of epochs, once per seed. The NLL is importance-weighted (Burda et al. 2016, eq. 8) on
test pixels that are drawn as black or white once, from one seed for all. What each model reaches on
each image is kept in the folder, so that the program goes on where it was stopped; files made with
other settings are not mixed in. A difference to the standard normal is a mean over the same images
and seeds; its standard error is the larger of the one over images (of the mean over seeds) and the
one over seeds.
"""

import argparse
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from vae.data import ImageDataset, load
from vae.files.writing import write_atomically
from vae.measures.bound import importance_weighted_log_px
from vae.measures.evaluation import binarized
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.priors import PRIORS, Flow, has_density, is_by_class
from vae.models.priors.prior import PriorOptions
from vae.models.vae import VAE, build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer

FIRST = "standard-normal"
"""The prior that the others are compared with."""
Z_DIM = 20
NETWORK = MLP(hidden=(200, 200), fourier=0)
"""So small that 5,000 samples for each of 10,000 images are minutes of work."""
# one of each class would compare the models that are told labels as well
NAMES = [name for name, cls in PRIORS.items() if has_density(cls) and not is_by_class(cls)]
CHEAPER = {"flow": Flow(kind="affine")}
"""Steps by a scale and a shift (RealNVP): on validation 0.2 nats behind splines (95.5 and 95.4 of
−ELBO after 60 epochs, one seed), in a third of the time; the other priors are as they come."""
PROBE_STEPS, PROBE_IMAGES = 20, 20
"""So many steps, and images, tell how long all of them will take."""
TELL_SECONDS = 30.0


@dataclass(frozen=True)
class Settings:
    """What decides the numbers; it stands in the name of each file."""

    epochs: int
    samples: int
    images: int

    def path(self, folder: Path, prior: str, seed: int) -> Path:
        """Say where the result of one model is kept."""
        return folder / f"{prior}-{seed}-{self.epochs}e-{self.samples}k-{self.images}n.json"


def options_of(prior: str) -> PriorOptions:
    """Give the options that a prior is compared with."""
    return CHEAPER.get(prior) or PRIORS[prior]()


def trainer_of(prior: str, seed: int, dataset: ImageDataset, epochs: int) -> Trainer:
    """Make the trainer of one model."""
    model = build(VAEConfig(z_dim=Z_DIM, architecture=NETWORK, prior=options_of(prior)), seed)
    return Trainer(model, dataset, TrainConfig(epochs=epochs, seed=seed))


def log_px(model: VAE, images: np.ndarray, samples: int) -> np.ndarray:
    """Estimate log p(x) of each image, telling now and then how far it is."""
    total, done, told = len(images) * samples, 0, time.monotonic()

    def count(more: int) -> None:
        nonlocal done, told
        done += more
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            print(f"    {done / total:.0%} of the images", flush=True)

    model = model.eval().requires_grad_(False)
    return importance_weighted_log_px(model, images, samples, seed=0, count=count)


def measure(
    prior: str, seed: int, dataset: ImageDataset, settings: Settings, images: np.ndarray
) -> dict[str, object]:
    """Train one model and estimate log p(x) of each image."""
    trainer, began = trainer_of(prior, seed, dataset, settings.epochs), time.monotonic()
    report = None
    for report in trainer.run():
        if time.monotonic() - began > TELL_SECONDS:
            began = time.monotonic()
            print(f"    {report}", flush=True)
    assert report is not None, "the last report always comes"
    return {
        "prior": prior,
        "seed": seed,
        "validation_elbo": report.validation.elbo,
        "log_px": log_px(trainer.model, images, settings.samples).tolist(),
    }


def probe(prior: str, dataset: ImageDataset, settings: Settings, images: np.ndarray) -> float:
    """Predict the seconds that one model takes, from a few of its steps and images."""
    trainer = trainer_of(prior, 0, dataset, settings.epochs)
    trainer._advance()
    began = time.perf_counter()
    for _ in range(PROBE_STEPS):
        trainer._advance()
    step = (time.perf_counter() - began) / PROBE_STEPS
    few = images[:PROBE_IMAGES]
    began = time.perf_counter()
    log_px(trainer.model, few, settings.samples)
    image = (time.perf_counter() - began) / len(few)
    return settings.epochs * trainer.steps_per_epoch * step + len(images) * image


def difference(ours: np.ndarray, first: np.ndarray) -> tuple[float, float]:
    """Mean of ours − first over seeds and images, (seeds, images) each, and its standard error."""
    apart = ours - first
    over_images = apart.mean(0).std(ddof=1) / math.sqrt(apart.shape[1])
    if len(apart) < 2:
        return float(apart.mean()), float(over_images)
    over_seeds = apart.mean(1).std(ddof=1) / math.sqrt(len(apart))
    return float(apart.mean()), float(max(over_images, over_seeds))


def table(found: dict[str, np.ndarray]) -> list[str]:
    """Give the lines of the table, from −log p(x) in nats, (seeds, images) for each prior."""
    lines = ["| prior | NLL, nats per image | against the standard normal |", "| --- | --- | --- |"]
    for prior, values in found.items():
        each = values.mean(1)
        spread = f" (seeds {each.min():.2f} to {each.max():.2f})" if len(each) > 1 else ""
        against = "–"
        if prior != FIRST and FIRST in found and found[FIRST].shape == values.shape:
            mean, error = difference(values, found[FIRST])
            against = f"{mean:+.2f} ± {error:.2f}".replace("-", "−")
        lines.append(f"| {prior} | {values.mean():.2f}{spread} | {against} |")
    return lines


def main() -> None:
    """Measure what is not measured yet, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("runs/priors"))
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--importance-samples", type=int, default=5000)
    parser.add_argument("--images", type=int, default=10_000, help="of the test split, the first")
    parser.add_argument("--only", nargs="*", choices=NAMES, default=NAMES)
    asked = parser.parse_args()
    settings = Settings(asked.epochs, asked.importance_samples, asked.images)
    dataset = load("mnist")
    images = binarized(dataset.test.images[: asked.images], "stochastic", 0)
    asked.folder.mkdir(parents=True, exist_ok=True)
    print(
        f"{Z_DIM} dimensions, {asked.epochs} epochs, {asked.seeds} seeds; NLL with "
        f"{asked.importance_samples:,} samples on {len(images):,} test images, pixels drawn as "
        f"black or white, {torch.get_num_threads()} threads",
        flush=True,
    )
    jobs = [(prior, seed) for seed in range(asked.seeds) for prior in asked.only]
    todo = [job for job in jobs if not settings.path(asked.folder, *job).exists()]
    seconds = {prior: probe(prior, dataset, settings, images) for prior, _ in dict(todo).items()}
    left = sum(seconds[prior] for prior, _ in todo)
    print(f"{len(jobs) - len(todo)} of {len(jobs)} models are measured already", flush=True)
    for prior, seed in todo:
        print(f"  {prior}, seed {seed}; about {left / 60:.0f} min left", flush=True)
        found = json.dumps(measure(prior, seed, dataset, settings, images))
        write_atomically(settings.path(asked.folder, prior, seed), found.encode())
        left -= seconds[prior]
    held = {
        prior: [settings.path(asked.folder, prior, s) for s in range(asked.seeds)]
        for prior in asked.only
    }
    print(
        "\n".join(
            table(
                {
                    prior: -np.array([json.loads(path.read_text())["log_px"] for path in paths])
                    for prior, paths in held.items()
                }
            )
        )
    )


if __name__ == "__main__":
    main()
