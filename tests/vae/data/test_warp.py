"""Images warped at random: how far, how, and that nothing happens at strength 0."""

import math

import pytest
import torch
from torch.nn import functional as F

from vae.data.warp import SHIFT, warped


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def blob(side: int = 28) -> torch.Tensor:
    """A round spot in the middle, (1, 1, side, side)."""
    place = torch.arange(side) - (side - 1) / 2
    return torch.exp(-(place[:, None] ** 2 + place**2) / 8)[None, None]


def centres(x: torch.Tensor) -> torch.Tensor:
    """Centre of brightness of each image in pixels from the middle, (batch, 2)."""
    side = x.shape[-1]
    place = torch.arange(side) - (side - 1) / 2
    down, right = (x.sum((1, axis)) @ place for axis in (3, 2))
    return torch.stack([down, right], 1) / x.sum((1, 2, 3))[:, None]


def test_at_strength_0_images_stay_and_nothing_is_drawn():
    x, noise = torch.rand(3, 1, 8, 8), generator()
    before = noise.get_state()
    assert warped(x, 0.0, noise) is x
    assert torch.equal(noise.get_state(), before)


@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_a_spot_in_the_middle_moves_by_at_most_the_shift_of_that_strength(strength):
    moved = centres(warped(blob().expand(500, 1, 28, 28), strength, generator()))
    # a spot in the middle stays there under turns, stretches and shears, but for the border's
    # pixels and the map's own stretch of the shift, 10 % and the slope
    most = 28 * SHIFT * strength
    assert float(moved.abs().max()) < most * (math.exp(0.1) + 0.1 + math.sin(math.radians(15)))
    assert float(moved.abs().max()) > 0.9 * most
    assert float(moved.mean(0).abs().max()) < 0.2 * most


def test_each_image_is_warped_in_its_own_way_and_the_same_again_from_the_same_seed():
    x = blob().expand(2, 1, 28, 28)
    first, second = warped(x, 1.0, generator())
    assert not torch.equal(first, second)
    assert torch.equal(warped(x, 1.0, generator())[0], first)


def test_a_constant_picture_of_any_colour_and_shape_stays_constant():
    x = torch.tensor([0.2, 0.5, 1.0])[:, None, None].expand(4, 3, 12, 16).double()
    torch.testing.assert_close(warped(x, 3.0, generator()), x)


def test_a_little_warp_is_nearly_none():
    x = F.interpolate(torch.rand(6, 1, 5, 5, generator=generator()), 20, mode="bilinear")
    found = warped(x, 1e-4, generator())
    # a ten-thousandth of 7 % of a side is less than a hundredth of a pixel
    torch.testing.assert_close(found, x, atol=1e-2, rtol=0)
