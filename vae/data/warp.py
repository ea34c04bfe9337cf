"""Images moved, turned, stretched and sheared at random, so little that their class stays."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

SHIFT, TURN, STRETCH, SHEAR = 0.07, math.radians(15), 0.1, 0.1
"""At strength 1 the most of each: share of a side, radians, logarithm of the factor, and slope."""
AFFINE = 6
"""So many random numbers make an affine map."""


def warped(x: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Warp images (batch, C, H, W), each by an affine map of its own, uniform up to a strength.

    Pixels in between are interpolated, and what enters is the nearest pixel of the border. At
    strength 0 the images come back as they are, and nothing is drawn. Source: Simard et al. 2003,
    "Best practices for convolutional neural networks applied to visual document analysis", section
    2, whose affine distortions these are.
    """
    if not strength:
        return x
    drawn = torch.rand(len(x), AFFINE, generator=generator, device=x.device)
    return sampled(x, affine(x, drawn, strength))


def affine(x: Tensor, drawn: Tensor, strength: float) -> Tensor:
    """Make the grid (batch, H, W, 2) of affine maps from numbers (batch, 6) in [0, 1)."""
    most = torch.tensor([TURN, STRETCH, STRETCH, SHEAR, 2 * SHIFT, 2 * SHIFT], device=x.device)
    turn, wide, high, shear, right, down = ((2 * drawn - 1) * strength * most).unbind(1)
    cos, sin = turn.cos(), turn.sin()
    wide, high = wide.exp(), high.exp()
    rows = (
        torch.stack([cos * wide, shear * cos - sin * high, right], 1),
        torch.stack([sin * wide, shear * sin + cos * high, down], 1),
    )
    return F.affine_grid(torch.stack(rows, 1).to(x.dtype), list(x.shape), align_corners=False)


def sampled(x: Tensor, grid: Tensor) -> Tensor:
    """Read images at the places of a grid, between their pixels."""
    return F.grid_sample(x, grid, padding_mode="border", align_corners=False)
