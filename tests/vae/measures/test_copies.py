"""The copy test: exact distances, and shares that mean what a p-value means."""

import numpy as np
import pytest

from vae.errors import UserError
from vae.measures import copies
from vae.measures.copies import nearest, share_as_near


def images(count: int, seed: int, side: int = 6, high: int = 256) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, high, (count, 1, side, side), dtype=np.uint8)


def test_the_nearest_of_all_training_images_is_found_whatever_the_chunks(monkeypatch):
    monkeypatch.setattr(copies, "CHUNK", 7 * 36)
    drawn, train, told = images(20, 0), images(100, 1), []
    found = nearest(drawn, train, told.append)
    between = (drawn[:, None].astype(float) - train) / 255
    every = np.sqrt(np.square(between).sum((2, 3, 4)))
    assert (found.row == every.argmin(1)).all()
    assert found.distance == pytest.approx(every.min(1), rel=1e-12)
    assert sum(told) == 100 and len(told) == 15


def test_a_training_image_is_found_as_copied():
    train = images(500, 0)
    found = nearest(train[[3, 141]], train)
    assert found.row.tolist() == [3, 141]
    assert found.distance.tolist() == [0, 0]
    held_out = nearest(images(99, 1), train).distance
    assert share_as_near(found.distance, held_out) == pytest.approx([0.01, 0.01])


def test_nearly_a_copy_is_told_from_its_like_at_the_size_of_mnist():
    # all images but one pixel alike, so that float32 has the hardest work
    train = np.repeat(images(1, 0, side=28), 200, axis=0)
    train.reshape(200, -1)[np.arange(200), np.arange(200)] ^= 128
    found = nearest(train[::7], train)
    assert (found.row == np.arange(0, 200, 7)).all()
    assert not found.distance.any()


def test_a_new_image_is_taken_for_a_copy_no_more_often_than_chance_says():
    train, rng = images(300, 0), np.random.default_rng(1)
    # images that lie near training images and ones that lie far, as many of each in both halves
    others = train[rng.integers(0, 300, 4000)] // rng.integers(1, 5, (4000, 1, 1, 1))
    noisy = (others + images(4000, 2, high=60)).clip(0, 255).astype(np.uint8)
    distance = nearest(noisy, train).distance
    share = share_as_near(distance[:2000], distance[2000:])
    for level in (0.01, 0.05, 0.5):
        # three standard errors of a share of 2,000, and of the quantile of 2,000 others
        sure = 3 * np.sqrt(2 * level * (1 - level) / 2000)
        assert (share <= level).mean() == pytest.approx(level, abs=sure)


def test_the_share_counts_the_image_itself_and_ties():
    held_out = np.array([3.0, 1.0, 2.0, 2.0])
    found = share_as_near(np.array([0.5, 1.0, 2.0, 9.0]), held_out)
    assert found == pytest.approx([1 / 5, 2 / 5, 4 / 5, 1])


def test_images_that_cannot_be_compared_are_refused():
    with pytest.raises(UserError, match="cannot be compared with 0 training images"):
        nearest(images(2, 0), images(0, 1))
    with pytest.raises(UserError, match=r"images of \(1, 5, 5\) cannot be compared"):
        nearest(images(2, 0, side=5), images(3, 1))
