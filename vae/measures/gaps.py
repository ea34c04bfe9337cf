"""The ELBO's gap in two parts: what the family of q cannot reach, and what the encoder misses.

log p(x) − ELBO = (log p(x) − ELBO of the best q of the family) + (that − ELBO of the encoder's q):
the approximation gap and the amortisation gap of Cremer et al. 2018, "Inference suboptimality in
variational autoencoders", eq. 6. The best q is looked for image by image among all that the
encoder's head could have said: the networks stay as they are.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Distribution

from vae.data.batch import Batch
from vae.measures import inferred
from vae.measures.bound import batches, dequantized, log_weights, noise_of
from vae.measures.quadrature.cells import TOLERANCE
from vae.measures.quadrature.exact import MOST_DIMENSIONS, integrals
from vae.measures.recognition import class_bounds
from vae.models.vae import VAE

STEPS, RATE = 250, 0.1
"""Steps of Adam, and the first step's length: in σ of the encoder's q for its mean."""
BACK = 3
"""A step takes as long as so many passes, there and back."""
DRAWS = 64
"""Places of the noise per step; drawn anew each step for more than two dimensions."""
NODES = {1: 24, 2: 8}
"""Gauss-Hermite nodes along each dimension, where there are one or two."""
SAMPLES = 5000
"""Draws that the bounds and log p(x) are estimated from, for more than two dimensions."""
SLACK, MOST_SLACK = 10.0, 20.0
"""Nats by which a class must fall behind before its bound may be known less well, and at most."""
CHUNK = 20
"""Images whose q are moved together; each of its own."""
BLOCK = 2500
"""Draws of an image that are decoded together."""


@dataclass(frozen=True, eq=False)
class Gaps:
    """Three values of each image in nats, each at least the next; float64 (N,)."""

    log_px: np.ndarray
    """By quadrature for one or two latent dimensions; else by importance sampling from the best q,
    which is too low in the mean."""
    elbo_best: np.ndarray
    """ELBO of the best q that was found in the family."""
    elbo: np.ndarray
    """ELBO of the encoder's q."""

    @property
    def approximation(self) -> np.ndarray:
        """What the family of q cannot reach."""
        return self.log_px - self.elbo_best

    @property
    def amortisation(self) -> np.ndarray:
        """What the encoder misses of the best q."""
        return self.elbo_best - self.elbo


class Stake(NamedTuple):
    """How much the bounds given one class count for each image; (N,)."""

    log_qy: np.ndarray
    floor: np.ndarray
    """About the bound of the likeliest class."""

    def tolerance_of_best(self, row: int, log_px: float) -> float:
        """Return to how many nats the best bound of the class has to be known.

        In the sum over classes it has a weight below exp (log p(x|y) − bound of another class).
        """
        below = self.floor[row] - log_px - SLACK
        return TOLERANCE * math.exp(min(max(below, 0.0), MOST_SLACK))


def inference_gaps(
    model: VAE,
    images: np.ndarray,
    labels: np.ndarray | None = None,
    seed: int = 0,
    count: Callable[[int], None] | None = None,
    dequantize: bool = False,
    steps: int = STEPS,
) -> Gaps:
    """Look for the best q of each uint8 image, and compare it with the encoder's.

    Where the encoder's q turns out better, it is the best one found. ``count`` hears of images.

    Of a model that infers classes q is q(y|x) q(z|x, y), and the model is told no label. The family
    holds every q(y|x), so that its best one follows from the bounds given each class (`inferred`);
    the classifier is part of what the encoder may miss. ``count`` then hears of each image once
    per class.

    Raises
    ------
    UserError
        As `quadrature.exact_log_px`, for one or two latent dimensions.
    """
    if model.conditioning.infers:
        # the same seed for each class, so that all are of the same noise
        log_qy, floor = inferred.log_qy(model, images), np.full(len(images), -np.inf)
        if not dequantize:
            # of other pixels than these it would tell nothing
            floor = class_bounds(model, images, seed).max(1)
        each = [
            _bounds(
                model, images, told, seed, count, dequantize, steps, Stake(log_qy[told[0]], floor)
            )
            for told in inferred.every_label(model, len(images))
        ]
        log_px, elbo_best, elbo = np.stack(each, axis=1)
        return Gaps(
            inferred.log_mean(log_px), inferred.log_mean(elbo_best), inferred.bound(log_qy, elbo)
        )
    told = labels if model.conditioning.needs_labels else None
    return Gaps(*_bounds(model, images, told, seed, count, dequantize, steps))


def _bounds(
    model: VAE,
    images: np.ndarray,
    labels: np.ndarray | None,
    seed: int,
    count: Callable[[int], None] | None,
    dequantize: bool,
    steps: int,
    stake: Stake | None = None,
) -> np.ndarray:
    """log p(x) and both bounds given the labels, if any, (3, N)."""
    generator = torch.Generator().manual_seed(seed)
    score = _by_grid if model.config.z_dim <= MOST_DIMENSIONS else _by_draws
    found = []
    for batch in batches(model, images, labels, CHUNK):
        pixels, volume = dequantized(batch.x, generator) if dequantize else (batch.x, 0.0)
        head = encoded_head(model, batch)
        best = best_head(model, batch._replace(x=pixels), head, generator, steps)
        found.append(score(model, batch, pixels, head, best, generator, stake) + volume)
        if count:
            count(len(batch.x))
    return np.concatenate(found, axis=1)


