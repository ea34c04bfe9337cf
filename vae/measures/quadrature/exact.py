"""log p(x), the true posterior and the bound's gap of single images by quadrature.

For models of one or two latent dimensions all integrals over z can be taken on a grid, so that
log p(x) = ELBO + KL(q(z|x) ‖ p(z|x)) (Kingma and Welling 2014, eq. 1) is seen as an equality.
The three are computed apart: log p(x) and the KL over cells of z, the ELBO over the noise that
draws of q(z|x) are made of. Everything is in nats.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Bernoulli

from vae.data.batch import Batch
from vae.errors import UserError
from vae.measures import inferred
from vae.measures.bound import BLOCK, batches, dequantized
from vae.measures.quadrature.cells import Cells, grid
from vae.measures.quadrature.image import ImageIntegrals, array
from vae.models.vae import VAE

MOST_DIMENSIONS = 2
FIRST_CELL = 0.25
"""Width of the first cells; those that matter are halved."""
DRAWS = 2000
"""Draws of the prior that say where it lies."""
MARGIN = 2.5
"""The first box reaches so far beyond the outermost of them: 1e-10 of a normal lies beyond."""
REACH = 7.0
"""The first box reaches so many standard deviations of each posterior."""
WIDEST = 400.0
"""No box is wider: its first cells would be too many."""
CHUNK = 64
"""Images that share the decoded middles of the first cells."""
SHOWN = 8.0
"""A window shows where p(z|x) or q(z|x) is within so many nats of its highest: 4σ of a normal."""


@dataclass(frozen=True, eq=False)
class Exact:
    """log p(x) of images and what it is made of, in nats; NumPy float64 of shape (N,)."""

    log_px: np.ndarray
    elbo: np.ndarray
    gap: np.ndarray
    """KL(q(z|x) ‖ p(z|x)), from its own integral."""
    change: np.ndarray
    """By how much the last halving of the cells changed ``log_px`` or ``gap``."""
    cells: np.ndarray
    """How many cells were used, int64."""


@dataclass(frozen=True, eq=False)
class TruePosterior:
    """Densities of one image on a grid of equal cells, per unit of z; float64."""

    x: np.ndarray
    """Middles of the cells along z1, (columns,)."""
    y: np.ndarray | None
    """Middles along z2, ascending, (rows,); None for one dimension."""
    posterior: np.ndarray
    """p(z|x), (rows, columns), or (columns,)."""
    q: np.ndarray
    """q(z|x), of the same shape."""
    prior: np.ndarray
    """p(z), of the same shape."""
    log_px: float
    elbo: float
    gap: float
    """KL(q(z|x) ‖ p(z|x))."""
    mean: np.ndarray
    """Mean of p(z|x), (z_dim,)."""
    stddev: np.ndarray
    """Standard deviations of p(z|x), (z_dim,)."""


def exact_log_px(
    model: VAE,
    images: np.ndarray,
    labels: np.ndarray | None = None,
    seed: int = 0,
    count: Callable[[int], None] | None = None,
    dequantize: bool = False,
) -> Exact:
    """Integrate over z for each uint8 image; p(x) is p(x|y) where the model is told labels.

    Exact to 0.01 nats: cells are halved until nothing changes by 0.001. ``seed`` is that of the
    noise of `bound.dequantized` alone. ``count`` hears of each image, once per class where the
    model infers these: it is told no label, and all is summed over the classes (`inferred`).

    Raises
    ------
    UserError
        For more than two latent dimensions, a model without densities, and where the integrals do
        not settle.
    """
    if not model.conditioning.infers:
        told = labels if model.conditioning.needs_labels else None
        return _exact(model, images, told, seed, count, dequantize)
    log_qy = inferred.log_qy(model, images)
    # the same seed for each class, so that all are of the same noise
    each = [
        _exact(model, images, told, seed, count, dequantize, np.exp(log_qy[told[0]]))
        for told in inferred.every_label(model, len(images))
    ]
    log_px, elbo, gap = (
        np.stack([getattr(one, name) for one in each]) for name in ("log_px", "elbo", "gap")
    )
    return Exact(
        inferred.log_mean(log_px),
        inferred.bound(log_qy, elbo),
        inferred.gap(log_qy, log_px, gap),
        np.sum([one.change for one in each] * np.exp(log_qy), axis=0),
        np.sum([one.cells for one in each], axis=0),
    )


def _exact(
    model: VAE,
    images: np.ndarray,
    labels: np.ndarray | None,
    seed: int,
    count: Callable[[int], None] | None,
    dequantize: bool,
    weights: np.ndarray | None = None,
) -> Exact:
    """Integrate given the labels, if any; ``weights`` (N,) say how much each image's q counts."""
    found = []
    for one in _integrals(model, images, labels, seed, dequantize, weights):
        found.append(
            (
                one.log_px + one.volume,
                one.elbo() + one.volume,
                one.gap,
                one.joint.change + one.q.change,
                float(len(one.joint.cells.z) + len(one.q.cells.z)),
            )
        )
        if count:
            count(1)
    log_px, elbo, gap, change, cells = np.array(found).T
    return Exact(log_px, elbo, gap, change, cells.astype(np.int64))


