"""A score of strangeness: how far an image's brightness is from the mean of training images."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.anomaly import Score, Sight
from vae.measures.anomaly.score import Fitted
from vae.measures.bound import Count
from vae.models.vae import VAE


@dataclass(frozen=True)
class Glare(Score):
    """Distance of the mean pixel from that of training images."""

    name: ClassVar[str] = "toy-glare"
    title: ClassVar[str] = "Toy glare"
    sentence: ClassVar[str] = "How far its brightness is from the usual one."
    unit: ClassVar[str] = "pixel value"
    most_fitted: ClassVar[int | None] = 100
    own: ClassVar[bool] = False

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        assert normal is not None, "refused without training images"
        usual = float(normal.pixels.mean())

        def glare(sight: Sight, count: Count) -> np.ndarray:
            count(len(sight))
            return np.abs(sight.pixels.mean(axis=1) - usual).astype(np.float64)

        return glare
