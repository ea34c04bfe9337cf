"""What a dimension tells of an attribute, with the level of chance taken off."""

import math

import numpy as np
import pytest

from vae.measures.attributes import attribute_table

NAMES = ("shape", "size")


def factors(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.stack([rng.integers(0, 3, count), rng.integers(0, 30, count)], 1).astype(float)


def test_a_dimension_that_is_an_attribute_tells_all_of_it_and_the_other_nothing():
    found = factors(2000)
    table = attribute_table(found, np.full_like(found, 1e-3), found, NAMES)
    assert table.names == NAMES
    assert table.share == pytest.approx(np.eye(2), abs=0.01)
    assert (table.information + table.chance).diagonal() == pytest.approx(table.entropy)
    assert table.entropy == pytest.approx([math.log(3), math.log(30)], abs=0.02)


def test_noise_tells_nothing_beyond_chance_however_few_the_images():
    chances = []
    for count in (200, 2000):
        noise = np.random.default_rng(1).standard_normal((count, 8))
        table = attribute_table(noise, np.full_like(noise, 1e-3), factors(count), NAMES)
        chances.append(table.chance.mean(1))
        # a deal varies by about sqrt(29 · 99 / 2) / N nats at most
        assert abs(table.information).max() < 3 * math.sqrt(29 * 99 / 2) * 1.2 / count
    # chance falls like 1 / N, at first more slowly, since it cannot exceed the entropy
    assert (chances[0] > 3 * chances[1]).all()


def test_a_part_of_the_images_tells_what_all_of_them_tell():
    rng, found = np.random.default_rng(2), factors(8000)
    loc = np.stack([found[:, 1] / 30 + 0.2 * rng.standard_normal(8000), found[:, 0]], 1)
    scale = np.full_like(loc, 0.05)
    whole = attribute_table(loc, scale, found, NAMES).share
    part = attribute_table(loc[:1000], scale[:1000], found[:1000], NAMES).share
    assert part == pytest.approx(whole, abs=0.02)


def test_an_attribute_that_does_not_vary_is_left_out():
    found = factors(100)
    table = attribute_table(found, np.ones_like(found), found * [1, 0], NAMES)
    assert table.names == ("shape",)
    assert table.information.shape == (1, 2)
