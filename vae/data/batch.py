"""What a model learns from, or looks at, at once: images, their labels, and which they are."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from vae.data.splits import Split


class Batch(NamedTuple):
    """Some images of a split."""

    x: Tensor
    """Pixels in [0, 1], float (batch, C, H, W)."""
    y: Tensor | None
    """Class of each image, int64 (batch,), −1 for none; None where the split has no labels."""
    index: Tensor  # type: ignore[assignment]  # a tuple's own `index` is of no use here
    """Row of each image in its split, int64 (batch,)."""


class Held(NamedTuple):
    """A split in memory, as batches are taken from it."""

    images: Tensor
    """Uint8 (N, C, H, W)."""
    labels: Tensor | None

    @classmethod
    def of(cls, split: "Split", count: int | None = None) -> "Held":
        """Hold the first ``count`` images of a split, or all, without a copy where it can be."""
        images = torch.from_numpy(np.ascontiguousarray(split.images[:count]))
        if split.labels is None:
            return cls(images, None)
        return cls(images, torch.from_numpy(np.asarray(split.labels[:count], dtype=np.int64)))

    def knowing(self, rows: Tensor) -> "Held":
        """Hold the labels of some rows, int64 (K,), alone; those of all others become −1."""
        if self.labels is None:
            return self
        known = torch.full_like(self.labels, -1)
        known[rows] = self.labels[rows]
        return self._replace(labels=known)

    def take(self, rows: Tensor, device: str | torch.device = "cpu") -> Batch:
        """Take rows, int64 (batch,), as float32 pixels on a device."""
        y = None if self.labels is None else self.labels[rows].to(device)
        x = self.images[rows].to(device).float().div_(255)
        return Batch(x, y, rows.to(device))
