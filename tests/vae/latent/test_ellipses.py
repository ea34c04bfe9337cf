"""Laws of ellipses on a plane: covariances, axes and outlines."""

import numpy as np
import pytest

from vae.latent.ellipses import ellipse_outlines, projected_covariance


def covariance(seed: int) -> np.ndarray:
    factor = np.random.default_rng(seed).normal(size=(2, 2))
    return factor @ factor.T


def test_the_projected_covariance_is_that_of_samples():
    scale = np.array([[1.0, 0.5, 2.0]])
    axes = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 2)))[0].T
    z = np.random.default_rng(3).normal(size=(200_000, 3)) * scale
    # the standard error of a variance of at most 4 is 4 * sqrt(2 / 200,000) = 0.013
    np.testing.assert_allclose(
        projected_covariance(scale, axes)[0], np.cov((z @ axes.T).T), atol=0.06
    )


@pytest.mark.parametrize("sigmas", [0.5, 1.0, 3.0])
def test_an_outline_lies_at_its_mahalanobis_distance(sigmas):
    centre, matrix = np.array([1.0, -2.0]), covariance(7)
    (outline,) = ellipse_outlines(centre[None], matrix[None], sigmas)
    away = outline - centre
    squared = np.einsum("ni,ij,nj->n", away, np.linalg.inv(matrix), away)
    np.testing.assert_allclose(np.sqrt(squared), sigmas)
    assert outline.shape == (64, 2)
    np.testing.assert_array_equal(outline[0], outline[-1])


def test_many_outlines_are_each_ones_own():
    centres = np.array([[0.0, 1.0], [2.0, 3.0]])
    matrices = np.stack([covariance(1), covariance(2)])
    many = ellipse_outlines(centres, matrices, 2.0, 16)
    for one in range(2):
        (alone,) = ellipse_outlines(centres[[one]], matrices[[one]], 2.0, 16)
        np.testing.assert_allclose(many[one], alone)


def test_an_ellipse_without_width_is_a_point():
    (outline,) = ellipse_outlines(np.ones((1, 2)), np.zeros((1, 2, 2)), 3.0)
    np.testing.assert_array_equal(outline, np.ones((64, 2)))
