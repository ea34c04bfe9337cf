"""How like a model's own images a picture is: its reconstruction term among theirs."""

from typing import TYPE_CHECKING

import numpy as np
import torch

from vae.errors import UserError
from vae.measures.bound import batches
from vae.models.vae import VAE

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

SHARES = (0.01, 0.05, 0.5, 0.95, 0.99)
"""Shares of the held-out images that lie below each of the stored quantiles."""
QUANTILES = "log_px_quantiles"
"""Key of the quantiles among a checkpoint's metrics."""
MOST_IMAGES = 2_000
"""Held-out images that are measured, evenly taken; the quantiles move by a few nats with more."""


@torch.inference_mode()
def log_px_at_mean(model: VAE, images: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """log p(x | z = μ) of uint8 images (N, C, H, W), μ their own posterior mean; nats, (N,)."""
    parts = [np.zeros(0)]
    for x, y, _ in batches(model, images, labels):
        parts.append(model.log_px(x, model.encode(x, y).mean, y).double().cpu().numpy())
    return np.concatenate(parts)


def reconstruction_error(
    checkpoint: "Checkpoint", images: np.ndarray, labels: np.ndarray | None = None
) -> np.ndarray:
    """−log p(x | z = μ) of each uint8 image (N, C, H, W), in nats; float64 (N,).

    Raises `UserError` for images of another shape than the model's.
    """
    expected = tuple(checkpoint.model.config.image_shape)
    if images.shape[1:] != expected:
        raise UserError(
            f"the model takes images of {expected} (channels, height, width), these are "
            f"{tuple(images.shape[1:])}; choose the data set the model was trained on"
        )
    return -log_px_at_mean(checkpoint.model, images, labels)


def quantiles(model: VAE, images: np.ndarray, labels: np.ndarray | None = None) -> list[float]:
    """Quantiles of `log_px_at_mean` over images, at `SHARES`; nats."""
    rows = np.linspace(0, len(images) - 1, min(len(images), MOST_IMAGES)).astype(int)
    told = None if labels is None else labels[rows]
    return np.quantile(log_px_at_mean(model, images[rows], told), SHARES).tolist()


def stored(checkpoint: "Checkpoint") -> list[float] | None:
    """Quantiles that a model's file holds; None where it holds none that can be read."""
    values = checkpoint.metrics.get(QUANTILES)
    return values if values is not None and len(values) == len(SHARES) else None
