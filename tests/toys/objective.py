"""An objective with a network of its own: it tells codes from draws of the prior."""

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vae.data.batch import Batch
from vae.models.divergence import divergence
from vae.models.vae import VAE, noise_like
from vae.options import option
from vae.training.objectives import Objective, ObjectiveOptions, Terms
from vae.training.objectives.objective import frozen


class CriticObjective(Objective):
    """The bound of two draws, and a critic that the aggregate posterior is to fool."""

    def __init__(self, options: Any, z_dim: int):
        super().__init__(options)
        self.critic = nn.Sequential(nn.Linear(z_dim, 8), nn.ReLU(), nn.Linear(8, 1))

    def terms(
        self,
        model: VAE,
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        assert dataset_size > 0
        qz, pz = model.encode(batch.x, batch.y), model.pz(batch.y)
        draws = [model.posterior.draw(qz, noise_like(qz, generator)) for _ in range(2)]
        kl, per_dim = divergence(qz, pz, draws[0])
        scores = torch.stack([model.log_px(batch.x, z, batch.y) for z in draws])
        fooled = F.softplus(frozen(self.critic, draws[0])).mean()
        prior = model.prior.sample(len(batch.x), generator).clone()
        own = self._told_apart(draws[0].detach(), prior)
        loss = (kl - scores.mean(0)).mean() + self.options.weight * fooled
        return Terms(loss, scores[0], kl, per_dim, own)

    def _told_apart(self, codes: Tensor, prior: Tensor) -> Tensor:
        return F.softplus(-self.critic(codes)).mean() + F.softplus(self.critic(prior)).mean()


@dataclass(frozen=True)
class Critic(ObjectiveOptions):
    """The bound, with a critic that tells codes from draws of the prior."""

    name: ClassVar[str] = "toy-critic"
    title: ClassVar[str] = "Toy critic"
    decodes = 2
    weight: float = option(0.5, "weight of the critic", minimum=0.0, maximum=10.0, title="Critic")

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "toy VAE"

    @classmethod
    def refusal_of(cls, posterior: Any) -> str | None:
        """Refuse a posterior without a density."""
        return None if posterior.has_density else "there is no density to draw from"

    def module(self, model: Any) -> CriticObjective:
        return CriticObjective(self, model.z_dim)
