"""How well single dimensions of a code tell the factors that images were drawn from.

The mutual information gap (Chen et al. 2018, "Isolating sources of disentanglement in variational
autoencoders", eq. 6): for each factor, how much more the dimension that tells most about it tells
than the second one, as a share of all there is to know about the factor.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch

from vae.errors import UserError

BINS = 100
"""Parts that each dimension's range is cut into; what is told within a part is not counted."""
WIDTHS = 3.0
"""The range reaches so many standard deviations beyond the outermost posterior means."""

NARROWEST = 1e-9
"""Standard deviation of a point, as a share of its dimension's range."""


@dataclass(frozen=True)
class Gap:
    """The mutual information gap of a code, and what it is made of."""

    mig: float
    """Mean gap over the factors, from 0 to 1."""
    gaps: dict[str, float]
    """Gap of each factor, as a share of its entropy."""
    information: np.ndarray
    """I(z_j; factor) as a share of the factor's entropy, (factors, z_dim)."""


def mutual_information_gap(
    loc: np.ndarray, scale: np.ndarray, factors: np.ndarray, names: tuple[str, ...]
) -> Gap:
    """Measure how each factor is told by one dimension alone.

    Parameters
    ----------
    loc, scale
        Mean and standard deviation of each image's posterior, (N, z_dim); a scale of 0 is a point.
    factors
        What each image was drawn from, (N, factors), each column of a few levels.
    names
        Of the factors. One of a single level tells nothing and is left out.

    Returns
    -------
    Gap
        Estimated from these N images. Chance alone makes each I a little larger, by about
        (levels − 1)(bins − 1) / 2N nats where posteriors are narrow.

    Raises
    ------
    UserError
        For a code of one dimension, which has no second one, and where no factor varies.
    """
    if loc.shape[1] < 2:
        raise UserError("a gap between dimensions needs two of them; choose a model with more")
    told, kept = [], []
    for name, column in zip(names, factors.T, strict=True):
        levels, level = np.unique(column, return_inverse=True)
        if len(levels) > 1:
            told.append(information(loc, scale, level) / entropy(np.bincount(level)))
            kept.append(name)
    if not told:
        raise UserError("none of the factors varies over these images; choose more images")
    best = np.sort(told, axis=1)
    gaps = best[:, -1] - best[:, -2]
    return Gap(float(gaps.mean()), dict(zip(kept, gaps.tolist(), strict=True)), np.array(told))


def information(
    loc: np.ndarray, scale: np.ndarray, level: np.ndarray, bins: int = BINS
) -> np.ndarray:
    """I(z_j; level) in nats of each dimension, (z_dim,), for z_j drawn from the posteriors.

    ``level`` (N,) numbers each image's level from 0. A dimension's mass in each of its bins is
    exact, from the normal distribution function; no z is drawn.
    """
    counts = np.bincount(level)
    order = np.argsort(level, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    found = []
    for mean, width in zip(loc.T.astype(float), scale.T.astype(float), strict=True):
        mass = _masses(mean[order], width[order], bins)
        joint = np.add.reduceat(mass, starts, axis=0) / len(level)
        found.append(entropy(joint.sum(0)) + entropy(counts) - entropy(joint.ravel()))
    return np.array(found)


def entropy(weights: np.ndarray) -> float:
    """Entropy in nats of a distribution, given weights that need not add up to 1."""
    share = weights[weights > 0] / weights.sum()
    return float(-(share * np.log(share)).sum())


def _masses(mean: np.ndarray, width: np.ndarray, bins: int) -> np.ndarray:
    """Mass of each image's posterior in each bin of one dimension, (N, bins)."""
    reach = WIDTHS * width
    low, high = float((mean - reach).min()), float((mean + reach).max())
    if math.isclose(low, high):
        return np.ones((len(mean), 1))
    inner = np.linspace(low, high, bins + 1)[1:-1]
    # a point becomes so narrow that it lies wholly on one side of an edge
    narrowest = NARROWEST * (high - low)
    away = (inner - mean[:, None]) / np.maximum(width, narrowest)[:, None]
    below = torch.special.ndtr(torch.from_numpy(away)).numpy()
    return np.diff(below, axis=1, prepend=0.0, append=1.0)
