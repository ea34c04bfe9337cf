"""Quantiles, eigenvectors and a decoder's Jacobian, as NumPy, Python and torch have them."""

import base64
from statistics import NormalDist
from typing import Any

import numpy as np
import torch

from tests.exported import checkpoint_of, lively_model
from vae.export.networks import decoder_payload
from vae.export.priors import prior_payload
from vae.latent.paths import prior_grid
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.priors.flow import Flow

SHARES = [1e-12, 1e-6, 0.0013, 0.025, 0.3, 0.5, 0.7, 0.975, 0.999999]
MIXTURE = {
    "weight": [0.2, 0.5, 0.3],
    "loc": [[-2.0, 0.5], [0.0, -1.0], [4.0, 3.0]],
    "scale": [[0.5, 1.0], [1.0, 0.3], [0.2, 2.0]],
}


def oracle() -> dict[str, Any]:
    """Return what the browser's own functions are compared with."""
    normal = NormalDist()
    return {
        "shares": SHARES,
        "quantiles": [normal.inv_cdf(share) for share in SHARES],
        "below": [normal.cdf(x) for x in np.linspace(-8, 8, 33)],
        "grid": prior_grid(20, edge=0.025).tolist(),
        "mixture": MIXTURE,
        "draws": _draws(),
        "symmetric": _symmetric(),
        "jacobian": _jacobian(),
        "flows": [_flow(z_dim, kind) for z_dim in (1, 5) for kind in ("spline", "affine")],
    }


def _draws() -> list[list[float]]:
    """Draw from the mixture."""
    generator = np.random.default_rng(0)
    parts = generator.choice(3, size=20_000, p=MIXTURE["weight"])
    noise = generator.normal(size=(len(parts), 2))
    return (np.array(MIXTURE["loc"])[parts] + np.array(MIXTURE["scale"])[parts] * noise).tolist()


def _symmetric() -> dict[str, Any]:
    half = np.random.default_rng(1).normal(size=(12, 12))
    matrix = half @ half.T
    values, vectors = np.linalg.eigh(matrix)
    return {
        "matrix": matrix.tolist(),
        "values": values[::-1].tolist(),
        "vectors": vectors.T[::-1].tolist(),
    }


def _jacobian() -> dict[str, Any]:
    """Singular vectors of a decoder's Jacobian at a place, by automatic differentiation."""
    model = lively_model(VAEConfig((1, 8, 8), 3, MLP(hidden=(16,))))
    z = torch.tensor([0.3, -0.8, 0.1], dtype=torch.float64)
    double = model.double()
    found = torch.autograd.functional.jacobian(lambda one: double.decode_mean(one[None]).ravel(), z)
    _, values, vectors = torch.linalg.svd(found, full_matrices=False)
    shares = values**2 / (values**2).sum()
    payload = base64.b64encode(decoder_payload(checkpoint_of(model.float()))).decode()
    return {
        "payload": payload,
        "z": z.tolist(),
        "shares": shares.tolist(),
        "vectors": vectors.tolist(),
    }


def _flow(z_dim: int, kind: str) -> dict[str, Any]:
    """Noise and the z that a flow makes of it."""
    config = VAEConfig((1, 8, 8), z_dim, MLP(hidden=(8,)), prior=Flow(3, 16, kind))
    model = lively_model(config)
    with torch.no_grad():
        for parameter in model.prior.parameters():
            noise = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(3))
            parameter.copy_(0.3 * noise)
    noise = 2 * torch.randn(40, z_dim, generator=torch.Generator().manual_seed(4))
    payload = base64.b64encode(prior_payload(model)).decode()
    with torch.inference_mode():
        z = model.prior.double().from_noise(noise.double())
    name = f"{kind}, {z_dim} dimensions"
    return {"name": name, "payload": payload, "noise": noise.tolist(), "z": z.tolist()}
