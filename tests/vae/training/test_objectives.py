"""Objectives against torch.distributions and Monte Carlo."""

import dataclasses

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from vae.data.batch import Batch
from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors.posterior import Factorised
from vae.models.vae import build, noise_like, seeded
from vae.options import validate
from vae.training.objectives import OBJECTIVES, Autoencoder, Elbo

TINY = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(16,)))


@pytest.fixture
def batch(generator):
    return torch.rand(6, 1, 8, 8, generator=generator)


def terms(objective, batch, share=1.0, seed=0, generator=None):
    model = build(
        dataclasses.replace(
            TINY, posterior=objective.posterior, conditioning=objective.conditioning.for_classes(3)
        )
    )
    scored = Batch(batch, None, torch.arange(len(batch)))
    generator = generator or torch.Generator().manual_seed(seed)
    with seeded(0):
        module = objective.module(model.config)
    return module.terms(model, scored, share, len(batch), generator)


def test_the_kl_is_that_of_torch_and_of_monte_carlo(batch, generator):
    model = build(TINY)
    kl = terms(Elbo(), batch).kl_per_dim
    qz = model.encode(batch)
    normal = Normal(torch.zeros(2), torch.ones(2))
    torch.testing.assert_close(kl, kl_divergence(qz.base_dist, normal))
    many = qz.expand((50_000, 6))
    z = model.posterior.draw(many, noise_like(many, generator))
    draws = qz.base_dist.log_prob(z) - Normal(0.0, 1.0).log_prob(z)
    # five standard errors of the mean over 50,000 draws, for each of the twelve numbers
    assert bool(((draws.mean(0) - kl).abs() < 5 * draws.std(0) / 50_000**0.5).all())


def test_the_loss_weights_the_kl_once(batch):
    t = terms(Elbo(beta=4.0), batch)
    torch.testing.assert_close(t.loss, (4 * t.kl - t.log_px).mean())
    assert terms(Elbo(), batch).loss.item() == pytest.approx(-(t.log_px - t.kl).mean().item())


def test_warm_up_raises_beta_along_a_line():
    objective = Elbo(beta=2.0, warmup=0.5)
    assert [objective.beta_at(share) for share in (0, 0.25, 0.5, 1)] == [0, 1, 2, 2]


def test_free_bits_leave_the_first_nats_of_a_dimension_unpunished(batch):
    t = terms(Elbo(free_bits=50.0), batch)
    assert t.loss.item() == pytest.approx((100 - t.log_px.mean()).item(), rel=1e-6)


def test_free_bits_hold_for_the_mean_over_the_batch_of_each_dimension(batch):
    free = terms(Elbo(), batch).kl_per_dim.median().item()
    t = terms(Elbo(free_bits=free), batch)
    # some images lie below and some above, so that it matters where the maximum is taken
    assert t.kl_per_dim.min() < free < t.kl_per_dim.max()
    cost = sum(max(free, kl) for kl in t.kl_per_dim.mean(0).tolist())
    assert t.loss.item() == pytest.approx(cost - t.log_px.mean().item(), rel=1e-6)


def test_an_autoencoder_scores_reconstruction_alone(batch):
    t = terms(Autoencoder(), batch)
    assert t.kl is None
    torch.testing.assert_close(t.loss, -t.log_px.mean())


def test_reparameterized_draws_have_the_posteriors_mean_scale_and_gradient(generator):
    loc = torch.tensor([1.0, -2.0], requires_grad=True)
    scale = torch.tensor([0.5, 2.0], requires_grad=True)
    many = Factorised(loc, scale).expand((100_000,))
    z = build(TINY).posterior.draw(many, noise_like(many, generator))
    # five standard errors of a mean of 100,000 draws
    assert bool(((z.mean(0) - loc).abs() < 5 * scale / 100_000**0.5).all())
    torch.testing.assert_close(z.std(0), scale, rtol=0.02, atol=0)
    # d E[z²] / d loc = 2 loc and d E[z²] / d scale = 2 scale, to Monte Carlo error
    z.square().mean(0).sum().backward()
    torch.testing.assert_close(loc.grad, 2 * loc.detach(), rtol=0.03, atol=0.03)
    torch.testing.assert_close(scale.grad, 2 * scale.detach(), rtol=0.03, atol=0.03)


def test_the_bound_decodes_the_posteriors_mean_and_scaled_noise_of_the_generator(batch):
    model = build(TINY)
    qz = model.encode(batch)
    noise = torch.randn(6, 2, generator=torch.Generator().manual_seed(3))
    raw = model.decoder(qz.loc + qz.scale * noise)
    # a Bernoulli with grey pixels: the cross-entropy, summed over an image
    log_px = batch * raw.sigmoid().log() + (1 - batch) * (1 - raw.sigmoid()).log()
    torch.testing.assert_close(terms(Elbo(), batch, seed=3).log_px, log_px.sum((1, 2, 3)))


def test_an_autoencoder_decodes_the_point_without_noise(batch):
    model = build(dataclasses.replace(TINY, posterior="point"))
    raw = model.decoder(model.encode(batch).loc)
    log_px = batch * raw.sigmoid().log() + (1 - batch) * (1 - raw.sigmoid()).log()
    torch.testing.assert_close(terms(Autoencoder(), batch).log_px, log_px.sum((1, 2, 3)))


@pytest.mark.parametrize("objective", OBJECTIVES.values())
def test_the_noise_is_that_of_the_generator_and_no_other(objective, batch):
    generator = torch.Generator().manual_seed(3)
    before = torch.get_rng_state()
    losses = [terms(objective(), batch, generator=generator).loss.item() for _ in range(2)]
    assert torch.equal(torch.get_rng_state(), before)
    # the generator moves on between two batches, just where there is something to draw
    assert (losses[0] == losses[1]) == (objective is Autoencoder or objective.fits)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"beta": -1.0}, "beta must be from 0 to 10000, not -1.0"),
        ({"beta": float("nan")}, "beta must be from 0 to 10000, not nan"),
        ({"warmup": 2.0}, "warmup must be from 0 to 1, not 2.0"),
    ],
)
def test_options_out_of_range_are_refused(values, words):
    with pytest.raises(UserError, match=words):
        validate(Elbo(**values))
