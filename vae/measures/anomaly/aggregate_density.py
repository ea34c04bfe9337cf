"""How rare an image's code is among those of training images."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from vae.measures.anomaly.needs import DENSITY, UNTOLD, Need
from vae.measures.anomaly.score import Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count
from vae.measures.information import BLOCK, FLOW_BLOCK, posterior_densities
from vae.models.vae import VAE


@dataclass(frozen=True)
class AggregateDensity(Score):
    """−log q(z) at the posterior mean, q(z) the mean of q(z|x) over training images."""

    name: ClassVar[str] = "aggregate-density"
    title: ClassVar[str] = "Density under the aggregate posterior"
    sentence: ClassVar[str] = (
        "How rare its code is among training images: −log of the mean of q(z|x)."
    )
    needs: ClassVar[tuple[Need, ...]] = (UNTOLD, DENSITY)
    most_fitted: ClassVar[int | None] = 5_000
    networks: ClassVar[float] = 1.0

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        assert normal is not None, "refused without training images"
        pairs = posterior_densities(model, normal.images)
        classes = model.conditioning.classes if model.conditioning.infers else 1
        block = BLOCK if model.posterior.is_normal else FLOW_BLOCK
        rows, like = max(1, block // (len(normal) * classes)), next(model.parameters())

        @torch.inference_mode()
        def rare(sight: Sight, count: Count) -> np.ndarray:
            found = []
            for z in torch.from_numpy(sight.loc).to(like.device, like.dtype).split(rows):
                found.append(math.log(len(normal)) - pairs(z).logsumexp(1))
                count(len(z))
            return torch.cat(found).double().cpu().numpy()

        return rare