def true_posterior(
    model: VAE,
    image: np.ndarray,
    label: int | None = None,
    cells: int = 120,
    window: tuple[float, float, float, float] | None = None,
) -> TruePosterior:
    """Integrate over z for one uint8 image (C, H, W), and give p(z|x) on a grid.

    Parameters
    ----------
    cells
        Along each dimension.
    window
        (left, right, bottom, top) in units of z; by default a square that holds both p(z|x) and
        q(z|x) down to e^−8 of their heights. The last two are not looked at for one dimension.

    Raises
    ------
    UserError
        As `exact_log_px`.
    """
    told = model.conditioning.needs_labels or model.conditioning.infers
    labels = np.array([label]) if told and label is not None else None
    (one,) = _integrals(model, image[None], labels, 0, False)
    z_dim = model.config.z_dim
    near = [one.joint.cells.near(SHOWN), one.q.cells.near(SHOWN)]
    low, high = _window(near) if window is None else _corners(window, z_dim)
    step = (high - low) / cells
    axes = [a + s * (np.arange(cells) + 0.5) for a, s in zip(low, step, strict=True)]
    # y runs along the rows
    places = np.stack([axis.ravel() for axis in np.meshgrid(*axes)], axis=1)
    shape = (cells,) * z_dim
    held = one.joint.cells
    mean = held.mean(held.z)
    return TruePosterior(
        x=axes[0],
        y=axes[1] if z_dim == 2 else None,
        posterior=np.exp(one.log_joint(places) - one.log_px).reshape(shape),
        q=np.exp(one.log_q(places)).reshape(shape),
        prior=np.exp(one.log_prior(places)).reshape(shape),
        log_px=one.log_px,
        elbo=one.elbo(),
        gap=one.gap,
        mean=mean,
        stddev=np.sqrt(held.mean(np.square(held.z - mean))),
    )


def _integrals(
    model: VAE,
    images: np.ndarray,
    labels: np.ndarray | None,
    seed: int,
    dequantize: bool,
    weights: np.ndarray | None = None,
) -> Iterator[ImageIntegrals]:
    generator = torch.Generator().manual_seed(seed)
    for batch in batches(model, images, labels, CHUNK):
        pixels, volume = dequantized(batch.x, generator) if dequantize else (batch.x, 0.0)
        yield from integrals(model, batch, pixels, volume, weights)


