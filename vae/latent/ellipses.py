"""Normal distributions on a plane: their covariances there, and the outlines to draw of them."""

import numpy as np


def projected_covariance(scale: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Covariance on a plane of posteriors with diagonal covariance: A diag(σ²) Aᵀ.

    ``scale`` is (N, z_dim) and ``axes`` (2, z_dim); the result (N, 2, 2).
    """
    weighted = np.square(scale.astype(np.float64))[:, None, :] * axes[None]
    return weighted @ np.asarray(axes, dtype=np.float64).T


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
