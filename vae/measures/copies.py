"""How near an image lies to the training images, and whether it is nearer than new images are.

A model that copies shows its training images again: its draws lie nearer to them than images that
it never saw. Distances are Euclidean over an image's pixels in [0, 1], channels among them.

Decoded means are smoother than photographs or scans, and a smooth image lies nearer to all others.
So held-out images are not the only yardstick: their reconstructions are as smooth as draws are, and
show what the decoder alone does to the distance.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import torch

from vae.errors import UserError

CHUNK = 1 << 20
"""Pixels of the training images that are held as floats at a time: 4 MB, which stay in the cache.
"""


class Nearest(NamedTuple):
    """The training image nearest to each image."""

    distance: np.ndarray
    """Root of the summed squares of the pixels' differences, float64 (N,)."""
    row: np.ndarray
    """Row of that training image, int64 (N,)."""


def nearest(
    images: np.ndarray, train: np.ndarray, count: Callable[[int], None] | None = None
) -> Nearest:
    """Find the nearest of the uint8 images ``train`` (M, C, H, W) of each of ``images`` (N, …).

    Candidates are compared in float32, whose error in a squared distance is about a millionth of
    the squared norms; the distance of the one that is found is exact. ``count`` hears of training
    images that are done.

    Raises
    ------
    UserError
        Where there are no training images, or they are of another shape.
    """
    if not len(train) or images.shape[1:] != train.shape[1:]:
        raise UserError(
            f"images of {tuple(images.shape[1:])} cannot be compared with {len(train)} training "
            f"images of {tuple(train.shape[1:])} (channels, height, width); choose the data set "
            "the model was trained on"
        )
    x = _flat(images)
    best = torch.full((len(x),), torch.inf)
    row = torch.zeros(len(x), dtype=torch.int64)
    for start, some in _chunks(train):
        # ‖x − t‖² less ‖x‖², which is the same for all t
        squared = torch.addmm(some.square().sum(1), x, some.T, alpha=-2)
        found, where = squared.min(1)
        nearer = found < best
        best, row = torch.where(nearer, found, best), torch.where(nearer, start + where, row)
        if count:
            count(len(some))
    rows = row.numpy()
    return Nearest(_exact(images, train, rows), rows)


def share_as_near(distance: np.ndarray, held_out: np.ndarray) -> np.ndarray:
    """Share of held-out images that lie as near to their nearest training image, or nearer.

    ``distance`` (N,) and ``held_out`` (M,) are those of `nearest`. The result reads like a p-value:
    under chance it is at most α in a share α of the images, because the image itself counts as
    one of the M + 1 (Davison and Hinkley 1997, "Bootstrap methods and their application",
    eq. 4.11). A copy has 1 / (M + 1), the least there is.
    """
    nearer = np.searchsorted(np.sort(held_out), distance, side="right")
    return (1 + nearer) / (1 + len(held_out))


def _flat(images: np.ndarray) -> torch.Tensor:
    flat = images.reshape(len(images), -1)
    return torch.from_numpy(np.ascontiguousarray(flat)).float().div_(255)


def _chunks(train: np.ndarray) -> Iterator[tuple[int, torch.Tensor]]:
    size = max(1, CHUNK // train[0].size)
    for start in range(0, len(train), size):
        yield start, _flat(train[start : start + size])


def _exact(images: np.ndarray, train: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Distance of each image to the training image of its row; whole numbers until the root."""
    found = [
        np.square(image.astype(np.int64) - train[row]).sum()
        for image, row in zip(images, rows, strict=True)
    ]
    return np.sqrt(np.array(found, dtype=np.float64)) / 255
