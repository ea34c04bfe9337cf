"""From a trained model to a checkpoint: rounded, encoded, measured."""

import copy
import platform
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from vae import checkpoint
from vae.checkpoint import Atlas, Checkpoint
from vae.checkpoint.rates import PLACES, RateAtlas, images_of
from vae.data import ImageDataset
from vae.measures import likeness, rates, widths
from vae.measures.bound import importance_weighted_log_px
from vae.measures.evaluation import binarized, encode_split, evaluate, knn_accuracy
from vae.models.config import VAEConfig
from vae.models.vae import VAE
from vae.training.config import TrainConfig
from vae.training.objectives import ObjectiveOptions

ATLAS_IMAGES = 10_000
MOST_BOUND_DRAWS = 100_000
"""So many draws at most tell the bound of several draws that a model was trained by."""
NEIGHBOURS = 15
MOST_NEAR = 100_000
"""So many training images at most are encoded to find the nearest among."""
MOST_EXACT = 4
"""Of more dimensions than these the map holds posterior means in half precision."""


def package(
    name: str,
    model: VAE,
    dataset: ImageDataset,
    training: TrainConfig,
    atlas: bool = True,
    measured: bool = True,
    progress: Callable[[float], None] | None = None,
) -> Checkpoint:
    """Turn a trained model into a checkpoint, its weights rounded as they are stored.

    ``atlas`` adds the encoded test images, its map; ``measured`` what it reaches on them, and
    ``progress`` hears which share of that is done. The given model stays as it is.
    """
    draws = training.objective.bound_draws
    done = _Passes(passes(dataset, model, training.objective), progress)
    model = checkpoint.round_to_half(copy.deepcopy(model).cpu()).eval().requires_grad_(False)
    codes = encode_split(model, dataset.test, done.by(1)) if atlas or measured else None
    curve, at_rates = _at_rates(model, dataset, done) if atlas or measured else (None, None)
    metrics: dict[str, Any] = {}
    if measured:
        metrics = evaluate(model, dataset.test, progress=done.by(2)).to_json()
        metrics |= _neighbours(model, dataset, codes, done)
        metrics |= {
            likeness.QUANTILES: likeness.quantiles(model, dataset.test.images, dataset.test.labels)
        }
        metrics |= _own_bound(model, dataset, draws, done)
        metrics |= {} if curve is None else {rates.KEY: curve}
        if training.objective.is_ordered:
            metrics |= {widths.KEY: widths.measure(model, dataset.test, done.by(1))}
    return Checkpoint(
        name=name,
        model=model,
        training=training.to_json(),
        dataset=describe(dataset),
        metrics=metrics,
        created=checkpoint.now(),
        versions=versions(),
        atlas=atlas_of(codes, model, at_rates) if atlas and codes else None,
    )


def describe(dataset: ImageDataset) -> dict[str, Any]:
    """Tell which images a model was trained and is shown on."""
    return {
        "name": dataset.name,
        "split": "test",
        "sha256": dataset.test.sha256(),
        "class_names": list(dataset.class_names),
        "image_shape": list(dataset.image_shape),
        "n_train": len(dataset.train),
        "n_validation": len(dataset.validation),
        "n_test": len(dataset.test),
    }


def versions() -> dict[str, str]:
    """Name the versions that a result may depend on."""
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
    }


def passes(dataset: ImageDataset, model: VAE, objective: ObjectiveOptions) -> int:
    """Count the images that measuring a model sends through its encoder or its decoder."""
    each = 3 if model.betas is None else 3 + rates.PASSES * PLACES
    if objective.is_ordered:
        each += 1 + len(widths.widths_of(model.config.z_dim))
    draws = objective.bound_draws
    bound = _bound_images(dataset, draws) * draws
    near = len(_near_rows(dataset)) if _has_neighbours(dataset) else 0
    return bound + each * len(dataset.test) + near


