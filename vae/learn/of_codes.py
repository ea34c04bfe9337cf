"""What encoded images say without their pixels: how far all of them are from the prior."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vae.checkpoint import Atlas
from vae.errors import UserError
from vae.latent import aggregate, cover

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

CELLS = 90
"""Along each dimension of the plane on which holes are counted, as Diagnose counts them."""
PLACES = 150
"""Draws of the images' posteriors at which those that share the place are counted."""

DRAWS = 800
"""Draws of all posteriors together that are held against the prior."""
PAIRS = 2**20
"""So many pairs of a draw and an image at once."""
LOG_TWO_PI = math.log(2 * math.pi)

LogDensity = Callable[[np.ndarray], np.ndarray]
"""Nats at places (M, z_dim), (M,)."""


@dataclass(frozen=True)
class Rate:
    """What a weight β of the KL comes to; nats per image."""

    beta: float
    rate: float
    distortion: float
    holes: float
    """Share of the prior's mass where the images' posteriors have hardly any."""
    sharing: float
    """How many images share a place: a median over draws of their posteriors."""


def ends_of(checkpoint: "Checkpoint") -> tuple[Rate, Rate, Rate]:
    """Tell of the smallest β of a model's range, of 1, and of the largest.

    Raises
    ------
    UserError
        Where the model's file holds no curve.
    """
    curve, atlas = checkpoint.metrics.get("rates"), checkpoint.atlas
    if not curve or atlas is None or atlas.rates is None:
        raise UserError(
            f"{checkpoint.name} knows one β alone; choose a model that was trained with "
            "--objective multi-rate"
        )
    middle = min(curve, key=lambda entry: abs(math.log(entry["beta"])))
    low, one, high = (_rate(entry, atlas) for entry in (curve[0], middle, curve[-1]))
    return low, one, high


def _rate(entry: dict[str, float], atlas: Atlas) -> Rate:
    assert atlas.rates is not None, "only of a model that is told β"
    loc, scale = atlas.rates.at(entry["beta"])
    at = Atlas(loc, scale, atlas.label, atlas.index)
    plane = aggregate.plane_density(at, cells=CELLS)
    shared = cover.sharing(at, places=PLACES)
    assert shared is not None, "only of posteriors with a width"
    return Rate(
        beta=float(entry["beta"]),
        rate=float(entry["kl"]),
        distortion=float(-entry["reconstruction"]),
        holes=aggregate.holes(plane).prior_in_holes,
        sharing=shared,
    )


@dataclass(frozen=True)
class AggregateKl:
    """KL(q(z) ‖ p(z)) in nats, q(z) being the mean of all q(z|x), with its standard error.

    What the best prior for these posteriors, q(z) itself, would take off every image's KL (Hoffman
    and Johnson 2016, "ELBO surgery").
    """

    nats: float
    stderr: float


def aggregate_kl(
    atlas: Atlas, log_prior: LogDensity | None = None, draws: int = DRAWS, seed: int = 0
) -> AggregateKl:
    """Estimate KL(q(z) ‖ p(z)) by draws of q(z), each held against all encoded images.

    ``log_prior`` gives log p(z) of places (M, z_dim); the standard normal's where there is none.
    """
    generator = np.random.default_rng(seed)
    loc, scale = atlas.loc.astype(np.float64), atlas.scale.astype(np.float64)
    rows = generator.integers(len(loc), size=draws)
    z = loc[rows] + scale[rows] * generator.standard_normal((draws, loc.shape[1]))
    log_p = _log_normal(z) if log_prior is None else log_prior(z)
    ratio = _log_aggregate(z, loc, scale) - log_p
    return AggregateKl(float(ratio.mean()), float(ratio.std() / np.sqrt(draws)))


def _log_aggregate(z: np.ndarray, loc: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """log of the mean of normals at places, (M,)."""
    height = -np.log(scale).sum(axis=1) - math.log(len(loc)) - loc.shape[1] / 2 * LOG_TWO_PI
    found = []
    for block in np.array_split(z, max(1, len(z) * len(loc) // PAIRS)):
        logs = height - 0.5 * np.square((block[:, None] - loc) / scale).sum(axis=2)
        top = logs.max(axis=1)
        found.append(top + np.log(np.exp(logs - top[:, None]).sum(axis=1)))
    return np.concatenate(found)


def _log_normal(z: np.ndarray) -> np.ndarray:
    return np.asarray(-0.5 * np.square(z).sum(axis=1) - z.shape[1] / 2 * LOG_TWO_PI)
