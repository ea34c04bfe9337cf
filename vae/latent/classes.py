"""The classes of encoded images: where each lies, and how wide."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from vae.checkpoint import Atlas


@dataclass(frozen=True)
class ClassSummary:
    """The encoded images of one class."""

    label: int
    count: int
    mean: np.ndarray
    """Mean of the posterior means, (z_dim,)."""
    covariance: np.ndarray
    """Their covariance over the class (divided by the count), (z_dim, z_dim)."""
    scale: np.ndarray
    """Root mean square of the posteriors' standard deviations, (z_dim,)."""
    distance: float
    """Mean Euclidean distance of the posterior means to `mean`."""


def class_summaries(atlas: "Atlas") -> tuple[ClassSummary, ...]:
    """Summarise each class, by label; images without a class (−1) are left out."""
    loc, scale = atlas.loc.astype(np.float64), atlas.scale.astype(np.float64)
    labels = np.unique(atlas.label)
    return tuple(
        _class_summary(int(label), loc[rows], scale[rows])
        for label in labels[labels >= 0]
        if len(rows := np.flatnonzero(atlas.label == label))
    )


def _class_summary(label: int, loc: np.ndarray, scale: np.ndarray) -> ClassSummary:
    mean = loc.mean(axis=0)
    centred = loc - mean
    return ClassSummary(
        label=label,
        count=len(loc),
        mean=mean,
        covariance=centred.T @ centred / len(loc),
        scale=np.sqrt(np.square(scale).mean(axis=0)),
        distance=float(np.linalg.norm(centred, axis=1).mean()),
    )
