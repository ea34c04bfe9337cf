"""Pixels with normal noise around their mean."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.distributions import Independent, Normal

from vae.models.likelihoods.likelihood import FAINTEST, Likelihood
from vae.options import option

SMALLEST_SCALE = 0.01
"""A smaller standard deviation would drive the density of a constant pixel to infinity."""
SETTLE_RATE = 0.2
"""Share of the way to the best standard deviation of a batch that one training step goes."""


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
        """Standard deviation of a pixel in pixel values, a scalar."""
        return self.log_scale.exp().clamp(min=SMALLEST_SCALE)

    def pixel_scale(self) -> float | None:
        """Standard deviation of a pixel in pixel values."""
        return float(self.scale.detach())

    def settled(self) -> Iterable[nn.Parameter]:
        """List σ, where it is learned."""
        return (self.log_scale,) if self.learned else ()

    def floor_words(self) -> str | None:
        """Say where a learned σ has come down to within 1 % of the smallest there is."""
        if not self.learned or float(self.scale.detach()) >= 1.01 * SMALLEST_SCALE:
            return None
        return f"the learned σ of a pixel is at its floor of {SMALLEST_SCALE}"

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
        self.keep_above_floor()

    @torch.no_grad()
    def keep_above_floor(self) -> None:
        """Keep log σ a hair above the floor, where there is a gradient whatever exp rounds to."""
        self.log_scale.clamp_(min=math.log(SMALLEST_SCALE) + 1e-5)

    def forward(self, raw: Tensor) -> Independent[Any]:
        loc = self.mean(raw)
        return Independent(Normal(loc, self.scale.expand_as(loc)), 3)

    def mean(self, raw: Tensor) -> Tensor:
        """Mean pixel, of raw's shape; in [0, 1] unless the link is the identity."""
        return torch.sigmoid(raw) if self.link == "sigmoid" else raw

    def raw_of(self, mean: Tensor) -> Tensor:
        """Raw numbers of mean pixels; black and white ones count as `FAINTEST` from either."""
        return mean.logit(FAINTEST) if self.link == "sigmoid" else mean


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

    def module(self, image_shape: tuple[int, int, int]) -> Likelihood:
        """Build what turns raw numbers into p(x|z)."""
        return GaussianLikelihood(self.scale, self.learned, self.link)
