"""What a detector of scikit-learn says of an image's code, or of its pixels."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from vae.measures.anomaly.score import Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count
from vae.models.vae import VAE


class Trained(Protocol):
    """A detector that has seen normal rows."""

    def score_samples(self, rows: np.ndarray, /) -> np.ndarray:
        """Score rows (N, columns): the higher the more normal, (N,)."""


@dataclass(frozen=True)
class Detected(Score):
    """A detector, trained on what `columns` says of each training image."""

    networks: ClassVar[float] = 1.0

    def columns(self, sight: Sight) -> np.ndarray:
        """Return what of each image is looked at, (N, columns): its code."""
        return sight.loc

    def train(self, rows: np.ndarray, seed: int) -> Trained:
        """Train the detector on rows (N, columns) of normal images."""
        raise NotImplementedError

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        assert normal is not None, "refused without training images"
        detector = self.train(self.columns(normal), normal.seed)

        def lonely(sight: Sight, count: Count) -> np.ndarray:
            found = -detector.score_samples(self.columns(sight))
            count(len(sight))
            return np.asarray(found, np.float64)

        return lonely


class OfPixels(Score):
    """Makes a detector look at pixels, without the model; it goes before the detector."""

    own: ClassVar[bool] = False

    def columns(self, sight: Sight) -> np.ndarray:
        """Return the pixels of each image, (N, C · H · W)."""
        return sight.pixels
