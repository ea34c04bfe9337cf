"""What lesson 6 says of one image: log p(x) exactly, by draws, and under two likelihoods."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch.distributions import Normal

from vae.data.batch import Batch
from vae.measures.bound import batches, importance_weighted_log_px
from vae.measures.quadrature import exact_log_px
from vae.models.vae import VAE

REPEATS = 400
"""Bounds of several draws are means over so many repetitions, or fewer for many draws."""
MOST_DRAWS = 4_000
"""Draws of q behind one bound."""
PRIOR_DRAWS = 4_000
HELD = 0.99
"""Share of a sum that the heaviest draws are counted for."""


@dataclass(frozen=True)
class Identity:
    """log p(x) = ELBO + KL(q(z|x) ‖ p(z|x)), each from a quadrature of its own; nats."""

    log_px: float
    elbo: float
    kl: float
    cells: int
    """Places at which the quadratures asked the decoder."""


def identity(model: VAE, image: np.ndarray, label: int | None = None) -> Identity:
    """Integrate over z for one uint8 image (C, H, W).

    Raises
    ------
    UserError
        As `quadrature.exact_log_px`.
    """
    labels = None if label is None else np.array([label])
    found = exact_log_px(model, image[None], labels)
    return Identity(
        float(found.log_px[0]), float(found.elbo[0]), float(found.gap[0]), int(found.cells[0])
    )


def tightened(model: VAE, image: np.ndarray, draws: int, seed: int = 0) -> float:
    """Bound of so many draws (Burda et al. 2016, eq. 8), nats: a mean over repetitions."""
    repeats = max(1, min(REPEATS, MOST_DRAWS // draws))
    same = np.repeat(image[None], repeats, axis=0)
    return float(importance_weighted_log_px(model, same, draws, seed).mean())


@dataclass(frozen=True)
class OverPrior:
    """log p(x) as the mean of p(x|z) over draws of the prior: right on average, and noisy."""

    log_px: float
    draws: int
    needed: int
    """So many draws hold 99 % of the sum."""


@torch.inference_mode()
def over_prior(model: VAE, image: np.ndarray, draws: int = PRIOR_DRAWS, seed: int = 0) -> OverPrior:
    """Estimate log p(x) of one uint8 image by draws of the prior alone."""
    z = model.prior.sample(draws, torch.Generator().manual_seed(seed), None)
    (batch,) = batches(model, image[None])
    x = batch.x.expand(draws, *batch.x.shape[1:])
    log_px = model.log_px(x, z.to(batch.x)).double()
    whole = torch.logsumexp(log_px, 0)
    shares = (log_px - whole).exp().sort(descending=True).values
    needed = int((shares.cumsum(0) < HELD).sum()) + 1
    return OverPrior(float(whole) - math.log(draws), draws, min(needed, draws))


@dataclass(frozen=True)
class Losses:
    """log p(x|z) at the posterior mean under two likelihoods, each in two ways; nats."""

    cross_entropy: float
    log_bernoulli: float
    """By the model's own likelihood, or by a Bernoulli of its mean pixels."""
    squared_error: float
    """Σ (x − mean)², of pixels in [0, 1]; no unit."""
    sigma: float
    log_gaussian: float
    """By torch.distributions."""
    constant: float
    """D/2 · log(2πσ²), so that log p = −squared error / (2σ²) − constant."""


@torch.inference_mode()
def losses(model: VAE, image: np.ndarray, sigma: float) -> Losses:
    """Score one uint8 image at the mean of its q, with black or white pixels and with grey ones."""
    (batch,) = batches(model, image[None])
    pixels, mean = _pixels_and_mean(model, batch)
    error = float((pixels - mean).square().sum())
    # at 0 or 1 exactly the logarithm of nothing is multiplied by nothing
    odds = torch.logit(mean, 1e-12)
    losses_of = torch.nn.functional.binary_cross_entropy
    bernoulli = torch.distributions.Bernoulli(logits=odds, validate_args=False)
    return Losses(
        cross_entropy=float(losses_of(odds.sigmoid(), pixels, reduction="sum")),
        log_bernoulli=float(bernoulli.log_prob(pixels).sum()),
        squared_error=error,
        sigma=sigma,
        log_gaussian=float(Normal(mean, sigma).log_prob(pixels).sum()),
        constant=pixels.numel() / 2 * math.log(2 * math.pi * sigma**2),
    )


def _pixels_and_mean(model: VAE, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    mean = model.decode_mean(model.encode(batch.x, batch.y).mean, batch.y)
    return batch.x.double().flatten(), mean.double().flatten()
