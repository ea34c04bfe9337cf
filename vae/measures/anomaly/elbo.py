"""The bound of an image, turned round."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.anomaly.needs import DENSITIES, Need
from vae.measures.anomaly.score import Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count
from vae.models.vae import VAE


@dataclass(frozen=True)
class NegativeElbo(Score):
    """−ELBO with one z per image."""

    name: ClassVar[str] = "elbo"
    title: ClassVar[str] = "−ELBO"
    sentence: ClassVar[str] = "An upper bound of −log p(x): reconstruction plus KL(q(z|x) ‖ p(z))."
    source: ClassVar[str] = "Kingma and Welling 2014"
    needs: ClassVar[tuple[Need, ...]] = DENSITIES

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        return _negative_elbo


def _negative_elbo(sight: Sight, count: Count) -> np.ndarray:
    found = sight.bound
    assert found.kl is not None, "refused without a density"
    count(len(sight))
    negative: np.ndarray = found.kl - found.log_px
    return negative
