"""The best q of each image, against closed forms of a linear model."""

import numpy as np
import pytest
import torch
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from tests import linear_gaussian
from tests.linear_gaussian import images_of, linear_model, set_true_posterior, true_posterior
from vae.measures import gaps
from vae.measures.gaps import inference_gaps
from vae.models.conditioning import Labels
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors import Flow
from vae.models.vae import build

SHAPE = (1, 8, 8)
FOUND = 0.05
"""Nats within which gradient steps come to the best q, and 5,000 draws tell its bound."""


def tilted(z_dim: int) -> torch.Tensor:
    """Weights whose columns are alike, so that the true posterior is far from independent."""
    generator = torch.Generator().manual_seed(2)
    alike = torch.randn(64, 1, generator=generator)
    return 0.1 * (alike + 0.6 * torch.randn(64, z_dim, generator=generator))


def near_model(z_dim: int, posterior: str):
    """Return a linear model whose encoder is near the true posterior, as a trained one is."""
    model = linear_model(tilted(z_dim), "full")
    set_true_posterior(model)
    if posterior == "gaussian":
        full, model = model, linear_model(tilted(z_dim), "gaussian")
        with torch.no_grad():
            model.encoder[1].weight.copy_(full.encoder[1].weight[: 2 * z_dim])
            model.encoder[1].bias.copy_(full.encoder[1].bias[: 2 * z_dim])
    with torch.no_grad():
        # the means are off, and the widths too
        model.encoder[1].bias[:z_dim] += 0.2
        model.encoder[1].bias[z_dim : 2 * z_dim] += 0.3
    return model


@pytest.mark.parametrize("z_dim", [1, 2, 3])
def test_a_family_that_holds_the_true_posterior_leaves_no_approximation_gap(z_dim):
    model = near_model(z_dim, "full")
    images = images_of(model, 4)
    found = inference_gaps(model, images)
    np.testing.assert_allclose(found.log_px, linear_gaussian.log_px(model, images), atol=FOUND)
    np.testing.assert_allclose(found.approximation, 0, atol=FOUND)
    assert (found.amortisation > 0.2).all()


@pytest.mark.parametrize("z_dim", [2, 3])
def test_the_best_independent_normal_is_the_closed_form(z_dim, monkeypatch):
    # so many that their noise is below what the steps leave
    monkeypatch.setattr(gaps, "SAMPLES", 100_000)
    model = near_model(z_dim, "gaussian")
    images = images_of(model, 4)
    found = inference_gaps(model, images)
    true = true_posterior(model, torch.from_numpy(images) / 255)
    # its means are the true ones, its precisions the diagonal of the true precision: Bishop 2006,
    # "Pattern recognition and machine learning", eq. 10.12 and 10.13
    scale = true.precision_matrix.diagonal(dim1=-2, dim2=-1).rsqrt().expand(4, -1)
    best = MultivariateNormal(true.mean, scale_tril=torch.diag_embed(scale))
    expected = kl_divergence(best, true)
    assert (expected > 4 * FOUND).all()
    np.testing.assert_allclose(found.approximation, expected, atol=FOUND)
    with torch.inference_mode():
        qz = model.encode(torch.from_numpy(images) / 255)
    own = MultivariateNormal(qz.mean.double(), scale_tril=torch.diag_embed(qz.stddev.double()))
    whole = kl_divergence(own, true)
    np.testing.assert_allclose(found.approximation + found.amortisation, whole, atol=2 * FOUND)
    assert isinstance(qz, Independent) and isinstance(qz.base_dist, Normal)


PARTS = {
    "two dimensions": {"z_dim": 2},
    "three dimensions": {"z_dim": 3},
    "full": {"z_dim": 3, "posterior": "full"},
    "flow": {"z_dim": 3, "posterior": Flow(units=8, bins=4, context=2)},
    "told classes": {"z_dim": 3, "conditioning": Labels(classes=2)},
}


@pytest.mark.parametrize("kind", PARTS)
def test_log_px_is_at_least_the_best_bound_and_that_at_least_the_encoders(kind):
    model = build(VAEConfig(SHAPE, architecture=MLP(hidden=(16,)), **PARTS[kind]), seed=3)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    images = 255 * np.random.default_rng(0).integers(0, 2, (3, *SHAPE), dtype=np.uint8)
    labels = np.array([0, 1, 0]) if "told" in kind else None
    counted: list[int] = []
    found = inference_gaps(model, images, labels, count=counted.append, steps=60)
    # the grids' own tolerance; draws obey it exactly
    slack = 2e-3 if "two" in kind else 0
    assert (found.approximation >= -slack).all()
    assert (found.amortisation >= 0).all()
    # an untrained encoder is far from the best
    assert found.amortisation.mean() > 0.3
    assert sum(counted) == 3
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert all(p.grad is None for p in model.parameters())


def test_the_encoders_bound_is_that_of_the_evaluation(monkeypatch):
    from vae.measures.bound import bound_terms

    monkeypatch.setattr(gaps, "SAMPLES", 2000)
    model = near_model(3, "gaussian")
    images = images_of(model, 6)
    found = inference_gaps(model, images, steps=1)
    drawn = [bound_terms(model, images, seed) for seed in range(200)]
    each = np.stack([one.log_px - one.kl for one in drawn])
    error = each.std(axis=0, ddof=1) * np.sqrt(1 / 200 + 1 / 2000)
    # four standard errors of either estimate
    assert (np.abs(found.elbo - each.mean(axis=0)) < 4 * error).all()
