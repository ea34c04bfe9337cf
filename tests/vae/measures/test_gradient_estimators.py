"""Both estimators of a gradient are right in the mean, and scatter as the closed form says."""

import pytest
import torch
from torch import Tensor

from vae.measures.gradient_estimators import Gradients, reparameterized, scatter, score_function

DRAWS = 200_000
SIGMAS = 5
"""By so many standard errors a mean may miss: once in two million."""
A, B, C = 1.5, -2.0, 3.0
LOC, SCALE = torch.tensor([0.7], dtype=torch.float64), torch.tensor([0.4], dtype=torch.float64)


def quadratic(z: Tensor) -> Tensor:
    return (0.5 * A * z**2 + B * z + C).squeeze(-1)


def noise(seed: int = 0, dims: int = 1) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(DRAWS, dims, generator=generator, dtype=torch.float64)


ESTIMATORS = {
    "reparameterized": reparameterized,
    "score function": score_function,
    "score function with a baseline": lambda *given: score_function(*given, baseline=True),
}


@pytest.mark.parametrize("name", ESTIMATORS)
def test_the_mean_is_the_gradient_of_the_expectation(name: str) -> None:
    # E f = A (μ² + σ²) / 2 + B μ + C
    found = ESTIMATORS[name](quadratic, LOC, SCALE, noise())
    expected = Gradients(A * LOC + B, A * SCALE)
    for estimates, gradient in zip(found, expected, strict=True):
        error = estimates.std() / DRAWS**0.5
        assert abs(estimates.mean() - gradient) < SIGMAS * error


def moments(name: str) -> tuple[float, float]:
    """Variances of one draw for μ and σ: moments of a polynomial of ε, by hand.

    f = f₀ + c ε + d ε² at z = μ + σ ε.
    """
    mu, sigma = float(LOC), float(SCALE)
    slope = A * mu + B
    if name == "reparameterized":
        # A z + B, and the same times ε
        return (A * sigma) ** 2, slope**2 + 2 * (A * sigma) ** 2
    f, c, d = 0.5 * A * mu**2 + B * mu + C, slope * sigma, 0.5 * A * sigma**2
    # E f² = s₀, coefficients of 1, ε² and ε⁴ in f², and E εᵏ = 1, 3, 15, 105, 945
    s0, s2, s4 = f**2, c**2 + 2 * f * d, d**2
    loc = (s0 + 3 * s2 + 15 * s4) / sigma**2 - slope**2
    even = [s0 * (3 - 2 + 1), s2 * (15 - 6 + 1), s4 * (105 - 30 + 3)]
    return loc, sum(even) / sigma**2 - (A * sigma) ** 2


@pytest.mark.parametrize("name", ["reparameterized", "score function"])
def test_one_draw_scatters_as_the_closed_form_says(name: str) -> None:
    found = ESTIMATORS[name](quadratic, LOC, SCALE, noise(1))
    for estimates, variance in zip(found, moments(name), strict=True):
        # a variance of heavy-tailed draws is known to a few per cent
        assert scatter(estimates) == pytest.approx(variance, rel=0.05)


def test_a_constant_adds_to_the_scatter_of_the_score_function_alone() -> None:
    def lifted(z: Tensor) -> Tensor:
        return quadratic(z) + 100

    eps = noise(2)
    path, score = (
        [scatter(ESTIMATORS[name](f, LOC, SCALE, eps).loc) for f in (quadratic, lifted)]
        for name in ("reparameterized", "score function")
    )
    assert path[0] == pytest.approx(path[1])
    assert score[1] > 100 * score[0]
    held = [
        scatter(score_function(f, LOC, SCALE, eps, baseline=True).loc) for f in (quadratic, lifted)
    ]
    assert held[0] == pytest.approx(held[1])


def test_the_scatter_adds_up_over_dimensions() -> None:
    eps = noise(3, dims=2)
    assert scatter(eps) == pytest.approx(float(eps[:, 0].var() + eps[:, 1].var()))
