"""The discretized logistic mixture: a probability of each 8-bit value, whatever the raw numbers."""

import dataclasses

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import FEW
from vae import data
from vae.models.config import VAEConfig
from vae.models.likelihoods import LogisticMixture
from vae.models.likelihoods.logistic_mixture import LogisticMixtureLikelihood
from vae.models.networks import MLP
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.validation import validate

VALUES = torch.arange(256, dtype=torch.float64)[:, None, None, None] / 255
STEP = 1 / 255
# a decoder's usual numbers, and such as only a broken or a very sure one gives
numbers = st.one_of(st.floats(-8, 8), st.floats(-1e6, 1e6), st.sampled_from([0.0, 1e-30, 1e4]))


def raw_of(values: list[float]) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)[None, :, None, None]


def masses(raw: torch.Tensor, components: int) -> torch.Tensor:
    """Probabilities of the 256 values of a grey pixel."""
    lik = LogisticMixtureLikelihood(components)
    return lik.log_prob(raw.expand(256, -1, 1, 1), VALUES).exp()


@FEW
@given(st.lists(numbers, min_size=6, max_size=6))
def test_the_256_values_add_up_to_one(values):
    # float64 sums of 256 numbers: some 1e-14, and far less than what a missing edge would cost
    assert masses(raw_of(values), 2).sum().item() == pytest.approx(1, abs=1e-9)


@FEW
@given(st.lists(numbers, min_size=6, max_size=6))
def test_the_mean_is_within_half_a_step_of_that_of_the_256_values(values):
    raw = raw_of(values)
    exact = (masses(raw, 2) * VALUES.ravel()).sum().item()
    # rounding moves no value by more than half a step; the rest is float64
    assert abs(LogisticMixtureLikelihood(2).mean(raw).item() - exact) <= STEP / 2 + 1e-9


@pytest.mark.parametrize("loc", [-0.3, 0.0, 0.1234, 0.5, 0.9, 1.0])
def test_the_mean_is_that_of_the_256_values_where_components_are_wider_than_a_step(loc):
    # log s = −8 + log(1 + e^(raw + 6)) is about raw − 2: s is 5 steps
    raw = raw_of([0.0, loc - 0.5, -1.93])
    exact = (masses(raw, 1) * VALUES.ravel()).sum().item()
    # the trapezoidal rule is off by h²/24 of the slope at the edges, 1/(4 s) at most: 0.002 steps
    assert LogisticMixtureLikelihood(1).mean(raw).item() == pytest.approx(exact, abs=0.003 * STEP)


@FEW
@given(st.lists(numbers, min_size=14, max_size=14), st.lists(st.floats(-2, 3), min_size=3))
def test_value_mean_and_gradient_are_finite_in_float32(values, pixels):
    raw = raw_of(values).float().requires_grad_()
    x = torch.tensor(pixels[:3])[None, :, None, None]
    lik = LogisticMixtureLikelihood(2)
    log_px = lik.log_prob(raw, x)
    (log_px + lik.mean(raw).sum()).sum().backward()
    assert log_px.isfinite().all() and raw.grad.isfinite().all()
    assert log_px.item() <= 1e-3


@pytest.mark.parametrize("scale", [-60.0, -20.0, -8.0])
def test_the_gradient_of_a_small_scale_lives(scale):
    # in the middle of a value the density grows as s shrinks, beside it as s grows
    raw = raw_of([0.0, 0.5, scale]).requires_grad_()
    lik = LogisticMixtureLikelihood(1)
    lik.log_prob(raw, torch.full((1, 1, 1, 1), 0.5, dtype=torch.float64)).sum().backward()
    assert raw.grad[0, 2].item() > 0


def test_pixels_off_the_grid_are_rounded_to_it(generator):
    lik = LogisticMixtureLikelihood(3)
    raw = torch.randn(4, lik.raw_channels(3), 5, 6, dtype=torch.float64, generator=generator)
    step = torch.randint(0, 256, (4, 3, 5, 6), generator=generator).double()
    beside = step + 0.98 * (torch.rand(step.shape, generator=generator) - 0.5)
    torch.testing.assert_close(lik.log_prob(raw, beside / 255), lik.log_prob(raw, step / 255))


def test_the_channels_of_a_pixel_share_their_component():
    # dark in all channels or bright in all: the two components lie at 1/4 and at 3/4
    lik = LogisticMixtureLikelihood(2)
    raw = torch.zeros(1, lik.raw_channels(3), 1, 1, dtype=torch.float64)
    raw[:, 8:] = -4
    light, dark = torch.tensor(191 / 255), torch.tensor(64 / 255)
    alike = lik.log_prob(raw, light.expand(1, 3, 1, 1).double())
    mixed = lik.log_prob(raw, torch.stack([light, dark, light])[None, :, None, None].double())
    assert alike.item() > mixed.item() + 50


def test_draws_have_the_probabilities_of_their_values(generator):
    lik = LogisticMixtureLikelihood(2)
    raw = raw_of([0.3, -0.3, -0.1, 0.4, 0.0, -1.5])
    with torch.random.fork_rng():
        torch.manual_seed(0)
        drawn = lik(raw).sample((40_000,))
    found = torch.bincount((255 * drawn).round().long().ravel(), minlength=256) / len(drawn)
    # total variation: 256 values with a standard error of √(p/n) each come to about 0.03
    assert (found - masses(raw, 2)).abs().sum().item() / 2 < 0.06


def test_a_larger_batch_holds_the_same_distribution(generator):
    lik = LogisticMixtureLikelihood(2)
    raw = torch.randn(1, lik.raw_channels(1), 4, 4, generator=generator)
    x = torch.rand(3, 1, 4, 4, generator=generator)
    torch.testing.assert_close(lik(raw).expand((3,)).log_prob(x), lik(raw).log_prob(x))


def test_training_makes_the_images_more_probable():
    digits = data.load("digits")
    model = VAEConfig((1, 8, 8), 4, MLP(hidden=(64,)), LogisticMixture(components=3))
    trainer = Trainer(build(model), digits, TrainConfig(epochs=4))
    assert trainer.binarize == "none"
    before, _ = validate(trainer.step_module, trainer.held_out, "cpu")
    *_, report = trainer.run()
    # under a uniform choice of 256 values each of the 64 pixels costs log 256
    assert before.elbo < report.validation.elbo
    assert report.validation.elbo > -64 * torch.tensor(256.0).log().item()


def test_another_number_of_components_makes_another_decoder():
    config = VAEConfig((3, 8, 8), 2, MLP(hidden=(8,)), LogisticMixture(components=2))
    more = dataclasses.replace(config, likelihood=LogisticMixture(components=4))
    shapes = [build(c).decoder(torch.zeros(1, 2)).shape for c in (config, more)]
    assert shapes == [(1, 14, 8, 8), (1, 28, 8, 8)]
