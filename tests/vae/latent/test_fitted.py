"""A normal fitted to codes, against NumPy's covariance and torch's density."""

import numpy as np
import pytest
import torch
from torch.distributions import MultivariateNormal

from tests.exported import lively_model
from vae.checkpoint import Atlas
from vae.export.priors import prior_header
from vae.latent.fitted import LEAST, fitted_normal
from vae.models.config import VAEConfig
from vae.models.networks import MLP


def codes(count: int = 300) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(size=(count, 3)) @ rng.normal(size=(3, 3)) + [5.0, 0.0, -2.0]


def test_its_moments_are_those_of_the_codes():
    found = fitted_normal(codes())
    np.testing.assert_allclose(found.loc, codes().mean(0))
    np.testing.assert_allclose(found.tril @ found.tril.T, np.cov(codes().T, ddof=0), rtol=1e-9)
    assert (np.diag(found.tril) > 0).all() and (np.triu(found.tril, 1) == 0).all()


def test_its_density_is_that_of_torch():
    found, z = fitted_normal(codes()), codes()[:10] + 0.3
    known = MultivariateNormal(*map(torch.from_numpy, (found.loc, found.tril @ found.tril.T)))
    np.testing.assert_allclose(found.log_density(z), known.log_prob(torch.from_numpy(z)))


@pytest.mark.parametrize("count", [2, 200])
def test_codes_on_a_plane_have_one_too(count):
    flat = codes(count) @ np.diag([1.0, 1.0, 0.0])
    found = fitted_normal(flat)
    assert found.tril[2, 2] == pytest.approx(LEAST)
    assert np.isfinite(found.log_density(flat)).all()


@pytest.mark.parametrize(("posterior", "there"), [("point", True), ("gaussian", False)])
def test_only_a_model_without_a_prior_tells_one(posterior, there):
    model = lively_model(VAEConfig((1, 8, 8), 3, MLP(hidden=(8,)), posterior=posterior))
    loc = codes(50)
    atlas = Atlas(loc, np.zeros_like(loc), np.full(50, -1), np.arange(50))
    assert ("fitted" in prior_header(model, atlas)) == there
    assert "fitted" not in prior_header(model, None)
