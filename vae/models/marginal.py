"""The bound on log p(x) of a model that is told classes, where the class itself is not known.

−U(x) = Σ_y q(y|x) (E log p(x|y, z) − KL(q(z|x, y) ‖ p(z)) + log p(y)) + H(q(y|x)), with all
classes equally likely beforehand (Kingma et al. 2014, "Semi-supervised learning with deep
generative models", eq. 7). It sums over all classes, so that each image is decoded once per class.
"""

import math
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from vae.models.divergence import divergence

if TYPE_CHECKING:
    from vae.models.vae import VAE


class Marginal(NamedTuple):
    """The bound's terms for a batch, in nats per image; the bound is ``log_px`` − ``kl``."""

    log_px: Tensor
    """Σ_y q(y|x) log p(x|y, z) at one z per class, (batch,)."""
    kl: Tensor
    """Σ_y q(y|x) KL(q(z|x, y) ‖ p(z)) + KL(q(y|x) ‖ p(y)), (batch,)."""
    kl_per_dim: Tensor | None
    """The first of these for each dimension of z, (batch, z_dim); None unless q and p factorise."""
    loc: Tensor
    """Σ_y q(y|x) E[z|x, y], (batch, z_dim)."""
    log_qy: Tensor
    """log q(y|x), (batch, classes)."""


def marginal(model: "VAE", x: Tensor, noise: Tensor, pixels: Tensor | None = None) -> Marginal:
    """Sum over the classes of images (batch, C, H, W); ``noise`` (batch, z_dim) serves them all.

    ``pixels`` are scored by the likelihood, where they are not those that are encoded.
    """
    count = model.conditioning.classes
    log_qy = model.conditioning.log_qy(x)
    y = torch.arange(count, device=x.device).repeat(len(x))
    many, eps = x.repeat_interleave(count, 0), noise.repeat_interleave(count, 0)
    qz = model.encode(many, y)
    z = model.posterior.draw(qz, eps)
    kl, per_dim = divergence(qz, model.pz(y), z, lambda: model.posterior.log_prob(qz, eps))
    scored = many if pixels is None else pixels.repeat_interleave(count, 0)
    log_px = model.log_px(scored, z, y)
    qy = log_qy.exp()

    def mean(values: Tensor) -> Tensor:
        # no matrix product, which autocast would make in bfloat16
        apart = values.reshape(len(x), count, -1)
        return (qy[:, :, None] * apart).sum(1).reshape(len(x), *values.shape[1:])

    kl_of_class = (qy * log_qy).sum(-1) + math.log(count)
    return Marginal(
        mean(log_px),
        mean(kl) + kl_of_class,
        None if per_dim is None else mean(per_dim),
        mean(qz.mean),
        log_qy,
    )
