"""Sprites: the pixels follow from the factors, and measure what the factors say."""

import colorsys

import numpy as np
import pytest

from vae.data import load, sprites


@pytest.fixture(scope="module")
def white():
    return load("sprites")


@pytest.fixture(scope="module")
def coloured():
    return load("sprites-rgb")


def one(shape=0, scale=14.0, rotation=0.0, x=32.5, y=32.5, *hue) -> np.ndarray:
    """Draw one image: float64 (C, 64, 64) in [0, 1]."""
    return sprites.draw(np.array([[shape, scale, rotation, x, y, *hue]]))[0] / 255


def centroid(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre of mass (x, y) of each image in pixels; the first pixel's middle is 0.5."""
    mass = images.sum(axis=1, dtype=np.float64)
    ticks = np.arange(sprites.SIZE) + 0.5
    total = mass.sum(axis=(1, 2))
    return mass.sum(axis=1) @ ticks / total, mass.sum(axis=2) @ ticks / total


@pytest.mark.parametrize("split", ["train", "validation", "test"])
@pytest.mark.parametrize("name", ["white", "coloured"])
def test_factors_reproduce_the_pixels(request, name, split):
    part = request.getfixturevalue(name).split(split)
    some = slice(None, None, 50)
    assert np.array_equal(sprites.draw(part.factors[some]), part.images[some])


@pytest.mark.parametrize("name", ["white", "coloured"])
def test_no_combination_of_factors_comes_twice(request, name):
    dataset = request.getfixturevalue(name)
    parts = [dataset.split(split).factors for split in ("train", "validation", "test")]
    factors = np.concatenate(parts)
    assert len(np.unique(factors, axis=0)) == len(factors)


@pytest.mark.parametrize("name", ["white", "coloured"])
def test_every_level_of_a_factor_is_as_frequent_as_the_others(request, name):
    dataset = request.getfixturevalue(name)
    for column, factor in zip(dataset.train.factors.T, dataset.factor_names, strict=True):
        levels, counts = np.unique(column, return_counts=True)
        expected = len(column) / len(sprites.LEVELS[factor])
        assert np.array_equal(levels, sprites.LEVELS[factor].astype(np.float32))
        # Near-binomial counts: five deviations.
        assert np.all(abs(counts - expected) < 5 * np.sqrt(expected))


def test_the_label_is_the_shape(white):
    assert np.array_equal(white.test.labels, white.test.factors[:, 0])
    assert white.class_names == sprites.SHAPES


def test_the_area_is_the_square_of_the_scale_for_every_shape(white):
    area = white.test.images.sum(axis=(1, 2, 3), dtype=np.float64) / 255
    # Coverage comes from 64 samples a pixel along an edge of some 40 to 80 pixels.
    assert np.allclose(area, white.test.factors[:, 1] ** 2, rtol=0.02)


def test_the_area_grows_with_the_scale():
    for shape in range(3):
        areas = [one(shape, scale, 0.3).sum() for scale in np.linspace(8, 20, 13)]
        assert np.all(np.diff(areas) > 0)


def test_the_centroid_is_x_and_y_for_every_shape(white):
    x, y = centroid(white.test.images)
    # Sampling noise of the outline and rounding to 1/255, for shapes at least 10 pixels across.
    assert np.allclose(x, white.test.factors[:, 3], atol=0.1)
    assert np.allclose(y, white.test.factors[:, 4], atol=0.1)


def test_a_fraction_of_a_pixel_moves_the_centroid_by_as_much():
    for shape in range(3):
        x, y = centroid(np.stack([one(shape, 14, 0.2, 30 + step, 31.3) for step in (0, 0.25, 0.7)]))
        assert np.allclose(x, [30, 30.25, 30.7], atol=0.05)
        assert np.allclose(y, 31.3, atol=0.05)


def test_a_square_repeats_after_a_quarter_turn():
    # Samples on the outline may fall to either side: a few of 64 in some pixels.
    assert np.allclose(one(0, rotation=0.3), one(0, rotation=0.3 + np.pi / 2), atol=0.1)
    assert abs(one(0, rotation=0.3) - one(0, rotation=0.9)).max() > 0.5


def test_a_half_turn_keeps_the_ellipse_and_turns_the_heart():
    assert np.allclose(one(1, rotation=np.pi), one(1), atol=0.1)
    # Turning by half a turn about the middle of pixel (32, 32) reverses rows and columns 1 to 63.
    turned = one(2)[:, :0:-1, :0:-1]
    assert np.allclose(one(2, rotation=np.pi)[:, 1:, 1:], turned, atol=0.1)
    assert abs(one(2, rotation=np.pi) - one(2)).max() > 0.5


def test_the_heart_stands_on_its_tip():
    rows = np.flatnonzero(one(2, 20).sum(axis=(0, 2)) > 0)
    widths = (one(2, 20)[0] > 0.5).sum(axis=1)
    assert widths[rows[-1] - 1] < widths[rows[0] + 1]


def test_rotation_is_clockwise_on_the_screen():
    # The ellipse's right end sinks: more ink below the middle row on the right half.
    ink = one(1, 20, np.pi / 8)[0]
    assert ink[33:, 33:].sum() > 2 * ink[:32, 33:].sum()


@pytest.mark.parametrize("name", ["white", "coloured"])
def test_no_shape_touches_the_border(request, name):
    images = request.getfixturevalue(name).test.images
    border = [images[..., 0, :], images[..., -1, :], images[..., 0], images[..., -1]]
    assert not any(side.any() for side in border)


def test_the_outline_is_smooth(white):
    values = np.unique(white.test.images[:200])
    assert values.min() == 0
    assert values.max() == 255
    assert len(values) > 32


@pytest.mark.parametrize("hue", sprites.LEVELS["hue"])
def test_hue_is_that_of_the_standard_library(hue):
    inside = one(0, 14, 0, 32.5, 32.5, hue)[:, 32, 32]
    # Colours are rounded to 1/255.
    assert np.allclose(inside, colorsys.hsv_to_rgb(hue, 1, 1), atol=0.5 / 255 + 1e-6)


def test_a_coloured_sprite_is_the_white_one_times_its_colour():
    white, red = one(2, 16, 0.4), one(2, 16, 0.4, 32.5, 32.5, 0.0)
    assert np.array_equal(red[0], white[0])
    assert not red[1:].any()


def test_a_shape_that_might_stick_out_is_refused():
    with pytest.raises(ValueError, match="pixels from an edge"):
        one(1, 20, 0, 3.0)
