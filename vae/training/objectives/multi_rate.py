"""The bound at every β of a range, in one model."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from vae.data.batch import Batch
from vae.errors import UserError
from vae.models.conditioning import ConditioningOptions, MultiRate, Rates
from vae.options import option
from vae.training.objectives.bound import draw
from vae.training.objectives.objective import Objective, ObjectiveOptions, Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE

REPORTED = 2.0
"""Images whose β lies within this factor of 1 are those that a report on training tells of."""


class BoundAtEveryRate(Objective):
    """Draws a β for each image and scores it by the bound with that β.

    log β is drawn evenly over the model's range, one image of the batch from each of as many equal
    parts: every step sees all of the range, and which image gets which is the order's chance.
    """

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        betas, count = rates_of(model).betas, len(batch.x)
        terms = self.terms_at(model, batch, draw_betas(betas, count, generator), generator)
        told = reported(betas, count)
        kl, per_dim = (
            part if part is None else part[told] for part in (terms.kl, terms.kl_per_dim)
        )
        return Terms(terms.loss, terms.log_px[told], kl, per_dim)

    def score(
        self, model: "VAE", batch: Batch, dataset_size: int, generator: torch.Generator
    ) -> Terms:
        """Score images that are only looked at, at β = 1."""
        log_beta = torch.zeros(len(batch.x), device=batch.x.device)
        return self.terms_at(model, batch, log_beta, generator)

    def terms_at(
        self, model: "VAE", batch: Batch, log_beta: Tensor, generator: torch.Generator
    ) -> Terms:
        """Score each image at its own log β, float (batch,)."""
        with rates_of(model).saying(log_beta):
            found = draw(model, batch, generator)
        costs = log_beta.exp() * found.kl - found.log_px
        if self.options.balance:
            # what an image with a large β costs would drown what one with a small β does
            costs = costs * (-self.options.balance * log_beta.clamp(min=0)).exp()
        loss = costs.mean()
        return Terms(loss, found.log_px, found.kl, found.kl_per_dim)


@dataclass(frozen=True)
class MultiRateBound(ObjectiveOptions):
    """The bound at every β of a range at once, in one model that is told β (Bae et al. 2023).

    Which range that is stands among the options of the conditioning.
    """

    name: ClassVar[str] = "multi-rate"
    title: ClassVar[str] = "multi-rate ELBO"
    conditioning: ClassVar[ConditioningOptions] = MultiRate()
    draws_beta: ClassVar[bool] = True
    is_reported: ClassVar[bool] = False

    balance: float = option(
        0.0,
        "by which power of β the loss of an image with β above 1 is divided; above 0 small β gain "
        "and large ones lose, which pays where z has many dimensions",
        minimum=0.0,
        maximum=1.0,
        title="Balance of large β",
    )

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "multi-rate VAE"

    def module(self, model: "VAEConfig") -> BoundAtEveryRate:
        """Build what scores a batch."""
        return BoundAtEveryRate(self)


def rates_of(model: "VAE") -> Rates:
    """Return what tells a model β; `UserError` where nothing does."""
    if not isinstance(model.conditioning, Rates):
        raise UserError("this model is not told β; choose the conditioning beta")
    return model.conditioning


def draw_betas(betas: tuple[float, float], count: int, generator: torch.Generator) -> Tensor:
    """Draw log β of each image of a batch, (count,), one from each of as many equal parts."""
    low, high = map(math.log, betas)
    device = generator.device
    place = torch.arange(count, device=device)
    place = (place + torch.rand(count, generator=generator, device=device)) / count
    return low + (high - low) * place


def reported(betas: tuple[float, float], count: int) -> slice:
    """Name the images of a batch that are drawn a β within `REPORTED` of 1: at least one."""
    low, high = map(math.log, betas)
    if low == high:
        return slice(0, count)
    near = math.log(REPORTED)
    first, last = (count * (edge - low) / (high - low) for edge in (-near, near))
    start = min(count - 1, max(0, math.ceil(first)))
    return slice(start, min(count, max(start + 1, math.floor(last))))
