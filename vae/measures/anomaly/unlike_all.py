"""How unlike an image is to all training images: what `unlike` is without the model's codes.

It stands beside it so that nobody takes for the model's merit what the pixels tell by themselves:
what the codes add is for the most part that only a few hundred images have to be compared.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.anomaly.score import Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count
from vae.models.vae import VAE
from vae.options import option

ROWS = 200
"""Images that are compared together with all training images: 8 MB."""


@dataclass(frozen=True)
class UnlikeAll(Score):
    """Σ (x − t)² / ((Σ x + Σ t) / 2) to the most alike of all training images t."""

    name: ClassVar[str] = "unlike-pixels"
    title: ClassVar[str] = "Unlike all images"
    sentence: ClassVar[str] = "How unlike it is to the most similar of 10,000 training images."
    unit: ClassVar[str] = "squared error per white pixel"
    most_fitted: ClassVar[int | None] = 10_000
    networks: ClassVar[float] = 10.0
    own: ClassVar[bool] = False
    alike: int = option(
        3, "most similar images whose mean counts", minimum=1, maximum=100, title="Alike"
    )

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        assert normal is not None, "refused without training images"
        others, few = normal.pixels, min(self.alike, len(normal))
        ink, squares = others.sum(1), np.square(others).sum(1)

        def unlike(sight: Sight, count: Count) -> np.ndarray:
            found = []
            for start in range(0, len(sight), ROWS):
                pixels = sight.pixels[start : start + ROWS]
                # the square is multiplied out
                own = np.square(pixels).sum(1)[:, None]
                errors = np.maximum(squares + own - 2 * pixels @ others.T, 0)
                # images without ink count as one white pixel
                errors /= np.maximum((ink + pixels.sum(1)[:, None]) / 2, 1)
                found.append(np.partition(errors, few - 1, axis=1)[:, :few].mean(1))
                count(len(pixels))
            return np.concatenate(found).astype(np.float64)

        return unlike
