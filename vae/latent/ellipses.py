"""Posteriors on a plane: their covariances there, and the outlines to draw of them."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from vae.checkpoint import Atlas


def projected_covariance(
    scale: np.ndarray, axes: np.ndarray, tril: np.ndarray | None = None
) -> np.ndarray:
    """Covariance Σ on a plane of posteriors, A Σ Aᵀ: Σ is diag(σ²), or L Lᵀ where L is given.

    ``scale`` is (N, z_dim), ``axes`` (2, z_dim) and ``tril`` as an atlas has it; the result is
    (N, 2, 2).
    """
    axes = np.asarray(axes, dtype=np.float64)
    if tril is not None:
        shadows = axes @ factors(tril, axes.shape[1])
        return shadows @ np.swapaxes(shadows, 1, 2)
    weighted = np.square(scale.astype(np.float64))[:, None, :] * axes[None]
    return weighted @ axes.T


def projected_factors(
    scale: np.ndarray, axes: np.ndarray, tril: np.ndarray | None = None
) -> np.ndarray:
    """Lower triangles (N, 3) of Cholesky factors of what `projected_covariance` gives.

    Exact where a covariance has an inverse; a flat ellipse, or a point, has a factor too.
    """
    covariance = projected_covariance(scale, axes, tril)
    first = np.sqrt(covariance[:, 0, 0])
    between = np.divide(covariance[:, 0, 1], first, out=np.zeros_like(first), where=first > 0)
    rest = np.sqrt(np.maximum(covariance[:, 1, 1] - np.square(between), 0))
    return np.stack([first, between, rest], axis=1)


def factors(tril: np.ndarray, z_dim: int) -> np.ndarray:
    """Cholesky factors, float64 (N, z_dim, z_dim), from their lower triangles row by row."""
    full = np.zeros((len(tril), z_dim, z_dim))
    full[:, *np.tril_indices(z_dim)] = tril
    return full


def posterior_outlines(
    atlas: "Atlas", rows: np.ndarray, axes: np.ndarray, centres: np.ndarray
) -> np.ndarray:
    """What encloses the posteriors of some rows on a plane, at 1σ and at 2σ: (2, N, points, 2).

    ``axes`` are (2, z_dim), and ``centres`` (N, 2) the means on the plane. Posteriors that are not
    normal have the outlines that the atlas holds, the others ellipses of their covariances. Each
    closes: its last point is its first.
    """
    if atlas.outline is not None:
        found = atlas.outline[rows].astype(np.float64) @ np.asarray(axes, dtype=np.float64).T
        closed = np.concatenate([found, found[:, :, :1]], axis=2)
        return np.moveaxis(closed, 1, 0) + centres[None, :, None, :]
    tril = None if atlas.tril is None else atlas.tril[rows]
    covariances = projected_covariance(atlas.scale[rows], axes, tril)
    return np.stack([ellipse_outlines(centres, covariances, sigmas) for sigmas in (1, 2)])


def ellipse_outlines(
    centres: np.ndarray, covariances: np.ndarray, sigmas: float, points: int = 64
) -> np.ndarray:
    """Points at ``sigmas`` Mahalanobis distance from centres (N, 2), shape (N, points, 2).

    Covariances are (N, 2, 2). The last point is the first again, so that a line closes.
    """
    values, vectors = np.linalg.eigh(np.asarray(covariances, dtype=np.float64))
    roots = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
    turn = np.linspace(0, 2 * np.pi, points)
    circle = sigmas * np.stack([np.cos(turn), np.sin(turn)])
    circle[:, -1] = circle[:, 0]
    return np.asarray(centres)[:, None, :] + np.swapaxes(roots @ circle, 1, 2)
