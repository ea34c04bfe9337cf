"""Where in an image it is strange: what each pixel costs."""

import numpy as np
import torch

from vae.errors import UserError
from vae.measures.anomaly.needs import UNTOLD
from vae.measures.bound import batches
from vae.models.vae import VAE


@torch.inference_mode()
def pixel_nats(model: VAE, images: np.ndarray) -> np.ndarray | None:
    """−log p(pixel|z) of uint8 images (N, C, H, W) at the posterior mean, float64 (N, H, W).

    Nats per pixel, summed over its channels; they add up to −log p(x|z). Of a model that infers
    classes it is given the likeliest. None where the likelihood does not come apart into pixels.

    Raises
    ------
    UserError
        For a model that is told each image's class, and images of another shape.
    """
    if not UNTOLD.holds(model):
        raise UserError(UNTOLD.otherwise)
    unknown = np.full(len(images), -1) if model.conditioning.infers else None
    found = []
    for x, y, _ in batches(model, images, unknown):
        px = model.decode(model.encode(x, y).mean, y)
        each = -px.base_dist.log_prob(x)
        if each.shape != x.shape:
            return None
        found.append(each.sum(1).double().cpu().numpy())
    return np.concatenate(found)
