"""The Fréchet distance of normals, against its closed forms."""

import numpy as np
import pytest

from vae.errors import UserError
from vae.measures.frechet import frechet_distance


def exact(count: int, width: int, seed: int = 0) -> np.ndarray:
    """Features whose mean is exactly 0 and whose covariance is exactly the identity."""
    x = np.random.default_rng(seed).standard_normal((count, width))
    x -= x.mean(0)
    return x @ np.linalg.inv(np.linalg.cholesky(np.cov(x.T))).T


def test_equal_sets_are_at_no_distance():
    x = exact(300, 6) @ np.random.default_rng(1).standard_normal((6, 6))
    assert frechet_distance(x, x) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(x, x[::-1]) == pytest.approx(0, abs=1e-9)


def test_a_shift_is_its_squared_length():
    x, shift = exact(100, 3), np.array([1.0, -2.0, 0.5])
    assert frechet_distance(x, x + shift) == pytest.approx(5.25)


def test_normals_that_share_their_axes_have_the_distance_of_their_deviations():
    x, y = exact(200, 4), exact(300, 4, seed=1)
    of_x, of_y = np.array([1.0, 2.0, 0.0, 3.0]), np.array([2.0, 0.5, 1.0, 3.0])
    expected = np.square(of_x - of_y).sum()
    assert frechet_distance(x * of_x, y * of_y) == pytest.approx(expected)


def test_normals_with_other_axes_have_the_distance_of_a_matrix_root():
    from scipy.linalg import sqrtm

    rng = np.random.default_rng(2)
    a, b = (rng.standard_normal((3, 3)) for _ in range(2))
    of_a, of_b = a @ a.T, b @ b.T
    expected = np.trace(of_a + of_b - 2 * sqrtm(of_a @ of_b).real)
    found = frechet_distance(exact(50, 3) @ a.T, exact(50, 3, seed=1) @ b.T)
    assert found == pytest.approx(expected)
    assert frechet_distance(exact(50, 3) @ b.T, exact(50, 3) @ a.T) == pytest.approx(found)


def test_fewer_images_give_a_larger_distance():
    rng = np.random.default_rng(3)
    few, many = (
        np.mean([frechet_distance(*rng.standard_normal((2, n, 8))) for _ in range(20)])
        for n in (30, 300)
    )
    # of the same normal the distance falls like 1 / N
    assert few == pytest.approx(10 * many, rel=0.3)


def test_a_single_image_has_no_covariance():
    with pytest.raises(UserError, match="needs two images"):
        frechet_distance(np.ones((1, 2)), np.ones((5, 2)))
