"""How improbable an image is, by a tighter bound than the ELBO."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.anomaly.needs import DENSITIES, Need
from vae.measures.anomaly.score import Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count, importance_weighted_log_px
from vae.models.vae import VAE
from vae.options import option


@dataclass(frozen=True)
class ImportanceWeighted(Score):
    """−log p(x), estimated from several draws of z per image."""

    name: ClassVar[str] = "nll"
    title: ClassVar[str] = "−log p(x)"
    sentence: ClassVar[str] = "How improbable the image is: −log p(x) from 100 draws of z."
    source: ClassVar[str] = "Burda et al. 2016"
    needs: ClassVar[tuple[Need, ...]] = DENSITIES
    is_slow: ClassVar[bool] = True
    samples: int = option(
        100, "draws of z per image", minimum=1, maximum=10_000, title="Draws of z"
    )

    def passes(self, model: VAE) -> float:
        return 1.0 + self.samples

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        samples = self.samples

        def improbable(sight: Sight, count: Count) -> np.ndarray:
            decoded = 0

            def in_images(done: int) -> None:
                nonlocal decoded
                before, decoded = decoded // samples, decoded + done
                count(decoded // samples - before)

            return -importance_weighted_log_px(model, sight.images, samples, sight.seed, in_images)

        return improbable
