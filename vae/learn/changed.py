"""What can be done to an image so that it is no longer like those a model was trained on.

The browser does the same (`vae/web/learn/uses/changed.js`).
"""

from collections.abc import Callable

import numpy as np
import torch

from vae.models.vae import VAE

CHANGES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "same": lambda image, other: image,
    "mirrored": lambda image, other: image[..., ::-1],
    "upside_down": lambda image, other: image[..., ::-1, :],
    "two": np.maximum,
    "negative": lambda image, other: 255 - image,
    "empty": lambda image, other: np.zeros_like(image),
}
"""By name, each of an image and of another one, uint8 (C, H, W)."""


@torch.inference_mode()
def strangeness(model: VAE, images: np.ndarray) -> np.ndarray:
    """−log p(x|z) in nats of uint8 images (N, C, H, W), with z at the mean of q; (N,)."""
    x = torch.from_numpy(np.ascontiguousarray(images)).float() / 255
    found: np.ndarray = -model.log_px(x, model.encode(x).mean).double().numpy()
    return found
