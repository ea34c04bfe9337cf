"""The principal components of images, which are read a few thousand at a time."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

MOST_PIXELS = 3072
"""Up to so many numbers per image their covariance is decomposed; beyond, its largest parts."""
READ = 1 << 22
"""About so many numbers of images are float64 at once."""


Blocks = tuple[Tensor, ...]


class Components(NamedTuple):
    """Of pixels in [0, 1], float64."""

    mean: np.ndarray
    """Mean image, (D,)."""
    directions: np.ndarray
    """Directions of the largest variances, which fall, (count, D); of length 1."""
    left: float
    """Variance in all other directions together, mean over the images."""


def principal(images: Tensor, count: int, most: int = MOST_PIXELS, read: int = READ) -> Components:
    """Find the components of images, uint8 (N, …), of which ``read`` numbers are taken at a time.

    Sums and products of whole numbers are exact in float64 up to 2^53, so the result is the same
    however the images are cut into blocks, wherever the covariance is decomposed.
    """
    blocks = images.flatten(1).split(max(1, read // images[0].numel()))
    total = sum(part.sum(0, dtype=torch.float64) for part in blocks)
    mean = torch.as_tensor(total).numpy() / len(images)
    if len(mean) <= most:
        values, directions = _decomposed(blocks, mean, len(images))
        left = values[count:].sum()
    else:
        values, directions = _largest(blocks, mean, len(images), count)
        squares = sum(float(part.double().square().sum()) for part in blocks)
        left = squares / len(images) - float(mean @ mean) - values.sum()
    return Components(mean / 255, _signed(directions[:count]), max(0.0, float(left)) / 255**2)


def _decomposed(blocks: Blocks, mean: np.ndarray, images: int) -> tuple[np.ndarray, np.ndarray]:
    """Decompose the covariance: all its eigenvalues, which fall, and its eigenvectors as rows."""
    products = torch.zeros(len(mean), len(mean), dtype=torch.float64)
    for part in blocks:
        x = part.double()
        products.addmm_(x.T, x)
    covariance = products.numpy() / images - np.outer(mean, mean)
    values, vectors = np.linalg.eigh(covariance)
    return values[::-1].clip(min=0), vectors.T[::-1]


def _largest(
    blocks: Blocks, mean: np.ndarray, images: int, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Find the largest eigenvalues of the covariance without it, by products with vectors."""
    # scipy takes a while to import, and few trainings come here
    from scipy.sparse.linalg import LinearOperator, eigsh

    def times(vector: np.ndarray) -> np.ndarray:
        # Σ (x − m)(x − m)ᵀv is Σ x(x − m)ᵀv, as the (x − m)ᵀv sum to 0
        v = torch.from_numpy(np.ascontiguousarray(vector.reshape(-1), np.float64))
        made, shift = torch.zeros_like(v), float(mean @ v.numpy())
        for part in blocks:
            x = part.double()
            made.addmv_(x.T, x @ v - shift)
        found: np.ndarray = made.numpy() / images
        return found

    pixels = len(mean)
    operator = LinearOperator((pixels, pixels), matvec=times, dtype=np.float64)
    start = np.random.RandomState(0).uniform(-1, 1, pixels)
    values, vectors = eigsh(operator, count, v0=start)
    order = np.argsort(values)[::-1]
    return values[order], vectors.T[order]


def _signed(directions: np.ndarray) -> np.ndarray:
    """Let the largest number of each direction be positive, as scikit-learn does."""
    rows, places = np.arange(len(directions)), np.abs(directions).argmax(1)
    signed: np.ndarray = directions * np.sign(directions[rows, places])[:, None]
    return signed
