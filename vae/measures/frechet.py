"""How far apart two sets of images are, by the means and covariances of their features.

The formula is that of the Fréchet inception distance (Heusel et al. 2017, "GANs trained by a two
time-scale update rule", eq. 6), but the features are those of this project's own classifier: the
numbers compare with one another on one data set, and with no published FID.
"""

from typing import NamedTuple

import numpy as np

from vae.errors import UserError
from vae.measures.resampling import LeftOut, rows_of, sums_of_groups

FEWEST = 3
"""Images, of which one can be left out."""


def frechet_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Squared Fréchet distance of normals fitted to features (N, F) and (M, F).

    |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½), in squared units of the features. Estimated from few
    images it comes out too large (Chong and Forsyth 2020, "Effectively unbiased FID"): compare only
    sets of the same size.

    Raises
    ------
    UserError
        For fewer than two images, which have no covariance.
    """
    if min(len(a), len(b)) < 2:
        raise UserError("a covariance needs two images at least; choose more images")
    between = a.mean(0, dtype=np.float64) - b.mean(0, dtype=np.float64)
    of_a, of_b = (np.atleast_2d(np.cov(x.T.astype(np.float64))) for x in (a, b))
    return _of_normals(between, of_a, of_b)


def frechet_left_out(a: np.ndarray, b: np.ndarray, group: np.ndarray) -> LeftOut:
    """`frechet_distance` of features (N, F) of both without each group of rows, (groups,).

    A group is left out of both sets, whose rows go in pairs. What the spread of these tells is by
    how much the distance changes with the images and the draws. The bias of few images is nearly
    the same in all of them, and is not in the error; near a distance of 0 nothing else is left of
    the distance, and the error is too large. Fewer than three images have none.
    """
    if len(group) < FEWEST:
        return LeftOut(np.empty(0))
    shift = b.mean(0, dtype=np.float64)
    parts = [_Sums.of(x.astype(np.float64) - shift, group) for x in (a, b)]
    found = []
    for one in range(len(parts[0].size)):
        (mean_a, of_a), (mean_b, of_b) = (sums.without(one) for sums in parts)
        found.append(_of_normals(mean_a - mean_b, of_a, of_b))
    return LeftOut(np.array(found))


class _Sums(NamedTuple):
    """What means and covariances are made of, for each group of images."""

    size: np.ndarray
    total: np.ndarray
    """(groups, F)."""
    products: np.ndarray
    """Σ x xᵀ, (groups, F, F)."""

    @classmethod
    def of(cls, x: np.ndarray, group: np.ndarray) -> "_Sums":
        size = np.bincount(group)
        products = np.stack([x[rows].T @ x[rows] for rows in rows_of(group)])
        return cls(size, sums_of_groups(x, group), products)

    def without(self, one: int) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and covariance of all images but those of a group."""
        count, total, products = (every.sum(0) - every[one] for every in self)
        mean = total / count
        return mean, (products - count * np.outer(mean, mean)) / (count - 1)


def _of_normals(between: np.ndarray, of_a: np.ndarray, of_b: np.ndarray) -> float:
    """Squared distance of two normals, given the difference of their means."""
    # Σ₁ Σ₂ has the eigenvalues of the symmetric Σ₁^½ Σ₂ Σ₁^½
    values, vectors = np.linalg.eigh(of_a)
    root = vectors * np.sqrt(values.clip(min=0)) @ vectors.T
    both = np.sqrt(np.linalg.eigvalsh(root @ of_b @ root).clip(min=0)).sum()
    return float(between @ between + np.trace(of_a) + np.trace(of_b) - 2 * both)
