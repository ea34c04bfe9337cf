"""The delete-a-group jackknife: a number without one group of images after another.

Source: Efron and Tibshirani 1993, "An introduction to the bootstrap", eq. 11.5, with groups of
images in place of single ones (Shao and Tu 1995, "The jackknife and bootstrap", section 2.3). It
holds for numbers that change smoothly with the images; for others see `Halved` (section 11.6 of
the former).
"""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.data.splits import permutation
from vae.measures.resampling.resampled import Resampled

GROUPS = 50
"""Groups at most. The error is then itself known to a tenth: 1 / √(2 · 49)."""
SEED = 1
"""Of the draw that puts images into groups; a split may be in an order of its own."""


@dataclass(frozen=True, eq=False)
class LeftOut(Resampled):
    """A number with each group of images left out, (groups,)."""

    name: ClassVar[str] = "left out"
    test: ClassVar[str] = "paired jackknife over groups of images"

    @property
    def stderr(self) -> float | None:
        """√((G − 1) / G · Σ (value − mean)²); None for fewer than two groups."""
        count = len(self.values)
        if count < 2:
            return None
        return float(self.values.std()) * math.sqrt(count - 1)


def groups(count: int, most: int = GROUPS) -> np.ndarray:
    """Tell of each of ``count`` images in which group it is, int64 (count,), numbered from 0.

    A fixed draw; the groups differ in size by one image at most.
    """
    size = max(1, math.ceil(count / most))
    found = np.empty(count, np.int64)
    for group, rows in enumerate(np.array_split(permutation(count, SEED), max(1, count // size))):
        found[rows] = group
    return found


def rows_of(group: np.ndarray) -> list[np.ndarray]:
    """List the rows of each group, in their order."""
    return [np.flatnonzero(group == one) for one in range(int(group.max()) + 1)]


def rows_without(group: np.ndarray) -> list[np.ndarray]:
    """List the rows that are left without each group, in their order."""
    return [np.flatnonzero(group != one) for one in range(int(group.max()) + 1)]


def sums_of_groups(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Add up values (N, …) within each group, float64 (groups, …)."""
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(int(group.max()) + 1))
    found: np.ndarray = np.add.reduceat(values[order], starts, axis=0, dtype=np.float64)
    return found
