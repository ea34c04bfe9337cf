"""A prior as pages show it: its density where that is known, else the density of its draws.

A mixture of normals is known everywhere. Of another prior the density is known at single places;
over a plane that holds all of z this is enough. Over a plane of more dimensions it would have to
be integrated: there `DRAWS` draws stand for it, each as a normal of a width by Silverman's rule.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from vae.models.priors import Components, Prior

DRAWS = 5000
"""So many draws stand for a prior over a plane on which its density is not known."""
CHAIN_DRAWS = 2000
"""So many where each of them is the end of a chain of its own, which takes a second a thousand."""
SHARES = (0.3935, 0.8647, 0.9889)
"""Mass within 1, 2 and 3 standard deviations of a normal on a plane, 1 − exp(−r² / 2): the levels
of other priors hold as much."""
_BLOCK = 20_000


@dataclass(frozen=True, eq=False)
class ShownPrior:
    """A prior for drawing and for holding against the encoded images."""

    components: Components
    """The prior itself, or its draws, each with a width."""
    draws: int | None = None
    """How many draws the components are; None where they are the prior itself."""
    log_density: Callable[[np.ndarray], np.ndarray] | None = None
    """log p(z) in nats at places (N, z_dim), (N,), where z has one or two dimensions and the
    components are draws."""

    @property
    def is_standard(self) -> bool:
        """Whether it is the standard normal, whose levels are circles about the origin."""
        return self.draws is None and self.components.is_standard

    def is_exact(self, size: int) -> bool:
        """Tell whether its density is known over so many of the dimensions of z."""
        whole = self.components.loc.shape[1] == size
        return self.draws is None or (whole and self.log_density is not None)


def shown_prior(prior: Prior, seed: int = 0, draws: int = DRAWS) -> ShownPrior:
    """Make what shows a prior; what stands for it follows from the seed and the number of draws."""
    if (found := prior.components()) is not None:
        return ShownPrior(found)
    by_chain = prior.gibbs_steps is not None
    count = min(draws, CHAIN_DRAWS) if by_chain else draws
    drawn = prior.sample(count, torch.Generator().manual_seed(seed)).double().cpu().numpy()
    z_dim = drawn.shape[1]
    # Silverman 1986, eq. 4.14, for the plane or the line on which it is looked at
    size = min(z_dim, 2)
    width = drawn.std(axis=0) * (4 / ((size + 2) * count)) ** (1 / (size + 4))
    scale = np.broadcast_to(np.maximum(width, 1e-6), drawn.shape)
    parts = Components(np.full(count, 1 / count), drawn, scale)
    return ShownPrior(parts, count, None if by_chain or z_dim > 2 else _log_density_of(prior))


def _log_density_of(prior: Prior) -> Callable[[np.ndarray], np.ndarray]:
    parameter = next(prior.parameters())

    @torch.inference_mode()
    def log_density(z: np.ndarray) -> np.ndarray:
        pz = prior.distribution()
        places = torch.from_numpy(np.ascontiguousarray(z)).to(parameter)
        found = [pz.log_prob(block) for block in places.split(_BLOCK)]
        return torch.cat(found).double().cpu().numpy()

    return log_density


def plane_field(
    shown: ShownPrior, axes: np.ndarray, centre: np.ndarray, cells: int = 120
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Density of a prior over a plane: places along it, (cells,) twice, and p, (cells, cells).

    ``axes`` are two unit vectors (2, z_dim) at right angles, ``centre`` (z_dim,) the plane's
    origin; p is that of the prior's projection on the plane, per unit².
    """
    parts = shown.components
    loc = (parts.loc - centre) @ axes.T
    covariances = np.einsum("ik,nk,jk->nij", axes, np.square(parts.scale), axes)
    reach = 4 * np.sqrt(np.einsum("nii->ni", covariances))
    low, high = (loc - reach).min(axis=0), (loc + reach).max(axis=0)
    x, y = (np.linspace(low[i], high[i], cells) for i in range(2))
    if shown.draws is not None and shown.log_density is not None:
        # the plane holds all of z: its origin and axes reach every place
        across, up = np.meshgrid(x, y)
        places = centre + np.stack([across.ravel(), up.ravel()], axis=1) @ axes
        return x, y, np.exp(shown.log_density(places)).reshape(cells, cells)
    # one that is narrower than a cell is drawn a cell wide, or it would fall between the places
    covariances[:, 0, 0] = np.maximum(covariances[:, 0, 0], (x[1] - x[0]) ** 2)
    covariances[:, 1, 1] = np.maximum(covariances[:, 1, 1], (y[1] - y[0]) ** 2)
    return x, y, _mixture_field(x, y, parts.weight, loc, covariances)


