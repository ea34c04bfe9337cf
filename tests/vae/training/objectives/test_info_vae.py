"""The maximum mean discrepancy against its closed form, and the bound around it."""

import math

import pytest
import torch

from tests.toys.mixture import Mixture
from tests.vae.training.objectives.scoring import images, model_for, score, standard_error
from vae.training.objectives import Elbo, InfoVae
from vae.training.objectives.bound import draw
from vae.training.objectives.info_vae import KERNELS, squared_mmd


def estimates(shift: float, scale: float, kernel: str, generator: torch.Generator) -> torch.Tensor:
    """Estimate the distance of small samples of N(0, 1) and N(shift, scale²) in 3 dimensions."""
    found = []
    for _ in range(2000):
        a, b = torch.randn(2, 8, 3, generator=generator)
        found.append(squared_mmd(a, shift + scale * b, kernel, 1.5))
    return torch.stack(found)


def mean_kernel(variance: float, square: float) -> float:
    """E exp(−|x − y|² / 2ℓ²) where x − y is normal, of this variance, in 3 dimensions; ℓ = 1.5."""
    whole = 1.5**2 + variance
    return (1.5**2 / whole) ** 1.5 * math.exp(-square / (2 * whole))


@pytest.mark.parametrize(("shift", "scale"), [(0.7, 1.0), (0.0, 0.3), (-0.4, 2.0)])
def test_the_distance_of_two_gaussians_is_that_of_its_formula(shift, scale, generator):
    found = estimates(shift, scale, "gaussian", generator)
    within = mean_kernel(2, 0) + mean_kernel(2 * scale**2, 0)
    expected = within - 2 * mean_kernel(1 + scale**2, 3 * shift**2)
    assert (found.mean() - expected).abs() < 3 * standard_error(found)
    assert expected > 10 * standard_error(found)


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_distance_of_equal_distributions_is_0_in_the_mean(kernel, generator):
    found = estimates(0.0, 1.0, kernel, generator)
    assert found.mean().abs() < 3 * standard_error(found)


def test_the_slower_kernel_tells_two_distributions_apart_too(generator):
    found = estimates(0.7, 1.0, "inverse-multiquadratic", generator)
    assert found.mean() > 10 * standard_error(found)


def test_without_its_own_weights_it_is_the_elbo():
    objective, batch = InfoVae(alpha=0.0, scale=1.0), images(6)
    torch.testing.assert_close(score(objective, batch).loss, score(Elbo(), batch).loss)


@pytest.mark.parametrize("alpha", [0.25, 1.0])
def test_the_draws_come_from_the_models_own_prior(alpha):
    objective, batch = InfoVae(alpha=alpha, scale=40.0, bandwidth=0.8), images(6)
    model = model_for(objective, prior=Mixture(components=2))
    generator = torch.Generator().manual_seed(0)
    found = draw(model, batch, generator)
    distance = squared_mmd(found.z, model.prior.sample(6, generator), "gaussian", 0.8)
    expected = ((1 - alpha) * found.kl - found.log_px).mean() + (39 + alpha) * distance
    torch.testing.assert_close(score(objective, batch, model).loss, expected)


def test_the_distance_moves_the_encoder():
    with_it, without = (InfoVae(alpha=1.0, scale=scale) for scale in (300.0, 0.0))
    gradients = []
    for objective in (with_it, without):
        model = model_for(objective)
        score(objective, images(6), model).loss.backward()
        gradients.append([p.grad for p in model.encoder.parameters()])
    assert not any(torch.equal(*pair) for pair in zip(*gradients, strict=True))
