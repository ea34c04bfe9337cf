"""The aggregate posterior q(z) = mean over images of q(z|x), held against the prior p(z).

Where the prior has mass and q has none a sample decodes to something never trained for: a hole
(Hoffman and Johnson 2016, "ELBO surgery"). Everything is float64; densities are per unit of z.
The prior is a `ShownPrior`; the standard normal where none is given.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vae.errors import UserError
from vae.latent.encoded import LEAST_SCALE, is_point
from vae.latent.pieces import pieces
from vae.latent.shown_prior import ShownPrior
from vae.models.priors.prior import Components, standard_components
from vae.models.usage import COLLAPSED, is_collapsed

if TYPE_CHECKING:
    from vae.checkpoint import Atlas

HOLE = 2.0
"""A place is a hole where log q − log p is below −2 nats: q is under 14 % of the prior."""
RING = 3.0
"""Radius of the prior's ring, in its standard deviations."""
LEAST_DENSITY = float(np.finfo(np.float64).tiny)
"""Density below which float64 ends: log q stops there, at −708 nats."""


@dataclass(frozen=True)
class PlaneDensity:
    """q and p over a plane of two dimensions, each the mean over a cell of the grid."""

    dims: tuple[int, int]
    x: np.ndarray
    """Cell centres along the first dimension, (columns,)."""
    y: np.ndarray
    """Cell centres along the second, (rows,), ascending."""
    q: np.ndarray
    """Aggregate posterior's density, (rows, columns)."""
    p: np.ndarray
    """Prior's density, (rows, columns)."""
    images: int
    """Posteriors in the mixture."""
    kernel: float | None
    """Width given to the points of an autoencoder; None where posteriors have their own."""
    is_standard: bool = True
    """Whether the prior is the standard normal, of which rings about the origin make sense."""
    draws: int | None = None
    """How many draws of the prior p was made of; None where it is exact."""

    @property
    def log_ratio(self) -> np.ndarray:
        """log q − log p in nats, (rows, columns); ends at q = 2e-308."""
        return np.log(np.maximum(self.q, LEAST_DENSITY)) - np.log(np.maximum(self.p, LEAST_DENSITY))


@dataclass(frozen=True)
class Holes:
    """How far the aggregate posterior and the prior miss each other, on one plane."""

    prior_in_holes: float
    """Share of the prior's mass where log q − log p < −`threshold`."""
    posterior_outside: float | None
    """Share of q's mass farther than `ring` from the origin; None unless the prior is round."""
    prior_outside: float | None
    """The same share for the prior: exp(−ring² / 2)."""
    threshold: float
    ring: float
    """Radius, in standard deviations of the prior."""
    prior_off_grid: float
    """Share of the prior's mass that the grid does not cover, so that nobody looked there."""
    cell: float
    """Width of a cell in units of z. Narrow posteriors leave gaps that only small cells show, so
    that the share in holes grows as cells shrink: compare models at one width."""
    images: int
    """Posteriors in the mixture."""


@dataclass(frozen=True)
class Marginal:
    """q(z_k) of one dimension against p(z_k)."""

    dim: int
    z: np.ndarray
    """Equal steps over all that either holds, (points,)."""
    q: np.ndarray
    p: np.ndarray
    mean: float
    variance: float
    prior_mean: float
    prior_variance: float
    kl: float
    """KL(q(z_k) ‖ p(z_k)) in nats."""
    draws: int | None
    """How many draws of the prior p was made of; None where it is exact."""
    widened: float
    """Share of the posteriors narrower than a step of z, drawn and counted a step wide."""


