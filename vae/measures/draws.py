"""Images that a model makes, as the eye gets them: mean pixels, rounded to bytes."""

import numpy as np
import torch
from torch import Tensor

from vae.measures.bound import BATCH, batches
from vae.models.pixels import to_bytes
from vae.models.vae import VAE


def drawn_images(
    model: VAE, count: int, seed: int = 0, labels: np.ndarray | None = None
) -> np.ndarray:
    """Decode draws of the prior to their mean images, uint8 (count, C, H, W).

    A model that is told classes is told ``labels``, over and over, but for those that are missing,
    −1; without any every class in turn.
    """
    generator, y = torch.Generator().manual_seed(seed), None
    if classes := model.conditioning.classes:
        known = np.arange(0) if labels is None else labels[labels >= 0]
        y = torch.from_numpy(np.resize(known if len(known) else np.arange(classes), count))
    with torch.inference_mode():
        z = model.prior.sample(count, generator, model.conditioning.to_prior(y))
    return _decoded(model, z, y)


@torch.inference_mode()
def reconstructed(model: VAE, images: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """Decode the posterior means of uint8 images (N, C, H, W); uint8 of the same shape."""
    found = batches(model, images, labels if model.conditioning.classes else None)
    parts = [_decoded(model, model.encode(x, y).mean, y) for x, y, _ in found]
    return np.concatenate(parts)


@torch.inference_mode()
def _decoded(model: VAE, z: Tensor, y: Tensor | None) -> np.ndarray:
    like = next(model.parameters())
    parts = [
        to_bytes(model.decode_mean(z[rows].to(like), None if y is None else y[rows])).cpu()
        for rows in torch.arange(len(z)).split(BATCH)
    ]
    return torch.cat(parts).numpy()
