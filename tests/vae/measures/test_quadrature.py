"""Integrals over z on a grid, against closed forms and importance sampling."""

import numpy as np
import pytest
import torch

from tests import linear_gaussian
from tests.linear_gaussian import images_of, linear_model, set_true_posterior, true_posterior
from vae.errors import UserError
from vae.measures import quadrature
from vae.measures.bound import importance_weighted_log_px
from vae.measures.quadrature import exact_log_px
from vae.measures.quadrature.cells import Cells, grid, integrate
from vae.models.conditioning import Labels
from vae.models.config import VAEConfig
from vae.models.likelihoods import Gaussian
from vae.models.networks import MLP
from vae.models.posteriors import Flow
from vae.models.priors import Mixture
from vae.models.vae import VAE, build

SHAPE = (1, 8, 8)
SETTLED = 0.01
"""Nats, as the module promises: no figure changes by more than 0.001 at the last halving, and the
models are float32, which sums of 64 pixels lose 1e-4 nats to."""


def model_of(seed: int = 3, gain: float = 3.0, **parts) -> VAE:
    """Make a small model whose decoder and encoder are bent enough for a posterior to be odd."""
    model = build(
        VAEConfig(SHAPE, **{"z_dim": 2, "architecture": MLP(hidden=(16,)), **parts}), seed
    )
    with torch.no_grad():
        for layer in model.decoder:
            if isinstance(layer, torch.nn.Linear):
                layer.weight.mul_(gain)
    return model.requires_grad_(False)


def ink(count: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return 255 * rng.integers(0, 2, (count, *SHAPE), dtype=np.uint8)


def tilted(z_dim: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(2)
    return 0.3 * torch.randn(64, z_dim, generator=generator)


@pytest.mark.parametrize("z_dim", [1, 2])
def test_log_px_of_a_linear_model_is_its_closed_form(z_dim):
    model = linear_model(tilted(z_dim))
    images = images_of(model, 5)
    found = exact_log_px(model, images)
    np.testing.assert_allclose(found.log_px, linear_gaussian.log_px(model, images), atol=SETTLED)
    assert (found.change < 2e-3).all()


@pytest.mark.parametrize("z_dim", [1, 2])
def test_the_gap_is_the_kl_to_the_true_posterior_in_closed_form(z_dim):
    model = linear_model(tilted(z_dim))
    images = images_of(model, 4)
    x = torch.from_numpy(images).float() / 255
    with torch.inference_mode():
        expected = torch.distributions.kl_divergence(
            torch.distributions.MultivariateNormal(
                model.encode(x).mean.double(), scale_tril=model.encode(x).scale_tril.double()
            ),
            true_posterior(model, x),
        )
    # the encoder is not trained, so that q is off by thousands of nats
    np.testing.assert_allclose(exact_log_px(model, images).gap, expected, rtol=1e-4)


def test_the_bound_is_tight_where_the_encoder_knows_the_true_posterior():
    model = linear_model(tilted(2))
    set_true_posterior(model)
    found = exact_log_px(model, images_of(model, 4))
    np.testing.assert_allclose(found.gap, 0, atol=SETTLED)
    np.testing.assert_allclose(found.elbo, found.log_px, atol=SETTLED)


PARTS = {
    "one dimension": {"z_dim": 1},
    "gaussian": {},
    "full": {"posterior": "full"},
    "flow": {"posterior": Flow()},
    "mixture prior": {"prior": Mixture(components=3)},
    "gaussian pixels": {"likelihood": Gaussian(scale=0.3)},
    "told classes": {"conditioning": Labels(classes=3)},
}


@pytest.mark.parametrize("kind", PARTS)
def test_bound_and_gap_add_up_to_log_px(kind):
    model, images = model_of(**PARTS[kind]), ink(2)
    labels = np.arange(2) if "told" in kind else None
    found = exact_log_px(model, images, labels)
    np.testing.assert_allclose(found.elbo + found.gap, found.log_px, atol=SETTLED)
    assert (found.gap > 0).all()


@pytest.mark.parametrize("kind", PARTS)
def test_importance_sampling_agrees(kind):
    # a mild decoder, whose posterior is so wide that an untrained q reaches all of it
    model, images = model_of(gain=0.7, **PARTS[kind]), ink(2)
    labels = np.arange(2) if "told" in kind else None
    found = exact_log_px(model, images, labels).log_px
    seeds = range(10)
    each = np.stack(
        [importance_weighted_log_px(model, images, 4000, seed, labels=labels) for seed in seeds]
    )
    ratio = np.exp(each - found)
    error = ratio.std(axis=0, ddof=1) / np.sqrt(len(seeds))
    # p(x) over its integral is 1, within four standard errors of the estimate
    assert (error < 0.05).all()
    assert (np.abs(ratio.mean(axis=0) - 1) < 4 * error).all()


def test_the_true_posterior_on_a_grid_is_the_closed_form():
    model = linear_model(tilted(2))
    set_true_posterior(model)
    image = images_of(model, 1)
    found = quadrature.true_posterior(model, image[0], cells=60)
    expected = true_posterior(model, torch.from_numpy(image).float() / 255)
    places = np.stack(np.meshgrid(found.x, found.y), axis=-1)
    density = expected.log_prob(torch.from_numpy(places)).exp().numpy()
    # log p(x, z) of 64 pixels in float32
    np.testing.assert_allclose(found.posterior, density, rtol=2e-3, atol=1e-3 * density.max())
    np.testing.assert_allclose(found.mean, expected.mean[0], atol=1e-4)
    np.testing.assert_allclose(found.stddev, expected.stddev[0], rtol=1e-3)


def test_densities_in_the_window_add_up_to_one():
    found = quadrature.true_posterior(model_of(), ink(1)[0], cells=100)
    area = (found.x[1] - found.x[0]) * (found.y[1] - found.y[0])
    # the window ends where densities are at e^-8 of their heights
    assert found.posterior.sum() * area == pytest.approx(1, abs=2e-3)
    assert found.q.sum() * area == pytest.approx(1, abs=2e-3)
    assert found.log_px == pytest.approx(found.elbo + found.gap, abs=SETTLED)


def test_a_window_may_be_given_and_one_dimension_has_no_rows():
    model = model_of(z_dim=1)
    found = quadrature.true_posterior(model, ink(1)[0], cells=50, window=(-2.0, 2.0, 0.0, 0.0))
    assert found.y is None and found.posterior.shape == found.q.shape == found.prior.shape == (50,)
    np.testing.assert_allclose(found.x[[0, -1]], [-1.96, 1.96])
    normal = torch.distributions.Normal(0.0, 1.0)
    expected = normal.log_prob(torch.from_numpy(found.x)).exp()
    np.testing.assert_allclose(found.prior, expected, rtol=1e-5)


def test_two_peaks_far_apart_and_narrow_are_both_found():
    centres, sigma = np.array([[-3.03, 1.01], [3.52, -2.2]]), np.array([0.004, 0.02])

    def log_density(z: np.ndarray) -> np.ndarray:
        square = np.square(z[:, None] - centres).sum(-1) / sigma**2
        each = -0.5 * square - np.log(2 * np.pi * sigma**2)
        return np.logaddexp(*each.T)[:, None]

    z = grid(np.full(2, -6.0), np.full(2, 6.0), 0.25)
    first = Cells(z, np.full(len(z), 0.25), log_density(z))
    found = integrate(log_density, lambda cells: (cells.log_integral(),), first)
    assert found.figures[0] == pytest.approx(np.log(2), abs=1e-3)
    np.testing.assert_allclose(found.cells.mean(found.cells.z), centres.mean(0), atol=1e-3)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"z_dim": 3}, "2 latent dimensions at most, and this model has 3"),
        ({"posterior": "point"}, "without a density"),
    ],
)
def test_a_model_that_no_grid_serves_is_refused_with_the_reason(parts, sentence):
    with pytest.raises(UserError, match=sentence):
        exact_log_px(model_of(**parts), ink(1))
