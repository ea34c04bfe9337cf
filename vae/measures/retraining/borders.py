"""Classes that touch in a map, and in how many maps of several each pair does.

A map's links lead from each image to its k nearest images. Two classes *touch* where at least one
in fifty links of the smaller one is shared with the other: the links between them, both ways, over
2 k n for n images of the smaller class. Classes that lie apart have none, a few stray images make
no border; of labels spread at random among C classes of one size each pair has a share of 1 / C.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

BORDER = 0.02
"""The share of the smaller class's links from which on two classes touch."""


@dataclass(frozen=True, eq=False)
class Borders:
    """Which classes touch, in maps of the same images."""

    classes: tuple[int, ...]
    touching: np.ndarray
    """Boolean (maps, classes, classes), symmetric; the diagonal is False."""

    @property
    def maps(self) -> int:
        """How many maps were looked at."""
        return len(self.touching)

    @property
    def counts(self) -> np.ndarray:
        """In how many maps each pair touches, int64 (classes, classes)."""
        return self.touching.sum(axis=0)

    def always(self) -> list[tuple[int, int]]:
        """Pairs of classes that touch in every map, the smaller label first."""
        return self._pairs(self.counts == self.maps)

    def sometimes(self) -> list[tuple[int, int]]:
        """Pairs that touch in some maps."""
        return self._pairs((self.counts > 0) & (self.counts < self.maps))

    def never(self) -> list[tuple[int, int]]:
        """Pairs that touch in no map."""
        return self._pairs(self.counts == 0)

    def expected_always(self) -> float:
        """So many pairs would touch in every map if each map's touching pairs were any.

        Each map keeps its number of touching pairs t of all P: P Π (t / P).
        """
        upper = np.triu_indices(len(self.classes), 1)
        pairs = len(upper[0])
        if not pairs:
            return 0.0
        return pairs * math.prod(one[upper].sum() / pairs for one in self.touching)

    def _pairs(self, wanted: np.ndarray) -> list[tuple[int, int]]:
        at = range(len(self.classes))
        return [(self.classes[a], self.classes[b]) for a, b in combinations(at, 2) if wanted[a, b]]


def borders(near: Sequence[np.ndarray], labels: np.ndarray) -> Borders:
    """Tell which classes touch in each map, from the `neighbours` (N, k) of the same images.

    Images without a class (−1) and the links to and from them are left out.
    """
    classes = tuple(int(label) for label in np.unique(labels[labels >= 0]))
    touching = [shares(one, labels) >= BORDER for one in near]
    shape = (len(near), len(classes), len(classes))
    return Borders(classes, np.array(touching, bool).reshape(shape))


def shares(near: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Links between each two classes over 2 k n of the smaller one, (classes, classes).

    Classes are in the order of their labels; the diagonal is 0.
    """
    classes, at = np.unique(labels[labels >= 0], return_inverse=True)
    place = np.full(len(labels), -1)
    place[labels >= 0] = at
    ends = place[near]
    starts = np.broadcast_to(place[:, None], ends.shape)
    known = (starts >= 0) & (ends >= 0)
    links = np.zeros((len(classes), len(classes)))
    np.add.at(links, (starts[known], ends[known]), 1)
    sizes = np.bincount(at, minlength=len(classes))
    found: np.ndarray = (links + links.T) / (2 * near.shape[1] * np.minimum.outer(sizes, sizes))
    np.fill_diagonal(found, 0.0)
    return found
