"""An architecture: one layer each way."""

import math
from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from vae.options import option


@dataclass(frozen=True)
class Thin:
    """One hidden layer each way."""

    name: ClassVar[str] = "toy-thin"
    title: ClassVar[str] = "Toy thin"
    units: int = option(16, "width of the hidden layer", minimum=1, maximum=64, title="Units")

    def encoder(self, image_shape: tuple[int, ...], outputs: int) -> nn.Sequential:
        """Map (batch, C, H, W) to (batch, outputs)."""
        pixels = math.prod(image_shape)
        hidden = nn.Linear(pixels, self.units)
        return nn.Sequential(nn.Flatten(), hidden, nn.SiLU(), nn.Linear(self.units, outputs))

    def decoder(self, z_dim: int, image_shape: tuple[int, ...], beside: int = 0) -> nn.Sequential:
        """Map (batch, z_dim + beside) to (batch, C, H, W)."""
        last = nn.Linear(self.units, math.prod(image_shape))
        return nn.Sequential(
            nn.Linear(z_dim + beside, self.units), nn.SiLU(), last, nn.Unflatten(1, image_shape)
        )
