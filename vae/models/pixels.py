"""Pixels as a model gives them, in [0, 1], and as a picture holds them, a byte each."""

import torch
from torch import Tensor


def to_bytes(pixels: Tensor) -> Tensor:
    """Round pixels in [0, 1] to the nearest of 256 levels, uint8 of the same shape.

    Only a Gaussian with an identity link leaves [0, 1]; a picture cannot.
    """
    return (pixels.clamp(0, 1) * 255).round().to(torch.uint8)
