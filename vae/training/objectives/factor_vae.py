"""The bound with the total correlation of the codes on top, told by a critic."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vae.data.batch import Batch
from vae.models.cost import Cost
from vae.options import option
from vae.training.objectives.bound import Bound, draw
from vae.training.objectives.objective import ObjectiveOptions, Terms, frozen

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE

LEAK = 0.2
CRITIC_BETAS = (0.5, 0.9)
"""Adam's memory for the critic (Kim and Mnih 2018, appendix A)."""

CRITIC_CALLS = 3
"""It is called with all codes, with half of them, and with the other half mixed."""
ADAM_PARAMETERS = 4.0
"""Its Adam takes so many times as long per parameter as the model's, which is one operation."""


class CriticBound(Bound):
    """Scores the bound, and a critic that tells codes from codes with their dimensions mixed.

    The critic's number for a code is log q(z) − Σ log q(z_j) where it is at its best (Kim and Mnih
    2018, eq. 3): its mean is the total correlation.
    """

    def __init__(self, options: Any, z_dim: int):
        super().__init__(options)
        widths = (z_dim, *[options.critic_width] * options.critic_layers)
        layers: list[nn.Module] = []
        for given, made in pairwise(widths):
            layers += [nn.Linear(given, made), nn.LeakyReLU(LEAK)]
        self.critic = nn.Sequential(*layers, nn.Linear(widths[-1], 1))

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        found = draw(model, batch, generator)
        correlation = frozen(self.critic, found.z).float().squeeze(-1)
        own = self.told_apart(found.z.detach(), generator)
        loss = (found.kl + self.options.gamma * correlation - found.log_px).mean()
        return Terms(loss, found.log_px, found.kl, found.kl_per_dim, own)

    def told_apart(self, codes: Tensor, generator: torch.Generator) -> Tensor:
        """Score how the critic tells the first half of the codes from the second one, mixed.

        The halves are of different images, so that no code is compared with itself.
        """
        first, second = codes.chunk(2)
        mixed = permuted(second, generator)
        logits = [self.critic(half).float() for half in (first, mixed)]
        return (F.softplus(-logits[0]).mean() + F.softplus(logits[1]).mean()) / 2

    def optimizers(self, learning_rate: float) -> list[torch.optim.Optimizer]:
        rate = self.options.critic_learning_rate
        return [torch.optim.Adam(self.parameters(), lr=rate, betas=CRITIC_BETAS)]


def permuted(codes: Tensor, generator: torch.Generator) -> Tensor:
    """Mix codes (batch, z_dim): each dimension takes the images in an order of its own."""
    order = torch.rand(codes.shape, generator=generator, device=codes.device).argsort(0)
    return codes.gather(0, order)


@dataclass(frozen=True)
class FactorVae(ObjectiveOptions):
    """The ELBO less γ times the total correlation of the codes, which a critic learns to tell.

    Kim and Mnih 2018, "Disentangling by factorising", eq. 2. The critic is a network of its own
    with an optimizer of its own; it is no part of the model.
    """

    name: ClassVar[str] = "factor-vae"
    title: ClassVar[str] = "FactorVAE"
    main: ClassVar[str | None] = "gamma"
    smallest_batch: ClassVar[int] = 4
    is_reported: ClassVar[bool] = False
    gamma: float = option(
        10.0,
        "weight of the total correlation; above 0 dimensions become independent of one another",
        minimum=0.0,
        maximum=1e4,
        title="γ",
        steer="γ",
    )
    critic_width: int = option(
        256,
        "units of each of the critic's layers; the paper has 1,000",
        minimum=1,
        maximum=4096,
        unit="units",
        title="Width of the critic",
    )
    critic_layers: int = option(
        4,
        "hidden layers of the critic; the paper has 5",
        minimum=1,
        maximum=16,
        unit="layers",
        title="Layers of the critic",
    )
    critic_learning_rate: float = option(
        1e-4,
        "step size of the critic's Adam, which stays as it is",
        above=0.0,
        maximum=1.0,
        title="Step size of the critic",
    )

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return f"FactorVAE (γ = {self.gamma:g})"

    def cost(self, model: "VAEConfig", batch: int) -> Cost:
        """Count the critic: it scores each code once for the model, and once to learn itself."""
        widths = [model.z_dim, *[self.critic_width] * self.critic_layers, 1]
        weights = sum(given * made for given, made in pairwise(widths))
        return Cost(
            # a way without gradients of the weights takes two thirds as long as one with them
            multiply_adds=5 / 3 * weights,
            numbers=4 * sum(widths),
            operations=CRITIC_CALLS * len(widths),
            parameters=ADAM_PARAMETERS * weights,
        )

    def module(self, model: "VAEConfig") -> CriticBound:
        """Build the critic, and what scores a batch."""
        return CriticBound(self, model.z_dim)
