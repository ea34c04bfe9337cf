"""Quantiles, eigenvectors and a decoder's Jacobian, as NumPy, Python and torch have them."""

import base64
from statistics import NormalDist
from typing import Any

import numpy as np
import torch
from torch.distributions import MultivariateNormal

from tests.exported import checkpoint_of, lively_model
from vae.checkpoint import Atlas
from vae.export.networks import decoder_payload
from vae.export.priors import prior_header, prior_payload
from vae.latent.fitted import fitted_normal
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
        "fitted": _fitted(),
        "jacobian": _jacobian(),
        "flows": [_flow(z_dim, kind) for z_dim in (1, 5) for kind in ("spline", "affine")],
    }


def _draws() -> list[list[float]]:
    """Draw from the mixture."""
    generator = np.random.default_rng(0)
    parts = generator.choice(3, size=20_000, p=MIXTURE["weight"])
    noise = generator.normal(size=(len(parts), 2))
    return (np.array(MIXTURE["loc"])[parts] + np.array(MIXTURE["scale"])[parts] * noise).tolist()


def _fitted() -> dict[str, Any]:
    """Tell a normal of codes that go together: header, draws, density, and conditionals."""
    rng = np.random.default_rng(2)
    codes = rng.normal(size=(500, 3)) @ np.array([[2.0, 1.5, 0.1], [0, 0.5, -0.4], [0, 0, 0.3]])
    codes += [3.0, -1.0, 0.5]
    atlas = Atlas(codes, np.zeros_like(codes), np.full(500, -1), np.arange(500))
    model = lively_model(VAEConfig((1, 8, 8), 3, MLP(hidden=(8,)), posterior="point"))
    noise = rng.normal(size=(20, 3))
    found = fitted_normal(atlas.loc)
    whole = MultivariateNormal(
        torch.from_numpy(codes.mean(0)), torch.from_numpy(np.cov(codes.T, ddof=0))
    )
    z = found.place(noise)
    return {
        "latent": prior_header(model, atlas),
        "noise": noise.tolist(),
        "z": z.tolist(),
        "log_density": whole.log_prob(torch.from_numpy(z)).tolist(),
        "quantiles": [_quantiles(whole, row, 2, 0, (0.1, 0.8)) for row in z[:4]],
        "line": [_quantiles(_marginal(whole), row[:1], 0, 0, (0.3, 0.5))[:1] for row in z[:1]],
    }


def _marginal(whole: MultivariateNormal) -> MultivariateNormal:
    return MultivariateNormal(whole.loc[:1], whole.covariance_matrix[:1, :1])


def _quantiles(
    whole: MultivariateNormal, z: np.ndarray, i: int, j: int, shares: tuple[float, float]
) -> list[float]:
    """Give z_i by its share given the other dimensions but z_j, and z_j given all others."""
    cov, loc = whole.covariance_matrix.numpy(), whole.loc.numpy()
    place, found = np.array(z, np.float64), []
    for dim, share, left_out in ((i, shares[0], {i, j}), (j, shares[1], {j})):
        rest = [d for d in range(len(loc)) if d not in left_out]
        weights = np.linalg.solve(cov[np.ix_(rest, rest)], cov[rest, dim])
        mean = loc[dim] + weights @ (place[rest] - loc[rest])
        spread = np.sqrt(cov[dim, dim] - weights @ cov[rest, dim])
        place[dim] = mean + spread * NormalDist().inv_cdf(share)
        found.append(float(place[dim]))
    return found


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
