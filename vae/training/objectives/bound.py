"""What most objectives begin with: one draw of z per image, its likelihood and its KL."""

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor
from torch.distributions import Distribution

from vae.data.batch import Batch
from vae.models.divergence import divergence
from vae.models.vae import noise_like
from vae.training.objectives.objective import Objective, Terms

if TYPE_CHECKING:
    from vae.models.vae import VAE


class Draw(NamedTuple):
    """A batch encoded, drawn and decoded once."""

    qz: Distribution
    """Posterior of each image."""
    pz: Distribution
    """The model's prior."""
    z: Tensor
    """One draw from each posterior, (batch, z_dim)."""
    log_px: Tensor
    """log p(x|z) in nats per image, (batch,)."""
    kl: Tensor
    """KL(q(z|x) ‖ p(z)) in nats per image, (batch,)."""
    kl_per_dim: Tensor | None
    """The same for each dimension, (batch, z_dim); None unless q and p factorise."""


def draw(model: "VAE", batch: Batch, generator: torch.Generator) -> Draw:
    """Encode a batch, draw z from each posterior and decode it; gradients reach all networks."""
    qz, pz = model.encode(batch.x, batch.y), model.pz(batch.y)
    noise = noise_like(qz, generator)
    z = model.posterior.draw(qz, noise)
    kl, per_dim = divergence(qz, pz, z, lambda: model.posterior.log_prob(qz, noise))
    return Draw(qz, pz, z, model.log_px(batch.x, z, batch.y), kl, per_dim)


class Bound(Objective):
    """An objective around the ELBO, which is what its reports tell of images only looked at."""

    def score(
        self, model: "VAE", batch: Batch, dataset_size: int, generator: torch.Generator
    ) -> Terms:
        found = draw(model, batch, generator)
        loss = (found.kl - found.log_px).mean()
        return Terms(loss, found.log_px, found.kl, found.kl_per_dim)
