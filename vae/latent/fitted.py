"""A normal fitted to codes: what a page draws from where a model was held to no prior.

A plain autoencoder has no density to draw from. A normal with the mean and the covariance of its
codes is the simplest one that knows how its dimensions go together (Ghosh et al. 2020, "From
variational to deterministic autoencoders", section 4, fits densities to codes afterwards too).
"""

from dataclasses import dataclass

import numpy as np

LEAST = 1e-6
"""No direction is narrower, so that the density exists where codes lie on a plane."""


@dataclass(frozen=True, eq=False)
class FittedNormal:
    """A normal of mean ``loc`` (z_dim,) and covariance L Lᵀ; float64."""

    loc: np.ndarray
    tril: np.ndarray
    """L, lower triangular with a positive diagonal, (z_dim, z_dim)."""

    def place(self, noise: np.ndarray) -> np.ndarray:
        """Make z of standard normal noise (N, z_dim)."""
        found: np.ndarray = self.loc + noise @ self.tril.T
        return found

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """log p(z) of places (N, z_dim), in nats."""
        noise = np.linalg.solve(self.tril, (z - self.loc).T)
        constant = np.log(np.diag(self.tril)).sum() + 0.5 * len(self.loc) * np.log(2 * np.pi)
        found: np.ndarray = -0.5 * np.square(noise).sum(0) - constant
        return found


def fitted_normal(loc: np.ndarray) -> FittedNormal:
    """Fit a normal to codes (N, z_dim) by maximum likelihood, as the spread of each dimension is.

    The factor comes from a QR decomposition, which codes on a plane have too.
    """
    codes = np.asarray(loc, np.float64)
    mean, z_dim = codes.mean(0), codes.shape[1]
    above = np.zeros((z_dim, z_dim))
    found = np.linalg.qr((codes - mean) / np.sqrt(len(codes)), mode="r")
    above[: len(found)] = found
    # the sign of a row of R is free
    tril = (above * np.where(np.diag(above) < 0, -1.0, 1.0)[:, None]).T
    np.fill_diagonal(tril, np.maximum(np.diag(tril), LEAST))
    return FittedNormal(mean, tril)
