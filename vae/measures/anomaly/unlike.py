"""How unlike an image is to the training images that were encoded about where it is.

The code says which training images to hold it against, the pixels say whether it is one of their
kind. What the decoder draws is the mean of all that lie about there; these are the images
themselves, so that a place where two kinds meet is no excuse.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.anomaly.score import Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count
from vae.models.vae import VAE
from vae.options import option

PART = 5000
"""Images whose pixels are looked at together."""


@dataclass(frozen=True)
class UnlikeNeighbours(Score):
    """Σ (x − t)² / ((Σ x + Σ t) / 2) to the most alike of the images t with the nearest codes."""

    name: ClassVar[str] = "unlike"
    title: ClassVar[str] = "Unlike its neighbours"
    sentence: ClassVar[str] = (
        "How unlike it is to the most similar of the training images with codes near its own."
    )
    unit: ClassVar[str] = "squared error per white pixel"
    most_fitted: ClassVar[int | None] = 60_000
    networks: ClassVar[float] = 3.0
    near: int = option(
        500, "training images with the nearest codes", minimum=1, maximum=10_000, title="Near codes"
    )
    alike: int = option(
        3, "most similar ones of these whose mean counts", minimum=1, maximum=100, title="Alike"
    )

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        # scikit-learn takes a second to import, and few callers come here
        from sklearn.neighbors import NearestNeighbors

        assert normal is not None, "refused without training images"
        near = min(self.near, len(normal))
        nearest = NearestNeighbors(n_neighbors=near).fit(normal.loc)
        others = _Others.of(normal)

        def unlike(sight: Sight, count: Count) -> np.ndarray:
            found, pixels = np.empty(len(sight)), sight.pixels
            for row, places in enumerate(nearest.kneighbors(sight.loc, return_distance=False)):
                errors = others.errors(pixels[row], places)
                few = min(self.alike, near)
                found[row] = np.partition(errors, few - 1)[:few].mean()
                count(1)
            return found

        return unlike


@dataclass(frozen=True, eq=False)
class _Others:
    """Training images with what of each is the same for all that are held against it."""

    images: np.ndarray
    """Uint8 (N, C · H · W)."""
    ink: np.ndarray
    """Σ t, (N,)."""
    squares: np.ndarray
    """Σ t², (N,)."""

    @classmethod
    def of(cls, normal: Sight) -> "_Others":
        """Take the pixels of training images, a part of them at a time."""
        images, ink, squares = normal.images.reshape(len(normal), -1), [], []
        for start in range(0, len(images), PART):
            pixels = images[start : start + PART].astype(np.float32) / 255
            ink.append(pixels.sum(1))
            squares.append(np.square(pixels).sum(1))
        return cls(images, np.concatenate(ink), np.concatenate(squares))

    def errors(self, pixels: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return squared errors to some of the images for each white pixel there is, (places,)."""
        # the square is multiplied out, which leaves one pass over the pixels
        product = self.images[places].astype(np.float32) @ (pixels / 255)
        errors = self.squares[places] + np.square(pixels).sum() - 2 * product
        ink = (self.ink[places] + pixels.sum()) / 2
        # images without ink count as one white pixel
        found: np.ndarray = np.maximum(errors, 0) / np.maximum(ink, 1)
        return found
