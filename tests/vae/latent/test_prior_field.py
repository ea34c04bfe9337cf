"""The small field from which a learned prior's contours are drawn holds its log density."""

import numpy as np
import pytest
import torch

from tests.learned_priors import LEARNED, moved
from vae.latent.prior_field import DEPTH, DRAWS, prior_field
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build


def places(field) -> np.ndarray:
    """Places of a field's entries, (rows · columns, 2), the first axis fastest."""
    a0, a1, b0, b1 = field.extent
    rows, columns = field.log_density.shape
    x, y = np.linspace(a0, a1, columns), np.linspace(b0, b1, rows)
    return np.stack([side.ravel() for side in np.meshgrid(x, y)], axis=1)


@pytest.mark.parametrize("z_dim", [1, 2])
@pytest.mark.parametrize("name", LEARNED)
def test_over_all_of_z_it_is_the_density_of_the_prior_itself(name, z_dim):
    model = moved(LEARNED[name], z_dim)
    field = prior_field(model, np.eye(2, z_dim))
    assert field.draws == 0
    z = torch.from_numpy(places(field)[:, :z_dim].astype(np.float32))
    with torch.inference_mode():
        exact = model.pz().log_prob(z).numpy()
    # below this the field ends, and rounding would be of the order of a nat
    near = exact > exact.max() - 0.4 * DEPTH
    found = field.log_density.ravel()[near].astype(np.float64)
    assert near.sum() > 50
    # float16 has 11 binary digits, and a height here is at most 20; a normal narrower than a cell
    # is drawn a cell wide, which these are not
    np.testing.assert_allclose(found, (exact - exact.max())[near], atol=0.02)


def test_over_a_plane_of_more_dimensions_a_mixture_has_the_density_of_its_projection():
    model = moved(LEARNED["mixture"], 5)
    axes = np.linalg.qr(np.random.default_rng(0).normal(size=(5, 2)))[0].T
    field = prior_field(model, axes)
    assert field.draws == 0
    on_plane = model.prior.sample(4000, torch.Generator().manual_seed(1)).numpy() @ axes.T
    density = np.exp(field.log_density.ravel().astype(np.float64))
    mean = (places(field) * (density / density.sum())[:, None]).sum(0)
    # four standard errors of the mean of 4,000 draws
    assert (np.abs(mean - on_plane.mean(0)) < 4 * on_plane.std(0) / np.sqrt(4000)).all()


def test_of_a_flow_over_a_plane_of_more_dimensions_it_says_of_how_many_draws_it_is():
    assert prior_field(moved(LEARNED["spline flow"], 3), np.eye(2, 3)).draws == DRAWS


@pytest.mark.parametrize("parts", [{}, {"posterior": "point"}])
def test_a_standard_normal_and_an_autoencoder_have_none(parts):
    model = build(VAEConfig((1, 8, 8), 2, MLP(hidden=(16,)), **parts))
    assert prior_field(model, np.eye(2)) is None
