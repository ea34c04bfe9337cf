"""How much emptier it is around an image than around its neighbours: the local outlier factor."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.anomaly.detected import Detected, OfPixels, Trained
from vae.options import option


@dataclass(frozen=True)
class _LocalOutlier(Detected):
    """The local outlier factor of what `columns` says of each image."""

    unit: ClassVar[str] = "ratio of densities"
    source: ClassVar[str] = "Breunig et al. 2000"
    most_fitted: ClassVar[int | None] = 5_000
    k: int = option(20, "neighbours that are compared", minimum=1, maximum=1000, title="Neighbours")

    def train(self, rows: np.ndarray, seed: int) -> Trained:
        # scikit-learn takes a second to import, and few callers come here
        from sklearn.neighbors import LocalOutlierFactor

        k = max(1, min(self.k, len(rows) - 1))
        factor: Trained = LocalOutlierFactor(n_neighbors=k, novelty=True).fit(rows)
        return factor


@dataclass(frozen=True)
class OutlierOfCodes(_LocalOutlier):
    """The local outlier factor of posterior means."""

    name: ClassVar[str] = "lof-codes"
    title: ClassVar[str] = "Local outlier factor of codes"
    sentence: ClassVar[str] = "How much emptier it is about its code than about the codes near it."


@dataclass(frozen=True)
class OutlierOfPixels(OfPixels, _LocalOutlier):
    """The local outlier factor of pixels, without the model."""

    name: ClassVar[str] = "lof-pixels"
    title: ClassVar[str] = "Local outlier factor of pixels"
    sentence: ClassVar[str] = "How much emptier it is about its pixels than about images near it."