def integrals(
    model: VAE,
    batch: Batch,
    pixels: Tensor,
    volume: float = 0.0,
    weights: np.ndarray | None = None,
) -> Iterator[ImageIntegrals]:
    """Integrate for each image of a batch; ``pixels`` are scored where ``batch.x`` is encoded.

    What is to be known of the q of an image need only be known to `TOLERANCE` over its weight;
    ``weights`` are looked up by ``batch.index``.

    Raises
    ------
    UserError
        As `exact_log_px`.
    """
    _check(model, batch)
    counts = np.ones(len(batch.x)) if weights is None else weights[batch.index.cpu().numpy()]
    each = [
        ImageIntegrals(
            model,
            batch.x[row : row + 1],
            pixels[row : row + 1],
            _label(batch, row),
            volume,
            float(counts[row]),
        )
        for row in range(len(batch.x))
    ]
    z = grid(*_box(model, batch), FIRST_CELL)
    tables: dict[int | None, Iterator[np.ndarray]] = {}
    for label in {one.label for one in each}:
        rows = [row for row, one in enumerate(each) if one.label == label]
        tables[label] = iter(_table(model, z, pixels[rows], label))
    for one in each:
        one.integrate(z, FIRST_CELL, next(tables[one.label]))
        yield one


@torch.inference_mode()
def _table(model: VAE, z: np.ndarray, x: Tensor, label: int | None) -> list[np.ndarray]:
    """log p(x|z) of each image x at all places z; each place is decoded once, for all images."""
    rows = max(1, BLOCK // x[0].numel())
    found: list[list[np.ndarray]] = [[] for _ in x]
    for part in torch.from_numpy(z).to(x).split(rows):
        y = None if label is None else torch.full((len(part),), label, device=x.device)
        px = model.decode(part, y)
        if isinstance(px.base_dist, Bernoulli):
            logits = px.base_dist.logits.flatten(1)
            rest = torch.nn.functional.softplus(logits).sum(1)
            log_px = x.flatten(1) @ logits.T - rest
        else:
            log_px = torch.stack([px.log_prob(one.expand(len(part), *one.shape)) for one in x])
        for column, values in zip(found, array(log_px), strict=True):
            column.append(values)
    return [np.concatenate(column) for column in found]


@torch.inference_mode()
def _box(model: VAE, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of a box that holds the prior and the posteriors of a batch."""
    qz, z_dim = model.encode(batch.x, batch.y), model.config.z_dim
    loc, scale = qz.mean.double().cpu().numpy(), qz.stddev.double().cpu().numpy()
    draws = model.prior.sample(DRAWS, torch.Generator().manual_seed(0), None)
    prior = draws.double().cpu().numpy()
    low = np.minimum(prior.min(axis=0) - MARGIN, (loc - REACH * scale).min(axis=0))
    high = np.maximum(prior.max(axis=0) + MARGIN, (loc + REACH * scale).max(axis=0))
    if (high - low).max() > WIDEST or not np.isfinite(high - low).all():
        raise UserError(
            f"the {z_dim} latent dimensions reach over {np.max(high - low):.3g} units of z, too "
            "wide for a grid; use importance sampling"
        )
    return low, low + np.ceil((high - low) / FIRST_CELL) * FIRST_CELL


def _check(model: VAE, batch: Batch) -> None:
    config = model.config
    if config.z_dim > MOST_DIMENSIONS:
        raise UserError(
            f"a grid covers {MOST_DIMENSIONS} latent dimensions at most, and this model has "
            f"{config.z_dim}; use importance sampling"
        )
    if not config.posterior.has_density:
        raise UserError("this model gives each image one point, without a density to integrate")
    if model.conditioning.infers and batch.y is None:
        raise UserError(
            "this model infers the class, so that an image has one posterior per class; say of "
            "which class"
        )


def _label(batch: Batch, row: int) -> int | None:
    return None if batch.y is None else int(batch.y[row])


def _window(shown: list[Cells]) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of a square about some cells."""
    edges = [(cells.z, cells.size[:, None] / 2) for cells in shown]
    low = np.min([(z - half).min(axis=0) for z, half in edges], axis=0)
    high = np.max([(z + half).max(axis=0) for z, half in edges], axis=0)
    reach, middle = (high - low).max() / 2, (low + high) / 2
    return middle - reach, middle + reach


def _corners(
    window: tuple[float, float, float, float], z_dim: int
) -> tuple[np.ndarray, np.ndarray]:
    left, right, bottom, top = window
    return np.array([left, bottom][:z_dim]), np.array([right, top][:z_dim])
