"""How far apart two sets of images are, by the means and covariances of their features.

The formula is that of the Fréchet inception distance (Heusel et al. 2017, "GANs trained by a two
time-scale update rule", eq. 6), but the features are those of this project's own classifier: the
numbers compare with one another on one data set, and with no published FID.
"""

import numpy as np

from vae.errors import UserError


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
    # Σ₁ Σ₂ has the eigenvalues of the symmetric Σ₁^½ Σ₂ Σ₁^½
    values, vectors = np.linalg.eigh(of_a)
    root = vectors * np.sqrt(values.clip(min=0)) @ vectors.T
    both = np.sqrt(np.linalg.eigvalsh(root @ of_b @ root).clip(min=0)).sum()
    return float(between @ between + np.trace(of_a) + np.trace(of_b) - 2 * both)