def plane_density(
    atlas: "Atlas",
    dims: tuple[int, int] = (0, 1),
    cells: int = 100,
    extent: tuple[float, float, float, float] | None = None,
    kernel: float | None = None,
    prior: ShownPrior | None = None,
) -> PlaneDensity:
    """Densities of q and of the prior over a grid of cells × cells on two dimensions.

    Each value is the exact mean over its cell, from normal distribution functions, so that no
    posterior falls between the grid's lines and the cells' masses add up to one. The sum over
    images of a product of one factor a dimension is a matrix product.

    Parameters
    ----------
    extent
        (left, right, bottom, top); by default a square about the origin that holds 4 σ of the
        prior and 3 σ of every posterior.
    kernel
        Width to give the points of an autoencoder (see `kernel_width`).

    Raises
    ------
    UserError
        For an autoencoder without a kernel: points have no density.
    """
    if kernel is not None and is_collapsed(atlas.loc):
        raise UserError(
            f"{COLLAPSED}, and a width given to its points would be all that their density shows"
        )
    if len(set(dims)) != 2 or not all(0 <= dim < atlas.loc.shape[1] for dim in dims):
        raise UserError(
            f"a plane needs two different dimensions from 1 to {atlas.loc.shape[1]}, not "
            f"{' and '.join(str(dim + 1) for dim in dims)}"
        )
    loc, scale, kernel = _components(atlas, dims, kernel)
    prior = prior or ShownPrior(standard_components(atlas.loc.shape[1]))
    pz = prior.components.over(dims)
    left, right, bottom, top = extent or _extent(loc, scale, pz)
    edges_x, edges_y = np.linspace(left, right, cells + 1), np.linspace(bottom, top, cells + 1)
    area = (edges_x[1] - edges_x[0]) * (edges_y[1] - edges_y[0])
    q = _masses(edges_x, edges_y, *pieces(atlas, dims, loc, scale)) / len(loc)
    exact = prior.is_exact(len(dims))
    if exact and prior.log_density is not None:
        p = _exact_masses(edges_x, edges_y, dims, prior)
    else:
        p = _masses(edges_x, edges_y, pz.loc, pz.scale, pz.weight)
    return PlaneDensity(
        dims=(dims[0], dims[1]),
        x=(edges_x[1:] + edges_x[:-1]) / 2,
        y=(edges_y[1:] + edges_y[:-1]) / 2,
        q=q / area,
        p=p / area,
        images=len(loc),
        kernel=kernel,
        is_standard=prior.is_standard,
        draws=None if exact else prior.draws,
    )


def holes(density: PlaneDensity, threshold: float = HOLE, ring: float = RING) -> Holes:
    """Shares of mass in holes and outside the prior's ring, counted over the grid's cells."""
    area = (density.x[1] - density.x[0]) * (density.y[1] - density.y[0])
    p, q = density.p * area, density.q * area
    within = np.square(density.x)[None] + np.square(density.y)[:, None] <= ring**2
    round_ = density.is_standard
    return Holes(
        prior_in_holes=float(p[density.log_ratio < -threshold].sum()),
        posterior_outside=float(np.clip(1 - q[within].sum(), 0, 1)) if round_ else None,
        prior_outside=float(np.exp(-(ring**2) / 2)) if round_ else None,
        threshold=threshold,
        ring=ring,
        prior_off_grid=float(np.clip(1 - p.sum(), 0, 1)),
        cell=float(density.x[1] - density.x[0]),
        images=density.images,
    )


def marginal(
    atlas: "Atlas",
    dim: int,
    points: int | None = None,
    kernel: float | None = None,
    prior: ShownPrior | None = None,
) -> Marginal:
    """Density, mean, variance and KL of one dimension's aggregate posterior.

    The KL is the trapezium rule over a grid with steps no wider than the narrowest posterior, as
    far as 1,025 points allow; at such steps the rule's error for normal densities is below 1e-8,
    and a KL that it puts below 0 is given as 0.
    """
    loc, scale, _ = _components(atlas, (dim,), kernel)
    loc, scale = loc[:, 0], scale[:, 0]
    prior = prior or ShownPrior(standard_components(atlas.loc.shape[1]))
    exact = prior.is_exact(1)
    pz = prior.components.over((dim,))
    centre, width = pz.loc[:, 0], pz.scale[:, 0]
    # beyond 8 σ of everything lies less than 1e-15 of any mass
    low = min((centre - 8 * width).min(), (loc - 8 * scale).min())
    high = max((centre + 8 * width).max(), (loc + 8 * scale).max())
    if points is None:
        narrowest = min(scale.min(), width.min())
        points = int(np.clip(2 * np.ceil((high - low) / narrowest) + 1, 257, 1025))
    z, step = np.linspace(low, high, points, retstep=True)
    wide = np.maximum(scale, step)
    q = _mixture(z, loc, wide)
    if exact and prior.log_density is not None:
        log_p = prior.log_density(z[:, None])
    else:
        log_p = _log_mixture(z, pz.weight, centre, width)
    terms = q * (np.log(np.maximum(q, LEAST_DENSITY)) - log_p)
    prior_mean = float(pz.weight @ centre)
    # a draw's width is there for the eye and no part of the prior's own variance
    own = width**2 if prior.draws is None else np.zeros_like(width)
    return Marginal(
        dim=dim,
        z=z,
        q=q,
        p=np.exp(log_p),
        mean=float(loc.mean()),
        variance=float(np.square(scale).mean() + loc.var()),
        prior_mean=prior_mean,
        prior_variance=float(pz.weight @ (own + (centre - prior_mean) ** 2)),
        draws=None if exact else prior.draws,
        kl=max(0.0, float(terms.sum() * step)),
        widened=float((scale < step).mean()),
    )


