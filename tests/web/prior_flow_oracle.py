"""log p(z) of flow priors as PyTorch computes it in float64, beside what the browser gets."""

import base64
import math
from typing import Any

import torch

from tests.learned_priors import LEARNED, moved
from vae.export.priors import prior_payload
from vae.models.vae import VAE

CASES = [(name, z_dim) for name in ("spline flow", "affine flow") for z_dim in (1, 2, 5)]


def oracle() -> list[dict[str, Any]]:
    """Return every kind of flow, with places in the prior's mass and far from it."""
    return [_case(name, z_dim) for name, z_dim in CASES]


def _case(name: str, z_dim: int) -> dict[str, Any]:
    model = moved(LEARNED[name], z_dim)
    payload = base64.b64encode(prior_payload(model)).decode()
    draws = model.prior.sample(60, torch.Generator().manual_seed(2)).double()
    # beyond the splines too, which end at 5
    places = torch.cat([draws, 6 * draws])
    densities = _log_density(model.double(), places).tolist()
    named = {"name": f"{name} of {z_dim}", "payload": payload}
    return named | {"places": places.tolist(), "log_density": densities}


def _log_density(model: VAE, z: torch.Tensor) -> torch.Tensor:
    # `log_prob` computes in float32
    noise, change = model.prior.to_noise(z)
    return change - 0.5 * (noise**2 + math.log(2 * math.pi)).sum(-1)
