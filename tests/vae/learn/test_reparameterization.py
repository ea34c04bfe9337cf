"""The reparameterization trick, on the shipped decoder: two estimates of one gradient."""

import pytest
import torch
from torch import Tensor

from tests.vae.learn.opened import facts_of, model
from vae.learn.reparameterization import compared, reconstruction
from vae.learn.specimens import specimens
from vae.measures.gradient_estimators import Gradients, scatter

DRAWS = 20_000
SIGMAS = 5
"""By so many standard errors two means may differ: once in a million."""


def digit() -> tuple[torch.nn.Module, Tensor]:
    """The smallest shipped decoder, and an image of its own making."""
    vae = model("digits-2d").model
    with torch.inference_mode():
        x = vae.decode_mean(torch.tensor([[0.5, -0.7]]))
    return vae, x.clone()


@pytest.fixture(scope="module")
def estimates() -> list[Gradients]:
    """Estimates by the path, by the score function, and by it with a baseline."""
    return compared(*digit(), DRAWS, torch.Generator().manual_seed(1))


@pytest.mark.parametrize("which", [1, 2])
@pytest.mark.parametrize("of", ["loc", "scale"])
def test_the_estimates_agree_in_the_mean(estimates: list[Gradients], which: int, of: str) -> None:
    path, other = getattr(estimates[0], of), getattr(estimates[which], of)
    error = (path.var(0) + other.var(0)).div(DRAWS).sqrt()
    assert ((path.mean(0) - other.mean(0)).abs() < SIGMAS * error).all()


def test_the_path_is_the_derivative_of_the_mean_loss() -> None:
    vae, x = digit()
    (path, *_) = compared(vae, x, DRAWS, torch.Generator().manual_seed(1))
    with torch.no_grad():
        qz = vae.encode(x)
        noise = torch.randn(DRAWS, 2, generator=torch.Generator().manual_seed(1))
        f, step = reconstruction(vae, x), 1e-2
        for d in range(2):
            aside = step * torch.eye(2)[d]
            # with the same noise on both sides only the curvature is left, of the step's square
            up, down = (
                f(qz.mean + sign * aside + qz.stddev * noise).double().mean() for sign in (1, -1)
            )
            slope = float(up - down) / (2 * step)
            assert slope == pytest.approx(float(path.loc.mean(0)[d]), rel=0.02, abs=0.1)


@pytest.mark.parametrize("of", ["loc", "scale"])
def test_a_single_draw_of_the_score_function_scatters_far_more(
    estimates: list[Gradients], of: str
) -> None:
    path, score, baseline = (scatter(getattr(one, of)) for one in estimates)
    assert score > 20 * path
    assert path < baseline < score


def test_what_the_lesson_states_is_far_over_one_and_a_baseline_takes_most_of_it() -> None:
    facts = facts_of("reparameterization")
    assert facts["times"] == pytest.approx((facts["score"] / facts["path"]) ** 2)
    # the right one of the choices: thousands
    assert 2000 < facts["times"] < 100_000
    assert 1 < facts["baseline_times"] < 0.01 * facts["times"]
    assert facts["baseline_times"] < facts["wide_times"]
    assert (facts["images"], facts["wide_dims"]) == (len(specimens().images), 20)
