"""Laws of ellipses on a plane: covariances, axes and outlines."""

import dataclasses

import numpy as np
import pytest

from vae.checkpoint import Atlas
from vae.latent.ellipses import (
    ellipse_outlines,
    posterior_outlines,
    projected_covariance,
    projected_factors,
)


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


@pytest.mark.parametrize("widths", [[1.0, 0.5, 2.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.0]])
def test_a_projected_factor_times_its_transpose_is_the_projected_covariance(widths):
    axes = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 2)))[0].T
    scale = np.array([widths])
    (entries,) = projected_factors(scale, axes)
    factor = np.array([[entries[0], 0], entries[1:]])
    np.testing.assert_allclose(factor @ factor.T, projected_covariance(scale, axes)[0], atol=1e-12)


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


def correlated(z_dim: int, count: int = 4) -> tuple[Atlas, np.ndarray]:
    """An atlas of posteriors with covariances, and these."""
    rng = np.random.default_rng(5)
    factor = np.tril(rng.normal(size=(count, z_dim, z_dim)))
    loc = rng.normal(size=(count, z_dim))
    covariances = factor @ np.swapaxes(factor, 1, 2)
    scale = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    tril = factor[:, *np.tril_indices(z_dim)]
    index = np.arange(count)
    return Atlas(loc, scale, np.zeros(count, np.int64), index, tril), covariances


@pytest.mark.parametrize("z_dim", [2, 3, 6])
def test_an_ellipse_of_a_turned_covariance_has_the_right_axes_in_every_plane(z_dim):
    atlas, covariances = correlated(z_dim)
    rows = np.arange(len(atlas.loc))
    turned = np.linalg.qr(np.random.default_rng(2).normal(size=(z_dim, 2)))[0].T
    for axes in (np.eye(z_dim)[[0, 1]], np.eye(z_dim)[[1, 0]], turned):
        centres = atlas.loc @ axes.T
        lines = posterior_outlines(atlas, rows, axes, centres)
        for covariance, centre, one, two in zip(covariances, centres, *lines, strict=True):
            values, vectors = np.linalg.eigh(axes @ covariance @ axes.T)
            for sigmas, line in ((1, one), (2, two)):
                along = (line - centre) @ vectors
                # a corner lies at each end of both axes
                np.testing.assert_allclose(
                    np.abs(along).max(axis=0), sigmas * np.sqrt(values), rtol=2e-3
                )
                squared = np.square(along) @ (1 / values)
                np.testing.assert_allclose(np.sqrt(squared), sigmas)


def test_an_outline_of_its_own_is_drawn_about_the_mean_on_turned_axes_too():
    atlas, _ = correlated(2)
    outline = np.random.default_rng(8).normal(size=(4, 2, 5, 2))
    bent = dataclasses.replace(atlas, outline=outline)
    axes = np.array([[0.6, 0.8], [-0.8, 0.6]])
    rows = np.array([2, 0])
    found = posterior_outlines(bent, rows, axes, atlas.loc[rows] @ axes.T)
    assert found.shape == (2, 2, 6, 2)
    np.testing.assert_array_equal(found[:, :, 0], found[:, :, -1])
    expected = (atlas.loc[2] + outline[2, 1]) @ axes.T
    np.testing.assert_allclose(found[1, 0, :-1], expected)