def best_head(
    model: VAE,
    batch: Batch,
    head: Tensor,
    generator: torch.Generator,
    steps: int = STEPS,
    nodes: dict[int, int] = NODES,
    draws: int = DRAWS,
) -> Tensor:
    """Move the encoder's numbers (batch, outputs) to where the ELBO of each image is highest.

    ``nodes`` are the Gauss-Hermite nodes along each of so few dimensions, ``draws`` the places of
    the noise where there are more.
    """
    scale = _lengths(model, head)
    moved = torch.zeros_like(head, requires_grad=True)
    optimizer = torch.optim.Adam([moved], lr=RATE)
    fixed = _nodes(model, head, nodes) if model.config.z_dim in nodes else None
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
        noise, weight = fixed or balanced_noise(model, head, generator, draws)
        qz = model.posterior(head + scale * moved)
        loss = -(weight @ log_ratio(model, batch, qz, noise)).sum()
        (moved.grad,) = torch.autograd.grad(loss, [moved])
        optimizer.step()
    return (head + scale * moved).detach()


def log_ratio(model: VAE, batch: Batch, qz: Distribution, noise: Tensor) -> Tensor:
    """log p(x, z) − log q(z|x) of draws by noise (draws, batch, z_dim), (draws, batch)."""
    z = model.posterior.draw(qz, noise)
    count = len(noise)
    x = batch.x.expand(count, *batch.x.shape).flatten(0, 1)
    y = None if batch.y is None else batch.y.repeat(count)
    log_px = model.log_px(x, z.flatten(0, 1), y).reshape(count, -1)
    return log_px + model.pz(batch.y).log_prob(z) - model.posterior.log_prob(qz, noise)


@torch.no_grad()
def encoded_head(model: VAE, batch: Batch) -> Tensor:
    """Return what the encoder says of images (batch, outputs), before it is a posterior."""
    head: Tensor = model.encoder(model.conditioning.to_encoder(batch.x, batch.y))
    return head


@torch.no_grad()
def _lengths(model: VAE, head: Tensor) -> Tensor:
    """Return in which units each number of the head is moved: the means in σ, others as they are.

    A step of a narrow posterior is then as small as it has to be.
    """
    scale = torch.ones_like(head)
    span = (model.posterior.readout() or {}).get("loc")
    if span is not None:
        scale[:, span[0] : span[1]] = model.posterior(head).stddev
    return scale


def _nodes(model: VAE, head: Tensor, each: dict[int, int]) -> tuple[Tensor, Tensor]:
    """Gauss-Hermite nodes of the noise (draws, batch, z_dim) and their weights (draws,)."""
    z_dim = model.config.z_dim
    nodes, weights = np.polynomial.hermite_e.hermegauss(each[z_dim])
    places = np.stack([a.ravel() for a in np.meshgrid(*[nodes] * z_dim)], axis=1)
    weight = np.stack([a.ravel() for a in np.meshgrid(*[weights] * z_dim)], axis=1).prod(axis=1)
    noise = torch.from_numpy(places).to(head)[:, None].expand(-1, len(head), -1)
    return noise, torch.from_numpy(weight / weight.sum()).to(head)


def balanced_noise(
    model: VAE, head: Tensor, generator: torch.Generator, draws: int
) -> tuple[Tensor, Tensor]:
    """Noise whose mean is 0 and whose variance is 1 in each dimension, and equal weights."""
    half = noise_of((draws // 2, len(head), model.config.z_dim), head, generator)
    noise = torch.cat([half, -half])
    return noise / noise.square().mean(0).sqrt(), head.new_full((draws,), 1 / draws)


def _by_grid(
    model: VAE,
    batch: Batch,
    pixels: Tensor,
    head: Tensor,
    best: Tensor,
    generator: torch.Generator,
    stake: Stake | None,
) -> np.ndarray:
    """log p(x) and both bounds by quadrature, (3, batch)."""
    found, weights = [], None if stake is None else np.exp(stake.log_qy)
    for row, one in enumerate(integrals(model, batch, pixels, weights=weights)):
        elbo, known_to = one.elbo(), TOLERANCE
        if stake is not None:
            known_to = stake.tolerance_of_best(int(batch.index[row]), one.log_px)
        elbo_best = one.elbo(model.posterior(best[row : row + 1]), known_to)
        found.append((one.log_px, max(elbo, elbo_best), elbo))
    return np.array(found).T


@torch.inference_mode()
def _by_draws(
    model: VAE,
    batch: Batch,
    pixels: Tensor,
    head: Tensor,
    best: Tensor,
    generator: torch.Generator,
    stake: Stake | None,
) -> np.ndarray:
    """log p(x) and both bounds from the same noise, (3, batch).

    log p(x) is the logarithm of the mean of the weights, and each bound the mean of their
    logarithms, which is not above it (Jensen).
    """
    noise = noise_of((SAMPLES, len(head), model.config.z_dim), head, generator)
    found, batch = [], batch._replace(x=pixels)
    for numbers in (best, head):
        qz, pz = model.posterior(numbers), model.pz(batch.y)
        parts = [log_weights(model, batch, qz, pz, part) for part in noise.split(_rows(batch))]
        log_w = torch.cat(parts, dim=1)
        log_px = torch.logsumexp(log_w, dim=1) - math.log(SAMPLES)
        found.append(torch.stack([log_px, log_w.mean(dim=1)]))
    better = found[0][1] >= found[1][1]
    log_px, elbo_best = torch.where(better, *found)
    return torch.stack([log_px, elbo_best, found[1][1]]).cpu().numpy()


def _rows(batch: Batch) -> int:
    return max(1, BLOCK // len(batch.x))
