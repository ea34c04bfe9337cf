"""A normal distribution with a mean and a standard deviation for each dimension."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor
from torch.distributions import Distribution

from vae.models.posteriors.posterior import Factorised, Posterior

LOG_SCALE_BOUND = 7.0
"""log σ is kept within this distance of 0, where neither σ nor its square leaves float32."""


class GaussianPosterior(Posterior):
    """Reads loc and log scale from the encoder's output, half of it each."""

    is_normal = True

    def __init__(self, z_dim: int):
        super().__init__()
        self.z_dim, self.outputs = z_dim, 2 * z_dim

    def forward(self, head: Tensor) -> Factorised:
        loc, log_scale = head.chunk(2, dim=-1)
        return Factorised(loc, log_scale.clamp(-LOG_SCALE_BOUND, LOG_SCALE_BOUND).exp())

    def draw(self, qz: Distribution, noise: Tensor) -> Tensor:
        return qz.mean + qz.stddev * noise

    def log_prob(self, qz: Distribution, noise: Tensor) -> Tensor:
        # from the noise itself: z − loc would lose digits where σ is small
        return (-0.5 * noise**2 - qz.stddev.log() - 0.5 * math.log(2 * math.pi)).sum(-1)

    def readout(self) -> dict[str, Any]:
        return {"loc": [0, self.z_dim], "log_scale": [self.z_dim, 2 * self.z_dim]}


@dataclass(frozen=True)
class Gaussian:
    """A normal distribution with a mean and a standard deviation for each latent dimension."""

    name: ClassVar[str] = "gaussian"
    title: ClassVar[str] = "Gaussian"
    has_density: ClassVar[bool] = True
    factorises: ClassVar[bool] = True

    def module(self, z_dim: int) -> GaussianPosterior:
        """Build what reads the encoder's output."""
        return GaussianPosterior(z_dim)
