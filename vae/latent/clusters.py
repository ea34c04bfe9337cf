"""Groups among encoded images, found without their labels, and how well they agree with them."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.errors import UserError
from vae.latent.projection import sample_rows
from vae.models.usage import COLLAPSED, is_collapsed
from vae.options import option

COVARIANCES = ("full", "diag", "spherical", "tied")
BIC_COUNT = 2000
"""Most points that `bic_curve` fits, for speed; a result says how many it had."""
STEPS = 200
"""Most steps of expectation maximisation."""


@dataclass(frozen=True)
class Clusters:
    """A division of N points into k groups."""

    label: np.ndarray
    """Group of each point, int64 (N,)."""
    centres: np.ndarray
    """Float64 (k, z_dim)."""
    covariances: np.ndarray
    """Float64 (k, z_dim, z_dim): of the mixture's components, or of the points of a group."""
    bic: float | None
    """Bayesian information criterion, lower is better; None where there is no likelihood."""
    note: str | None
    """What went other than asked, such as a fit that did not converge."""


@dataclass(frozen=True)
class Agreement:
    """How well groups match classes; 1 is a perfect match."""

    ari: float
    """Adjusted Rand index (Hubert and Arabie 1985): 0 by chance."""
    nmi: float
    """Mutual information over the mean of both entropies."""
    count: int
    """Images compared: those with a class."""


@dataclass(frozen=True)
class BicPoint:
    """One point of a BIC curve."""

    k: int
    bic: float
    count: int
    """Points fitted: at most `BIC_COUNT`, drawn at random."""
    note: str | None


@dataclass(frozen=True)
class KMeans:
    """Groups around k centres, each point with its nearest (Lloyd 1982; k-means++ start)."""

    name: ClassVar[str] = "kmeans"
    k: int = option(10, "groups", minimum=1, maximum=50)
    seed: int = option(0, "of the starts", minimum=0, maximum=2**31 - 1)

    def fit(self, loc: np.ndarray) -> Clusters:
        """Divide points (N, z_dim); the best of three starts."""
        loc = _checked(loc, self.k)
        from sklearn.cluster import KMeans as Fit

        with _quiet_convergence():
            fit = Fit(self.k, n_init=3, random_state=self.seed).fit(loc)
        label = fit.labels_.astype(np.int64)
        centres = fit.cluster_centers_
        covariances = np.stack([_covariance(loc[label == i], centres[i]) for i in range(self.k)])
        empty = self.k - len(np.unique(label))
        note = f"{empty} of {self.k} groups are empty: too few points differ" if empty else None
        return Clusters(label, centres, covariances, None, note)


@dataclass(frozen=True)
class Mixture:
    """A mixture of k Gaussians fitted by expectation maximisation."""

    name: ClassVar[str] = "mixture"
    k: int = option(10, "Gaussians", minimum=1, maximum=50)
    covariance: str = option("full", "shape of the Gaussians", choices=COVARIANCES)
    seed: int = option(0, "of the start", minimum=0, maximum=2**31 - 1)

    def fit(self, loc: np.ndarray) -> Clusters:
        """Divide points (N, z_dim) by their most probable component."""
        loc = _checked(loc, self.k)
        from sklearn.mixture import GaussianMixture

        with _quiet_convergence():
            fit = GaussianMixture(
                self.k, covariance_type=self.covariance, random_state=self.seed, max_iter=STEPS
            ).fit(loc)
        label = fit.predict(loc).astype(np.int64)
        note = None if fit.converged_ else f"stopped after {STEPS} steps, before it converged"
        covariances = _full(fit.covariances_, self.covariance, self.k, loc.shape[1])
        return Clusters(label, fit.means_, covariances, float(fit.bic(loc)), note)


CLUSTERINGS = {cls.name: cls for cls in (KMeans, Mixture)}


def agreement(label_true: np.ndarray, label_pred: np.ndarray) -> Agreement | None:
    """Compare groups with classes, both (N,); images without a class (−1) are left out.

    None where no image has a class.
    """
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    known = np.asarray(label_true) >= 0
    if not known.any():
        return None
    pair = np.asarray(label_true)[known], np.asarray(label_pred)[known]
    return Agreement(
        float(adjusted_rand_score(*pair)),
        float(normalized_mutual_info_score(*pair)),
        int(known.sum()),
    )


def bic_curve(
    loc: np.ndarray,
    ks: Iterable[int],
    seed: int = 0,
    covariance: str = "full",
    count: int = BIC_COUNT,
) -> Iterator[BicPoint]:
    """BIC of mixtures of k Gaussians, one k at a time, on at most ``count`` of the points."""
    points = loc[sample_rows(len(loc), count, seed)]
    for k in ks:
        fit = Mixture(k=k, covariance=covariance, seed=seed).fit(points)
        assert fit.bic is not None, "a mixture has a likelihood"
        yield BicPoint(k, fit.bic, len(points), fit.note)


def _checked(loc: np.ndarray, k: int) -> np.ndarray:
    loc = np.asarray(loc, dtype=np.float64)
    if len(loc) < max(2, k):
        raise UserError(f"{k} groups need as many encoded images, not {len(loc)}; choose fewer")
    if is_collapsed(loc):
        raise UserError(
            f"{COLLAPSED}, and any groups among them would be made up; train again with a smaller "
            "β, a smaller step size or a KL warm-up"
        )
    return loc


def _covariance(points: np.ndarray, centre: np.ndarray) -> np.ndarray:
    away = points - centre
    return away.T @ away / max(1, len(points))


def _full(covariances: np.ndarray, kind: str, k: int, z_dim: int) -> np.ndarray:
    if kind == "tied":
        return np.repeat(covariances[None], k, axis=0)
    if kind == "full":
        return covariances
    width = covariances[:, None] if kind == "spherical" else covariances
    return width[:, :, None] * np.eye(z_dim)


@contextmanager
def _quiet_convergence() -> Iterator[None]:
    """Keep scikit-learn from warning of what the result's note says."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield
