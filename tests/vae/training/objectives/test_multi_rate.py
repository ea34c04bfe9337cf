"""The bound at every β: it is the ELBO's at each, and what is learnt trades rate for distortion."""

import dataclasses

import numpy as np
import pytest
import torch

from vae.data import load
from vae.data.batch import Batch
from vae.errors import UserError
from vae.measures.evaluation import evaluate
from vae.models.conditioning import Labels, MultiRate
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import Elbo, MultiRateBound, check_fit, conditionings_for
from vae.training.objectives.multi_rate import draw_betas, reported

SHAPE = (1, 8, 8)
TOLD = VAEConfig(SHAPE, 2, MLP(hidden=(32,)), conditioning="beta")


def batch_of(generator, count=6):
    return Batch(torch.rand(count, *SHAPE, generator=generator), None, torch.arange(count))


def seeded():
    return torch.Generator().manual_seed(3)


@pytest.mark.parametrize("beta", [0.05, 1.0, 7.0])
def test_at_one_beta_the_loss_is_the_elbos(beta, generator):
    model, batch = build(TOLD), batch_of(generator)
    log_beta = torch.full((6,), beta).log()
    found = MultiRateBound().module(TOLD).terms_at(model, batch, log_beta, seeded())
    plain = model.at(beta)
    elbo = Elbo(beta=beta).module(plain.config).terms(plain, batch, 1.0, 6, seeded())
    # sums of 64 pixels and two dimensions in float32
    torch.testing.assert_close(found.loss, elbo.loss, rtol=1e-5, atol=0)
    torch.testing.assert_close(found.kl, elbo.kl, rtol=1e-4, atol=1e-5)


def test_the_balance_divides_the_loss_of_large_betas_and_leaves_small_ones(generator):
    model, batch = build(TOLD), batch_of(generator)
    for beta, divisor in ((0.25, 1.0), (4.0, 2.0)):
        log_beta = torch.full((6,), beta).log()
        plain, balanced = (
            MultiRateBound(balance).module(TOLD).terms_at(model, batch, log_beta, seeded()).loss
            for balance in (0.0, 0.5)
        )
        # one multiplication in float32
        torch.testing.assert_close(balanced * divisor, plain, rtol=1e-6, atol=0)


def test_a_step_sees_every_part_of_the_range_once(generator):
    low, high = np.log([0.01, 10])
    parts = (draw_betas((0.01, 10), 10, generator).numpy() - low) / (high - low) * 10
    assert np.floor(parts).tolist() == list(range(10))


def test_what_is_reported_of_training_is_near_beta_1():
    low, high = np.log([0.01, 10])
    told = reported((0.01, 10), 128)
    edges = np.exp(low + (high - low) * np.array([told.start, told.stop]) / 128)
    assert 0.5 <= edges[0] < 1 < edges[1] <= 2
    assert reported((0.01, 10), 1) == slice(0, 1)
    assert reported((1.0, 1.0), 4) == slice(0, 4)


def test_images_that_are_only_looked_at_are_scored_at_beta_1(generator):
    model, batch = build(TOLD), batch_of(generator)
    found = MultiRateBound().module(TOLD).score(model, batch, 6, seeded())
    elbo = Elbo().module(TOLD).terms(model, batch, 1.0, 6, seeded())
    assert found.kl.tolist() == elbo.kl.tolist()


def test_a_model_that_is_not_told_beta_is_refused_and_one_that_is_by_all_others():
    with pytest.raises(UserError, match="that is told β; choose the conditioning beta, not none"):
        check_fit(MultiRateBound(), VAEConfig(SHAPE, 2))
    with pytest.raises(UserError, match="elbo has but one β to tell; choose .* none"):
        check_fit(Elbo(), TOLD)


def test_a_range_of_beta_and_a_class_are_not_told_together_and_it_is_said():
    labels = dataclasses.replace(VAEConfig(SHAPE, 2), conditioning=Labels(3))
    with pytest.raises(UserError, match="told β, which cannot be told a class too; choose .* beta"):
        check_fit(MultiRateBound(), labels)
    assert list(conditionings_for(MultiRateBound)) == ["beta"]


@pytest.fixture(scope="module")
def digits():
    return load("digits")


@pytest.fixture(scope="module")
def learnt(digits):
    config = VAEConfig(digits.image_shape, 2, MLP(hidden=(32, 32)), conditioning="beta")
    trainer = Trainer(
        build(config), digits, TrainConfig(MultiRateBound(), epochs=40, batch_size=64)
    )
    list(trainer.run())
    return trainer.model.eval()


def test_the_rate_falls_and_the_distortion_grows_from_the_least_beta_to_the_largest(learnt, digits):
    found = [evaluate(learnt.at(beta), digits.test) for beta in (0.01, 0.1, 1.0, 10.0)]
    rates, distortions = [f.kl for f in found], [-f.reconstruction for f in found]
    assert rates == sorted(rates, reverse=True) and rates[0] > 2 * rates[-1]
    assert distortions[0] < distortions[-1] - 0.5


def test_going_on_after_a_stop_ends_where_a_whole_run_does(digits):
    config = VAEConfig(digits.image_shape, 2, MLP(hidden=(8,)), conditioning=MultiRate(0.1, 4.0))
    whole, half, rest = (
        Trainer(build(config), digits, TrainConfig(MultiRateBound(), epochs=1, batch_size=200))
        for _ in range(3)
    )
    list(whole.run())
    half._advance()
    rest.restore(*half.state())
    list(rest.run())
    expected, found = whole.state()[0], rest.state()[0]
    assert all(torch.equal(expected[key], found[key]) for key in expected)
