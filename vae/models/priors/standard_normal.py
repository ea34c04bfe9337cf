"""Independent normals of mean 0 and standard deviation 1."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from vae.models.posteriors.posterior import Factorised
from vae.models.priors.prior import Components, Encoding, Prior, noise, standard_components


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
        return noise(count, len(self.loc), generator).to(self.loc)

    def components(self) -> Components:
        return standard_components(len(self.loc))


@dataclass(frozen=True)
class StandardNormal:
    """Independent normals of mean 0 and standard deviation 1."""

    name: ClassVar[str] = "standard-normal"
    title: ClassVar[str] = "standard normal"
    factorises: ClassVar[bool] = True
    rings: ClassVar[bool] = True
    learned: ClassVar[bool] = False

    def module(self, z_dim: int, encoding: Encoding) -> StandardNormalPrior:
        """Build the prior of so many dimensions."""
        return StandardNormalPrior(z_dim)
