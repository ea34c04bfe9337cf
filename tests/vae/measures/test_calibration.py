"""Calibration of a linear model, whose posterior is known, and of pixels."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import norm

from tests.linear_gaussian import images_of, linear_model, set_true_posterior
from vae.measures.calibration import (
    binary_calibration_error,
    coverage,
    pixel_ranks,
    posterior_ranks,
)
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import VAE, build

COUNT = 1000


def exact() -> VAE:
    """Make a linear model whose q(z|x) is p(z|x)."""
    weight = 0.1 * torch.randn((64, 3), generator=torch.Generator().manual_seed(0))
    model = linear_model(weight)
    set_true_posterior(model)
    return model.eval()


def sure(level: float, count: int) -> float:
    """Three standard errors of a share."""
    return 3 * math.sqrt(level * (1 - level) / count)


def test_the_exact_posterior_of_a_linear_model_is_calibrated():
    ranks = posterior_ranks(exact(), COUNT)
    for level in (0.5, 0.9):
        for share in coverage(ranks, level).mean(0):
            assert share == pytest.approx(level, abs=sure(level, COUNT))
    # and every tenth of the ranks has a tenth of the values
    assert np.bincount(ranks.ravel() // 10) / ranks.size == pytest.approx(
        np.full(10, 0.1), abs=sure(0.1, COUNT)
    )


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_a_posterior_of_another_width_is_found_out(factor):
    model = exact()
    with torch.no_grad():
        model.encoder[1].bias[3:6] += math.log(factor)
    ranks = posterior_ranks(model, COUNT)
    for level in (0.5, 0.9):
        expected = 2 * norm.cdf(factor * norm.ppf(0.5 + level / 2)) - 1
        # the edges of intervals of 99 draws add a little to the error of 3 · 1,000 values
        assert coverage(ranks, level).mean() == pytest.approx(expected, abs=0.03)


def test_a_posterior_that_lies_beside_the_truth_has_its_ranks_on_one_side():
    model = exact()
    with torch.no_grad():
        model.encoder[1].bias[0] += 1.0
    ranks = posterior_ranks(model, COUNT)
    assert ranks[:, 0].mean() < 30
    assert ranks[:, 1:].mean() == pytest.approx(49.5, abs=3)


def test_intervals_hold_as_many_ranks_as_they_say():
    every = np.arange(100)
    assert coverage(every, 0.5).sum() == 50
    assert coverage(every, 0.9).sum() == 90


def test_pixels_of_the_model_itself_are_calibrated_and_those_of_a_noisier_one_are_not():
    model = exact()
    images = images_of(model, 400)
    inside = coverage(pixel_ranks(model, images), 0.5)
    # values are rounded to 8 bits and clipped, a thousandth each of the noise
    assert inside.mean() == pytest.approx(0.5, abs=0.02)
    rng = np.random.default_rng(0)
    noisy = (images + 100 * rng.standard_normal(images.shape)).clip(0, 255).astype(np.uint8)
    assert coverage(pixel_ranks(model, noisy), 0.5).mean() < 0.4


def test_the_error_of_probabilities_is_nothing_for_pixels_drawn_from_them():
    model = build(VAEConfig((1, 8, 8), 2, MLP((8,))), seed=1).eval()
    with torch.no_grad():
        # z says nothing about the image, and every pixel has a probability of its own
        model.decoder[-2].weight.zero_()
        model.decoder[-2].bias.copy_(torch.linspace(-3, 3, 64))
    white = torch.linspace(-3, 3, 64).sigmoid().numpy().reshape(1, 1, 8, 8)
    rng = np.random.default_rng(0)
    drawn = 255 * (rng.random((2000, 1, 8, 8)) < white).astype(np.uint8)
    # 20 bins of 6,400 pixels each on average
    assert binary_calibration_error(model, drawn) < 0.01
    expected = np.abs(white - (1 - white)).mean()
    assert binary_calibration_error(model, 255 - drawn) == pytest.approx(expected, abs=0.01)
