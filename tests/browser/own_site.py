"""The app with models of own images that are not square: labelled colour ones, unlabelled grey."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image

from tests.browser.app_server import app_server
from tests.tiny_models import tiny_checkpoint
from vae import checkpoint, data
from vae.data.own import look, prepare
from vae.measures.classifier import classifier_of
from vae.models.conditioning import InferredLabels, Labels
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import VAE
from vae.runs.packaging import describe

CLASSES = ("bar", "disc", "square")
HEIGHT, WIDTH = 8, 12
SMALL = MLP(hidden=(16,))


class Site(NamedTuple):
    """A running app, and the models of own images that it shows."""

    address: str
    models: dict[str, checkpoint.Checkpoint]
    images: dict[str, data.ImageDataset]


@contextlib.contextmanager
def own_site(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Prepare the images, write untrained models of them, and serve the app."""
    folder, runs = tmp_path_factory.mktemp("models"), tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_RUNS", str(runs))
        images = bring(tmp_path_factory.mktemp("brought"))
        # found by the server, so that no test waits for 2,000 steps
        patch.setattr("vae.measures.classifier.trained.STEPS", 50)
        classifier_of(images["shapes"].train, images["shapes"].validation)
    colour, grey = (3, HEIGHT, WIDTH), (1, WIDTH, HEIGHT)
    count = len(CLASSES)
    models = {
        "told": of(images["shapes"], VAEConfig(colour, 2, SMALL, conditioning=Labels(count))),
        "inferring": of(
            images["shapes"], VAEConfig(colour, 2, SMALL, conditioning=InferredLabels(count, (8,)))
        ),
        "plain": of(images["blots"], VAEConfig(grey, 2, SMALL)),
    }
    for name, one in models.items():
        checkpoint.write(folder / f"{name}.safetensors", one)
    settings = {"VAE_CHECKPOINTS": str(folder), "VAE_RUNS": str(runs)}
    with app_server(log, settings) as address:
        yield Site(address, models, images)


def bring(folder: Path) -> dict[str, data.ImageDataset]:
    """Prepare the two sets from files, as a person would."""
    random = np.random.default_rng(0)
    for number in range(60):
        label = number % len(CLASSES)
        picture = random.integers(0, 60, (HEIGHT, WIDTH, 3), dtype=np.uint8)
        picture[:, 4 * label : 4 * label + 4, label] += 180
        place = folder / "shapes" / CLASSES[label]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(place / f"{number}.png")
    np.save(folder / "blots.npy", random.integers(0, 256, (40, WIDTH, HEIGHT), dtype=np.uint8))
    for name, path in (("shapes", folder / "shapes"), ("blots", folder / "blots.npy")):
        found = look(path)
        prepare(found, found.suggested, name)
    # read whole: what is mapped would need the folder of runs to stay
    return {name: data.load(name) for name in ("shapes", "blots")}


def of(dataset: data.ImageDataset, config: VAEConfig) -> checkpoint.Checkpoint:
    """Make an untrained model of a data set, with a map of its test images."""
    made = tiny_checkpoint("model", config)
    if hasattr(made.model.conditioning, "plane"):
        # untrained planes are 0: every class would be encoded alike
        plane = made.model.conditioning.plane.data
        plane.copy_(torch.randn(plane.shape, generator=torch.Generator().manual_seed(0)))
        checkpoint.round_to_half(made.model)
    labels = dataset.test.labels
    told = labels if config.conditioning.needs_labels else None
    qz = encoded(made.model, dataset.test.images, told)
    atlas = checkpoint.Atlas(
        loc=qz.mean.numpy(),
        scale=qz.stddev.numpy(),
        label=np.full(len(dataset.test), -1) if labels is None else labels.astype(np.int64),
        index=np.arange(len(dataset.test)),
    )
    return checkpoint.Checkpoint(
        **{**vars(made), "dataset": describe(dataset), "atlas": atlas, "metrics": {}}
    )


@torch.inference_mode()
def encoded(
    model: VAE, images: np.ndarray, labels: np.ndarray | None
) -> torch.distributions.Distribution:
    """Encode uint8 images."""
    y = None if labels is None else torch.from_numpy(labels.astype(np.int64))
    return model.encode(torch.from_numpy(images.astype(np.float32) / 255), y)
