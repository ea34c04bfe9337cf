"""What every likelihood's module does: it turns raw outputs into p(x|z) and into a mean pixel."""

from collections.abc import Iterable
from typing import Any, Protocol

from torch import Tensor, nn
from torch.distributions import Independent

from vae.options import Part


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


class LikelihoodOptions(Part, Protocol):
    """Options that build the module of a likelihood."""

    def module(self) -> Likelihood:
        """Build what turns raw numbers into p(x|z)."""
