"""How much better than the encoder's answer the best one for a single image is.

The encoder answers normal images nearly as well as can be. Of a strange one it has never seen the
like, and a q that is looked for by gradient steps may explain it far better. What all images of a
kind share, such as how many pixels are black, is in both bounds alike, so that it cancels.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from vae.data.batch import Batch
from vae.measures.anomaly.needs import DENSITY, ONE_ENCODER, PRIOR_DENSITY, UNTOLD, Need
from vae.measures.anomaly.score import Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count, batches
from vae.measures.gaps import balanced_noise, best_head, encoded_head, log_ratio
from vae.models.vae import VAE
from vae.options import option

CHUNK = 50
"""Images whose q are moved together; each of its own."""
BACK = 2
"""A step takes as long as so many passes: there and back, and no weight moves."""
NODES = {1: 9, 2: 3}
"""Gauss-Hermite nodes along each dimension, where there are one or two."""
DRAWS = 16
"""Places of the noise per step where there are more dimensions."""
JUDGED = 64
"""Draws from both q, by the same noise, that tell which explains the image better."""


@dataclass(frozen=True)
class LikelihoodRegret(Score):
    """ELBO of the best q for the single image, less that of the encoder's q."""

    name: ClassVar[str] = "regret"
    title: ClassVar[str] = "Likelihood regret"
    sentence: ClassVar[str] = "By how much a q that is looked for beats the encoder's answer."
    source: ClassVar[str] = "Xiao, Yan and Amit 2020"
    needs: ClassVar[tuple[Need, ...]] = (UNTOLD, ONE_ENCODER, DENSITY, PRIOR_DENSITY)
    is_slow: ClassVar[bool] = True
    steps: int = option(
        30,
        "gradient steps for the best q of each image",
        minimum=1,
        maximum=5000,
        title="Steps per image",
    )

    def passes(self, model: VAE) -> float:
        z_dim = model.config.z_dim
        places = NODES[z_dim] ** z_dim if z_dim in NODES else DRAWS
        return BACK * places * self.steps + 2.0 * JUDGED

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        def regret(sight: Sight, count: Count) -> np.ndarray:
            generator, found = torch.Generator().manual_seed(sight.seed), []
            for batch in batches(model, sight.images, None, CHUNK):
                found.append(self._gain(model, batch, generator))
                count(len(batch.x))
            return np.concatenate(found)

        return regret

    def _gain(self, model: VAE, batch: Batch, generator: torch.Generator) -> np.ndarray:
        head = encoded_head(model, batch)
        best = best_head(model, batch, head, generator, self.steps, NODES, DRAWS)
        noise, _ = balanced_noise(model, head, generator, JUDGED)
        with torch.inference_mode():
            bounds = [
                log_ratio(model, batch, model.posterior(numbers), noise).double().mean(0)
                for numbers in (best, head)
            ]
            # where the encoder's q turns out better, it is the best one that was found
            return (bounds[0] - bounds[1]).clamp(min=0).cpu().numpy()
