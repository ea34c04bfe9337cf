"""Classes that touch in maps."""

import numpy as np
import pytest

from vae.measures.retraining.borders import borders, shares
from vae.measures.retraining.neighbourhoods import neighbours


def squares(centres: list[tuple[float, float]], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Classes of 150 images each, evenly over a unit square around each centre."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(centres)), 150)
    return np.array(centres)[labels] + rng.uniform(-0.5, 0.5, (len(labels), 2)), labels


# 0 and 1 lie side by side, 2 has a side in common with 1, and 3 lies far away
CHAIN = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (9.0, 9.0)]
APART = [(0.0, 0.0), (5.0, 0.0), (0.0, 5.0), (9.0, 9.0)]


def test_squares_with_a_common_side_touch_and_others_do_not():
    codes, labels = squares(CHAIN)
    found = borders([neighbours(codes)], labels)
    assert found.always() == [(0, 1), (1, 2)]
    # 0 and 2 meet in a corner, with a few links, and nothing touches 3
    assert found.never() == [(0, 2), (0, 3), (1, 3), (2, 3)]


def test_classes_that_lie_apart_have_no_links():
    codes, labels = squares(APART)
    assert not shares(neighbours(codes), labels).any()


def test_random_labels_share_links_as_often_as_there_are_classes():
    rng = np.random.default_rng(0)
    labels = np.arange(2000) % 4
    found = shares(neighbours(rng.standard_normal((2000, 2))), rng.permutation(labels))
    # some 3,750 links between two classes, not independent: a relative error of about 2 %
    assert found[np.triu_indices(4, 1)] == pytest.approx(500 / 1999, rel=0.08)
    assert (found == found.T).all()


def test_the_share_is_that_of_links_counted_by_hand():
    # of the smaller class, image 2, one of two links leads to the other class, and two lead to it
    near = np.array([[1, 2], [0, 2], [3, 0], [2, 4], [3, 2]])
    labels = np.array([0, 0, 1, -1, -1])
    assert shares(near, labels)[0, 1] == (1 + 2) / (2 * 2 * 1)


def test_two_classes_alone_may_touch_or_not():
    for centres, touch in ((CHAIN[:2], True), (APART[:2], False)):
        codes, labels = squares(centres)
        assert bool(borders([neighbours(codes)], labels).always()) == touch


def test_pairs_are_told_by_how_many_maps_they_touch_in():
    maps = [squares(centres, seed) for seed, centres in enumerate((CHAIN, CHAIN, APART))]
    found = borders([neighbours(codes) for codes, _ in maps], maps[0][1])
    assert found.maps == 3
    assert found.always() == []
    assert found.sometimes() == [(0, 1), (1, 2)]
    assert found.counts[0, 1] == found.counts[1, 0] == 2
    assert found.counts[0, 3] == 0


def test_images_without_a_class_count_for_none():
    codes, labels = squares(CHAIN)
    some = np.where(labels == 3, -1, labels)
    found = borders([neighbours(codes)], some)
    assert found.classes == (0, 1, 2)
    assert found.always() == [(0, 1), (1, 2)]


def test_so_many_pairs_touch_always_by_chance_as_independent_maps_say():
    codes, labels = squares(CHAIN)
    found = borders([neighbours(codes)] * 2, labels)
    # 2 of 6 pairs in each of two maps: 6 · (2/6)²
    assert found.expected_always() == pytest.approx(6 * (2 / 6) ** 2)


def test_without_classes_nothing_touches():
    codes, labels = squares(CHAIN)
    found = borders([neighbours(codes)], np.full_like(labels, -1))
    assert (found.always(), found.never(), found.expected_always()) == ([], [], 0.0)
