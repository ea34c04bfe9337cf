"""The prior over a plane as a small field of log densities, from which its contours are drawn."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vae.latent.shown_prior import ShownPrior, line_field, plane_field, shown_prior

if TYPE_CHECKING:
    from vae.models.vae import VAE

CELLS = {1: 256, 2: 64}
"""Places along each side of a field, for a line and for a plane."""
DRAWS = 1000
"""So many draws tell where a prior that is no mixture lies, and stand for it over a plane."""
DEPTH = 50.0
"""Nats below the peak at which a field ends; no contour that holds 99 % lies as deep."""


@dataclass(frozen=True, eq=False)
class PriorField:
    """Log density of a prior at even steps over a plane, or along a line."""

    log_density: np.ndarray
    """Nats against its peak, at most 0, float16 (rows, columns). A column is a step along
    the first axis; a line has one row."""
    extent: np.ndarray
    """Lowest and highest place along both axes, a0, a1, b0, b1, float32 (4,)."""
    draws: int
    """How many draws stand for the prior; 0 where the density is its own."""


def prior_field(model: "VAE", axes: np.ndarray) -> PriorField | None:
    """Return the prior of a model over a plane of axes (2, z_dim) through the origin.

    None where there is nothing to draw: for a model without a prior density, and for a standard
    normal, whose contours are circles. Where the prior's marginal over the plane is not known, the
    field is that of its draws.
    """
    config = model.config
    if not config.posterior.has_density or model.prior.drawn_by is not None:
        return None
    shown = shown_prior(model.prior, draws=DRAWS)
    if shown.is_standard:
        return None
    if config.z_dim == 1:
        x, density = line_field(shown, CELLS[1])
        return _field(x, np.zeros(1), density[None], shown)
    x, y, density = plane_field(shown, axes, np.zeros(config.z_dim), CELLS[2])
    return _field(x, y, density, shown)


def _field(x: np.ndarray, y: np.ndarray, density: np.ndarray, shown: ShownPrior) -> PriorField:
    with np.errstate(divide="ignore"):
        height = np.log(density) - np.log(density.max())
    draws = 0 if shown.is_exact(1 if len(y) == 1 else 2) else shown.draws
    return PriorField(
        log_density=np.maximum(height, -DEPTH).astype(np.float16),
        extent=np.array([x[0], x[-1], y[0], y[-1]], dtype=np.float32),
        draws=draws or 0,
    )
