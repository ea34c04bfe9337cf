"""A mixture of normals whose shares, means and widths are learned."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.distributions import Categorical

from vae.models.cost import Cost, mixture_cost
from vae.models.posteriors.posterior import Factorised
from vae.models.priors.mixture_density import MixtureDensity
from vae.models.priors.prior import Components, Encoding, Prior, noise
from vae.options import option

FIRST_SCALE = 0.5
LOG_SCALE_BOUND = 7.0
"""log σ is kept within this distance of 0, where neither σ nor its square leaves float32."""


class MixturePrior(Prior):
    """Normals without covariances; as drawn at first, they spread like a standard normal."""

    def __init__(self, count: int, z_dim: int):
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(count))
        self.loc = nn.Parameter((1 - FIRST_SCALE**2) ** 0.5 * torch.randn(count, z_dim))
        self.log_scale = nn.Parameter(torch.full((count, z_dim), FIRST_SCALE).log())

    def distribution(self, y: Tensor | None = None) -> MixtureDensity:
        shares = Categorical(logits=self.logits, validate_args=False)
        return MixtureDensity(shares, Factorised(self.loc, self._scale()), validate_args=False)

    def cost(self) -> Cost:
        return mixture_cost(self.loc.numel())

    @torch.inference_mode()
    def sample(self, count: int, generator: torch.Generator, y: Tensor | None = None) -> Tensor:
        shares = self.logits.softmax(0).to(generator.device)
        which = torch.multinomial(shares, count, replacement=True, generator=generator)
        drawn = noise(count, self.loc.shape[1], generator).to(self.loc)
        which = which.to(self.loc.device)
        return self.loc[which] + self._scale()[which] * drawn

    def components(self) -> Components:
        with torch.inference_mode():
            shares = self.logits.double().softmax(0)
            found = (shares, self.loc.double(), self._scale().double())
            return Components(*(values.cpu().numpy() for values in found))

    def _scale(self) -> Tensor:
        return self.log_scale.clamp(-LOG_SCALE_BOUND, LOG_SCALE_BOUND).exp()


@dataclass(frozen=True)
class Mixture:
    """A mixture of normals whose shares, means and widths are learned with the model."""

    name: ClassVar[str] = "mixture"
    title: ClassVar[str] = "mixture of normals"
    factorises: ClassVar[bool] = False
    rings: ClassVar[bool] = False
    learned: ClassVar[bool] = True
    components: int = option(
        10,
        "number of normals; with more of them the prior can follow the codes more closely",
        minimum=1,
        maximum=500,
        title="Components",
    )

    def module(self, z_dim: int, encoding: Encoding) -> MixturePrior:
        """Build the prior of so many dimensions."""
        return MixturePrior(self.components, z_dim)
