"""How far out an image's code lies under the prior."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from vae.measures.anomaly.needs import DENSITIES, Need
from vae.measures.anomaly.score import Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count
from vae.models.vae import VAE


@dataclass(frozen=True)
class PriorDensity(Score):
    """−log p(z) at the posterior mean."""

    name: ClassVar[str] = "prior-density"
    title: ClassVar[str] = "Density under the prior"
    sentence: ClassVar[str] = "How far out its code lies under the prior: −log p(z) at q's mean."
    needs: ClassVar[tuple[Need, ...]] = DENSITIES
    networks: ClassVar[float] = 1.0

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        return _far_out


@torch.inference_mode()
def _far_out(sight: Sight, count: Count) -> np.ndarray:
    like = next(sight.model.parameters())
    z = torch.from_numpy(sight.loc).to(like.device, like.dtype)
    found = -sight.model.pz().log_prob(z)
    count(len(sight))
    return found.double().cpu().numpy()
