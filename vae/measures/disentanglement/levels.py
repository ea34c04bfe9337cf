"""The factors of images as levels, and images that share a level."""

from typing import NamedTuple

import numpy as np

from vae.data.splits import permutation
from vae.errors import UserError
from vae.measures import resampling


class Codes(NamedTuple):
    """Posterior means of images, and the factors they were drawn from."""

    loc: np.ndarray
    """(N, z_dim)."""
    factors: np.ndarray
    """(N, factors)."""

    def take(self, rows: np.ndarray) -> "Codes":
        """Return some of the images."""
        return Codes(self.loc[rows], self.factors[rows])


def halves(codes: Codes) -> tuple[Codes, Codes]:
    """Part images into two halves, by a fixed draw."""
    first, second = np.array_split(permutation(len(codes.loc)), 2)
    return codes.take(first), codes.take(second)


def parts_of(codes: Codes) -> list[Codes]:
    """Take halves of images, the same for every model; none where one of them is too alike.

    In each some images share a level of every factor that varies there.
    """
    parts = [codes.take(rows) for rows in resampling.halves(len(codes.loc), resampling.FEW)]
    try:
        for part in parts:
            groups_of(part)
    except UserError:
        return []
    return parts


def varying(columns: np.ndarray) -> dict[int, np.ndarray]:
    """Number the levels of each column of (N, K) that varies, from 0; the keys are the columns."""
    levels = [np.unique(column, return_inverse=True)[1] for column in columns.T]
    return {k: level for k, level in enumerate(levels) if level.any()}


def groups_of(codes: Codes) -> dict[int, "Alike"]:
    """Group images by the levels of each factor that varies; the keys are its columns.

    Raises
    ------
    UserError
        Where no factor varies.
    """
    found = {k: Alike(level) for k, level in varying(codes.factors).items()}
    if not found:
        raise UserError("none of the factors varies over these images; choose more images")
    return found


class Alike:
    """The images of each level of one factor, to draw others of the same level from."""

    def __init__(self, level: np.ndarray):
        self.order = np.argsort(level, kind="stable")
        self.count = np.bincount(level)
        self.start = np.cumsum(self.count) - self.count
        self.level = level
        self.place = np.empty(len(level), np.int64)
        self.place[self.order] = np.arange(len(level))
        # of a level with one image there is no other
        self.usable = np.flatnonzero(self.count[level] > 1)
        if not len(self.usable):
            raise UserError("no two images share a level of a factor; choose more images")

    def others(self, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Draw for each row another image of the same level."""
        level = self.level[rows]
        start, count = self.start[level], self.count[level]
        step = rng.integers(1, count)
        return self.order[start + (self.place[rows] - start + step) % count]

    def members(self, row: int, size: int, rng: np.random.Generator) -> np.ndarray:
        """Draw ``size`` images of the level of one, with replacement."""
        level = self.level[row]
        return self.order[self.start[level] + rng.integers(0, self.count[level], size)]