def kernel_width(atlas: "Atlas", dims: tuple[int, ...]) -> float:
    """Width in units of z for the points of an autoencoder (Silverman 1986, eq. 4.14)."""
    loc = atlas.loc[:, list(dims)].astype(np.float64)
    count, size = loc.shape
    spread = float(np.sqrt(loc.var(axis=0).mean()))
    return max(spread, 1e-6) * (4 / ((size + 2) * count)) ** (1 / (size + 4))


def _components(
    atlas: "Atlas", dims: tuple[int, ...], kernel: float | None
) -> tuple[np.ndarray, np.ndarray, float | None]:
    kept = list(dims)
    loc, scale = atlas.loc[:, kept].astype(np.float64), atlas.scale[:, kept].astype(np.float64)
    if is_point(atlas):
        if kernel is None:
            raise UserError(
                "an autoencoder encodes images as points without width, so that its aggregate "
                "posterior has no density; choose a variational model"
            )
        return loc, np.full_like(loc, kernel), kernel
    return loc, np.maximum(scale, LEAST_SCALE), None


def _extent(
    loc: np.ndarray, scale: np.ndarray, pz: Components
) -> tuple[float, float, float, float]:
    of_prior = float((np.abs(pz.loc) + 4 * pz.scale).max())
    reach = max(of_prior, float((np.abs(loc) + 3 * scale).max()))
    return -reach, reach, -reach, reach


def _masses(
    edges_x: np.ndarray,
    edges_y: np.ndarray,
    loc: np.ndarray,
    scale: np.ndarray,
    weight: np.ndarray | float = 1.0,
) -> np.ndarray:
    """Mass of each cell under a weighted sum of normals of two dimensions, (rows, columns)."""
    rows = _cell_masses(edges_y, loc[:, 1], scale[:, 1])
    return (rows * weight) @ _cell_masses(edges_x, loc[:, 0], scale[:, 0]).T


def _exact_masses(
    edges_x: np.ndarray, edges_y: np.ndarray, dims: tuple[int, int], prior: ShownPrior
) -> np.ndarray:
    """Mass of each cell by the density at four places in it, (rows, columns)."""
    x, y = (_inner(edges) for edges in (edges_x, edges_y))
    across, up = np.meshgrid(x, y)
    places = np.empty((across.size, 2))
    places[:, dims[0]], places[:, dims[1]] = across.ravel(), up.ravel()
    assert prior.log_density is not None, "only where the density is known"
    fine = np.exp(prior.log_density(places)).reshape(len(edges_y) - 1, 2, len(edges_x) - 1, 2)
    area = (edges_x[1] - edges_x[0]) * (edges_y[1] - edges_y[0])
    return fine.mean(axis=(1, 3)) * area


def _inner(edges: np.ndarray) -> np.ndarray:
    """Two places in each cell, in the middles of its halves."""
    step = np.diff(edges)
    return np.stack([edges[:-1] + step / 4, edges[:-1] + 3 * step / 4], axis=1).ravel()


def _cell_masses(edges: np.ndarray, loc: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Mass of each normal between successive edges, (cells, N)."""
    import torch

    places = (edges[:, None] - loc) / scale
    # the far tail of either side, which erfc gives with its digits down to 1e-308; ndtr does not
    tail = torch.special.erfc(torch.from_numpy(np.abs(places) / np.sqrt(2))).numpy() / 2
    change = np.diff(tail, axis=0)
    astride = 1 - tail[:-1] - tail[1:]
    return np.where(places[:-1] > 0, -change, np.where(places[1:] <= 0, change, astride))


def _log_mixture(
    z: np.ndarray, weight: np.ndarray, loc: np.ndarray, scale: np.ndarray
) -> np.ndarray:
    """Log density of a weighted mixture of normals at places z, (len(z),), also far from all."""
    height = np.log(weight) - np.log(scale)
    found = []
    for block in np.array_split(z, max(1, len(z) * len(loc) // 2**20)):
        terms = -0.5 * np.square((block[:, None] - loc) / scale) + height
        top = terms.max(axis=1)
        found.append(top + np.log(np.exp(terms - top[:, None]).sum(axis=1)))
    return np.concatenate(found) - 0.5 * np.log(2 * np.pi)


def _mixture(z: np.ndarray, loc: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Density of an equal mixture of normals at places z, (len(z),)."""
    weight = 1 / (np.sqrt(2 * np.pi) * scale * len(loc))
    blocks = np.array_split(z, max(1, len(z) * len(loc) // 2**20))
    return np.concatenate(
        [np.exp(-0.5 * np.square((block[:, None] - loc) / scale)) @ weight for block in blocks]
    )
