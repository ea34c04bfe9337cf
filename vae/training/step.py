"""One training step's way forward, as a module, so that what wraps modules can wrap it."""

import torch
from torch import nn

from vae.data.batch import Batch
from vae.models.vae import VAE
from vae.training.objectives import Objective, Terms


class Step(nn.Module):
    """Scores a batch: the model and the objective's own networks, in one arithmetic.

    It is what `torch.compile` compiles, and what ``DistributedDataParallel`` wraps: all that is
    learnt is a parameter of it, and `Terms.loss` (with `Terms.own`) comes out of its ``forward``.
    """

    def __init__(
        self,
        model: VAE,
        objective: Objective,
        dataset_size: int,
        generator: torch.Generator,
        in_bfloat16: bool = False,
    ):
        super().__init__()
        self.model, self.objective = model, objective
        self.dataset_size, self.generator, self.in_bfloat16 = dataset_size, generator, in_bfloat16

    def forward(self, batch: Batch, share: float) -> Terms:
        """Score a batch after a share of the training, from 0 to 1."""
        kind = batch.x.device.type
        with torch.autocast(kind, torch.bfloat16, enabled=self.in_bfloat16, cache_enabled=False):
            return self.objective.terms(self.model, batch, share, self.dataset_size, self.generator)


def total(terms: Terms) -> torch.Tensor:
    """Return what is differentiated: the two losses share no parameter that both would move."""
    return terms.loss if terms.own is None else terms.loss + terms.own


def detached(terms: Terms) -> Terms:
    """Give terms without what led to them."""
    found = (term if term is None else term.detach() for term in terms)
    return Terms(*found)  # type: ignore[arg-type]  # those that may be missing keep their places
