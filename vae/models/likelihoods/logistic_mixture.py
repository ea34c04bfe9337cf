"""A mixture of logistic distributions, cut into the 256 values of an 8-bit pixel.

Source: Salimans et al. 2017, "PixelCNN++", eq. 2. There the channels of a pixel depend on one
another linearly as well; here they are independent given the component, which they share. The mean
then has a closed form.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor
from torch.distributions import Distribution, Independent, constraints
from torch.nn import functional as F

from vae.models.cost import Cost
from vae.models.likelihoods.likelihood import Likelihood
from vae.options import option

LEVELS = 255
"""Steps between the values of a pixel: they are 0, 1/255, …, 1."""
LOG_SCALE_SPAN = (-8.0, 2.0)
"""Bounds of log s in pixel values. At the lower one s is 1/12 of a step, and the value in which a
component lies gets 99.4 % of it; at the upper one s is 7, and nearly all is in black and white."""
START_LOG_SCALE = -2.0
VALUE_NUMBERS, VALUE_OPERATIONS = 16, 15
"""What the probability of a value costs: for each component, and for all of them together."""


class Mixture(NamedTuple):
    """What the raw numbers mean, in pixel values; the K components come second."""

    log_weight: Tensor
    """(batch, K, 1, H, W); the weights add up to one."""
    loc: Tensor
    """(batch, K, C, H, W)."""
    log_scale: Tensor
    """(batch, K, C, H, W), within `LOG_SCALE_SPAN`."""


def read(raw: Tensor, components: int) -> Mixture:
    """Take raw numbers (batch, K·(1 + 2·C), H, W) apart: weights, then locations, then scales.

    The components start side by side, since equal ones would stay equal.
    """
    batch, channels, height, width = raw.shape
    half = (channels - components) // 2
    weight, loc, scale = raw.split([components, half, half], dim=1)
    shape = (batch, components, -1, height, width)
    places = torch.arange(components, dtype=raw.dtype, device=raw.device)
    places = (places + 0.5)[:, None, None, None] / components
    low, high = LOG_SCALE_SPAN
    # a bound that is approached, not hit: the gradient never vanishes near the smallest scale
    log_scale = low + F.softplus(scale.reshape(shape) + (START_LOG_SCALE - low))
    return Mixture(
        weight.log_softmax(1)[:, :, None], loc.reshape(shape) + places, log_scale.clamp(max=high)
    )


def clipped_mean(loc: Tensor, scale: Tensor) -> Tensor:
    """Return the mean of a logistic variable whose values beyond 0 and 1 count as 0 and 1.

    That is ∫ P(Y > t) dt from 0 to 1, s·(log(1 + e^(m/s)) − log(1 + e^((m−1)/s))). It is taken for
    the one of m and 1 − m that is smaller, where no two large numbers cancel.
    """
    smaller = torch.minimum(loc, 1 - loc)
    found = scale * (F.softplus(smaller / scale) - F.softplus((smaller - 1) / scale))
    return torch.where(loc <= 0.5, found, 1 - found)


class DiscretizedLogisticMixture(Distribution):
    """Images (C, H, W) of the 256 values 0, 1/255, …, 1; all other values are rounded to these."""

    arg_constraints: ClassVar[dict[str, constraints.Constraint]] = {}
    has_rsample = False

    def __init__(self, mixture: Mixture):
        self.mixture = mixture
        shape = mixture.loc.shape
        super().__init__(shape[:-4], shape[-3:], validate_args=False)

    def log_prob(self, value: Tensor) -> Tensor:
        """log p in nats of images (…, batch, C, H, W), shape (…, batch)."""
        log_weight, loc, log_scale = self.mixture
        # rounded in whole steps, so that the outermost values are met exactly
        step = (value * LEVELS).round().clamp(0, LEVELS)
        x, inverse = (step / LEVELS).unsqueeze(-4), (-log_scale).exp()
        above = (x - loc + 0.5 / LEVELS) * inverse
        below = (x - loc - 0.5 / LEVELS) * inverse
        first, last = (step == 0).unsqueeze(-4), (step == LEVELS).unsqueeze(-4)
        # σ(b) − σ(a) = σ(b)·σ(−a)·(1 − e^−(b−a)), each factor of which is exact in its logarithm;
        # the first value takes all below it, the last one all above
        log_p = torch.where(last, 0.0, F.logsigmoid(above))
        log_p = log_p + torch.where(first, 0.0, F.logsigmoid(-below))
        log_p = log_p + torch.where(first | last, 0.0, torch.log(-torch.expm1(-inverse / LEVELS)))
        pixels = torch.logsumexp(log_p.sum(-3, keepdim=True) + log_weight, dim=-4)
        return pixels.flatten(-3).sum(-1)

    @property
    def mean(self) -> Tensor:
        """Mean of the mixture before it is cut into 256 values, see `LogisticMixtureLikelihood`."""
        log_weight, loc, log_scale = self.mixture
        return (log_weight.exp() * clipped_mean(loc, log_scale.exp())).sum(-4)

    @torch.no_grad()
    def sample(self, sample_shape: Iterable[int] = ()) -> Tensor:
        """Draw images: a component for each position, then a value for each channel."""
        shape = torch.Size(sample_shape)
        log_weight, loc, log_scale = (part.expand(*shape, *part.shape) for part in self.mixture)
        gumbel = -torch.empty_like(log_weight).exponential_().log()
        which = (log_weight + gumbel).argmax(-4, keepdim=True)
        which = which.expand(*loc.shape[:-4], 1, *loc.shape[-3:])
        loc, log_scale = (part.gather(-4, which).squeeze(-4) for part in (loc, log_scale))
        drawn = loc + log_scale.exp() * torch.rand_like(loc).logit(1e-7)
        return (drawn * LEVELS).round().clamp(0, LEVELS) / LEVELS

    def expand(
        self, batch_shape: Iterable[int], _instance: Any = None
    ) -> "DiscretizedLogisticMixture":
        """Repeat the same parameters over a larger batch."""
        shape = torch.Size(batch_shape)
        return DiscretizedLogisticMixture(
            Mixture(*(part.expand(*shape, *part.shape[-4:]) for part in self.mixture))
        )


class LogisticMixtureLikelihood(Likelihood):
    """8-bit pixels from a mixture of logistic distributions, shared by the channels of a pixel.

    ``mean`` is that of the mixture before it is cut into 256 values, beyond black and white
    counted as black and white. It differs from the mean over the 256 values by at most half a
    step of 1/255, and by much less where a component is wider than a step.
    """

    link = noise = "logistic-mixture"
    is_density = False

    def __init__(self, components: int):
        super().__init__()
        self.components = components

    def raw_channels(self, channels: int) -> int:
        """Tell how many numbers describe a pixel: a weight, C locations, C scales a component."""
        return self.components * (1 + 2 * channels)

    def cost(self, image_shape: tuple[int, int, int]) -> Cost:
        numbers = self.components * math.prod(image_shape)
        return Cost(numbers=VALUE_NUMBERS * numbers, operations=VALUE_OPERATIONS)

    def forward(self, raw: Tensor) -> Independent[Any]:
        return Independent(DiscretizedLogisticMixture(read(raw, self.components)), 0)

    def mean(self, raw: Tensor) -> Tensor:
        """Mean pixel in [0, 1], of shape (batch, C, H, W)."""
        return DiscretizedLogisticMixture(read(raw, self.components)).mean

    def readout(self) -> dict[str, Any]:
        return {"components": self.components}


@dataclass(frozen=True)
class LogisticMixture:
    """Each 8-bit value of a pixel has a probability (Salimans et al. 2017); others are rounded."""

    name: ClassVar[str] = "logistic-mixture"
    title: ClassVar[str] = "logistic mixture"
    components: int = option(
        5,
        "how many logistic distributions are mixed at each pixel; its colour channels share them",
        minimum=1,
        maximum=20,
        title="Components of a pixel",
    )

    def module(self, image_shape: tuple[int, int, int]) -> Likelihood:
        """Build what turns raw numbers into p(x|z)."""
        return LogisticMixtureLikelihood(self.components)
