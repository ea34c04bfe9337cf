"""A prior that is no mixture of normals: a normal bent along its first dimension."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.distributions import Independent, Normal, Transform, TransformedDistribution, constraints

from vae.models.priors import Encoding, Prior


class Bend(Transform):
    """Move all dimensions but the first by a multiple of the first one's square."""

    domain = codomain = constraints.real_vector
    bijective = True

    def __init__(self, by: Tensor):
        super().__init__()
        self.by = by

    def _call(self, x: Tensor) -> Tensor:
        return torch.cat([x[..., :1], x[..., 1:] + self.by * x[..., :1] ** 2], dim=-1)

    def _inverse(self, z: Tensor) -> Tensor:
        return torch.cat([z[..., :1], z[..., 1:] - self.by * z[..., :1] ** 2], dim=-1)

    def log_abs_det_jacobian(self, x: Tensor, z: Tensor) -> Tensor:
        return x.new_zeros(x.shape[:-1])


class BananaPrior(Prior):
    """A bent normal; how much it is bent is learned."""

    zeros: Tensor

    def __init__(self, z_dim: int):
        super().__init__()
        self.by = nn.Parameter(torch.tensor(0.5))
        self.register_buffer("zeros", torch.zeros(z_dim), persistent=False)

    def distribution(self, y: Tensor | None = None) -> TransformedDistribution:
        base = Independent(Normal(self.zeros, torch.ones_like(self.zeros)), 1)
        return TransformedDistribution(base, [Bend(self.by)], validate_args=False)

    @torch.inference_mode()
    def sample(self, count: int, generator: torch.Generator, y: Tensor | None = None) -> Tensor:
        noise = torch.randn(count, len(self.zeros), generator=generator)
        return Bend(self.by)(noise.to(self.zeros))


@dataclass(frozen=True)
class Banana:
    """A normal bent along its first dimension."""

    name: ClassVar[str] = "toy-banana"
    title: ClassVar[str] = "Toy banana"
    factorises: ClassVar[bool] = False
    rings: ClassVar[bool] = False
    learned: ClassVar[bool] = True

    def module(self, z_dim: int, encoding: Encoding) -> BananaPrior:
        return BananaPrior(z_dim)
