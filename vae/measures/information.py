"""How much a code tells about the image, and how far codes as a whole are from the prior.

The rate E KL(q(z|x) ‖ p(z)) is I(x; z) + KL(q(z) ‖ p(z)), where q(z) is the mean of q(z|x) over
the N images and I is the information under q: Hoffman and Johnson 2016, "ELBO surgery", eq. 6.
Where each class has a prior of its own, p(z) is the mixture of them all, and the rate, which is the
KL to p(z|y), is that sum less E (log p(z|y) − log p(z)), what the class tells of z. Draws are held
against all N posteriors, their own among them, so that nothing depends on batches.

A model that infers the class has q(z|x) = Σ_y q(y|x) q(z|x, y) (Kingma et al. 2014,
"Semi-supervised learning with deep generative models", eq. 4): the code is z alone, whatever class
it was of.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Distribution

from vae.errors import UserError
from vae.measures import inferred
from vae.measures.bound import batches, noise_of
from vae.models.vae import VAE

BLOCK = 2**22
"""So many pairs of a draw and a posterior at once: 32 MB."""
FLOW_BLOCK = 2**15
"""The same where each pair goes through the networks of a flow."""

Pairs = Callable[[Tensor], Tensor]
"""log q(z|x) of draws z (rows, z_dim) under each of N posteriors, (rows, N)."""
Draw = Callable[[torch.Generator], Tensor]
"""One draw from each of N posteriors, (N, z_dim)."""


@dataclass(frozen=True, eq=False)
class Information:
    """Mean over an image's draws of log ratios in nats; float64 (N,)."""

    mutual: np.ndarray
    """log q(z|x) − log q(z): its mean is I(x; z), which is at most `ceiling`."""
    aggregate: np.ndarray
    """log q(z) − log p(z): its mean is KL(q(z) ‖ p(z))."""
    rate: np.ndarray
    """log q(z|x) − log p(z|y): its mean is the rate, the sum of both less what the class tells.
    Of a model that infers the class log q(z|x) − log p(z), the code's part of its rate."""
    ceiling: float
    """log N: no more can be told of N images than which one it is."""
    class_tells: np.ndarray | None = None
    """log p(z|y) − log p(z); None where p(z) is the same for all classes."""


