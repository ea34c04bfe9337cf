"""Neighbourhoods that stay: of the images near an image in one map, how many are near in another.

No alignment is needed, and a map that is bent or cut apart elsewhere still counts where it is
whole. Row i is the same image in every map. Distances are Euclidean among posterior means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from vae.errors import UserError
from vae.measures.standard_error import standard_error

NEIGHBOURS = 15
FEWEST_OTHERS = 4
"""For each neighbour there are so many other images at least: where nearly all are neighbours,
maps that have nothing in common agree as well as the same map twice."""


@dataclass(frozen=True, eq=False)
class Overlap:
    """The share of an image's k nearest images in one map that are among its k in another."""

    per_image: np.ndarray
    """Mean over all pairs of maps, float64 (N,): 1 where an image keeps all of its neighbours."""
    per_pair: np.ndarray
    """Mean over the images, of each pair of maps in the order of `combinations`."""
    neighbours: int

    @property
    def mean(self) -> float:
        """Mean over images and pairs."""
        return float(self.per_pair.mean())

    @property
    def stderr(self) -> float | None:
        """Standard error of the mean over images, these maps given; None of one image."""
        return standard_error(self.per_image) if len(self.per_image) > 1 else None

    @property
    def chance(self) -> float:
        """What maps that have nothing in common reach: k / (N − 1)."""
        return self.neighbours / (len(self.per_image) - 1)

    def per_class(self, labels: np.ndarray) -> dict[int, float]:
        """Mean over the images of each class; those without one (−1) are left out."""
        known = np.unique(labels[labels >= 0])
        return {int(label): float(self.per_image[labels == label].mean()) for label in known}

    def order(self) -> np.ndarray:
        """Rows of the images, the stablest first; ties in their order."""
        return np.argsort(-self.per_image, kind="stable")


def neighbours_among(count: int) -> int:
    """Return how many neighbours of an image count, in a map of so many images."""
    return max(1, min(NEIGHBOURS, (count - 1) // FEWEST_OTHERS))


def neighbours(codes: np.ndarray, k: int = NEIGHBOURS, seed: int = 0) -> np.ndarray:
    """Find the k nearest other images of each image of a map (N, z_dim): rows, (N, k).

    Images are looked through in an order drawn from ``seed``, so that among equal distances (a
    map that has collapsed) two maps of different seeds agree by chance alone.

    Raises
    ------
    UserError
        Where there are no k other images.
    """
    count = len(codes)
    if not 1 <= k < count:
        raise UserError(f"k must be from 1 to the {count - 1} other images, not {k}")
    # scikit-learn takes a second to import, and few callers come here
    from sklearn.neighbors import NearestNeighbors

    order = np.random.default_rng(seed).permutation(count)
    rows = NearestNeighbors(n_neighbors=k).fit(codes[order]).kneighbors(return_distance=False)
    found = np.empty((count, k), np.int64)
    found[order] = order[rows]
    return found


def overlap(near: Sequence[np.ndarray]) -> Overlap:
    """Compare the `neighbours` (N, k) of the same images in two or more maps."""
    if len(near) < 2:
        raise UserError("neighbourhoods are compared between two maps at least; train one more")
    shares = np.stack([_shared(*pair) for pair in combinations(near, 2)])
    return Overlap(shares.mean(axis=0), shares.mean(axis=1), near[0].shape[1])


def _shared(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Share of each row's k entries that stand in both, (N,); no row names an image twice."""
    count, k = first.shape
    # one number an image and neighbour, so that a single sort compares all
    offset = np.arange(count)[:, None] * count
    both = np.isin(first + offset, second + offset)
    return both.sum(axis=1) / k
