"""Principal components of images read a few at a time are those of all at once."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from vae.training.objectives.components import principal

PIXELS = 48
IMAGES = torch.from_numpy(
    (128 + np.random.default_rng(0).normal(size=(100, PIXELS)) * np.geomspace(60, 4, PIXELS))
    .clip(0, 255)
    .astype(np.uint8)
    .reshape(100, 3, 4, 4)
)


@pytest.mark.parametrize("most", [PIXELS, 0])
def test_they_are_those_of_scikit_learn(most: int) -> None:
    found = principal(IMAGES, 3, most)
    x = IMAGES.flatten(1).numpy() / 255
    wanted = PCA(3, svd_solver="full").fit(x)
    # float64, and the eigenvalues are 10 % apart
    np.testing.assert_allclose(found.mean, wanted.mean_, atol=1e-12)
    np.testing.assert_allclose(found.directions, wanted.components_, atol=1e-9)
    error = np.square(x - wanted.inverse_transform(wanted.transform(x))).sum(1).mean()
    assert found.left == pytest.approx(error, rel=1e-9)


@pytest.mark.parametrize("read", [1, 7 * PIXELS])
def test_how_many_are_read_at_a_time_changes_no_bit(read: int) -> None:
    found, whole = principal(IMAGES, 3, read=read), principal(IMAGES, 3)
    assert np.array_equal(found.directions, whole.directions)
    assert (found.mean.tobytes(), found.left) == (whole.mean.tobytes(), whole.left)


def test_images_that_are_all_alike_leave_nothing() -> None:
    assert principal(IMAGES[:1].expand(10, -1, -1, -1), 2).left == 0
