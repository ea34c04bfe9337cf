"""The evidence lower bound, with its KL weighted by β."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from vae.data.batch import Batch
from vae.models.divergence import divergence
from vae.models.posteriors import PosteriorOptions
from vae.models.vae import noise_like
from vae.options import option
from vae.training.objectives.objective import Objective, ObjectiveOptions, Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE


class WeightedBound(Objective):
    """Scores one draw of z an image by the bound."""

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        qz, pz = model.encode(batch.x, batch.y), model.pz(batch.y)
        noise = noise_like(qz, generator)
        z = model.posterior.draw(qz, noise)
        kl, per_dim = divergence(qz, pz, z, lambda: model.posterior.log_prob(qz, noise))
        log_px = model.log_px(batch.x, z, batch.y)
        cost, free = kl.mean(), self.options.free_bits
        if free and per_dim is not None:
            # they hold for the mean over the batch, so that no single image has to spend them
            cost = per_dim.mean(0).clamp(min=free).sum()
        loss = self.options.beta_at(share) * cost - log_px.mean()
        return Terms(loss, log_px, kl, per_dim)


@dataclass(frozen=True)
class Elbo(ObjectiveOptions):
    """The evidence lower bound (Kingma and Welling 2014), with the KL weighted by β.

    β other than 1 is the β-VAE (Higgins et al. 2017); free bits leave the first nats of every
    dimension unpunished (Kingma et al. 2016, eq. 15).
    """

    name: ClassVar[str] = "elbo"
    title: ClassVar[str] = "ELBO"
    beta: float = option(
        1.0,
        "weight of the KL term; above 1 the code tells less about an image",
        minimum=0.0,
        maximum=1e4,
        title="β",
    )
    warmup: float = option(
        0.0,
        "share of the training over which β rises from 0, which helps where codes collapse",
        minimum=0.0,
        maximum=1.0,
        title="KL warm-up",
    )
    free_bits: float = option(
        0.0,
        "KL of each dimension that costs nothing",
        minimum=0.0,
        maximum=100.0,
        unit="nats",
        title="Free bits",
    )

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "VAE" if self.beta == 1.0 else f"β-VAE (β = {self.beta:g})"

    def beta_at(self, share: float) -> float:
        """Return β after a share of the training in [0, 1]."""
        return self.beta * min(1.0, share / self.warmup) if self.warmup else self.beta

    @classmethod
    def refusal_of(cls, posterior: PosteriorOptions | type[PosteriorOptions]) -> str | None:
        """Refuse a posterior without a density, of which there is no KL."""
        return None if posterior.has_density else "it has no density, so that there is no KL"

    def refusal(self, model: "VAEConfig") -> str | None:
        """Refuse free bits where the KL does not come apart into dimensions."""
        if self.free_bits and not (model.posterior.factorises and model.prior.factorises):
            return (
                "free bits are counted a dimension, and its posterior or its prior does not "
                "factorise; set free_bits to 0"
            )
        return None

    def module(self, model: "VAEConfig") -> WeightedBound:
        """Build what scores a batch."""
        return WeightedBound(self)
