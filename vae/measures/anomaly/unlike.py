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
    near: int = option(
        500, "training images with the nearest codes", minimum=1, maximum=10_000, title="Near codes"
    )
    alike: int = option(
        3, "most similar ones of these whose mean counts", minimum=1, maximum=100, title="Alike"
    )

    def passes(self, model: VAE) -> float:
        return 3.0

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        # scikit-learn takes a second to import, and few callers come here
        from sklearn.neighbors import NearestNeighbors

        assert normal is not None, "refused without training images"
        near = min(self.near, len(normal))
        nearest = NearestNeighbors(n_neighbors=near).fit(normal.loc)
        images = normal.images.reshape(len(normal), -1)

        def unlike(sight: Sight, count: Count) -> np.ndarray:
            found, pixels = np.empty(len(sight)), sight.pixels
            for row, places in enumerate(nearest.kneighbors(sight.loc, return_distance=False)):
                found[row] = self._distance(pixels[row], images[places])
                count(1)
            return found

        return unlike

    def _distance(self, pixels: np.ndarray, others: np.ndarray) -> float:
        """Compare pixels in [0, 1] with uint8 images (near, pixels)."""
        there = others.astype(np.float32) / 255
        ink = np.maximum((pixels.sum() + there.sum(1)) / 2, 1)
        errors = np.square(there - pixels).sum(1) / ink
        few = min(self.alike, len(errors))
        return float(np.partition(errors, few - 1)[:few].mean())
