"""Laws of the aggregate posterior: densities sum to one, the KL to the prior is a KL."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from torch.distributions import (
    Categorical,
    Independent,
    MixtureSameFamily,
    MultivariateNormal,
    Normal,
)

from vae.checkpoint import Atlas
from vae.errors import UserError
from vae.latent import aggregate, encoded


def atlas(loc, scale) -> Atlas:
    loc = np.atleast_2d(np.asarray(loc, np.float32))
    scale = np.broadcast_to(np.asarray(scale, np.float32), loc.shape)
    return Atlas(loc, scale, np.zeros(len(loc), np.int64), np.arange(len(loc)))


@pytest.fixture
def images() -> Atlas:
    rng = np.random.default_rng(0)
    return atlas(rng.normal(size=(40, 3)), rng.uniform(0.05, 0.8, (40, 3)))


def mixture(images: Atlas, dims: list[int]) -> MixtureSameFamily:
    loc, scale = (torch.from_numpy(a[:, dims]).double() for a in (images.loc, images.scale))
    parts = Independent(Normal(loc, scale), 1)
    return MixtureSameFamily(Categorical(torch.ones(len(loc)).double()), parts)


def test_a_cells_density_is_the_mean_of_the_exact_density_over_it(images):
    density = aggregate.plane_density(images, (0, 2), cells=5, extent=(-2, 2, -1, 3))
    fine = np.linspace(0, 1, 81)[:-1] + 1 / 160
    x, y = np.meshgrid(-2 + 0.8 * (1 + fine), -1 + 0.8 * (3 + fine))
    places = torch.from_numpy(np.stack([x.ravel(), y.ravel()], 1))
    exact = mixture(images, [0, 2]).log_prob(places).exp().numpy()
    # the midpoint rule at a hundredth of a unit, against widths from 0.05
    np.testing.assert_allclose(density.q[3, 1], exact.mean(), rtol=1e-3)


def test_posteriors_with_covariances_have_their_own_density_over_the_plane():
    rng = np.random.default_rng(0)
    loc = rng.normal(size=(30, 3))
    factor = np.tril(rng.normal(size=(30, 3, 3))) / 2 + np.eye(3)
    covariances = factor @ np.swapaxes(factor, 1, 2)
    scale = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    tril = factor[:, *np.tril_indices(3)]
    found = aggregate.plane_density(dataclasses.replace(atlas(loc, scale), tril=tril), (2, 0), 80)
    kept = np.ix_(range(30), [2, 0], [2, 0])
    parts = MultivariateNormal(
        torch.from_numpy(loc[:, [2, 0]]), torch.from_numpy(covariances[kept])
    )
    exact = MixtureSameFamily(Categorical(torch.ones(30).double()), parts)
    x, y = np.meshgrid(found.x, found.y)
    q = exact.log_prob(torch.from_numpy(np.stack([x.ravel(), y.ravel()], 1))).exp().numpy()
    # twelve pieces a posterior, and a mean over a cell against its middle: a share of the mass
    area = (found.x[1] - found.x[0]) ** 2
    assert np.abs(found.q.ravel() - q).sum() * area < 0.03
    independent = aggregate.plane_density(atlas(loc, scale), (2, 0), 80)
    assert np.abs(independent.q.ravel() - q).sum() * area > 0.1


def test_the_planes_densities_integrate_to_one(images):
    density = aggregate.plane_density(images, (0, 1), cells=30)
    area = (density.x[1] - density.x[0]) * (density.y[1] - density.y[0])
    # outside ±4 the prior has 1.3e-4, outside 3 σ a posterior at most 0.5 %, and few are there
    assert density.p.sum() * area == pytest.approx(1, abs=2e-4)
    assert density.q.sum() * area == pytest.approx(1, abs=2e-3)


def test_the_plane_reaches_four_sigma_of_the_prior_and_three_of_every_posterior():
    for loc, scale, reach in (([0, 0], 0.5, 4), ([0, -3], 0.5, 4.5), ([5, 0], [2, 1], 11)):
        density = aggregate.plane_density(atlas(loc, scale), cells=10)
        # ten cells from −reach to reach, so that the outer centres lie a tenth inside
        for centres in (density.x, density.y):
            np.testing.assert_allclose(centres[[0, -1]], [-0.9 * reach, 0.9 * reach], rtol=1e-6)


def test_very_narrow_posteriors_do_not_fall_between_the_grids_lines():
    images = atlas(np.random.default_rng(0).normal(size=(50, 2)), 1e-3)
    density = aggregate.plane_density(images, cells=20)
    area = (density.x[1] - density.x[0]) ** 2
    assert density.q.sum() * area == pytest.approx(1, abs=1e-9)


def test_the_log_ratio_vanishes_where_q_is_the_prior():
    density = aggregate.plane_density(atlas([[0.0, 0.0]], 1.0), cells=20)
    np.testing.assert_allclose(density.log_ratio, 0, atol=1e-9)
    found = aggregate.holes(density)
    assert found.prior_in_holes == 0
    # cells are in or out as a whole: at 0.4 wide the ring is a little off
    assert found.posterior_outside == pytest.approx(found.prior_outside, abs=5e-3)


def test_both_tails_keep_their_digits():
    density = aggregate.plane_density(atlas([[0.0, 0.0]], 1.0), cells=11, extent=(-15, 15, -15, 15))
    np.testing.assert_allclose(density.q, density.q[::-1, ::-1], rtol=1e-9)
    assert density.q.min() > 0


def test_the_share_outside_the_ring_is_the_closed_form_at_a_fine_grid():
    density = aggregate.plane_density(atlas([[0.0, 0.0]], 1.0), cells=400)
    found = aggregate.holes(density)
    assert found.posterior_outside == pytest.approx(math.exp(-4.5), abs=1e-4)
    assert found.prior_off_grid == pytest.approx(1 - math.erf(4 / math.sqrt(2)) ** 2, abs=1e-9)


def test_a_posterior_that_leaves_half_the_prior_empty_has_half_of_it_in_holes():
    # a half-normal along x: all of q on the right
    rng = np.random.default_rng(0)
    loc = rng.normal(size=(4000, 2))
    loc[:, 0] = np.abs(loc[:, 0])
    found = aggregate.holes(aggregate.plane_density(atlas(loc, 0.3), cells=60))
    # about half, less the seam that posteriors of width 0.3 reach across
    assert 0.3 < found.prior_in_holes < 0.5
    assert found.images == 4000


def test_images_far_from_the_prior_lie_outside_its_ring():
    found = aggregate.holes(aggregate.plane_density(atlas([[9.0, 0.0], [0.0, 0.0]], 0.1)))
    assert found.posterior_outside == pytest.approx(0.5)
    assert found.prior_in_holes > 0.9


def test_a_marginal_is_normalised_and_has_its_mixtures_moments(images):
    found = aggregate.marginal(images, 1)
    step = found.z[1] - found.z[0]
    assert found.q.sum() * step == pytest.approx(1, abs=1e-9)
    assert found.p.sum() * step == pytest.approx(1, abs=1e-9)
    assert found.mean == pytest.approx((found.z * found.q).sum() * step, abs=1e-9)
    spread = np.square(found.z - found.mean)
    assert found.variance == pytest.approx((spread * found.q).sum() * step, abs=1e-9)


@pytest.mark.parametrize(("loc", "scale"), [(0.0, 1.0), (2.0, 0.3), (-5.0, 2.5), (0.5, 0.02)])
def test_the_kl_of_one_posterior_is_its_closed_form(loc, scale):
    scale = float(np.float32(scale))
    expected = 0.5 * (loc**2 + scale**2 - 1) - math.log(scale)
    found = aggregate.marginal(atlas([[loc]], scale), 0)
    assert found.kl == pytest.approx(expected, abs=1e-8)


def test_the_kl_is_that_of_a_monte_carlo_estimate(images):
    q = mixture(images, [2])
    with torch.random.fork_rng():
        torch.manual_seed(0)
        z = q.sample((200_000,))
    terms = q.log_prob(z) - Normal(0.0, 1.0).log_prob(z[:, 0])
    # five standard errors
    tolerance = 5 * float(terms.std()) / math.sqrt(len(terms))
    assert aggregate.marginal(images, 2).kl == pytest.approx(float(terms.mean()), abs=tolerance)


def test_the_kl_of_draws_of_the_prior_is_near_zero_and_never_below():
    rng = np.random.default_rng(0)
    # mean and posterior variance that add up to the prior's
    found = aggregate.marginal(atlas(rng.normal(size=(5000, 1)) * 0.8, 0.6), 0)
    assert 0 <= found.kl < 1e-2


def test_posteriors_narrower_than_a_step_are_told_and_still_sum_to_one():
    images = atlas([[0.0], [1.0]], np.array([[1e-3], [0.5]]))
    found = aggregate.marginal(images, 0)
    assert found.widened == 0.5
    assert found.q.sum() * (found.z[1] - found.z[0]) == pytest.approx(1, abs=1e-8)


@pytest.mark.parametrize("ask", [aggregate.plane_density, lambda a: aggregate.marginal(a, 0)])
def test_the_density_of_an_autoencoders_points_is_refused(ask):
    with pytest.raises(UserError, match="points without width"):
        ask(atlas([[0.0, 0.0]], 0.0))


def test_an_autoencoders_points_take_a_kernel_that_the_result_names():
    points = atlas(np.random.default_rng(0).normal(size=(500, 2)), 0.0)
    width = aggregate.kernel_width(points, (0, 1))
    # Silverman's rule for a standard normal: n^(-1/6)
    assert width == pytest.approx(500 ** (-1 / 6), rel=0.1)
    assert aggregate.plane_density(points, kernel=width).kernel == width


@pytest.mark.parametrize("dims", [(0, 0), (0, 3), (-1, 0)])
def test_a_plane_of_dimensions_that_are_not_there_is_refused(images, dims):
    with pytest.raises(UserError, match="two different dimensions from 1 to 3"):
        aggregate.plane_density(images, dims)


@pytest.mark.parametrize("dim", range(3))
def test_the_kl_of_the_mean_is_at_most_the_mean_kl(images, dim):
    # the KL is convex in q; the difference is the information z carries about x (ELBO surgery)
    assert aggregate.marginal(images, dim).kl <= encoded.kl(images)[:, dim].mean()


def test_the_density_of_nearly_equal_points_is_refused():
    loc = np.random.default_rng(0).normal(scale=0.01, size=(50, 2)).astype(np.float32)
    atlas = Atlas(loc, np.zeros_like(loc), np.zeros(50, np.int64), np.arange(50))
    with pytest.raises(UserError, match="latent space has collapsed"):
        aggregate.plane_density(atlas, kernel=aggregate.kernel_width(atlas, (0, 1)))
