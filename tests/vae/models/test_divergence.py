"""KL(q(z|x) ‖ p(z)): exact where there is a formula, right in the mean where there is none."""

import pytest
import torch
from torch.distributions import (
    Categorical,
    Independent,
    MixtureSameFamily,
    MultivariateNormal,
    Normal,
    kl_divergence,
)

from vae.models.divergence import divergence, is_exact


@pytest.fixture
def qz():
    """Three posteriors of two dimensions that factorise."""
    loc = torch.tensor([[0.0, 1.0], [2.0, -1.0], [0.5, 0.5]])
    return Independent(Normal(loc, torch.tensor([[0.5, 1.0], [0.2, 0.3], [1.5, 0.7]])), 1)


PRIOR = Independent(Normal(torch.tensor([0.5, 0.0]), torch.tensor([1.0, 2.0])), 1)


def test_two_products_have_a_kl_a_dimension_that_adds_up_to_the_whole(qz):
    found = divergence(qz, PRIOR, qz.mean)
    torch.testing.assert_close(found.per_dim, kl_divergence(qz.base_dist, PRIOR.base_dist))
    torch.testing.assert_close(found.kl, found.per_dim.sum(1))
    assert is_exact(qz, PRIOR)


def test_full_covariances_have_the_formulas_kl_and_none_a_dimension():
    root = torch.tensor([[1.0, 0.0], [0.6, 0.4]])
    q = MultivariateNormal(torch.tensor([[1.0, 0.0], [0.0, 2.0]]), scale_tril=root)
    p = MultivariateNormal(torch.zeros(2), torch.eye(2))
    # whatever z was drawn plays no part
    found = divergence(q, p, torch.full((2, 2), 9.0))
    # (tr Σ + |μ|² − d − log det Σ) / 2, with tr Σ = 1 + 0.36 + 0.16 and det Σ = 0.4²
    wanted = [(1.52 + square - 2 - 2 * torch.tensor(0.4).log().item()) / 2 for square in (1, 4)]
    assert found.kl.tolist() == pytest.approx(wanted)
    assert found.per_dim is None
    assert is_exact(q, p)


def test_without_a_formula_one_draw_is_right_in_the_mean(qz, generator):
    # both parts are the prior, so that the mixture is the prior too, and torch does not know it
    parts = Independent(Normal(PRIOR.mean.expand(2, 2), PRIOR.stddev.expand(2, 2)), 1)
    mixture = MixtureSameFamily(Categorical(torch.tensor([0.3, 0.7])), parts)
    assert not is_exact(qz, mixture)
    noise = torch.randn(20_000, 3, 2, generator=generator)
    found = divergence(qz, mixture, qz.mean + qz.stddev * noise)
    assert found.per_dim is None
    # five standard errors of the mean over 20,000 draws
    error = found.kl.std(0) / 20_000**0.5
    assert bool(((found.kl.mean(0) - kl_divergence(qz, PRIOR)).abs() < 5 * error).all())
