"""p(x|z): what the decoder's raw output, one number per pixel, means for an image.

Each entry of `LIKELIHOODS` is a frozen dataclass of options whose `module` turns raw outputs of
shape (batch, C, H, W) into an `Independent` distribution over whole images.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import torch
from torch import Tensor, nn
from torch.distributions import Bernoulli as BernoulliDistribution
from torch.distributions import ContinuousBernoulli as ContinuousBernoulliDistribution
from torch.distributions import Independent, Normal
from torch.nn import functional as F

from vae.options import Part, option

SMALLEST_SCALE = 0.01
"""A smaller standard deviation would drive the density of a constant pixel to infinity."""
SETTLE_RATE = 0.2
"""Share of the way to the best standard deviation of a batch that one training step goes."""


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


class Likelihood(nn.Module):
    """What every likelihood's module does; nothing of its own to settle, unless it says so."""

    link: str
    """How the decoder's output becomes the mean pixel, by the names that the browser knows."""
    noise: str | None = None
    """How the browser draws a pixel, given its mean; None where it cannot."""
    is_density = True
    """Whether p(x|z) is a density over grey values; else pixels are black or white, and grey ones
    stand for probabilities."""

    def forward(self, raw: Tensor) -> Independent[Any]:
        """Return p(x|z) over images, given raw numbers of shape (batch, C, H, W)."""
        raise NotImplementedError

    def mean(self, raw: Tensor) -> Tensor:
        """Mean pixel, of raw's shape."""
        raise NotImplementedError

    def log_prob(self, raw: Tensor, x: Tensor) -> Tensor:
        """log p(x|z) in nats per image, shape (batch,)."""
        px: Independent[Any] = self(raw)
        log_px: Tensor = px.log_prob(x)
        return log_px

    def settled(self) -> Iterable[nn.Parameter]:
        """List the parameters that `settle` improves, and that no optimizer moves."""
        return ()

    def settle(self, pixels: int) -> None:
        """Improve the likelihood's own numbers by their gradients, after each training step."""

    def pixel_scale(self) -> float | None:
        """Standard deviation of a pixel in pixel values; None where there is none of its own."""
        return None

    def at_floor(self) -> bool:
        """Tell whether a learned standard deviation has come down to the smallest there is."""
        return False


class BernoulliLikelihood(Likelihood):
    """Bernoulli pixels; grey values are read as probabilities, so log p is a cross-entropy."""

    link, noise, is_density = "sigmoid", "bernoulli", False

    def forward(self, raw: Tensor) -> Independent[Any]:
        # grey pixels lie outside the Bernoulli's support {0, 1}, which validation would refuse
        return Independent(BernoulliDistribution(logits=raw, validate_args=False), 3)

    def mean(self, raw: Tensor) -> Tensor:
        """Mean pixel in [0, 1], of raw's shape."""
        return torch.sigmoid(raw)

    def log_prob(self, raw: Tensor, x: Tensor) -> Tensor:
        """log p(x|z) in nats per image, shape (batch,); the same as `forward(raw).log_prob(x)`."""
        return -F.binary_cross_entropy_with_logits(raw, x, reduction="none").flatten(1).sum(1)


class ContinuousBernoulliLikelihood(Likelihood):
    """The continuous Bernoulli: a normalised density of grey values in [0, 1]."""

    link = noise = "continuous-bernoulli"

    def forward(self, raw: Tensor) -> Independent[Any]:
        return Independent(ExactContinuousBernoulli(logits=raw, validate_args=False), 3)

    def mean(self, raw: Tensor) -> Tensor:
        """Mean pixel in [0, 1], of raw's shape."""
        return continuous_bernoulli_mean(raw)


