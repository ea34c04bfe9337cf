"""No conditioning: the model sees the image alone."""

from dataclasses import dataclass
from typing import ClassVar

from vae.models.conditioning.conditioning import Conditioning


@dataclass(frozen=True)
class Unconditional:
    """The model is told nothing beside the image."""

    name: ClassVar[str] = "none"
    title: ClassVar[str] = "none"

    def module(self, z_dim: int, image_shape: tuple[int, ...]) -> Conditioning:
        """Build what joins nothing."""
        return Conditioning()
