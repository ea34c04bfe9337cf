"""A prior with parameters: a mixture of normals whose means and widths are learned."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from vae.models.priors import Components, Encoding, Prior
from vae.options import option


class MixturePrior(Prior):
    """Equal shares of normals without covariances."""

    def __init__(self, count: int, z_dim: int):
        super().__init__()
        self.loc = nn.Parameter(torch.randn(count, z_dim))
        self.log_scale = nn.Parameter(torch.zeros(count, z_dim))

    def distribution(self, y: Tensor | None = None) -> MixtureSameFamily:
        shares = Categorical(logits=self.loc.new_zeros(len(self.loc)))
        return MixtureSameFamily(shares, Independent(Normal(self.loc, self.log_scale.exp()), 1))

    @torch.inference_mode()
    def sample(self, count: int, generator: torch.Generator, y: Tensor | None = None) -> Tensor:
        which = torch.randint(len(self.loc), (count,), generator=generator)
        noise = torch.randn(count, self.loc.shape[1], generator=generator)
        return self.loc[which] + self.log_scale.exp()[which] * noise.to(self.loc)

    def components(self) -> Components:
        loc, log_scale = (v.detach().double().numpy() for v in (self.loc, self.log_scale))
        return Components(np.full(len(loc), 1 / len(loc)), loc, np.exp(log_scale))


@dataclass(frozen=True)
class Mixture:
    """A mixture of normals whose means and widths are learned."""

    name: ClassVar[str] = "toy-mixture"
    title: ClassVar[str] = "Toy mixture"
    factorises: ClassVar[bool] = False
    rings: ClassVar[bool] = False
    learned: ClassVar[bool] = True
    components: int = option(3, "number of components", minimum=1, maximum=50, title="Components")

    def module(self, z_dim: int, encoding: Encoding) -> MixturePrior:
        return MixturePrior(self.components, z_dim)
