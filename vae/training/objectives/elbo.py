"""The evidence lower bound, with its KL weighted by β."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import torch

from vae.data.batch import Batch
from vae.errors import UserError
from vae.options import option
from vae.training.objectives.bound import Bound, draw
from vae.training.objectives.objective import ObjectiveOptions, Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE


class WeightedBound(Bound):
    """Scores one draw of z an image by the bound."""

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        found = draw(model, batch, generator)
        cost, free = found.kl.mean(), self.options.free_bits
        if free and found.kl_per_dim is not None:
            # they hold for the mean over the batch, so that no single image has to spend them
            cost = found.kl_per_dim.mean(0).clamp(min=free).sum()
        loss = self.options.beta_at(share) * cost - found.log_px.mean()
        return Terms(loss, found.log_px, found.kl, found.kl_per_dim)


@dataclass(frozen=True)
class Elbo(ObjectiveOptions):
    """The evidence lower bound (Kingma and Welling 2014), with the KL weighted by β.

    β other than 1 is the β-VAE (Higgins et al. 2017); free bits leave the first nats of every
    dimension unpunished (Kingma et al. 2016, eq. 15).
    """

    name: ClassVar[str] = "elbo"
    title: ClassVar[str] = "ELBO"
    main: ClassVar[str | None] = "beta"
    beta: float = option(
        1.0,
        "weight of the KL term; above 1 the code tells less about an image",
        minimum=0.0,
        maximum=1e4,
        title="β",
        steer="β",
    )
    warmup: float = option(
        0.0,
        "share of the training, or of each of its cycles, over which β rises from 0, which helps "
        "where codes collapse",
        minimum=0.0,
        maximum=1.0,
        title="KL warm-up",
    )
    warmup_steps: int | None = option(
        None,
        "number of steps over which β rises, in place of a share; for a training in epochs",
        minimum=1,
        maximum=10_000_000,
        title="KL warm-up as a number of steps",
    )
    cycles: int = option(
        1,
        "how many times the warm-up happens, at equal distances (Fu et al. 2019)",
        minimum=1,
        maximum=100,
        title="Cycles of the KL warm-up",
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
    def by_image(self) -> bool:
        """Tell whether each image is scored by itself; free bits count the mean over a batch."""
        return not self.free_bits

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "VAE" if self.beta == 1.0 else f"β-VAE (β = {self.beta:g})"

    @property
    def has_schedule(self) -> bool:
        """Tell whether β rises on the way."""
        return bool(self.warmup or self.warmup_steps)

    def beta_at(self, share: float) -> float:
        """Return β after a share of the training in [0, 1] (Fu et al. 2019)."""
        # the end of the last cycle is not the beginning of another one
        place = share if self.cycles == 1 or share >= 1 else share * self.cycles % 1
        return self.beta * min(1.0, place / self.warmup) if self.warmup else self.beta

    def over(self, steps: int | None) -> "Elbo":
        """Return the options with a warm-up counted in steps as a share of each cycle.

        Raises
        ------
        UserError
            Where a time decides on the steps, or where the steps of a cycle are too few.
        """
        if self.warmup_steps is None:
            return self
        if steps is None:
            raise UserError(
                "a KL warm-up in steps needs a training in epochs, whose steps are known "
                "beforehand; set warmup, a share, in place of warmup_steps"
            )
        share = self.warmup_steps * self.cycles / steps
        if share > 1:
            cycle = "training" if self.cycles == 1 else "cycle"
            raise UserError(
                f"a KL warm-up of {self.warmup_steps:,} steps is longer than the {cycle}, of "
                f"{steps // self.cycles:,} steps; set warmup_steps to fewer"
            )
        return replace(self, warmup=share, warmup_steps=None)

    def contradiction(self) -> str | None:
        """Refuse two lengths of one warm-up, and cycles of none."""
        if self.warmup and self.warmup_steps is not None:
            return (
                "warmup and warmup_steps are two lengths of one KL warm-up; set warmup to 0 or "
                "warmup_steps to none"
            )
        if self.cycles > 1 and not self.warmup and self.warmup_steps is None:
            return (
                f"{self.cycles} cycles of a KL warm-up need one; set warmup to the share of each "
                "cycle over which β rises, such as 0.5"
            )
        return None

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
