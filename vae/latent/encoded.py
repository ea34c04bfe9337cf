"""Encoded images: values an image, neighbours, classes, ellipses and selections.

Rows are those of an `Atlas`. Everything is NumPy in and float64 out.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vae.errors import UserError

if TYPE_CHECKING:
    from torch.distributions import Distribution

    from vae.checkpoint import Atlas
    from vae.models.posteriors.posterior import Factorised

LEAST_SCALE = float(np.finfo(np.float16).smallest_subnormal)
"""Stands for a σ that float16, in which a file stores it, rounded to 0."""


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


@dataclass(frozen=True)
class Selection:
    """What a set of rows holds."""

    rows: np.ndarray
    counts: dict[int, int]
    """Images a class, the most frequent first; −1 counts those without a class."""
    mean: np.ndarray
    """Mean of the posterior means, (z_dim,)."""


def is_point(atlas: "Atlas") -> bool:
    """Whether the images were encoded to points without width, as by an autoencoder."""
    return not bool((atlas.scale > 0).any())


def kl(atlas: "Atlas", prior: "Distribution | None" = None) -> np.ndarray | None:
    """KL(q(z|x) ‖ p(z)) of each image and dimension in nats, (N, z_dim).

    The posteriors are taken to factorise, as an atlas holds no more of them; without a prior it is
    the standard normal. None where the KL is undefined, for an autoencoder, and where the prior
    does not factorise.
    """
    import torch

    from vae.models.divergence import kl_per_dim
    from vae.models.posteriors.posterior import Factorised

    if is_point(atlas):
        return None
    width = torch.ones(atlas.loc.shape[1])
    found = kl_per_dim(_posteriors(atlas), prior or Factorised(torch.zeros_like(width), width))
    return None if found is None else found.double().numpy()


def kl_of_images(atlas: "Atlas", prior: "Distribution") -> np.ndarray | None:
    """KL(q(z|x) ‖ p(z)) of each image in nats, (N,); None for an autoencoder.

    Where there is no formula, one draw of z an image tells it, from a generator of seed 0.
    """
    import torch

    from vae.models.divergence import divergence

    if is_point(atlas):
        return None
    qz = _posteriors(atlas)
    noise = torch.randn(qz.loc.shape, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        found = divergence(qz, prior, (qz.loc + qz.scale * noise).to(torch.float32))
    return found.kl.double().numpy()


def _posteriors(atlas: "Atlas") -> "Factorised":
    import torch

    from vae.models.posteriors.posterior import Factorised

    scale = np.maximum(atlas.scale.astype(np.float64), LEAST_SCALE)
    return Factorised(torch.from_numpy(atlas.loc.astype(np.float64)), torch.from_numpy(scale))


def mean_scale(atlas: "Atlas") -> np.ndarray:
    """Geometric mean of σ over the dimensions, (N,): the posterior's width; 0 for a point."""
    with np.errstate(divide="ignore"):
        return np.exp(np.log(atlas.scale.astype(np.float64)).mean(axis=1))


def nearest(
    loc: np.ndarray, place: np.ndarray, k: int, exclude: int | np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the k points of ``loc`` (N, z_dim) nearest to ``place`` (z_dim,), and distances.

    Nearest first, Euclidean, by brute force; ties go to the lower row. ``exclude`` names rows to
    leave out, such as the place's own. Fewer than k are returned where there are no more.
    """
    squared = np.square(loc.astype(np.float64) - np.asarray(place, dtype=np.float64)).sum(axis=1)
    if exclude is not None:
        squared[exclude] = np.inf
    k = min(max(k, 0), int(np.isfinite(squared).sum()))
    if not k:
        return np.zeros(0, np.int64), np.zeros(0)
    # every tie of the k-th stays in until the stable sort decides
    among = np.flatnonzero(squared <= np.partition(squared, k - 1)[k - 1])
    rows = among[np.argsort(squared[among], kind="stable")][:k]
    return rows, np.sqrt(squared[rows])


def class_summaries(
    atlas: "Atlas", dims: tuple[int, ...] | None = None
) -> tuple[ClassSummary, ...]:
    """Summarise each class, by label; ``dims`` keeps only these dimensions, in this order.

    Images without a class (−1) are left out.
    """
    kept = slice(None) if dims is None else list(dims)
    loc, scale = atlas.loc[:, kept].astype(np.float64), atlas.scale[:, kept].astype(np.float64)
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


def projected_covariance(scale: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Covariance on a plane of posteriors with diagonal covariance: A diag(σ²) Aᵀ.

    ``scale`` is (N, z_dim) and ``axes`` (2, z_dim); the result (N, 2, 2).
    """
    weighted = np.square(scale.astype(np.float64))[:, None, :] * axes[None]
    return weighted @ np.asarray(axes, dtype=np.float64).T


def ellipse(covariance: np.ndarray) -> tuple[float, float, float]:
    """Half-axes of the 1σ ellipse of a 2×2 covariance, and the angle of the longer one.

    The angle is in radians from the first axis, in (−π/2, π/2].
    """
    values, vectors = np.linalg.eigh(np.asarray(covariance, dtype=np.float64))
    minor, major = np.sqrt(np.maximum(values, 0))
    across, up = vectors[:, 1]
    angle = np.arctan2(up, across)
    angle -= np.pi * np.ceil(angle / np.pi - 0.5)
    return float(major), float(minor), float(angle)


def ellipse_outline(
    centre: np.ndarray, covariance: np.ndarray, sigmas: float, points: int = 64
) -> np.ndarray:
    """Points at ``sigmas`` Mahalanobis distance from the centre, (points, 2).

    The last is the first again, so that a line through them closes.
    """
    centre, covariance = np.asarray(centre), np.asarray(covariance)
    return ellipse_outlines(centre[None], covariance[None], sigmas, points)[0]


def ellipse_outlines(
    centres: np.ndarray, covariances: np.ndarray, sigmas: float, points: int = 64
) -> np.ndarray:
    """As `ellipse_outline`, for centres (N, 2) and covariances (N, 2, 2); (N, points, 2)."""
    values, vectors = np.linalg.eigh(np.asarray(covariances, dtype=np.float64))
    roots = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
    turn = np.linspace(0, 2 * np.pi, points)
    circle = sigmas * np.stack([np.cos(turn), np.sin(turn)])
    circle[:, -1] = circle[:, 0]
    return np.asarray(centres)[:, None, :] + np.swapaxes(roots @ circle, 1, 2)


def inside_polygon(xy: np.ndarray, polygon: np.ndarray) -> np.ndarray:
    """Which of the points (N, 2) a polygon (corners, 2) encloses, by the even-odd rule; (N,).

    The polygon closes itself. Of points exactly on its edge those on the left and lower sides
    count as inside.
    """
    polygon = np.asarray(polygon, dtype=np.float64).reshape(-1, 2)
    x, y = np.asarray(xy, dtype=np.float64).reshape(-1, 2).T
    inside = np.zeros(len(x), bool)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        crosses = (y0 <= y) != (y1 <= y)
        inside ^= crosses & (x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)))
    return inside


def selection(atlas: "Atlas", rows: np.ndarray) -> Selection:
    """Summarise rows of an atlas: images a class and their mean; at least one row is needed."""
    rows = np.asarray(rows, dtype=np.int64)
    if not len(rows):
        raise UserError("the selection holds no images; draw it around some points")
    labels, counts = np.unique(atlas.label[rows], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return Selection(
        rows=rows,
        counts={int(labels[i]): int(counts[i]) for i in order},
        mean=atlas.loc[rows].astype(np.float64).mean(axis=0),
    )
