"""What every conditioning is: how it joins labels to what enters encoder, decoder and prior."""

from typing import Protocol

from torch import Tensor, nn

from vae.options import Part


class Conditioning(nn.Module):
    """Joins nothing: a model without labels. Others override what they change."""

    needs_labels = False
    """Whether the model is refused on images without labels."""
    channels = 0
    """How many channels join the image before the encoder."""
    width = 0
    """How many numbers join z before the decoder."""

    def to_encoder(self, x: Tensor, y: Tensor | None) -> Tensor:
        """Join labels to images: (batch, C, H, W) to (batch, C + channels, H, W)."""
        return x

    def to_decoder(self, z: Tensor, y: Tensor | None) -> Tensor:
        """Join labels to latents: (batch, z_dim) to (batch, z_dim + width)."""
        return z

    def to_prior(self, y: Tensor | None) -> Tensor | None:
        """Return what the prior is told of the labels."""
        return None


class ConditioningOptions(Part, Protocol):
    """Options that build the module of a conditioning."""

    def module(self, z_dim: int, image_shape: tuple[int, int, int]) -> Conditioning:
        """Build what joins labels to what enters the networks."""
