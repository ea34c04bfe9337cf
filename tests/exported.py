"""Models and payloads for the tests of what runs in the browser."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn

from vae.checkpoint import Atlas, Checkpoint, round_to_half
from vae.models.config import VAEConfig
from vae.models.likelihoods import (
    Bernoulli,
    ContinuousBernoulli,
    Gaussian,
    GaussianPerPixel,
    LogisticMixture,
)
from vae.models.vae import VAE, build

LIKELIHOODS = {
    "bernoulli": Bernoulli(),
    "gaussian": Gaussian(),
    "gaussian-identity": Gaussian(scale=0.3, learned=True, link="identity"),
    "gaussian-per-pixel": GaussianPerPixel(),
    "continuous-bernoulli": ContinuousBernoulli(),
    "logistic-mixture": LogisticMixture(components=3),
}


def checkpoint_of(model: VAE, atlas: Atlas | None = None, **fields: Any) -> Checkpoint:
    """Wrap a model as if it had been trained on nothing in particular."""
    blank = Checkpoint(
        name="tiny", model=model, training={}, dataset={}, metrics={}, created="", versions={}
    )
    return replace(blank, atlas=atlas, **fields)


def lively_model(config: VAEConfig) -> VAE:
    """Build a model whose outputs spread as a trained one's do, with weights that float16 holds.

    Fresh weights give raw outputs near 0 and norms that do nothing, on which a wrong bias or gain
    would pass; here raw outputs have a standard deviation of about 3.
    """
    model = build(config)
    noise = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape, generator=noise))
        z = torch.randn(8, config.z_dim, generator=noise)
        x = torch.rand(8, *config.image_shape, generator=noise)
        told = model.conditioning
        y = torch.arange(8) % told.classes if told.classes else None
        _spread(model.decoder, told.to_decoder(z, y))
        _spread(model.encoder, told.to_encoder(x, y))
    return round_to_half(model).eval()


def _spread(stack: nn.Sequential, inputs: torch.Tensor) -> None:
    last = [layer for layer in stack if hasattr(layer, "weight")][-1]
    last.weight *= 3 / stack(inputs).std()


def read_payload(payload: bytes) -> tuple[dict[str, Any], np.ndarray]:
    """Split a payload into its header and its weights as float32."""
    length = int.from_bytes(payload[:4], "little")
    header = json.loads(payload[4 : 4 + length])
    return header, np.frombuffer(payload, header["dtype"], offset=4 + length).astype(np.float32)


def write_payload(header: dict[str, Any], weights: bytes) -> bytes:
    """Put a header, however wrong, and weights together as a payload."""
    text = json.dumps(header).encode()
    text += b" " * (-(4 + len(text)) % 4)
    return len(text).to_bytes(4, "little") + text + weights
