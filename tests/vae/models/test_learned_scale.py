"""A learned standard deviation of a pixel: where training takes it, and what is said of it."""

import dataclasses
import math

import pytest
import torch

from vae import data
from vae.measures.evaluation import evaluate
from vae.models.config import VAEConfig
from vae.models.likelihoods import SMALLEST_SCALE, Gaussian
from vae.models.networks import MLP
from vae.models.vae import VAE, build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer

SMALL = VAEConfig(
    image_shape=(1, 8, 8),
    architecture=MLP(hidden=(64,)),
    likelihood=Gaussian(scale=0.1, learned=True),
)


def settled(model: VAE, x: torch.Tensor, raw: torch.Tensor, steps: int) -> float:
    """Let σ settle on fixed outputs of a decoder and return it."""
    for _ in range(steps):
        model.zero_grad(set_to_none=True)
        (-model.likelihood.log_prob(raw, x).mean()).backward()
        model.likelihood.settle(x[0].numel())
    return model.likelihood.pixel_scale()


@pytest.fixture(scope="module")
def digits() -> data.ImageDataset:
    return data.load("digits")


@pytest.mark.parametrize("start", [0.01, 0.1, 1.0])
def test_training_takes_sigma_to_the_root_mean_square_error(digits, start):
    config = dataclasses.replace(SMALL, likelihood=Gaussian(scale=start, learned=True))
    model = build(config)
    list(Trainer(model, digits, TrainConfig(epochs=20)).run())
    x = torch.from_numpy(digits.train.images).float() / 255
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        qz = model.encode(x)
        z = qz.loc + qz.scale * torch.randn(qz.loc.shape, generator=generator)
        error = (model.decode_mean(z) - x).square().mean().sqrt().item()
    # σ is a running mean over the last five steps or so, in which the error still moves a little
    assert model.likelihood.pixel_scale() == pytest.approx(error, rel=0.05)


@pytest.mark.parametrize("start", [0.01, 0.02, 3.0])
def test_sigma_settles_where_the_likelihood_is_greatest(start):
    model = build(dataclasses.replace(SMALL, likelihood=Gaussian(scale=start, learned=True)))
    x, raw = torch.full((4, 1, 8, 8), 0.5), torch.zeros(4, 1, 8, 8)
    x[:, :, ::2] += 0.2
    x[:, :, 1::2] -= 0.2
    # each step goes a fifth of the way: 100 leave 0.8¹⁰⁰ of it, float32 rounds at 1e-6
    assert settled(model, x, raw, 100) == pytest.approx(0.2, rel=1e-4)


def test_each_step_takes_sigma_a_fifth_of_the_way_to_the_root_mean_square_error():
    model = build(SMALL)
    # every pixel is 0.2 off, and σ starts at 0.1
    raw, x = torch.zeros(4, 1, 8, 8), torch.full((4, 1, 8, 8), 0.7)
    assert settled(model, x, raw, 1) == pytest.approx(0.1 * 2**0.2, rel=1e-5)


def test_sigma_leaves_its_floor_as_soon_as_the_error_is_larger():
    model = build(SMALL)
    raw = torch.zeros(4, 1, 8, 8)
    assert settled(model, torch.full((4, 1, 8, 8), 0.5), raw, 100) < 1.01 * SMALLEST_SCALE
    assert "at its floor of 0.01" in model.likelihood.floor_words()
    assert settled(model, torch.full((4, 1, 8, 8), 0.6), raw, 100) == pytest.approx(0.1, rel=1e-4)
    assert model.likelihood.floor_words() is None


def test_sigma_leaves_a_place_below_the_floor_where_the_density_has_no_gradient():
    model = build(SMALL)
    with torch.no_grad():
        model.likelihood.log_scale.fill_(math.log(SMALLEST_SCALE) - 3)
    raw = torch.zeros(4, 1, 8, 8)
    assert settled(model, torch.full((4, 1, 8, 8), 0.6), raw, 100) == pytest.approx(0.1, rel=1e-4)


def test_a_fixed_sigma_stays_as_it_was_given(digits):
    model = build(dataclasses.replace(SMALL, likelihood=Gaussian(scale=0.3)))
    list(Trainer(model, digits, TrainConfig(epochs=1)).run())
    assert model.likelihood.pixel_scale() == pytest.approx(0.3)


def test_a_report_and_an_evaluation_tell_sigma(digits):
    model = build(SMALL)
    *_, report = Trainer(model, digits, TrainConfig(epochs=1)).run()
    assert report.pixel_scale == model.likelihood.pixel_scale()
    result = evaluate(model.eval(), digits.test).to_json()
    assert result["pixel_scale"] == report.pixel_scale
    assert "may be negative" in result["note"]


def test_an_evaluation_says_that_sigma_is_at_its_floor(digits):
    model = build(dataclasses.replace(SMALL, likelihood=Gaussian(scale=0.01, learned=True)))
    assert "at its floor of 0.01" in evaluate(model.eval(), digits.test).note


def test_a_likelihood_without_sigma_tells_none(digits):
    result = evaluate(build(VAEConfig(image_shape=(1, 8, 8))).eval(), digits.test).to_json()
    assert "pixel_scale" not in result


def test_resuming_equals_never_having_stopped_with_a_learned_sigma(digits):
    config = TrainConfig(epochs=4)
    whole, first, second = (Trainer(build(SMALL), digits, config) for _ in range(3))
    list(whole.run())
    for _ in range(7):
        first._advance()
    second.restore(*first.state())
    list(second.run())
    assert torch.equal(whole.model.likelihood.log_scale, second.model.likelihood.log_scale)
