"""What the decoder leaves unexplained of an image, for each pixel of ink that there is.

−log p(x|z) counts two things that say nothing of how strange an image is. Grey pixels cost nats
under a Bernoulli even where they are met exactly; what the best image of all, x itself, would cost
is taken off (the deviance of generalised linear models, halved). And where there is little ink
little can be missed: a 1 that is drawn as another digit loses less than an 8 that is drawn well. So
it is divided by the ink, as a relative error is (Zong et al. 2018, "Deep autoencoding Gaussian
mixture model", section 3.2, divide the distance by the image's norm), half of that in the image and
half of that in what is drawn of it, so that neither too much nor too little ink is the cheaper.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from vae.measures.anomaly.needs import BEST_KNOWN, UNTOLD, Need
from vae.measures.anomaly.score import Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count, batches
from vae.models.vae import VAE


@dataclass(frozen=True)
class Unexplained(Score):
    """log p(x|its own pixels) − log p(x|z at the posterior mean), over (Σ x + Σ E[x|z]) / 2."""

    name: ClassVar[str] = "unexplained"
    title: ClassVar[str] = "Unexplained per ink"
    sentence: ClassVar[str] = "What the decoder misses of the image, for each pixel of its ink."
    unit: ClassVar[str] = "nats per white pixel"
    source: ClassVar[str] = "a relative error, as in Zong et al. 2018"
    needs: ClassVar[tuple[Need, ...]] = (UNTOLD, BEST_KNOWN)

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        return _unexplained


@torch.inference_mode()
def _unexplained(sight: Sight, count: Count) -> np.ndarray:
    model, found = sight.model, []
    for x, y, _ in batches(model, sight.images, sight.unknown):
        best, z = model.likelihood.raw_of(x), model.encode(x, y).mean
        assert best is not None, "refused where nobody knows it"
        raw = model.raw(z, y)
        missed = model.likelihood.log_prob(best, x) - model.likelihood.log_prob(raw, x)
        ink = (x + model.likelihood.mean(raw)).double().flatten(1).sum(1) / 2
        # images without ink count as one white pixel
        found.append(missed.double() / ink.clamp(min=1))
        count(len(x))
    return torch.cat(found).cpu().numpy()
