"""Pixels with normal noise whose standard deviation is learned for each position of the image."""

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import nn

from vae.models.likelihoods.gaussian import SMALLEST_SCALE, GaussianLikelihood
from vae.models.likelihoods.likelihood import Likelihood
from vae.options import option

SETTLE_RATE = 0.05
"""Share of a batch in the mean squared errors: a position may be inked once in a thousand images,
so that many batches must count."""


class GaussianPerPixelLikelihood(GaussianLikelihood):
    """Normal pixels around the mean; each channel of each position has a standard deviation."""

    def __init__(self, image_shape: tuple[int, int, int], scale: float, link: str):
        super().__init__(scale, True, link)
        self.log_scale = nn.Parameter(self.log_scale.detach().repeat(image_shape))

    def pixel_scale(self) -> float | None:
        """Root mean square of the standard deviations, in pixel values.

        It is what one standard deviation for all pixels would be.
        """
        return float(self.scale.detach().square().mean().sqrt())

    def scale_range(self) -> tuple[float, float] | None:
        """Return the smallest and the largest standard deviation, in pixel values."""
        scale = self.scale.detach()
        return float(scale.min()), float(scale.max())

    def floor_words(self) -> str | None:
        """Say how many of the standard deviations have come down to the smallest there is."""
        count = int((self.scale.detach() < 1.01 * SMALLEST_SCALE).sum())
        if not count:
            return None
        of = f"{count:,} of {self.log_scale.numel():,}"
        return f"the learned σ of {of} pixel values is at its floor of {SMALLEST_SCALE}"

    def readout(self) -> dict[str, Any]:
        return {"scale": self.scale.detach().double().ravel().tolist()}

    @torch.no_grad()
    def settle(self, pixels: int) -> None:
        """Move each σ towards the root of the mean squared error at its position.

        As for one σ, the error of a batch is read off the gradient, here 1 − MSE/σ² for each. The
        squares are averaged over batches, which keeps the rare large errors of a position.
        """
        if self.log_scale.grad is None:
            return
        error = self.scale**2 * (1 - self.log_scale.grad)
        square = torch.lerp(self.scale**2, error, SETTLE_RATE)
        self.log_scale.copy_(square.clamp(min=SMALLEST_SCALE**2).log() / 2)
        self.keep_above_floor()


@dataclass(frozen=True)
class GaussianPerPixel:
    """As Gaussian, with a learned standard deviation for each position and channel."""

    name: ClassVar[str] = "gaussian-per-pixel"
    title: ClassVar[str] = "Gaussian, σ per pixel"
    scale: float = option(
        0.1,
        "standard deviation of every pixel where learning starts",
        minimum=SMALLEST_SCALE,
        maximum=10.0,
        unit="pixel value",
        title="σ of a pixel at the start",
    )
    link: str = option(
        "sigmoid",
        "how the decoder's output becomes the mean: by a sigmoid, within 0 and 1, or as it is",
        choices=("sigmoid", "identity"),
        title="From output to mean",
    )

    def module(self, image_shape: tuple[int, int, int]) -> Likelihood:
        """Build what turns raw numbers into p(x|z)."""
        return GaussianPerPixelLikelihood(image_shape, self.scale, self.link)
