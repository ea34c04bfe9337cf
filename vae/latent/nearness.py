"""How near a place lies to the encoded images, held against how near those lie to one another.

A decoder has learnt what it makes of z only where images were encoded. Their density differs a
lot from place to place, so a distance alone says little: here the distance of a place to its
15th nearest image is divided by what that distance is around those images themselves, as in the
local outlier factor (Breunig et al. 2000).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from vae.checkpoint import Atlas

NEIGHBOURS = 15
MOST_IMAGES = 10_000
"""Images that places are compared with, spread evenly over the atlas: a browser asks at each move
of the hand."""
DRAWS = 2_000
SHARE = 0.99
"""The share of draws from the posteriors of held-out images that count as near."""
_BLOCK = 64
"""Places whose distances to all images are in memory at once: 5 MB, which stays in the caches."""
FEW_DIMENSIONS = 6
"""Up to so many a tree finds neighbours faster than looking at every image."""


@dataclass(frozen=True)
class Nearness:
    """What decides whether a place is far from the encoded images."""

    neighbours: int
    stride: int
    """One of so many images of the atlas is compared with: every stride-th."""
    reach: np.ndarray
    """Distance from a draw of each such image's posterior to its k-th nearest other image, (M,)."""
    limit: float
    """A place is far where its own distance exceeds the mean reach of its k nearest so often."""


def nearness(atlas: "Atlas", seed: int = 0) -> Nearness | None:
    """Measure an atlas; None where nothing can be told: too few images, or no finite numbers.

    ``reach`` comes from one draw of each posterior rather than from its mean: the decoder was
    trained on draws. ``limit`` is the `SHARE` quantile of what the draws themselves reach.
    """
    stride = max(1, -(-len(atlas.loc) // MOST_IMAGES))
    loc = atlas.loc[::stride].astype(np.float64)
    scale = atlas.scale[::stride].astype(np.float64)
    k = min(NEIGHBOURS, len(loc) - 1)
    if k < 1 or not (np.isfinite(loc).all() and np.isfinite(scale).all()):
        return None
    z = loc + scale * np.random.default_rng(seed).standard_normal(loc.shape)
    rows = np.arange(len(loc))
    reach = _kth_nearest(z, loc, k, rows)[0]
    some = rows[:: max(1, len(loc) // DRAWS)]
    distance, near = _kth_nearest(z[some], loc, k, some)
    around = reach[near].mean(axis=1)
    # a place that lies on images which all lie on one another is as near as can be
    ratio = np.divide(distance, around, out=np.ones_like(distance), where=around > 0)
    limit = float(np.quantile(ratio, SHARE))
    return Nearness(k, stride, reach, limit) if limit > 0 else None


def ratios(found: Nearness, loc: np.ndarray, places: np.ndarray) -> np.ndarray:
    """How far places (N, z_dim) lie for where they lie, (N,): over ``found.limit`` is far.

    ``loc`` are the posterior means of the atlas that `found` was measured on, (images, z_dim).
    """
    compared = loc[:: found.stride].astype(np.float64)
    distance, near = _kth_nearest(np.asarray(places, np.float64), compared, found.neighbours)
    around = found.reach[near].mean(axis=1)
    nowhere = np.where(distance > 0, np.inf, 1.0)
    return np.divide(distance, around, out=nowhere, where=around > 0)


def _kth_nearest(
    places: np.ndarray, loc: np.ndarray, k: int, own: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Distance of each place to its k-th nearest image, and the rows of the k nearest.

    ``own`` names for each place the row that is not counted.
    """
    centre = loc.mean(axis=0)
    places, loc = places - centre, loc - centre
    if loc.shape[1] <= FEW_DIMENSIONS:
        return _by_tree(places, loc, k, own)
    length = np.square(loc).sum(axis=1)
    distances, rows = [], []
    for start in range(0, len(places), _BLOCK):
        block = places[start : start + _BLOCK]
        # |x − z|² less |z|², which changes no order
        squared = length - 2 * block @ loc.T
        if own is not None:
            squared[np.arange(len(block)), own[start : start + _BLOCK]] = np.inf
        near = np.argpartition(squared, k - 1, axis=1)[:, :k]
        apart = np.square(loc[near] - block[:, None]).sum(axis=2)
        distances.append(np.sqrt(apart.max(axis=1)))
        rows.append(near)
    return np.concatenate(distances), np.concatenate(rows)


def _by_tree(
    places: np.ndarray, loc: np.ndarray, k: int, own: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """As `_kth_nearest`."""
    from scipy.spatial import cKDTree

    if own is None:
        apart, near = cKDTree(loc).query(places, range(1, k + 1))
        return apart[:, -1], near
    apart, near = cKDTree(loc).query(places, range(1, k + 2))
    # its own row goes, or the last one where it is not among the nearest
    kept = near != own[:, None]
    kept[kept.all(axis=1), -1] = False
    apart, near = apart[kept].reshape(-1, k), near[kept].reshape(-1, k)
    return apart[:, -1], near
