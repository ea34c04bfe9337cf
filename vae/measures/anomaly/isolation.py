"""How soon random cuts part an image from all others: scikit-learn's isolation forest."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.anomaly.detected import Detected, OfPixels, Trained
from vae.options import option


@dataclass(frozen=True)
class _Forest(Detected):
    """An isolation forest of what `columns` says of each image."""

    unit: ClassVar[str] = "2 to the minus relative depth"
    source: ClassVar[str] = "Liu, Ting and Zhou 2008"
    most_fitted: ClassVar[int | None] = 10_000
    trees: int = option(100, "trees of the forest", minimum=10, maximum=1000, title="Trees")

    def train(self, rows: np.ndarray, seed: int) -> Trained:
        # scikit-learn takes a second to import, and few callers come here
        from sklearn.ensemble import IsolationForest

        forest: Trained = IsolationForest(n_estimators=self.trees, random_state=seed).fit(rows)
        return forest


@dataclass(frozen=True)
class ForestOfCodes(_Forest):
    """An isolation forest of posterior means."""

    name: ClassVar[str] = "forest-codes"
    title: ClassVar[str] = "Isolation forest of codes"
    sentence: ClassVar[str] = "How few random cuts part its code from those of training images."


@dataclass(frozen=True)
class ForestOfPixels(OfPixels, _Forest):
    """An isolation forest of pixels, without the model."""

    name: ClassVar[str] = "forest-pixels"
    title: ClassVar[str] = "Isolation forest of pixels"
    sentence: ClassVar[str] = "How few random cuts part its pixels from those of training images."
