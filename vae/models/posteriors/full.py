"""A normal distribution whose dimensions depend on one another.

Its covariance is L Lᵀ with L = D (I + N): a diagonal D > 0, and N below the diagonal. N is counted
in units of D, so that narrow posteriors learn their correlations as fast as wide ones do. The
Cholesky factor as the encoder's output: Kingma and Welling 2019, "An introduction to variational
autoencoders", section 2.5.1.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.distributions import Distribution, MultivariateNormal

from vae.models.posteriors.gaussian import LOG_SCALE_BOUND
from vae.models.posteriors.posterior import Posterior

REACH = 50.0
"""So many times its own width at most a dimension's σ grows by its dependence on the others: with
the bound on log σ it stays below the largest float16, in which a file keeps it."""


class FullNormal(MultivariateNormal):
    """A normal distribution over (z_dim,) that is given by its mean and its Cholesky factor."""

    def __init__(self, loc: Tensor, scale_tril: Tensor):
        super().__init__(loc, scale_tril=scale_tril, validate_args=False)

    def expand(self, batch_shape: Iterable[int], _instance: Any = None) -> "FullNormal":
        """As in torch: the same parameters over a larger batch."""
        shape, (z_dim,) = tuple(batch_shape), self.event_shape
        tril = self.scale_tril.expand(*shape, z_dim, z_dim)
        return FullNormal(self.loc.expand(*shape, z_dim), tril)


class FullPosterior(Posterior):
    """Reads the mean, log D and the entries of N, row by row, from the encoder's output."""

    is_normal = True

    def __init__(self, z_dim: int):
        super().__init__()
        self.z_dim, below = z_dim, z_dim * (z_dim - 1) // 2
        self.outputs = 2 * z_dim + below
        self.bound = REACH / math.sqrt(max(1, z_dim - 1))

    def forward(self, head: Tensor) -> FullNormal:
        z_dim = self.z_dim
        loc, log_scale, entries = head.tensor_split([z_dim, 2 * z_dim], dim=-1)
        scale = log_scale.clamp(-LOG_SCALE_BOUND, LOG_SCALE_BOUND).exp()
        below = head.new_zeros(*head.shape[:-1], z_dim, z_dim)
        rows, columns = torch.tril_indices(z_dim, z_dim, -1, device=head.device)
        below[..., rows, columns] = entries.clamp(-self.bound, self.bound)
        return FullNormal(loc, scale[..., None] * below + torch.diag_embed(scale))

    def draw(self, qz: Distribution, noise: Tensor) -> Tensor:
        assert isinstance(qz, FullNormal), "it draws from what it made itself"
        # under autocast a product of matrices would be taken in bfloat16
        with torch.autocast(noise.device.type, enabled=False):
            return qz.loc + (qz.scale_tril @ noise[..., None]).squeeze(-1)

    def log_prob(self, qz: Distribution, noise: Tensor) -> Tensor:
        # from the noise itself, as for independent dimensions: no system is solved
        assert isinstance(qz, FullNormal), "it knows the density of what it made itself"
        log_scale = qz.scale_tril.diagonal(dim1=-2, dim2=-1).log()
        return (-0.5 * noise**2 - log_scale - 0.5 * math.log(2 * math.pi)).sum(-1)

    def readout(self) -> dict[str, Any]:
        z_dim = self.z_dim
        return {
            "loc": [0, z_dim],
            "log_diagonal": [z_dim, 2 * z_dim],
            "below": [2 * z_dim, self.outputs],
            "bound": self.bound,
        }


@dataclass(frozen=True)
class Full:
    """A normal distribution whose dimensions depend on one another (a full covariance).

    Its ellipses may be turned in the latent plane, which those of independent dimensions cannot.
    """

    name: ClassVar[str] = "full"
    title: ClassVar[str] = "full covariance"
    has_density: ClassVar[bool] = True
    factorises: ClassVar[bool] = False

    def module(self, z_dim: int) -> FullPosterior:
        """Build what reads the encoder's output."""
        return FullPosterior(z_dim)
