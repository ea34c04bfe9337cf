"""A model that is told nothing beside the image."""

from dataclasses import dataclass
from typing import ClassVar

from vae.models.conditioning.conditioning import Conditioning, ConditioningOptions


@dataclass(frozen=True)
class Unconditional(ConditioningOptions):
    """The model is told nothing beside the image."""

    name: ClassVar[str] = "none"
    title: ClassVar[str] = "none"

    def module(self, z_dim: int, image_shape: tuple[int, int, int]) -> Conditioning:
        """Build what joins nothing."""
        return Conditioning()
