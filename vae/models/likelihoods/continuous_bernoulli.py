"""The continuous Bernoulli: a density of grey values (Loaiza-Ganem and Cunningham 2019)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.distributions import ContinuousBernoulli as ContinuousBernoulliDistribution
from torch.distributions import Independent

from vae.models.likelihoods.likelihood import Likelihood


def continuous_bernoulli_mean(logits: Tensor) -> Tensor:
    """Return the mean 1/(1 − e^−t) − 1/t of a continuous Bernoulli with logit t.

    Near t = 0 the series 1/2 + t/12 − t³/720 stands in, since the two terms cancel there
    (Loaiza-Ganem and Cunningham 2019). Accurate to 1e-6 in float32.
    """
    # float64 inside: at |t| just above the switch, float32 would lose four digits to cancellation
    t = logits.double()
    near = t.abs() < 0.02
    safe = torch.where(near, torch.ones_like(t), t)
    far = -1 / torch.expm1(-safe) - 1 / safe
    return torch.where(near, 0.5 + t / 12 - t**3 / 720, far).to(logits.dtype)


def continuous_bernoulli_log_norm(logits: Tensor) -> Tensor:
    """Return log(t / tanh(t/2)), the log-normaliser of a continuous Bernoulli with logit t.

    Near t = 0 the series log 2 + t²/12 − 7t⁴/1440 stands in for 0/0. Unlike torch's own it holds
    for any logit: that one clamps the probability, which costs nats on saturated pixels.
    """
    near = logits.abs() < 0.2
    safe = torch.where(near, torch.ones_like(logits), logits)
    far = safe.abs().log() - torch.tanh(safe.abs() / 2).log()
    return torch.where(near, math.log(2) + logits**2 / 12 - 7 * logits**4 / 1440, far)


class ExactContinuousBernoulli(ContinuousBernoulliDistribution):
    """torch's distribution with a mean and a normaliser that hold for every logit."""

    def _cont_bern_log_norm(self) -> Tensor:
        return continuous_bernoulli_log_norm(self.logits)

    @property
    def mean(self) -> Tensor:
        return continuous_bernoulli_mean(self.logits)

    def expand(
        self, batch_shape: Iterable[int], _instance: Any = None
    ) -> "ExactContinuousBernoulli":
        """As in torch: the same parameters over a larger batch."""
        checked, larger = self._get_checked_instance, super().expand
        made: ExactContinuousBernoulli
        made = checked(type(self), _instance)  # type: ignore[no-untyped-call]  # torch's
        larger(batch_shape, made)  # type: ignore[no-untyped-call]  # torch's
        return made


class ContinuousBernoulliLikelihood(Likelihood):
    """The continuous Bernoulli: a normalised density of grey values in [0, 1]."""

    link = noise = "continuous-bernoulli"

    def forward(self, raw: Tensor) -> Independent[Any]:
        return Independent(ExactContinuousBernoulli(logits=raw, validate_args=False), 3)

    def mean(self, raw: Tensor) -> Tensor:
        """Mean pixel in [0, 1], of raw's shape."""
        return continuous_bernoulli_mean(raw)


@dataclass(frozen=True)
class ContinuousBernoulli:
    """A normalised density of grey values in [0, 1] (Loaiza-Ganem and Cunningham 2019)."""

    name: ClassVar[str] = "continuous-bernoulli"
    title: ClassVar[str] = "continuous Bernoulli"

    def module(self, image_shape: tuple[int, int, int]) -> Likelihood:
        """Build what turns raw numbers into p(x|z)."""
        return ContinuousBernoulliLikelihood()
