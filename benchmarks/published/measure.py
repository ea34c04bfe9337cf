"""Train a row's model and estimate log p(x) of each test image; a stopped program goes on."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from benchmarks.published.results import PROGRESS, Result, name_of
from benchmarks.published.rows import Row
from vae.data import ImageDataset
from vae.files import arrays
from vae.files.writing import write_atomically
from vae.measures.bound import importance_weighted_log_px
from vae.measures.evaluation import binarized, evaluate
from vae.measures.kept import Kept
from vae.models.vae import VAE, build
from vae.runs.folder import RunFolder
from vae.training.config import TrainConfig
from vae.training.loop import Trainer

TELL_SECONDS = 30.0
SAVE_SECONDS = 60.0
PROBE_IMAGES = 20
"""So many images tell how long the NLL of all of them takes."""
PARTIAL = "log_px.npz"
SECONDS = "seconds"
DECIMALS = 2
"""Of log p(x) as it is kept; rounding moves a mean over 10,000 images by less than 0.0001 nats."""


def say(words: str) -> None:
    """Print a line at once."""
    print(f"  {words}", flush=True)


class Clock:
    """Tells when so many seconds have passed, again and again."""

    def __init__(self, seconds: float):
        self.seconds, self.last = seconds, time.monotonic()

    def rings(self) -> bool:
        """Tell whether they have, since it last did."""
        past = time.monotonic() - self.last >= self.seconds
        if past:
            self.last = time.monotonic()
        return past


def measure(row: Row, training: TrainConfig, dataset: ImageDataset, folder: Path) -> Result:
    """Train one model, from its last save where there is one, and measure it on the test split."""
    images = binarized(dataset.test.images, "stochastic", 0)
    work = RunFolder(folder / name_of(row, training, len(images)))
    work.prepare()
    trainer = Trainer(build(row.model, training.seed), dataset, training)
    train(trainer, work, len(images) * seconds_an_image(trainer.model, images, row.samples))
    model = trainer.model.cpu().eval().requires_grad_(False)
    log_px, seconds = log_px_of(model, images, row.samples, work.path / PARTIAL)
    bound = evaluate(model, dataset.test, binarize="stochastic")
    assert bound.elbo is not None, "the rows have a KL"
    return Result(
        row=row.name,
        model=row.model.to_json(),
        training=training.to_json(),
        samples=row.samples,
        log_px=log_px.round(DECIMALS).tolist(),
        elbo=bound.elbo,
        active_units=bound.active_units,
        train_seconds=trainer.elapsed,
        nll_seconds=seconds,
        threads=torch.get_num_threads(),
        bfloat16=trainer.bfloat16,
        torch=torch.__version__,
    )


def train(trainer: Trainer, work: RunFolder, nll_seconds: float) -> None:
    """Train to the end, saving now and then, and tell how long it and the NLL will take."""
    if (work.path / "state.safetensors").exists():
        work.restore(trainer)
        say(f"goes on at epoch {trainer.step / trainer.steps_per_epoch:.1f}")
    told, saved = Clock(TELL_SECONDS), Clock(SAVE_SECONDS)
    planned = trainer.config.epochs

    def save() -> None:
        work.save_state(trainer)
        epoch = trainer.step / trainer.steps_per_epoch
        work.write_json(PROGRESS, {"epoch": epoch, "epochs": planned})

    for report in trainer.run():
        if told.rings():
            left = (report.remaining + nll_seconds) / 60
            say(f"epoch {report.epoch:.1f}, {report.scores()}; about {left:.0f} min left")
        if saved.rings():
            save()
    save()


def seconds_an_image(model: VAE, images: np.ndarray, samples: int) -> float:
    """Predict the seconds that the NLL of one image takes, from a few of them."""
    few = images[:PROBE_IMAGES]
    began = time.perf_counter()
    importance_weighted_log_px(model, few, samples)
    return (time.perf_counter() - began) / len(few)


@dataclass
class Tally:
    """Counts samples and tells how far the NLL is."""

    total: int
    done: int = 0

    def __post_init__(self) -> None:
        self.clock, self.began, self.first = Clock(TELL_SECONDS), time.monotonic(), 0

    def __call__(self, more: int) -> None:
        self.first = self.first or more
        self.done += more
        if self.clock.rings() and self.done > self.first:
            pace = (time.monotonic() - self.began) / (self.done - self.first)
            left = (self.total - self.done) * pace / 60
            say(f"NLL of {self.done / self.total:.0%} of the images; about {left:.0f} min left")


def log_px_of(
    model: VAE, images: np.ndarray, samples: int, partial: Path
) -> tuple[np.ndarray, float]:
    """Estimate log p(x) of each image, and the seconds it took with those of earlier tries."""
    there = arrays.read(partial) if partial.exists() else {}
    earlier, began = float(there.pop(SECONDS, np.zeros(1))[0]), time.monotonic()
    kept, saved = Kept.from_arrays(there), Clock(SAVE_SECONDS)

    def seconds() -> float:
        return earlier + time.monotonic() - began

    def save(now: Kept) -> None:
        if saved.rings():
            packed = now.to_arrays() | {SECONDS: np.array([seconds()])}
            write_atomically(partial, arrays.write(**packed))

    kept.changed = save
    tally = Tally(len(images) * samples)
    found = importance_weighted_log_px(model, images, samples, 0, tally, kept=kept)
    return found, seconds()
