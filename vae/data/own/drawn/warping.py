"""Gentle warping: each drawing that is learnt from becomes several that differ a little."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from vae.options import option

if TYPE_CHECKING:
    from torch import Tensor

AFFINE_SHARE = 0.6
"""At strength 1, of the shifts, turns, stretches and shears of `vae.data.warp`: 9 degrees at most,
4 % of a side, factors of 1.06, a slope of 0.06."""
BEND = 0.7
"""At strength 1 the standard deviation, in pixels, of the displacement at a knot of the field."""
KNOTS = 5
"""Knots of the displacement field along a side; between them it is smooth."""
INK = 0.2
"""Share by which a copy's ink may differ from the drawing's."""
RIM = 0.1
"""Level that the outermost pixels of a copy may have beyond those of the drawing."""
HALVINGS = 4
"""So often a copy that would leave the frame is warped half as much; then it is not warped."""


@dataclass(frozen=True)
class Warping:
    """How many warped copies of a drawing are learnt from, and how much they are warped.

    A copy is turned, shifted, stretched and sheared a little, and bent by a smooth field. Source:
    Simard et al. 2003, "Best practices for convolutional neural networks applied to visual document
    analysis", section 2; the field is interpolated between knots instead of smoothed.
    """

    name: ClassVar[str] = "warping"
    copies: int = option(
        40, "warped copies of each drawing that is learnt from", minimum=0, maximum=200
    )
    strength: float = option(
        1.0, "how much they are warped; 0 leaves them as drawn", minimum=0, maximum=2
    )
    seed: int = option(0, "where the random numbers start", minimum=0, maximum=2**31 - 1)


def copies_of(picture: np.ndarray, warping: Warping) -> np.ndarray:
    """Warp a drawing, uint8 (C, H, W), into uint8 (copies, C, H, W).

    The copies follow from the drawing and the options alone, whatever else is in the set. At
    strength 0 each is the drawing to the bit.
    """
    import torch

    from vae.data.warp import AFFINE

    count, strength = warping.copies, warping.strength
    same = np.repeat(picture[None], count, axis=0)
    if not strength or not count or not picture.any():
        return same
    generator = torch.Generator().manual_seed(_seed_of(picture, warping.seed))
    x = torch.from_numpy(same.astype(np.float32) / 255)
    numbers = torch.rand(count, AFFINE, generator=generator)
    knots = torch.randn(count, 2, KNOTS, KNOTS, generator=generator)
    made, open_ = same, np.arange(count)
    for halving in range(HALVINGS + 1):
        bent = _bent(x[open_], numbers[open_], knots[open_], strength / 2**halving)
        fits = _fits(bent, picture)
        made[open_[fits]] = bent[fits]
        open_ = open_[~fits]
        if not len(open_):
            break
    return made


def _bent(x: "Tensor", numbers: "Tensor", knots: "Tensor", strength: float) -> np.ndarray:
    """Warp images (n, C, H, W) by an affine map and a smooth field, in one interpolation."""
    from torch.nn import functional as F

    from vae.data.warp import affine, sampled

    height, width = x.shape[2:]
    field = F.interpolate(knots, (height, width), mode="bicubic", align_corners=True)
    # a grid counts from −1 to 1 over the image
    steps = field.new_tensor([2 / width, 2 / height])
    moved = field.permute(0, 2, 3, 1) * steps * (BEND * strength)
    grid = affine(x, numbers, AFFINE_SHARE * strength) + moved
    pixels: np.ndarray = sampled(x, grid).mul(255).round().clamp(0, 255).byte().numpy()
    return pixels


def _fits(copies: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Tell which copies stay within the frame and keep their ink, bool (n,)."""
    ink, wanted = copies.sum(axis=(1, 2, 3), dtype=np.int64), int(picture.sum(dtype=np.int64))
    most = int(_rim(picture[None])[0]) + 255 * RIM
    kept: np.ndarray = (np.abs(ink - wanted) <= INK * wanted) & (_rim(copies) <= most)
    return kept


def _rim(images: np.ndarray) -> np.ndarray:
    """Give the strongest of the outermost pixels of images (n, C, H, W)."""
    edges = (images[..., 0, :], images[..., -1, :], images[..., :, 0], images[..., :, -1])
    strongest: np.ndarray = np.max([edge.max(axis=(1, 2)) for edge in edges], axis=0)
    return strongest


def _seed_of(picture: np.ndarray, seed: int) -> int:
    made = hashlib.sha256(seed.to_bytes(8, "little") + np.ascontiguousarray(picture).tobytes())
    return int.from_bytes(made.digest()[:7], "little")
