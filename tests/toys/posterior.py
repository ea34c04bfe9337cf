"""A posterior that does not factorise: a normal with a full covariance."""

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.distributions import Distribution, MultivariateNormal

from vae.models.posteriors import Posterior


class FullPosterior(Posterior):
    """Reads the mean and the lower triangle of a Cholesky factor."""

    is_normal = True

    def __init__(self, z_dim: int):
        super().__init__()
        self.z_dim, self.outputs = z_dim, z_dim + z_dim * (z_dim + 1) // 2

    def forward(self, head: Tensor) -> MultivariateNormal:
        loc, entries = head.split([self.z_dim, self.outputs - self.z_dim], dim=-1)
        rows, columns = torch.tril_indices(self.z_dim, self.z_dim, device=head.device)
        factor = head.new_zeros(*head.shape[:-1], self.z_dim, self.z_dim)
        factor[..., rows, columns] = entries
        diagonal = factor.diagonal(dim1=-2, dim2=-1)
        factor = factor + torch.diag_embed(diagonal.clamp(-7, 7).exp() - diagonal)
        return MultivariateNormal(loc, scale_tril=factor, validate_args=False)

    def draw(self, qz: Distribution, noise: Tensor) -> Tensor:
        assert isinstance(qz, MultivariateNormal)
        return qz.loc + (qz.scale_tril @ noise[..., None]).squeeze(-1)

    def readout(self) -> dict[str, Any]:
        return {"loc": [0, self.z_dim]}


@dataclass(frozen=True)
class Full:
    """A normal distribution whose dimensions depend on one another."""

    name: ClassVar[str] = "toy-full"
    title: ClassVar[str] = "Toy full covariance"
    has_density: ClassVar[bool] = True
    factorises: ClassVar[bool] = False

    def module(self, z_dim: int) -> FullPosterior:
        return FullPosterior(z_dim)
