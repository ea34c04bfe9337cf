"""pythae's VAE beside ours: the same network, images and number of epochs, each trained its way.

pythae (Chadebec et al. 2022) is installed into an environment of its own and never into this
project's:

    python -m venv ENVIRONMENT && ENVIRONMENT/bin/pip install torch==2.13.0 pythae==0.1.2

Both train on one after the other in the same program, on as many threads; both NLLs are computed
here, by the same code, pythae's from its weights in our network.
"""

import json
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from benchmarks.published import pythae_weights
from benchmarks.published.measure import PARTIAL, log_px_of, say
from benchmarks.published.results import keep
from vae.data import ImageDataset
from vae.errors import UserError
from vae.files import arrays
from vae.measures.evaluation import binarized
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import VAE, build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer

NAME = "pythae"
SCRIPT = Path(__file__).with_name("pythae_vae.py")
EPOCHS = 20
SAMPLES = 500
MODEL = VAEConfig(z_dim=16, architecture=MLP(hidden=(512,), norm="none", fourier=0))
"""The network that pythae builds where it is given none."""
BATCH, STEP_SIZE = 100, 1e-3
"""Of pythae, whose own defaults (64, 1e-4) learn less in so few epochs."""
OURS = {
    "this project": TrainConfig(),
    "this project, batches of 100": TrainConfig(batch_size=BATCH),
}


@dataclass(frozen=True)
class Side:
    """One training of the comparison."""

    title: str
    settings: str
    seed: int
    epochs: int
    samples: int
    seconds: float
    processor_seconds: float
    """The first on the clock, the second of the processor."""
    log_px: list[float]
    threads: int
    torch: str

    @property
    def nll(self) -> np.ndarray:
        """−log p(x) of each image, nats."""
        return -np.array(self.log_px)


@dataclass(frozen=True)
class Trained:
    """A model and what it took."""

    model: VAE
    settings: str
    seconds: float
    processor_seconds: float


def ours(training: TrainConfig, dataset: ImageDataset) -> Trained:
    """Train by this project."""
    trainer = Trainer(build(MODEL, training.seed), dataset, training)
    wall, processor = time.perf_counter(), time.process_time()
    for _ in trainer.run():
        pass
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    arithmetic = "bfloat16" if trainer.bfloat16 else "float32"
    settings = (
        f"batches of {training.batch_size}, AdamW, step size {training.learning_rate:g} falling "
        f"along a cosine, {arithmetic}"
    )
    return Trained(trainer.model.eval(), settings, wall, processor)


def theirs(python: Path, dataset: ImageDataset, epochs: int, seed: int, folder: Path) -> Trained:
    """Train by pythae, in the environment that has it."""
    images, out = folder / "images.npz", folder / "trained.npz"
    images.write_bytes(arrays.write(images=dataset.train.images))
    options = {
        "--z-dim": MODEL.z_dim,
        "--epochs": epochs,
        "--batch-size": BATCH,
        "--learning-rate": STEP_SIZE,
        "--seed": seed,
    }
    words = [str(word) for pair in options.items() for word in pair]
    done = subprocess.run([python, SCRIPT, images, out, *words], capture_output=True, text=True)
    if done.returncode:
        raise UserError(f"pythae did not train; its last words were: {done.stderr[-500:]}")
    found = arrays.read(out)
    wall, processor = found["seconds"].tolist()
    model = pythae_weights.carried_over(found, build(MODEL), dataset.train.images)
    settings = f"batches of {BATCH}, Adam, step size {STEP_SIZE:g}, float32"
    return Trained(model, settings, wall, processor)


def is_there(python: Path) -> bool:
    """Tell whether an environment has pythae."""
    if not python.exists():
        return False
    found = subprocess.run([python, "-c", "import pythae"], capture_output=True, check=False)
    return found.returncode == 0


def path_of(folder: Path, title: str, seed: int, epochs: int) -> Path:
    """Say where the result of one training is kept."""
    slug = title.replace(",", "").replace(" ", "-")
    return folder / f"{NAME}-{seed}-{epochs}e-{SAMPLES}k-{slug}.json"


def missing() -> str:
    """Say what to do where pythae is not there."""
    version = torch.__version__.partition("+")[0]
    return (
        "pythae is not there, so that nothing is put beside it; install it into an environment of "
        f"its own (python -m venv ENVIRONMENT && ENVIRONMENT/bin/pip install torch=={version} "
        "pythae==0.1.2) and give its Python by --pythae ENVIRONMENT/bin/python"
    )


def run(
    folder: Path, dataset: ImageDataset, python: Path, seeds: range, epochs: int | None
) -> None:
    """Train what is not trained yet, each seed's one after the other, and measure it."""
    epochs = epochs or EPOCHS
    for seed in seeds:
        for title in (NAME, *OURS):
            path = path_of(folder, title, seed, epochs)
            if path.exists():
                continue
            say(f"{title}, seed {seed}, {epochs} epochs")
            work = folder / path.stem
            work.mkdir(parents=True, exist_ok=True)
            if title == NAME:
                trained = theirs(python, dataset, epochs, seed, work)
            else:
                trained = ours(replace(OURS[title], epochs=epochs, seed=seed), dataset)
            say(f"trained in {trained.seconds:.0f} s")
            keep(path, measured(title, trained, seed, epochs, dataset, work))


def measured(
    title: str, trained: Trained, seed: int, epochs: int, dataset: ImageDataset, work: Path
) -> Side:
    """Estimate log p(x) of each test image under a trained model."""
    images = binarized(dataset.test.images, "stochastic", 0)
    # a training that was stopped is done again, and its NLL with it
    (work / PARTIAL).unlink(missing_ok=True)
    model = trained.model.requires_grad_(False)
    log_px, _ = log_px_of(model, images, SAMPLES, work / PARTIAL)
    return Side(
        title=title,
        settings=trained.settings,
        seed=seed,
        epochs=epochs,
        samples=SAMPLES,
        seconds=trained.seconds,
        processor_seconds=trained.processor_seconds,
        log_px=log_px.tolist(),
        threads=torch.get_num_threads(),
        torch=torch.__version__,
    )


def read(folder: Path) -> list[Side]:
    """Read all results, ordered by number of epochs, program and seed."""
    titles = [NAME, *OURS]
    paths = sorted(folder.glob(f"{NAME}-[0-9]*e-*.json"))
    found = [Side(**json.loads(path.read_text("utf-8"))) for path in paths]
    return sorted(found, key=lambda side: (side.epochs, titles.index(side.title), side.seed))
