"""Neighbourhoods that stay from map to map."""

import numpy as np
import pytest

from vae.errors import UserError
from vae.measures.retraining.neighbourhoods import neighbours, neighbours_among, overlap


def noise(seed: int, count: int = 400) -> np.ndarray:
    """A map of images without any order."""
    return np.random.default_rng(seed).standard_normal((count, 2))


def test_neighbours_are_those_that_brute_force_finds_in_any_order():
    codes = noise(0)
    apart = np.linalg.norm(codes[:, None] - codes, axis=2) + np.diag([np.inf] * len(codes))
    nearest = np.argsort(apart, axis=1)[:, :5]
    assert (np.sort(neighbours(codes, 5, seed=3)) == np.sort(nearest)).all()


def test_a_moved_map_keeps_every_neighbour():
    codes = noise(0)
    turned = 3 * codes @ [[0.6, 0.8], [0.8, -0.6]] + 7
    found = overlap([neighbours(codes, seed=0), neighbours(turned, seed=1)])
    assert found.mean == 1
    assert found.stderr == 0


def test_independent_maps_overlap_by_chance():
    found = overlap([neighbours(noise(seed), seed=seed) for seed in range(3)])
    assert found.chance == 15 / 399
    # the error counts images as independent; they share neighbours, so twice the usual two
    assert found.stderr is not None
    assert abs(found.mean - found.chance) < 4 * found.stderr


def test_collapsed_maps_overlap_by_chance_and_not_by_their_order():
    found = overlap([neighbours(np.zeros((400, 2)), seed=seed) for seed in range(2)])
    assert found.mean < 3 * found.chance


def test_an_image_that_wanders_is_told_from_those_that_stay():
    codes = noise(0)
    other = codes.copy()
    other[7] = -10 * codes[7]
    found = overlap([neighbours(codes), neighbours(other)])
    assert found.order()[-1] == 7
    assert found.per_image[7] < 0.2 < found.mean


def test_the_overlap_of_a_class_is_the_mean_over_its_images():
    codes, labels = noise(0), np.arange(400) % 3 - 1
    other = np.where((labels == 1)[:, None], noise(1), codes)
    found = overlap([neighbours(codes), neighbours(other)])
    told = found.per_class(labels)
    assert set(told) == {0, 1}
    assert told[1] == pytest.approx(found.per_image[labels == 1].mean())
    assert told[1] < told[0]


def test_pairs_of_maps_are_told_apart():
    codes = noise(0)
    found = overlap([neighbours(one) for one in (codes, codes, noise(1))])
    assert found.per_pair[0] == 1
    assert found.per_pair[1:].max() < 0.1
    assert found.mean == pytest.approx(found.per_image.mean())


def test_the_share_is_that_of_sets_counted_by_hand():
    first, second = [[1, 2], [0, 2], [0, 1], [0, 1]], [[2, 1], [2, 3], [3, 0], [1, 2]]
    found = overlap([np.array(first), np.array(second)])
    assert found.per_image.tolist() == [1, 0.5, 0.5, 0.5]


def test_one_map_has_nothing_to_be_compared_with():
    with pytest.raises(UserError, match="train one more"):
        overlap([neighbours(noise(0))])


def test_more_neighbours_than_images_are_refused():
    with pytest.raises(UserError, match="k must be from 1 to the 9 other images"):
        neighbours(noise(0, 10), 10)


def test_of_few_images_so_few_are_neighbours_that_chance_tells_little():
    for count in (7, 13, 17, 60, 61, 10_000):
        k = neighbours_among(count)
        assert k >= 1 and k / (count - 1) <= 1 / 4
    assert (neighbours_among(61), neighbours_among(10_000), neighbours_among(2)) == (15, 15, 1)
