"""Whether stated uncertainty is true: how often a value lies within the interval stated for it.

The rank of a true value among draws of what is stated for it is uniform where the statement is
right, and an interval of 90 % holds the value nine times in ten (Talts et al. 2018, "Validating
Bayesian inference algorithms with simulation-based calibration", theorem 1).
"""

import numpy as np
import torch
from torch import Tensor

from vae.measures.bound import batches
from vae.models.vae import VAE, seeded

DRAWS = 99
"""Draws that a value is ranked among: 100 ranks, so that central intervals come out even."""
BATCH = 20
"""Images at a time; each has 99 draws in memory."""
BINS = 20
"""Parts of the probabilities from 0 to 1 that are compared with frequencies."""


def coverage(ranks: np.ndarray, level: float) -> np.ndarray:
    """Tell which ranks, from 0 to 99, lie in the central interval of that probability; boolean."""
    below = round((1 - level) / 2 * (DRAWS + 1))
    return (ranks >= below) & (ranks <= DRAWS - below)


@torch.inference_mode()
def posterior_ranks(model: VAE, count: int, seed: int = 0) -> np.ndarray:
    """Rank the z behind made-up images among draws of their posteriors; int64 (count, z_dim).

    z is a draw of the prior, x of p(x|z), and each dimension of z is ranked among `DRAWS` draws of
    q(z|x). Of a model that is told classes, these are all classes in turn.
    """
    generator, found = torch.Generator().manual_seed(seed), []
    classes, like = model.conditioning.classes, next(model.parameters())
    with seeded(seed):
        for start in range(0, count, BATCH):
            size = min(BATCH, count - start)
            y = (start + torch.arange(size)) % classes if classes else None
            z = model.prior.sample(size, generator, model.conditioning.to_prior(y)).to(like)
            qz = model.encode(model.decode(z, y).sample(), y)
            noise = torch.randn((DRAWS, *z.shape), generator=generator).to(like)
            found.append(_ranks(z, model.posterior.draw(qz, noise), generator))
    return np.concatenate(found)


@torch.inference_mode()
def pixel_ranks(
    model: VAE, images: np.ndarray, labels: np.ndarray | None = None, seed: int = 0
) -> np.ndarray:
    """Rank the pixels of uint8 images among draws of p(x|z), one z of each image's posterior.

    int64 (N, pixels). Pixels of equal value are ranked by a draw.
    """
    generator, found = torch.Generator().manual_seed(seed), []
    with seeded(seed):
        for x, y, _ in batches(model, images, labels, BATCH):
            qz = model.encode(x, y)
            noise = torch.randn(qz.mean.shape, generator=generator).to(x)
            px = model.decode(model.posterior.draw(qz, noise), y)
            draws = px.sample(torch.Size([DRAWS]))
            found.append(_ranks(x, draws, generator).reshape(len(x), -1))
    return np.concatenate(found)


def binary_calibration_error(
    model: VAE, images: np.ndarray, labels: np.ndarray | None = None, seed: int = 0
) -> float:
    """Mean distance of the stated probability of a white pixel from how often it is white.

    Pixels of uint8 images are pooled in `BINS` equal parts by their probability, given one z of
    each image's posterior, and weighted by their number; a grey pixel is white as often as it is
    bright (Guo et al. 2017, "On calibration of modern neural networks", eq. 3).
    """
    return pooled_error(pooled(model, images, labels, seed).sum(0))


@torch.inference_mode()
def pooled(
    model: VAE, images: np.ndarray, labels: np.ndarray | None = None, seed: int = 0
) -> np.ndarray:
    """Pool the pixels of each image: number, stated probability, true value, (N, 3, BINS)."""
    generator, found = torch.Generator().manual_seed(seed), []
    for x, y, _ in batches(model, images, labels):
        qz = model.encode(x, y)
        noise = torch.randn(qz.mean.shape, generator=generator).to(x)
        white = model.decode_mean(model.posterior.draw(qz, noise), y)
        stated, true = (values.double().flatten(1).cpu().numpy() for values in (white, x))
        found.append(_binned(stated, true))
    return np.concatenate(found)


def pooled_error(sums: np.ndarray) -> float:
    """Weigh how far stated and true values of each part are apart, from sums (3, BINS)."""
    count, stated, true = sums
    return float(np.abs(stated - true).sum() / count.sum())


def _binned(stated: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Add up number, stated probability and true value by bins of the first, (N, 3, BINS)."""
    which = np.minimum((stated * BINS).astype(int), BINS - 1)
    which += BINS * np.arange(len(stated))[:, None]
    weights = (np.ones_like(stated), stated, true)
    sums = [np.bincount(which.ravel(), one.ravel(), len(stated) * BINS) for one in weights]
    return np.stack([one.reshape(len(stated), BINS) for one in sums], axis=1)


def _ranks(truth: Tensor, draws: Tensor, generator: torch.Generator) -> np.ndarray:
    """Count the draws (DRAWS, …) below each value (…), among equal ones by a draw."""
    below, equal = (draws < truth).sum(0), (draws == truth).sum(0)
    chance = torch.rand(truth.shape, generator=generator).to(truth.device)
    return (below + (chance * (equal + 1)).long()).cpu().numpy()
