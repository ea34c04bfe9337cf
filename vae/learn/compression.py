"""Compression: what passes through two numbers, by a network and by principal components."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch

from vae.data import load
from vae.learn.lesson import Facts, Lesson, Opened
from vae.learn.specimens import packed, specimens
from vae.measures.standard_error import standard_error
from vae.models.vae import VAE
from vae.training.objectives.components import Components, principal

WIDTHS = 30
"""Principal components that may be kept of a digit's 64 pixels."""
DIGITS = ("digits", "digits-2d")


class Digits(NamedTuple):
    """Principal components of scikit-learn's training digits, and what they are tested on."""

    components: Components
    images: np.ndarray
    """Test images, uint8 (N, 1, 8, 8)."""
    labels: np.ndarray
    errors: np.ndarray
    """Squared error on them with 0, 1, … `WIDTHS` numbers: mean over images, (WIDTHS + 1,)."""
    trained: int


@cache
def digits() -> Digits:
    """Fit components to the training split of the digits that come with scikit-learn."""
    found = load("digits")
    components = principal(torch.from_numpy(found.train.images), WIDTHS)
    test = found.test
    assert test.labels is not None, "digits have labels"
    errors = [pca_errors(components, test.images, width).mean() for width in range(WIDTHS + 1)]
    trained = len(found.train)
    return Digits(components, test.images, test.labels, np.array(errors), trained)


def pca_errors(components: Components, images: np.ndarray, width: int) -> np.ndarray:
    """Squared error of each uint8 image (N, C, H, W) kept as so many components, (N,)."""
    pixels = images.reshape(len(images), -1) / 255
    directions = components.directions[:width]
    off = pixels - components.mean
    kept: np.ndarray = np.square(off - off @ directions.T @ directions).sum(1)
    return kept


@torch.inference_mode()
def squared_errors(model: VAE, images: np.ndarray) -> np.ndarray:
    """Squared error of each uint8 image after encoder and decoder, over pixels in [0, 1], (N,)."""
    x = torch.from_numpy(images).float() / 255
    again = model.decode_mean(model.encode(x).mean)
    return np.asarray((again - x).square().flatten(1).sum(1).double().numpy())


def width_of(errors: np.ndarray, error: float) -> int:
    """Return the least width whose error is no larger; one more than there are for none."""
    return int(np.argmax(np.append(errors, -np.inf) <= error))


def facts(models: Opened) -> Facts:
    """Compute what the lesson states of the shipped models and of scikit-learn's digits."""
    shown, small = specimens().images, digits()
    errors = {
        "ae_error": squared_errors(models["ae"].model, shown),
        "pca_error": squared_errors(models["pca"].model, shown),
        "small_error": squared_errors(models["small"].model, small.images),
        "small_pca_error": pca_errors(small.components, small.images, 2),
    }
    error = float(errors["small_error"].mean())
    return {
        "pixels": shown[0].size,
        "images": len(shown),
        "small_pixels": small.images[0].size,
        "small_trained": small.trained,
        "small_images": len(small.images),
        "match": width_of(small.errors, error),
        **{name: float(values.mean()) for name, values in errors.items()},
        **{f"{name}_off": standard_error(values) for name, values in errors.items()},
        "least_kept": float(1 - small.errors[10] / small.errors[0]),
    }


def data(models: Opened) -> dict[str, Any]:
    """Give the exhibit images, and the components that it multiplies with."""
    small = digits()
    rows = [int(np.flatnonzero(small.labels == label)[0]) for label in range(10)]
    return {
        "specimens": specimens().to_json(),
        "digits": packed(small.images[rows], small.labels[rows]),
        "mean": _rounded(small.components.mean),
        "directions": [_rounded(one) for one in small.components.directions],
        "errors": _rounded(small.errors),
    }


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), 5) for value in values]


COMPRESSION = Lesson(
    name="compression",
    order=1,
    models={"ae": "mnist-ae-2d", "pca": "mnist-pca-2d", "small": "digits-2d"},
    facts=facts,
    sources=(VAE.encode, VAE.decode_mean, principal),
    exhibit="compression",
    data=data,
)
