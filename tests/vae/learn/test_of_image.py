"""What lesson 6 says of one image, held against closed forms."""

import math

import numpy as np
import pytest
import torch

from tests.linear_gaussian import images_of, linear_model, log_px
from vae.learn import of_image
from vae.models.vae import VAE

SIGMA = 0.3


@pytest.fixture(scope="module")
def model() -> VAE:
    weight = 0.3 * torch.randn(64, 2, generator=torch.Generator().manual_seed(3))
    return linear_model(weight)


@pytest.fixture(scope="module")
def image(model: VAE) -> np.ndarray:
    return images_of(model, 1)[0]


def test_the_three_terms_are_the_closed_form_and_add_up(model: VAE, image: np.ndarray) -> None:
    found = of_image.identity(model, image)
    # what the quadrature promises
    assert found.log_px == pytest.approx(float(log_px(model, image[None])[0]), abs=0.01)
    assert found.elbo + found.kl == pytest.approx(found.log_px, abs=0.01)
    assert found.kl > 0


def test_more_draws_tighten_the_bound_from_the_elbo_towards_log_px(
    model: VAE, image: np.ndarray
) -> None:
    with torch.no_grad():
        # a q that is wrong, but not so wrong that a thousand draws say nothing
        model.encoder[1].weight.zero_()
        model.encoder[1].bias.zero_()
        model.encoder[1].bias[2:4] = math.log(0.5)
    whole = of_image.identity(model, image)
    bounds = [of_image.tightened(model, image, k) for k in (1, 10, 1000)]
    assert bounds == sorted(bounds)
    # the standard errors of the means over repetitions are below a twentieth of these gaps
    assert bounds[0] == pytest.approx(whole.elbo, abs=0.15 * whole.kl)
    assert bounds[-1] == pytest.approx(whole.log_px, abs=0.15 * whole.kl)


def test_draws_of_the_prior_average_to_p_of_x_and_few_of_them_carry_it(
    model: VAE, image: np.ndarray
) -> None:
    found = of_image.over_prior(model, image, draws=40_000)
    exact = float(log_px(model, image[None])[0])
    # some hundred draws carry the mean: a relative error of some tenths
    assert found.log_px == pytest.approx(exact, abs=0.3)
    assert 10 < found.needed < 4_000


def test_a_gaussian_is_squared_error_and_a_bernoulli_cross_entropy(
    model: VAE, image: np.ndarray
) -> None:
    found = of_image.losses(model, image, SIGMA)
    # float64 sums of 64 terms
    assert found.log_gaussian == pytest.approx(
        -found.squared_error / (2 * SIGMA**2) - found.constant, abs=1e-9
    )
    assert found.log_bernoulli == pytest.approx(-found.cross_entropy, abs=1e-9)
