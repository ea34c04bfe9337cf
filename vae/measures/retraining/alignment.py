"""Maps of the same images laid over one another: one rotation or reflection, one scale, one shift.

Training fixes none of the three, so that two maps are compared after the best of them was found:
Procrustes analysis of two maps (Schönemann 1966, "A generalized solution of the orthogonal
Procrustes problem"; Gower 1975, "Generalized Procrustes analysis", for several).

A map is an array (N, z_dim) whose row i is the same image in every map. Maps of fewer dimensions
count as lying in the space of the largest one, with zeros for what they lack.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SHUFFLES = 19
"""Alignments with shuffled images that one is held against."""
ROUNDS = 100
SETTLED = 1e-9
"""The alignment of several maps has settled where a round betters the residual by less."""


@dataclass(frozen=True, eq=False)
class Aligned:
    """A map as it lies over another one."""

    codes: np.ndarray
    """The map in the coordinates of the other one, float64 (N, dimensions)."""
    residual: float
    """What of the other map's variance it does not tell, from 0 to 1: Σ‖a − b‖² / Σ‖a − ā‖²."""


@dataclass(frozen=True)
class Shuffled:
    """What aligning leaves where one map's images are shuffled, so that nothing is in common."""

    mean: float
    std: float
    least: float
    """The smallest residual of `SHUFFLES` shuffles."""


def align(codes: np.ndarray, onto: np.ndarray) -> Aligned:
    """Lay ``codes`` over another map by least squares.

    The residual is the same whichever of two maps is laid over the other. A map whose images all
    lie at one place can be laid over nothing: the residual is 1 then.
    """
    moving, fixed = (_centred(one) for one in _widened([codes, onto]))
    size, target = np.square(moving).sum(), np.square(fixed).sum()
    shift = np.zeros(fixed.shape[1])
    shift[: onto.shape[1]] = onto.mean(axis=0, dtype=np.float64)
    if not (size > 0 and target > 0):
        return Aligned(np.broadcast_to(shift, fixed.shape).copy(), 1.0)
    # Schönemann's solution: of UΣVᵀ, the singular values of what the maps have in common, UVᵀ
    left, values, right = np.linalg.svd(moving.T @ fixed)
    common = values.sum()
    scale = common / size
    residual = float(np.clip(1 - common**2 / (size * target), 0.0, 1.0))
    return Aligned(scale * moving @ (left @ right) + shift, residual)


def shuffled(codes: np.ndarray, onto: np.ndarray, seed: int = 0) -> Shuffled:
    """Align with the images of one map shuffled, `SHUFFLES` times: what chance alone reaches."""
    rng = np.random.default_rng(seed)
    found = [align(codes[rng.permutation(len(codes))], onto).residual for _ in range(SHUFFLES)]
    return Shuffled(float(np.mean(found)), float(np.std(found, ddof=1)), min(found))


def align_all(maps: Sequence[np.ndarray]) -> list[Aligned]:
    """Lay several maps over the mean of all, found in rounds, in the first map's coordinates.

    Each residual is against that mean, of which the map itself is a part: it is smaller than one
    between two maps, and says which map lies farthest from the others.
    """
    widened = [_unit(_centred(one)) for one in _widened(maps)]
    mean, before = widened[0], np.inf
    for _ in range(ROUNDS):
        found = [align(one, mean) for one in widened]
        mean = _unit(_centred(np.mean([one.codes for one in found], axis=0)))
        left = float(np.mean([one.residual for one in found]))
        if before - left < SETTLED:
            break
        before = left
    # the mean may have turned away from the map that it began with
    mean = align(mean, _widened(maps)[0]).codes
    return [align(one, mean) for one in widened]


def plane_of(aligned: Sequence[Aligned]) -> list[np.ndarray]:
    """Draw aligned maps at one size on the plane of largest spread of their mean, each (N, 2).

    Least squares make a map the smaller the less it has in common with the others; drawn so, the
    most unlike maps would be the hardest to see. Maps of one dimension get a second one of zeros.
    """
    codes = _at_one_size([one.codes for one in aligned])
    if codes[0].shape[1] <= 2:
        return [np.pad(one, ((0, 0), (0, 2 - one.shape[1]))) for one in codes]
    mean = np.mean(codes, axis=0)
    centre = mean.mean(axis=0)
    axes = np.linalg.svd(mean - centre, full_matrices=False)[2][:2]
    return [(one - centre) @ axes.T for one in codes]


def _at_one_size(codes: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Bring maps to the variance of the largest one, each about its centre."""
    sizes = [float(np.linalg.norm(_centred(one))) for one in codes]
    centres = [one.mean(axis=0) for one in codes]
    return [
        centre + _unit(one - centre) * max(sizes) if size > 0 else one
        for one, centre, size in zip(codes, centres, sizes, strict=True)
    ]


def _widened(maps: Sequence[np.ndarray]) -> list[np.ndarray]:
    width = max(one.shape[1] for one in maps)
    return [
        np.pad(np.asarray(one, np.float64), ((0, 0), (0, width - one.shape[1]))) for one in maps
    ]


def _centred(codes: np.ndarray) -> np.ndarray:
    return codes - codes.mean(axis=0)


def _unit(codes: np.ndarray) -> np.ndarray:
    size = float(np.linalg.norm(codes))
    return codes / size if size > 0 else codes
