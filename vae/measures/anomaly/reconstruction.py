"""What the decoder misses of an image given its code."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.anomaly.score import Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count
from vae.models.vae import VAE


@dataclass(frozen=True)
class Reconstruction(Score):
    """−E log p(x|z), with one z per image."""

    name: ClassVar[str] = "reconstruction"
    title: ClassVar[str] = "Reconstruction"
    sentence: ClassVar[str] = "What the decoder misses of the image, given its code: −E log p(x|z)."
    source: ClassVar[str] = "An and Cho 2015"

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        return _missed


def _missed(sight: Sight, count: Count) -> np.ndarray:
    missed: np.ndarray = -sight.bound.log_px
    count(len(sight))
    return missed
