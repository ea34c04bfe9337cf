"""Pixels that are ink or paper."""

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.distributions import Bernoulli as BernoulliDistribution
from torch.distributions import Independent
from torch.nn import functional as F

from vae.models.likelihoods.likelihood import FAINTEST, Likelihood


class BernoulliLikelihood(Likelihood):
    """Bernoulli pixels; grey values are read as probabilities, so log p is a cross-entropy."""

    link, noise = "sigmoid", "bernoulli"
    is_density, is_binary = False, True

    def forward(self, raw: Tensor) -> Independent[Any]:
        # grey pixels lie outside the Bernoulli's support {0, 1}, which validation would refuse
        return Independent(BernoulliDistribution(logits=raw, validate_args=False), 3)

    def mean(self, raw: Tensor) -> Tensor:
        """Mean pixel in [0, 1], of raw's shape."""
        return torch.sigmoid(raw)

    def raw_of(self, mean: Tensor) -> Tensor:
        """Log odds of mean pixels; black and white ones count as `FAINTEST` from either."""
        return mean.logit(FAINTEST)

    def log_prob(self, raw: Tensor, x: Tensor) -> Tensor:
        """log p(x|z) in nats per image, shape (batch,); the same as `forward(raw).log_prob(x)`."""
        return -F.binary_cross_entropy_with_logits(raw, x, reduction="none").flatten(1).sum(1)


@dataclass(frozen=True)
class Bernoulli:
    """Each pixel is ink or paper; grey pixels count as probabilities."""

    name: ClassVar[str] = "bernoulli"
    title: ClassVar[str] = "Bernoulli"

    def module(self, image_shape: tuple[int, int, int]) -> Likelihood:
        """Build what turns raw numbers into p(x|z)."""
        return BernoulliLikelihood()