@torch.inference_mode()
def information(
    model: VAE,
    images: np.ndarray,
    labels: np.ndarray | None = None,
    seed: int = 0,
    draws: int = 1,
    count: Callable[[int], None] | None = None,
) -> Information:
    """Estimate I(x; z) and KL(q(z) ‖ p(z)) of uint8 images from ``draws`` of each posterior.

    It takes N² pairs of a draw and a posterior for each draw. ``count`` hears of images.

    Raises
    ------
    UserError
        For a model that gives each image one point, without a density.
    """
    if not model.config.posterior.has_density:
        raise UserError("this model gives each image one point, without a density")
    told = labels if model.conditioning.needs_labels else None
    infers = model.conditioning.infers
    pairs, draw = _mixtures(model, images) if infers else _posteriors(model, images, told)
    held = len(images) * (model.conditioning.classes if infers else 1)
    rows = max(1, (BLOCK if model.posterior.is_normal else FLOW_BLOCK) // held)
    generator = torch.Generator().manual_seed(seed)
    own_prior = _own_prior(model, told)
    total = np.zeros((3, len(images)))
    tells = None if own_prior is None else np.zeros(len(images))
    for _ in range(draws):
        z = draw(generator)
        prior = model.pz().log_prob(z).double()
        if own_prior is not None and tells is not None:
            tells += (own_prior.log_prob(z).double() - prior).cpu().numpy() / draws
        for own in torch.arange(len(z), device=z.device).split(rows):
            table = pairs(z[own])
            log_q = table.gather(1, own[:, None]).squeeze(1)
            log_aggregate = table.logsumexp(1) - math.log(len(z))
            log_p = prior[own]
            parts = (log_q - log_aggregate, log_aggregate - log_p, log_q - log_p)
            total[:, own.cpu().numpy()] += torch.stack(parts).cpu().numpy()
            if count:
                count(len(own))
    mutual, aggregate, rate = total / draws
    rate = rate if tells is None else rate - tells
    return Information(mutual, aggregate, rate, math.log(len(images)), tells)


def posterior_densities(model: VAE, images: np.ndarray) -> Pairs:
    """Return what tells log q(z|x) of places under the posterior of each uint8 image.

    A model that infers the class has the mixture over all classes. Raises `UserError` as
    `information`.
    """
    if not model.config.posterior.has_density:
        raise UserError("this model gives each image one point, without a density")
    made = _mixtures if model.conditioning.infers else partial(_posteriors, told=None)
    with torch.inference_mode():
        return made(model, images)[0]


def _posteriors(model: VAE, images: np.ndarray, told: np.ndarray | None) -> tuple[Pairs, Draw]:
    """Encode images, each as the class that is told, if any."""
    found = [model.encode(batch.x, batch.y) for batch in batches(model, images, told)]
    return _pairs(model, found), lambda generator: torch.cat(
        [_draw(model, qz, generator) for qz in found]
    )


def _mixtures(model: VAE, images: np.ndarray) -> tuple[Pairs, Draw]:
    """Encode images as every class: q(z|x) is the mixture of these, weighted by q(y|x)."""
    like = next(model.parameters())
    log_qy = torch.from_numpy(inferred.log_qy(model, images)).to(like.device)
    of_class = [
        [model.encode(batch.x, batch.y) for batch in batches(model, images, labels)]
        for labels in inferred.every_label(model, len(images))
    ]
    each = _pairs(model, [qz for found in of_class for qz in found])

    def pairs(z: Tensor) -> Tensor:
        return (each(z).unflatten(1, log_qy.shape) + log_qy).logsumexp(1)

    def draw(generator: torch.Generator) -> Tensor:
        chosen = torch.multinomial(log_qy.T.exp().cpu(), 1, generator=generator).squeeze(1)
        z = torch.stack([torch.cat([_draw(model, qz, generator) for qz in q]) for q in of_class])
        return z[chosen.to(z.device), torch.arange(z.shape[1], device=z.device)]

    return pairs, draw


def _own_prior(model: VAE, labels: np.ndarray | None) -> Distribution | None:
    """Return p(z|y) of each image; None where p(z) is the same for all."""
    if not model.prior.classes or labels is None:
        return None
    like = next(model.parameters())
    return model.pz(torch.from_numpy(np.int64(labels)).to(like.device))


def _draw(model: VAE, qz: Distribution, generator: torch.Generator) -> Tensor:
    # the mean of a flow would take many draws, and what it bends has the same shape
    mean = getattr(qz, "base_dist", qz).mean
    return model.posterior.draw(qz, noise_of(tuple(mean.shape), mean, generator))


def _pairs(model: VAE, found: list[Distribution]) -> Pairs:
    """Return log densities of all posteriors, by products of matrices where they are normal."""
    if not model.posterior.is_normal:
        return lambda z: torch.cat([qz.log_prob(z[:, None]) for qz in found], dim=1).double()
    loc = torch.cat([qz.mean for qz in found]).double()
    if model.config.posterior.factorises:
        return _independent(loc, torch.cat([qz.stddev for qz in found]).double())
    factors = [model.posterior.factor(qz) for qz in found]
    known = [factor for factor in factors if factor is not None]
    if len(known) < len(factors):
        return lambda z: torch.cat([qz.log_prob(z[:, None]) for qz in found], dim=1).double()
    return _correlated(loc, torch.cat(known).double())


def _independent(loc: Tensor, scale: Tensor) -> Pairs:
    """Normals with a standard deviation for each dimension: the square is multiplied out.

    In float64 it loses 1e-8 nats to that at the narrowest σ there is, e^−7.
    """
    precision = scale.pow(-2)
    linear = precision * loc
    constant = (-0.5 * linear * loc - scale.log() - 0.5 * math.log(2 * math.pi)).sum(1)

    def pairs(z: Tensor) -> Tensor:
        z = z.double()
        return constant - 0.5 * z.square() @ precision.T + z @ linear.T

    return pairs


def _correlated(loc: Tensor, factor: Tensor) -> Pairs:
    """Normals with a covariance L Lᵀ: as `_independent`, over products of two dimensions."""
    precision = torch.cholesky_inverse(factor)
    linear = (precision @ loc[:, :, None]).squeeze(2)
    log_det = factor.diagonal(dim1=1, dim2=2).log().sum(1)
    constant = -0.5 * (linear * loc).sum(1) - log_det
    constant = constant - 0.5 * loc.shape[1] * math.log(2 * math.pi)

    def pairs(z: Tensor) -> Tensor:
        z = z.double()
        products = (z[:, :, None] * z[:, None]).flatten(1)
        return constant - 0.5 * products @ precision.flatten(1).T + z @ linear.T

    return pairs
