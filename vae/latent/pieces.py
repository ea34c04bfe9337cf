"""Posteriors with covariances as sums of normals without, whose masses in a cell are exact."""

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from vae.latent.ellipses import projected_covariance
from vae.latent.encoded import LEAST_SCALE

if TYPE_CHECKING:
    from vae.checkpoint import Atlas

PIECES = 12
"""Normals without a covariance that a posterior with one is taken for."""


def pieces(
    atlas: "Atlas", dims: tuple[int, ...], loc: np.ndarray, scale: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return normals without covariances whose sum, weighted, is that of the posteriors.

    N(μ, Σ) of two dimensions is a mixture over t ~ N(0, 1) of N(μ + a t, D) with D diagonal: for a
    correlation ρ, a = √|ρ| (σ₁, ± σ₂) and D = (1 − |ρ|) diag(σ₁², σ₂²). Of t some equally probable
    values are taken. Where no covariances are known, or needed, the posteriors come back.
    """
    if atlas.tril is None:
        return loc, scale, 1.0
    covariance = projected_covariance(scale, np.eye(atlas.loc.shape[1])[list(dims)], atlas.tril)
    rho = np.clip(covariance[:, 0, 1] / scale.prod(axis=1), -1, 1)
    shares = (np.arange(PIECES) + 0.5) / PIECES
    values = np.array([NormalDist().inv_cdf(share) for share in shares])
    values /= np.sqrt(np.square(values).mean())
    along = np.sqrt(np.abs(rho))[:, None] * scale
    along[:, 1] *= np.sign(rho)
    centres = loc + values[:, None, None] * along
    widths = np.maximum(np.sqrt(1 - np.abs(rho))[:, None] * scale, LEAST_SCALE)
    return centres.reshape(-1, 2), np.tile(widths, (PIECES, 1)), 1 / PIECES
