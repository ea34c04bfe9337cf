"""The flow posterior: its density, its way back, its moments, and where it bends nothing."""

import numpy as np
import pytest
import torch

from vae.models.posteriors import POSTERIORS, Flow
from vae.models.posteriors.flow import fixed_noise
from vae.models.posteriors.posterior import Factorised
from vae.models.vae import noise_like


def bent(z_dim, batch=4, bend=0.4, options=None):
    """A module in float64 whose steps bend, and what it makes of random numbers of an encoder."""
    torch.manual_seed(3)
    module = (options or Flow(units=16, bins=4, context=3)).module(z_dim).double()
    for step in module.steps:
        torch.nn.init.normal_(step.last.weight, std=bend)
        torch.nn.init.normal_(step.last.bias, std=bend)
    with torch.no_grad():
        return module, module(torch.randn(batch, module.outputs, dtype=torch.float64))


def noise_for(qz, count, generator):
    return torch.randn(count, *qz.base_dist.loc.shape, dtype=torch.float64, generator=generator)


@pytest.mark.parametrize("z_dim", [1, 2, 5])
def test_the_density_of_a_draw_is_that_of_its_noise_over_autograds_determinant(z_dim, generator):
    module, qz = bent(z_dim)
    noise = noise_for(qz, 1, generator)[0]
    jacobian = torch.autograd.functional.jacobian(lambda e: module.draw(qz, e).sum(0), noise)
    found = module.log_prob(qz, noise)
    each = jacobian.transpose(0, 1)
    expected = torch.distributions.Normal(0.0, 1.0).log_prob(noise).sum(1)
    expected = expected - torch.linalg.det(each).abs().log()
    # float64 on both sides
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("z_dim", [1, 2, 5])
def test_the_density_of_a_place_is_that_of_the_noise_it_came_from(z_dim, generator):
    module, qz = bent(z_dim)
    noise = 3 * noise_for(qz, 50, generator)
    z = module.draw(qz, noise)
    # float64 through z_dim passes a step of splines whose slopes reach about 0.1 and 10
    torch.testing.assert_close(qz.log_prob(z), module.log_prob(qz, noise), rtol=1e-7, atol=1e-7)


def test_the_density_over_a_plane_adds_up_to_one():
    _, qz = bent(2, batch=1)
    side = torch.linspace(-8, 8, 300, dtype=torch.float64)
    steps = torch.cartesian_prod(side, side)[:, None]
    z = qz.base_dist.loc + qz.base_dist.scale * steps
    cell = float((side[1] - side[0]) ** 2 * qz.base_dist.scale.prod())
    with torch.no_grad():
        total = float(qz.log_prob(z).exp().sum()) * cell
    # the error of the sum over cells is of the size of a jump of the second derivative
    assert total == pytest.approx(1, abs=1e-3)


def test_a_flow_of_one_dimension_is_no_normal_distribution_and_adds_up_to_one():
    _, qz = bent(1, batch=1, bend=1.0)
    z = qz.base_dist.loc + qz.base_dist.scale * torch.linspace(-8, 8, 4000).double()[:, None, None]
    with torch.no_grad():
        density = qz.log_prob(z).exp()[:, 0]
        normal = torch.distributions.Normal(qz.mean[0], qz.stddev[0]).log_prob(z[:, 0, 0]).exp()
    cell = float((z[1] - z[0]).abs().sum())
    assert float(density.sum()) * cell == pytest.approx(1, abs=1e-3)
    assert float((density - normal).abs().sum()) * cell > 0.2


@pytest.mark.parametrize("z_dim", [1, 2, 7, 40])
def test_as_it_is_built_a_flow_is_the_normal_distribution_itself(z_dim, generator):
    torch.manual_seed(0)
    module = Flow().module(z_dim)
    qz = module(torch.randn(3, module.outputs))
    base = qz.base_dist
    noise = torch.randn(20, 3, z_dim, generator=generator)
    z = module.draw(qz, noise)
    close = {"rtol": 1e-5, "atol": 1e-5}  # a few roundings of float32 per dimension
    torch.testing.assert_close(z, base.loc + base.scale * noise, **close)
    expected = Factorised(base.loc, base.scale).log_prob(z)
    # z − loc loses digits that the noise has: 1e-4 of a sum of up to 40 squares
    torch.testing.assert_close(module.log_prob(qz, noise), expected, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(qz.mean, base.loc, **close)
    torch.testing.assert_close(qz.stddev, base.scale, **close)
    if (factor := module.factor(qz)) is not None:
        torch.testing.assert_close(factor, torch.diag_embed(base.scale), **close)


@pytest.mark.parametrize("z_dim", [1, 2, 5])
def test_mean_and_covariance_are_those_of_many_draws(z_dim, generator):
    module, qz = bent(z_dim, bend=0.25)
    with torch.no_grad():
        z = module.draw(qz, noise_for(qz, 20_000, generator))
    # 64 draws that are spread evenly leave a twentieth of σ, and some more in the covariance
    assert bool(((z.mean(0) - qz.mean).abs() < 0.05 * qz.stddev).all())
    factor = module.factor(qz)
    found = torch.einsum("nbi,nbj->bij", z - z.mean(0), z - z.mean(0)) / len(z)
    most = 0.15 * qz.stddev[:, :, None] * qz.stddev[:, None, :]
    assert bool(((factor @ factor.mT - found).abs() < most).all())
    torch.testing.assert_close(factor.square().sum(-1).sqrt(), qz.stddev)


def test_the_fixed_draws_are_the_same_in_every_mode_and_leave_random_numbers_alone():
    before = torch.get_rng_state()
    fixed_noise.cache_clear()
    with torch.inference_mode():
        first = fixed_noise(3)
    fixed_noise.cache_clear()
    np.testing.assert_array_equal(first, fixed_noise(3))
    assert torch.equal(before, torch.get_rng_state())


def test_outlines_are_where_the_flow_takes_the_circles(generator):
    module, qz = bent(2)
    lines = module.outlines(qz)
    assert lines.shape == (4, 2, 24, 2)
    # in units of the noise that they come from, the corners lie on circles of radius 1 and 2
    noise = (lines + qz.mean[:, None, None] - qz.base_dist.loc[:, None, None]).movedim(0, 2)
    noise = noise / qz.base_dist.scale
    for step in reversed(qz._chain()):
        noise = step.inv(noise)
    radius = noise.norm(dim=-1)
    expected = torch.tensor([1.0, 2.0]).double()[:, None, None].expand(radius.shape)
    torch.testing.assert_close(radius, expected)
    assert bent(3)[0].outlines(bent(3)[1]) is None


@pytest.mark.parametrize("posterior", ["full", "flow"])
def test_under_autocast_draws_and_densities_are_those_of_float32(posterior, generator):
    module = POSTERIORS[posterior]().module(3)
    for step in getattr(module, "steps", []):
        torch.nn.init.normal_(step.last.weight, std=0.2)
    qz = module(torch.randn(4, module.outputs, generator=generator))
    noise = noise_like(qz, generator)
    plain = module.draw(qz, noise), module.log_prob(qz, noise)
    with torch.autocast("cpu", torch.bfloat16):
        copy = noise.clone()
        found = module.draw(qz, copy), module.log_prob(qz, copy)
    for value, expected in zip(found, plain, strict=True):
        assert value.dtype == torch.float32
        assert torch.equal(value, expected)