def line_field(shown: ShownPrior, cells: int = 256) -> tuple[np.ndarray, np.ndarray]:
    """Density of a prior of one dimension: places along it and p, per unit, (cells,) each."""
    parts = shown.components
    loc, scale = parts.loc[:, 0], parts.scale[:, 0]
    x = np.linspace((loc - 4 * scale).min(), (loc + 4 * scale).max(), cells)
    if shown.draws is not None and shown.log_density is not None:
        return x, np.exp(shown.log_density(x[:, None]))
    return x, _normal(x[:, None], loc, np.maximum(scale, x[1] - x[0])) @ parts.weight


def _mixture_field(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, loc: np.ndarray, covariances: np.ndarray
) -> np.ndarray:
    """Density of normals with covariances (K, 2, 2) at each place of a grid, (len(y), len(x)).

    A normal with correlation is one along x times one along y given x.
    """
    deviation = np.sqrt(covariances[:, 0, 0])
    slope = covariances[:, 0, 1] / covariances[:, 0, 0]
    rest = np.sqrt(np.maximum(covariances[:, 1, 1] - slope * covariances[:, 0, 1], 1e-18))
    along = _normal(x[:, None], loc[:, 0], deviation) * weight
    if not np.abs(slope).max() * np.ptp(x) > 1e-9 * rest.min():
        return _normal(y[:, None], loc[:, 1], rest) @ along.T
    columns = []
    for place, share in zip(x, along, strict=True):
        middle = loc[:, 1] + slope * (place - loc[:, 0])
        # far from a normal's column nothing of it is left to add
        near = share > 1e-12 * max(share.max(), 1e-300)
        columns.append(_normal(y[:, None], middle[near], rest[near]) @ share[near])
    return np.stack(columns, axis=1)


def _normal(z: np.ndarray, loc: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * np.square((z - loc) / scale)) / (np.sqrt(2 * np.pi) * scale)


def levels(density: np.ndarray, shares: tuple[float, ...] = SHARES) -> list[float]:
    """Densities at which the region above holds these shares of what lies on the grid."""
    heights = np.sort(density.ravel())[::-1]
    mass = np.cumsum(heights)
    places = np.searchsorted(mass, np.array(shares) * mass[-1])
    # a hair below, so that no place of the grid is exactly at a level
    return [(1 - 1e-9) * float(heights[min(place, len(heights) - 1)]) for place in places]


def contour(x: np.ndarray, y: np.ndarray, density: np.ndarray, level: float) -> np.ndarray:
    """Lines along which a density on a grid is at a level: ends of segments, (N, 2, 2).

    Each triangle of a cell, cut along its diagonal, is crossed once or not at all.
    """
    across, up = np.meshgrid(x, y)
    corners = np.stack([across, up, density - level], axis=-1)
    a, b, c, d = corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]
    triangles = np.concatenate(
        [np.stack(three, axis=-2).reshape(-1, 3, 3) for three in ((a, b, c), (a, c, d))]
    )
    above = triangles[..., 2] > 0
    crossed = triangles[above.any(axis=1) & ~above.all(axis=1)]
    if not len(crossed):
        return np.zeros((0, 2, 2))
    above = crossed[..., 2] > 0
    # the corner that is alone on its side: both crossed edges leave from it
    alone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), (~above).argmax(axis=1))
    rows = np.arange(len(crossed))
    lone = crossed[rows, alone]
    ends = [_crossing(lone, crossed[rows, (alone + turn) % 3]) for turn in (1, 2)]
    return np.stack(ends, axis=1)


def _crossing(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    share = one[:, 2] / (one[:, 2] - other[:, 2])
    return one[:, :2] + share[:, None] * (other[:, :2] - one[:, :2])
