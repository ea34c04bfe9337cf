"""How far an image's code lies from those of training images."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.anomaly.score import Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count
from vae.models.vae import VAE
from vae.options import option


@dataclass(frozen=True)
class Neighbours(Score):
    """Distance from the posterior mean to the k-th nearest of training images."""

    name: ClassVar[str] = "knn"
    title: ClassVar[str] = "Nearest codes"
    sentence: ClassVar[str] = "How far its code lies from the k-th nearest code of training images."
    unit: ClassVar[str] = "distance in z"
    source: ClassVar[str] = "Ramaswamy et al. 2000"
    most_fitted: ClassVar[int | None] = 10_000
    networks: ClassVar[float] = 1.0
    k: int = option(15, "the neighbour that counts", minimum=1, maximum=1000, title="Neighbour")

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        # scikit-learn takes a second to import, and few callers come here
        from sklearn.neighbors import NearestNeighbors

        assert normal is not None, "refused without training images"
        k = min(self.k, len(normal))
        nearest = NearestNeighbors(n_neighbors=k).fit(normal.loc)

        def far(sight: Sight, count: Count) -> np.ndarray:
            distances, _ = nearest.kneighbors(sight.loc)
            count(len(sight))
            return np.asarray(distances[:, -1], np.float64)

        return far
