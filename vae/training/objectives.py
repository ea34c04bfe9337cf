"""What training minimises: one frozen dataclass of options an objective.

An objective keeps its terms a value an image, in nats, and weights them once, on the last line:
the optimizer sees ``loss = -elbo``. Randomness comes in as an argument.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from vae.models.vae import VAE
from vae.options import option


class Terms(NamedTuple):
    """The parts of an objective for a batch, in nats."""

    loss: Tensor
    """Scalar that the optimizer sees, mean over the batch."""
    log_px: Tensor
    """log p(x|z) at one sampled z, shape (batch,)."""
    kl: Tensor | None
    """KL(q(z|x) ‖ p(z)) a dimension, shape (batch, z_dim); none for an autoencoder."""


def reparameterize(qz: Normal, generator: torch.Generator | None = None) -> Tensor:
    """Draw z = loc + scale·ε with ε ~ N(0, 1), so that gradients reach loc and scale."""
    noise = torch.randn(qz.loc.shape, generator=generator, dtype=qz.loc.dtype, device=qz.loc.device)
    return qz.loc + qz.scale * noise


@dataclass(frozen=True)
class Autoencoder:
    """Reconstruction alone: the encoder gives one point and nothing shapes the latent space."""

    name: ClassVar[str] = "autoencoder"
    posterior: ClassVar[str] = "point"

    def beta_at(self, share: float) -> float:
        """Return the weight of the KL term, which is none."""
        return 0.0

    def terms(self, model: VAE, x: Tensor, share: float, generator: torch.Generator) -> Terms:
        """Score a batch; ``share`` in [0, 1] is how much of the training is done."""
        log_px = model.log_px(x, model.encode(x).loc)
        return Terms(-log_px.mean(), log_px, None)


@dataclass(frozen=True)
class Elbo:
    """The evidence lower bound (Kingma and Welling 2014), with the KL weighted by β.

    β other than 1 is the β-VAE (Higgins et al. 2017); free bits leave the first nats of every
    dimension unpunished (Kingma et al. 2016, eq. 15).
    """

    name: ClassVar[str] = "elbo"
    posterior: ClassVar[str] = "gaussian"
    beta: float = option(
        1.0,
        "weight of the KL term; above 1 the code tells less about an image",
        minimum=0.0,
        maximum=1e4,
    )
    warmup: float = option(
        0.0,
        "share of the training over which β rises from 0, which helps where codes collapse",
        minimum=0.0,
        maximum=1.0,
        title="KL warm-up",
    )
    free_bits: float = option(
        0.0,
        "KL of each dimension that costs nothing",
        minimum=0.0,
        maximum=100.0,
        unit="nats",
        title="Free bits",
    )

    def beta_at(self, share: float) -> float:
        """Return β after a share of the training in [0, 1]."""
        return self.beta * min(1.0, share / self.warmup) if self.warmup else self.beta

    def terms(self, model: VAE, x: Tensor, share: float, generator: torch.Generator) -> Terms:
        """Score a batch; ``share`` in [0, 1] is how much of the training is done."""
        qz = model.encode(x)
        kl = kl_divergence(qz, model.prior())
        log_px = model.log_px(x, reparameterize(qz, generator))
        # free bits hold for the mean over the batch, so that no single image has to spend them
        cost = kl.mean(0).clamp(min=self.free_bits).sum() if self.free_bits else kl.sum(1).mean()
        return Terms(self.beta_at(share) * cost - log_px.mean(), log_px, kl)


OBJECTIVES = {cls.name: cls for cls in (Elbo, Autoencoder)}
