"""pythae's weights in a model of this project, so that one code measures both."""

import numpy as np
import torch
from torch import nn

from vae.models.vae import VAE

TOLERANCE = 1e-5
"""In pixel value: float32 over sums of some hundred products."""


def carried_over(found: dict[str, np.ndarray], model: VAE, images: np.ndarray) -> VAE:
    """Fill a model of one hidden layer with the weights of pythae's default networks.

    pythae's encoder gives the mean and log σ², ours the mean and log σ. Raises `ValueError` where
    the model then decodes ``images`` otherwise than pythae did.
    """
    weights = {name: torch.from_numpy(value).float() for name, value in found.items()}
    hidden, heads = _linear(model.encoder)
    opening, closing = _linear(model.decoder)
    with torch.no_grad():
        for kind in ("weight", "bias"):
            getattr(hidden, kind).copy_(weights[f"encoder.layers.0.0.{kind}"])
            mean, log_var = weights[f"encoder.embedding.{kind}"], weights[f"encoder.log_var.{kind}"]
            getattr(heads, kind).copy_(torch.cat([mean, log_var / 2]))
            getattr(opening, kind).copy_(weights[f"decoder.layers.0.0.{kind}"])
            getattr(closing, kind).copy_(weights[f"decoder.layers.1.0.{kind}"])
        shown = weights["shown"]
        x = torch.from_numpy(images[: len(shown)]).float().div(255).round()
        apart = (model.decode_mean(model.encode(x).mean) - shown).abs().max().item()
    if apart > TOLERANCE:
        raise ValueError(f"pythae's weights decode otherwise here, by {apart:.1e} in pixel value")
    return model.eval()


def _linear(network: nn.Module) -> list[nn.Linear]:
    return [layer for layer in network.modules() if isinstance(layer, nn.Linear)]