class _Passes:
    """Adds up the images that went through one of the networks."""

    def __init__(self, total: int, progress: Callable[[float], None] | None):
        self.done, self.total, self.progress = 0, total, progress

    def more(self, images: int) -> None:
        """Hear that so many more images went through."""
        self.done += images
        if self.progress:
            self.progress(min(1.0, self.done / self.total))

    def by(self, networks: int) -> Callable[[int, int], None]:
        """Give a function that hears how many images went through so many networks."""
        before = self.done

        def count(done: int, total: int) -> None:
            self.done = before + networks * done
            if self.progress:
                self.progress(min(1.0, self.done / self.total))

        return count


def _bound_images(dataset: ImageDataset, draws: int) -> int:
    return min(len(dataset.test), max(1, MOST_BOUND_DRAWS // draws)) if draws else 0


def _own_bound(model: VAE, dataset: ImageDataset, draws: int, done: _Passes) -> dict[str, Any]:
    """Measure the importance-weighted bound that a model was trained by on the first test images.

    Grey pixels of a Bernoulli are drawn black or white, as they are in training.
    """
    if not draws:
        return {}
    few = dataset.test.take(np.arange(_bound_images(dataset, draws)))
    images = binarized(few.images, "stochastic") if model.likelihood.is_binary else few.images
    found = importance_weighted_log_px(model, images, draws, count=done.more, labels=few.labels)
    return {"bound": float(found.mean()), "bound_draws": draws, "bound_images": len(images)}


def _has_neighbours(dataset: ImageDataset) -> bool:
    labelled = dataset.train.labels is not None and dataset.test.labels is not None
    return labelled and len(dataset.train) >= NEIGHBOURS


def _near_rows(dataset: ImageDataset) -> np.ndarray:
    """Choose the training images among which the nearest are looked for: all, or evenly some."""
    size = len(dataset.train)
    return np.linspace(0, size - 1, min(size, MOST_NEAR)).astype(int)


def _neighbours(model: VAE, dataset: ImageDataset, codes: Any, done: _Passes) -> dict[str, Any]:
    if not _has_neighbours(dataset):
        return {}
    # codes of a model that infers labels are compared as it makes them without being told any
    told = not model.conditioning.infers
    near = dataset.train
    if len(near) > MOST_NEAR:
        near = near.take(_near_rows(dataset))
    train = encode_split(model, near, done.by(1), told)
    codes = codes if told else encode_split(model, dataset.test, told=False)
    # own images may have no label here and there
    train, codes = (one.take(np.flatnonzero(one.label >= 0)) for one in (train, codes))
    if len(train.loc) < NEIGHBOURS or not len(codes.loc):
        return {}
    accuracy = knn_accuracy(train.loc, train.label, codes.loc, codes.label, k=NEIGHBOURS)
    return {"knn_accuracy": accuracy, "knn_neighbours": NEIGHBOURS}


def _at_rates(
    model: VAE, dataset: ImageDataset, done: _Passes
) -> tuple[list[dict[str, Any]], RateAtlas] | tuple[None, None]:
    """Measure and encode at several β, where the model is told β."""
    if model.betas is None:
        return None, None
    count = done.by(rates.PASSES * len(dataset.test))
    return rates.measure(model, dataset.test, atlas_images(model.config), count)


def atlas_images(model: VAEConfig) -> int:
    """Return how many encoded images a model's file holds at most."""
    return ATLAS_IMAGES if model.betas is None else min(ATLAS_IMAGES, images_of(model.z_dim))


def atlas_of(codes: Atlas, model: VAE, at_rates: RateAtlas | None) -> Atlas:
    """Make a file's map of the encoded images, with their places at other β where there are any."""
    taken = codes.take(slice(atlas_images(model.config)))
    return replace(taken, loc=rounded_means(taken.loc), rates=at_rates)


def rounded_means(loc: np.ndarray) -> np.ndarray:
    """Round posterior means (N, z_dim) to half precision where they would fill most of a file.

    That is 1 part in 2,000 of a mean, which no drawing can show. Means of few dimensions, and
    means that half precision cannot hold, stay as they are.
    """
    if loc.shape[1] <= MOST_EXACT or np.abs(loc).max(initial=0.0) > np.finfo(np.float16).max:
        return loc
    return loc.astype(np.float16).astype(np.float32)
