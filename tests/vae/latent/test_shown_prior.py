"""A prior for drawing: the density over a plane, its levels and the lines at them."""

import numpy as np
import pytest
import torch

from tests.learned_priors import LEARNED, moved
from vae.latent.shown_prior import SHARES, ShownPrior, contour, levels, plane_field, shown_prior
from vae.models.priors.prior import Components, standard_components

AXES = np.array([[0.6, 0.0, 0.8], [0.0, 1.0, 0.0]])


@pytest.mark.parametrize("name", LEARNED)
def test_a_field_over_a_plane_adds_up_to_one(name):
    for z_dim, axes in ((2, np.eye(2)), (3, AXES)):
        shown = shown_prior(moved(LEARNED[name], z_dim).prior)
        x, y, p = plane_field(shown, axes, np.zeros(z_dim))
        # four widths of the outermost normal hold all but 1e-4 of it; a flow's draws almost all
        assert p.sum() * (x[1] - x[0]) * (y[1] - y[0]) == pytest.approx(1, abs=0.01)


def test_the_field_of_a_mixture_is_its_exact_marginal_on_a_tilted_plane():
    rng = np.random.default_rng(0)
    parts = Components(np.array([0.3, 0.7]), rng.normal(size=(2, 3)), rng.uniform(0.3, 1.5, (2, 3)))
    x, y, p = plane_field(ShownPrior(parts), AXES, np.array([0.5, 0, 0]), cells=60)
    expected = 0
    for weight, loc, scale in zip(parts.weight, parts.loc, parts.scale, strict=True):
        covariance = AXES @ np.diag(scale**2) @ AXES.T
        normal = torch.distributions.MultivariateNormal(
            torch.from_numpy(AXES @ (loc - [0.5, 0, 0])), torch.from_numpy(covariance)
        )
        places = torch.from_numpy(np.stack(np.meshgrid(x, y), -1))
        expected = expected + weight * normal.log_prob(places).exp().numpy()
    np.testing.assert_allclose(p, expected, rtol=1e-8, atol=1e-12)


def test_the_levels_of_a_standard_normal_are_its_rings():
    x, y, p = plane_field(ShownPrior(standard_components(2)), np.eye(2), np.zeros(2), cells=200)
    for radius, level in zip((1, 2, 3), levels(p), strict=True):
        lines = contour(x, y, p, level)
        # a cell is 0.04 wide
        np.testing.assert_allclose(np.linalg.norm(lines, axis=-1), radius, atol=0.03)
        # the lines close: each end belongs to two of them, or to four where two ends meet
        ends = np.unique(np.round(lines.reshape(-1, 2), 9), axis=0, return_counts=True)[1]
        assert (ends % 2 == 0).all()


@pytest.mark.parametrize("name", ["mixture", "spline flow"])
def test_the_region_above_a_level_holds_its_share_of_the_draws(name):
    prior = moved(LEARNED[name], 2).prior
    shown = shown_prior(prior)
    found = levels(plane_field(shown, np.eye(2), np.zeros(2))[2])
    draws = prior.sample(4000, torch.Generator().manual_seed(11))
    density = prior.distribution().log_prob(draws).exp()
    for share, level in zip(SHARES, found, strict=True):
        held = (density > level).double().mean().item()
        # four standard errors, and what a grid of 120 by 120 places misses
        assert held == pytest.approx(share, abs=4 * (share * (1 - share) / 4000) ** 0.5 + 0.01)


def test_draws_stand_for_a_flow_of_three_dimensions_alone():
    for z_dim, known in ((1, True), (2, True), (3, False)):
        shown = shown_prior(moved(LEARNED["spline flow"], z_dim).prior)
        assert shown.draws == len(shown.components.loc) == 5000
        assert (shown.log_density is not None) == known == shown.is_exact(z_dim)
    exact = shown_prior(moved(LEARNED["mixture"], 3).prior)
    assert exact.draws is None and exact.is_exact(1) and not exact.is_standard
