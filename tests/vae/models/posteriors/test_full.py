"""The full covariance: its KL, its numbers, and a linear model in which it is p(z|x) itself."""

import numpy as np
import pytest
import torch

from tests.linear_gaussian import (
    images_of,
    linear_model,
    log_px,
    set_true_posterior,
    true_posterior,
)
from vae.data.batch import Batch
from vae.measures.bound import bound_terms, importance_weighted_log_px
from vae.models.divergence import divergence, is_exact
from vae.models.posteriors import POSTERIORS
from vae.models.posteriors.posterior import Factorised
from vae.training.objectives import Elbo

GENERATOR = torch.Generator().manual_seed(5)
ORTHOGONAL = 0.1 * torch.linalg.qr(torch.randn(64, 3, generator=GENERATOR)).Q
MIXED = torch.randn(64, 5, generator=GENERATOR) @ torch.randn(5, 5, generator=GENERATOR) / 40
ONE = torch.randn(64, 1, generator=GENERATOR) / 20
ALIKE = torch.tensor([[1.0, 0.95]]) * torch.randn(64, 1, generator=GENERATOR) / 20
WEIGHTS = {
    "orthogonal": ORTHOGONAL,
    "mixed": MIXED,
    "one dimension": ONE,
    "nearly the same column twice": ALIKE + torch.randn(64, 2, generator=GENERATOR) / 200,
}


def posterior(z_dim, batch=6, spread=1.0, seed=0):
    """A module and what it makes of random numbers of an encoder."""
    module = POSTERIORS["full"]().module(z_dim)
    generator = torch.Generator().manual_seed(seed)
    return module, module(spread * torch.randn(batch, module.outputs, generator=generator))


@pytest.mark.parametrize("z_dim", [1, 2, 5])
def test_the_kl_is_within_three_standard_errors_of_monte_carlo(z_dim, generator):
    module, qz = posterior(z_dim)
    prior = Factorised(torch.linspace(-0.5, 1, z_dim), torch.linspace(0.7, 2, z_dim))
    noise = torch.randn(40_000, 6, z_dim, generator=generator)
    z = module.draw(qz, noise)
    kl = divergence(qz, prior, z[0]).kl
    draws = module.log_prob(qz, noise) - prior.log_prob(z)
    assert is_exact(qz, prior)
    assert bool(((draws.mean(0) - kl).abs() < 3 * draws.std(0) / 40_000**0.5).all())


@pytest.mark.parametrize("z_dim", [1, 2, 5])
def test_the_density_of_a_draw_is_that_of_torch(z_dim, generator):
    module, qz = posterior(z_dim)
    noise = torch.randn(7, 6, z_dim, generator=generator)
    # torch solves a system for the noise: float32 through a triangle of entries up to about 4
    expected = qz.log_prob(module.draw(qz, noise))
    torch.testing.assert_close(module.log_prob(qz, noise), expected, rtol=1e-4, atol=1e-4)


def test_draws_have_the_mean_and_the_covariance(generator):
    module, qz = posterior(3, batch=2)
    z = module.draw(qz, torch.randn(200_000, 2, 3, generator=generator))
    # five standard errors of 200,000 draws, of which an entry of the covariance varies by about
    # the product of the two σ
    off = qz.stddev / 200_000**0.5
    assert bool(((z.mean(0) - qz.mean).abs() < 5 * off).all())
    centred = z - qz.mean
    found = torch.einsum("nbi,nbj->bij", centred, centred) / len(z)
    most = 5 * 2**0.5 * off[:, :, None] * qz.stddev[:, None, :]
    assert bool(((found - qz.covariance_matrix).abs() < most).all())
    torch.testing.assert_close(qz.stddev, qz.covariance_matrix.diagonal(dim1=1, dim2=2).sqrt())


@pytest.mark.parametrize("z_dim", [1, 2, 128])
def test_no_output_of_an_encoder_leaves_float16(z_dim):
    module, qz = posterior(z_dim, spread=1e6)
    kl = divergence(qz, Factorised(torch.zeros(z_dim), torch.ones(z_dim)), qz.mean).kl
    assert bool(kl.isfinite().all())
    assert bool(qz.stddev.half().isfinite().all())
    assert bool((qz.stddev > 0).all())
    assert bool(module.log_prob(qz, torch.ones(6, z_dim)).isfinite().all())


@pytest.mark.parametrize("name", WEIGHTS)
def test_with_the_true_posterior_the_bound_is_the_closed_form_of_probabilistic_pca(name):
    model = linear_model(WEIGHTS[name])
    set_true_posterior(model)
    images = images_of(model, 10_000)
    expected = log_px(model, images)
    found = bound_terms(model, images)
    # the standard errors that one draw per image leaves are from 0.007 to 0.014 nats
    assert (found.log_px - found.kl).mean() == pytest.approx(expected.mean(), abs=0.05)
    # log p(x, z) − log q(z|x) is log p(x) whatever z: each image meets it, but for float32
    weighted = importance_weighted_log_px(model, images[:50], 20)
    np.testing.assert_allclose(weighted, expected[:50], rtol=0, atol=0.05)


def test_training_reaches_the_closed_form_which_independent_dimensions_miss():
    gaps = {}
    for name in ("full", "gaussian"):
        torch.manual_seed(0)
        model = linear_model(MIXED, name)
        images = images_of(model, 100)
        x = torch.from_numpy(images).float() / 255
        _train_encoder(model, x)
        with torch.inference_mode():
            qz = model.encode(x)
            noise = torch.randn(500, len(x), 5, generator=torch.Generator().manual_seed(1))
            z = model.posterior.draw(qz, noise)
            # the mean over draws of log q(z|x) − log p(z|x) is the gap between bound and log p(x)
            apart = model.posterior.log_prob(qz, noise) - true_posterior(model, x).log_prob(z)
            gaps[name] = float(apart.mean())
    assert gaps["full"] < 0.05
    # the gap of the best independent dimensions is ½ (log det diag(Λ) − log det Λ) of the
    # precision Λ = M / σ², where M is as in `linear_gaussian`
    precision = MIXED.double().T @ MIXED.double() / 0.2**2 + torch.eye(5).double()
    best = 0.5 * (precision.diagonal().log().sum() - torch.logdet(precision))
    assert gaps["gaussian"] == pytest.approx(best.item(), abs=0.05)
    assert best > 0.4


def _train_encoder(model, x):
    """Maximise the bound over the encoder alone."""
    objective = Elbo().module(model.config)
    batch = Batch(x, None, torch.arange(len(x)))
    generator = torch.Generator().manual_seed(0)
    steps = 600
    optimizer = torch.optim.Adam(model.encoder.parameters(), lr=0.02)
    decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        optimizer.zero_grad()
        objective.terms(model, batch, 1.0, len(x), generator).loss.backward()
        optimizer.step()
        decay.step()
