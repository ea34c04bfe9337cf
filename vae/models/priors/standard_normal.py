"""Independent normals of mean 0 and standard deviation 1."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.distributions import Distribution

from vae.models.posteriors.posterior import Factorised
from vae.models.priors.prior import Components, Prior, standard_components


class StandardNormalPrior(Prior):
    """The standard normal: nothing of it is learned."""

    def __init__(self, z_dim: int):
        super().__init__()
        self.loc: Tensor
        self.scale: Tensor
        self.register_buffer("loc", torch.zeros(z_dim), persistent=False)
        self.register_buffer("scale", torch.ones(z_dim), persistent=False)

    def distribution(self, y: Tensor | None = None) -> Factorised:
        return Factorised(self.loc, self.scale)

    @torch.inference_mode()
    def sample(self, count: int, generator: torch.Generator, y: Tensor | None = None) -> Tensor:
        # drawn on the generator's device in float32, so that a seed means the same everywhere
        noise = torch.randn(
            count, len(self.loc), generator=generator, device=generator.device, dtype=torch.float32
        )
        return noise.to(self.loc)

    def components(self) -> Components:
        return standard_components(len(self.loc))


@dataclass(frozen=True)
class StandardNormal:
    """Independent normals of mean 0 and standard deviation 1."""

    name: ClassVar[str] = "standard-normal"
    title: ClassVar[str] = "standard normal"
    factorises: ClassVar[bool] = True
    rings: ClassVar[bool] = True

    def module(self, z_dim: int, encode: Callable[..., Distribution]) -> StandardNormalPrior:
        """Build the prior of so many dimensions."""
        return StandardNormalPrior(z_dim)
