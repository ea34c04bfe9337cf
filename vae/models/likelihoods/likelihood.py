"""What every likelihood's module does: it turns raw outputs into p(x|z) and into a mean pixel.

``raw`` are the decoder's numbers, of shape (batch, raw channels, H, W). Most likelihoods need one
for each pixel and channel; those that need more say so in ``raw_channels``.
"""

from collections.abc import Iterable
from typing import Any, Protocol

from torch import Tensor, nn
from torch.distributions import Independent

from vae.models.cost import Cost
from vae.options import Part

FAINTEST = 1e-3
"""The log odds of a pixel value of 0 are taken at this one, and those of 1 as far from it."""


class Likelihood(nn.Module):
    """What every likelihood's module does; nothing of its own to settle, unless it says so."""

    link: str
    """How the decoder's output becomes the mean pixel, by the names that the browser knows."""
    noise: str | None = None
    """How the browser draws a pixel, given its mean; None where it cannot."""
    is_density = True
    """Whether p(x|z) is a density over pixel values; else it is a probability of discrete ones."""
    is_binary = False
    """Whether pixels are black or white, so that grey ones stand for probabilities."""

    def raw_channels(self, channels: int) -> int:
        """Tell how many numbers the decoder gives at each position of an image."""
        return channels

    def forward(self, raw: Tensor) -> Independent[Any]:
        """Return p(x|z) of event shape (C, H, W), given raw numbers."""
        raise NotImplementedError

    def mean(self, raw: Tensor) -> Tensor:
        """Mean pixel, of shape (batch, C, H, W)."""
        raise NotImplementedError

    def raw_of(self, mean: Tensor) -> Tensor | None:
        """Raw numbers whose mean pixels are ``mean``, of its shape; None where nobody knows."""
        return None

    def log_prob(self, raw: Tensor, x: Tensor) -> Tensor:
        """log p(x|z) in nats per image, shape (batch,)."""
        px: Independent[Any] = self(raw)
        log_px: Tensor = px.log_prob(x)
        return log_px

    def cost(self, image_shape: tuple[int, int, int]) -> Cost:
        """Count what log p(x|z) costs beyond a few operations for each pixel."""
        return Cost()

    def settled(self) -> Iterable[nn.Parameter]:
        """List the parameters that `settle` improves, and that no optimizer moves."""
        return ()

    def settle(self, pixels: int) -> None:
        """Improve the likelihood's own numbers by their gradients, after each training step."""

    def readout(self) -> dict[str, Any]:
        """Say what the browser must know to read the raw numbers, beside ``link`` and ``noise``."""
        return {}

    def pixel_scale(self) -> float | None:
        """Standard deviation of a pixel in pixel values; None where there is none of its own."""
        return None

    def scale_range(self) -> tuple[float, float] | None:
        """Smallest and largest standard deviation of a pixel, where they differ by position."""
        return None

    def floor_words(self) -> str | None:
        """Say that a learned standard deviation has come down to the smallest there is."""
        return None


class LikelihoodOptions(Part, Protocol):
    """Options that build the module of a likelihood."""

    def module(self, image_shape: tuple[int, int, int]) -> Likelihood:
        """Build what turns raw numbers into p(x|z) of images (channels, height, width)."""
