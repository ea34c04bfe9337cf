"""How well single dimensions of a code tell the factors that images were drawn from.

The mutual information gap (Chen et al. 2018, "Isolating sources of disentanglement in variational
autoencoders", eq. 6): for each factor, how much more the dimension that tells most about it tells
than the second one, as a share of all there is to know about the factor.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from vae.errors import UserError
from vae.measures.disentanglement.levels import varying

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
    levels = varying(factors)
    if not levels:
        raise UserError("none of the factors varies over these images; choose more images")
    told = informations(loc, scale, list(levels.values()))
    told = told / np.array([[entropy(np.bincount(level))] for level in levels.values()])
    kept = [names[k] for k in levels]
    best = np.sort(told, axis=1)
    gaps = best[:, -1] - best[:, -2]
    return Gap(float(gaps.mean()), dict(zip(kept, gaps.tolist(), strict=True)), told)


def information(
    loc: np.ndarray, scale: np.ndarray, level: np.ndarray, bins: int = BINS
) -> np.ndarray:
    """I(z_j; level) in nats of each dimension, (z_dim,), for z_j drawn from the posteriors.

    ``level`` (N,) numbers each image's level from 0. A dimension's mass in each of its bins is
    exact, from the normal distribution function; no z is drawn.
    """
    return informations(loc, scale, [level], bins)[0]


def informations(
    loc: np.ndarray, scale: np.ndarray, levels: Sequence[np.ndarray], bins: int = BINS
) -> np.ndarray:
    """`information` of each of several attributes, (attributes, z_dim)."""
    found = np.zeros((len(levels), loc.shape[1]))
    for dim, (mean, width) in enumerate(
        zip(loc.T.astype(float), scale.T.astype(float), strict=True)
    ):
        mass = _masses(mean, width, bins)
        for row, level in enumerate(levels):
            found[row, dim] = _told(mass, level)
    return found


def informations_left_out(
    loc: np.ndarray,
    scale: np.ndarray,
    levels: Sequence[np.ndarray],
    group: np.ndarray,
    bins: int = BINS,
) -> np.ndarray:
    """`informations` without each group of images in turn, (groups, attributes, z_dim).

    The bins stay where all images put them.
    """
    found = np.zeros((int(group.max()) + 1, len(levels), loc.shape[1]))
    for dim, (mean, width) in enumerate(
        zip(loc.T.astype(float), scale.T.astype(float), strict=True)
    ):
        mass = _masses(mean, width, bins)
        for row, level in enumerate(levels):
            found[:, row, dim] = _told_without(mass, level, group)
    return found


def entropies_left_out(level: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Entropy in nats of an attribute's levels without each group of images, (groups,)."""
    return _entropies(_without(np.ones((len(level), 1)), level, group))


def _told_without(mass: np.ndarray, level: np.ndarray, group: np.ndarray) -> np.ndarray:
    """`_told` without each group of images, (groups,)."""
    joint = _without(mass, level, group)
    of_z, of_level = joint.sum(1, keepdims=True), joint.sum(2, keepdims=True)
    return _entropies(of_z) + _entropies(of_level) - _entropies(joint)


def _without(mass: np.ndarray, level: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Add up mass (N, bins) by levels without each group, as shares (groups, levels, bins)."""
    levels, groups = int(level.max()) + 1, int(group.max()) + 1
    cell = group * levels + level
    order = np.argsort(cell, kind="stable")
    there, starts = np.unique(cell[order], return_index=True)
    sums = np.zeros((groups * levels, mass.shape[1]))
    sums[there] = np.add.reduceat(mass[order], starts, axis=0)
    of_groups = sums.reshape(groups, levels, -1)
    # what is left of a level that one group holds alone may be rounded to below 0
    left = (of_groups.sum(0) - of_groups).clip(min=0)
    shares: np.ndarray = left / left.sum((1, 2), keepdims=True)
    return shares


def _entropies(shares: np.ndarray) -> np.ndarray:
    """Entropy in nats of each distribution (groups, …) of shares that add up to 1."""
    parts = torch.special.entr(torch.from_numpy(shares)).numpy()
    found: np.ndarray = parts.reshape(len(shares), -1).sum(1)
    return found


def _told(mass: np.ndarray, level: np.ndarray) -> float:
    """I(z; level) in nats, given each image's mass in each bin, (N, bins)."""
    counts = np.bincount(level)
    order = np.argsort(level, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    joint = np.add.reduceat(mass[order], starts, axis=0) / len(level)
    return entropy(joint.sum(0)) + entropy(counts) - entropy(joint.ravel())


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