class GaussianLikelihood(Likelihood):
    """Normal pixels around the mean, with one standard deviation for all pixels."""

    noise = "gaussian"

    def __init__(self, scale: float, learned: bool, link: str):
        super().__init__()
        self.link, self.learned = link, learned
        log_scale = torch.tensor(float(scale)).log()
        if learned:
            self.log_scale = nn.Parameter(log_scale)
        else:
            self.register_buffer("log_scale", log_scale, persistent=False)

    @property
    def scale(self) -> Tensor:
        """Standard deviation of a pixel, a scalar in units of pixel value."""
        return self.log_scale.exp().clamp(min=SMALLEST_SCALE)

    def pixel_scale(self) -> float | None:
        """Standard deviation of a pixel in pixel values."""
        return float(self.scale.detach())

    def settled(self) -> Iterable[nn.Parameter]:
        """List σ, where it is learned."""
        return (self.log_scale,) if self.learned else ()

    def at_floor(self) -> bool:
        """Tell whether a learned σ has come down to within 1 % of the smallest there is."""
        return self.learned and float(self.scale.detach()) < 1.01 * SMALLEST_SCALE

    @torch.no_grad()
    def settle(self, pixels: int) -> None:
        """Move a learned σ towards the best one for the batch that was just differentiated.

        That one is the root of the mean squared error (Rybkin et al. 2021, "Simple and effective
        VAE training with calibrated decoders"). The gradient of −log p(x|z) by log σ is
        D·(1 − MSE/σ²) for D ``pixels``, so it tells the error without decoding again. It is taken
        in place of an optimizer's step, which would need hundreds of them, and cannot stick at
        the floor. Nothing happens to a fixed σ.
        """
        if not self.learned or self.log_scale.grad is None:
            return
        error = self.scale**2 * (1 - self.log_scale.grad / pixels)
        best = error.clamp(min=SMALLEST_SCALE**2).log() / 2
        self.log_scale.lerp_(best, SETTLE_RATE)
        # a hair above the floor, where `scale` still has a gradient whatever exp rounds to
        self.log_scale.clamp_(min=math.log(SMALLEST_SCALE) + 1e-5)

    def forward(self, raw: Tensor) -> Independent[Any]:
        loc = self.mean(raw)
        return Independent(Normal(loc, self.scale.expand_as(loc)), 3)

    def mean(self, raw: Tensor) -> Tensor:
        """Mean pixel, of raw's shape; in [0, 1] unless the link is the identity."""
        return torch.sigmoid(raw) if self.link == "sigmoid" else raw


class LikelihoodOptions(Part, Protocol):
    """Options that build the module of a likelihood."""

    def module(self) -> Likelihood:
        """Build what turns raw numbers into p(x|z)."""


@dataclass(frozen=True)
class Bernoulli:
    """Each pixel is ink or paper; grey pixels count as probabilities."""

    name: ClassVar[str] = "bernoulli"
    title: ClassVar[str] = "Bernoulli"

    def module(self) -> Likelihood:
        return BernoulliLikelihood()


@dataclass(frozen=True)
class Gaussian:
    """Each pixel is its mean plus normal noise, fixed or learned (Rybkin et al. 2021)."""

    name: ClassVar[str] = "gaussian"
    title: ClassVar[str] = "Gaussian"
    scale: float = option(
        0.1,
        "standard deviation of a pixel, where learning starts if it is learned",
        minimum=SMALLEST_SCALE,
        maximum=10.0,
        unit="pixel value",
        title="σ of a pixel",
    )
    learned: bool = option(
        False, "whether one standard deviation for all pixels is learned", title="Learn σ"
    )
    link: str = option(
        "sigmoid",
        "how the decoder's output becomes the mean: by a sigmoid, within 0 and 1, or as it is",
        choices=("sigmoid", "identity"),
        title="From output to mean",
    )

    def module(self) -> Likelihood:
        return GaussianLikelihood(self.scale, self.learned, self.link)


@dataclass(frozen=True)
class ContinuousBernoulli:
    """A normalised density of grey values in [0, 1] (Loaiza-Ganem and Cunningham 2019)."""

    name: ClassVar[str] = "continuous-bernoulli"
    title: ClassVar[str] = "continuous Bernoulli"

    def module(self) -> Likelihood:
        return ContinuousBernoulliLikelihood()


LIKELIHOODS: dict[str, type[LikelihoodOptions]] = {
    cls.name: cls for cls in (Bernoulli, Gaussian, ContinuousBernoulli)
}
