"""Which encoded images cover a place, and how many they amount to."""

import numpy as np
import pytest
import torch
from torch.distributions import MultivariateNormal

from vae.checkpoint import Atlas
from vae.latent import cover

RNG = np.random.default_rng(0)


def atlas(count: int = 6, z_dim: int = 3, tril: bool = False, scale: float = 0.5) -> Atlas:
    loc = RNG.normal(size=(count, z_dim)).astype(np.float32)
    width = np.full_like(loc, scale)
    rows = None
    if tril:
        square = RNG.normal(size=(count, z_dim, z_dim)) * 0.3 + np.eye(z_dim)
        factors = np.linalg.cholesky(square @ np.swapaxes(square, 1, 2))
        rows = factors[:, *np.tril_indices(z_dim)].astype(np.float32)
    none = np.zeros(count, np.int64)
    return Atlas(loc, width, none, np.arange(count), tril=rows)


@pytest.mark.parametrize("tril", [False, True])
def test_the_shares_are_the_posteriors_densities_over_their_sum(tril: bool) -> None:
    encoded, z = atlas(tril=tril), RNG.normal(size=3)
    factors = np.zeros((6, 3, 3))
    if encoded.tril is None:
        factors[:] = 0.5 * np.eye(3)
    else:
        factors[:, *np.tril_indices(3)] = encoded.tril
    q = MultivariateNormal(
        torch.from_numpy(encoded.loc).double(), scale_tril=torch.from_numpy(factors)
    )
    expected = torch.softmax(q.log_prob(torch.from_numpy(z)), 0).numpy()
    np.testing.assert_allclose(cover.weights(encoded, z)[0], expected, rtol=1e-6)


def test_equal_shares_amount_to_as_many_images_as_there_are() -> None:
    assert cover.effective(np.full((1, 8), 1 / 8))[0] == pytest.approx(8)
    assert cover.effective(np.eye(8)[:1])[0] == pytest.approx(1)


def test_posteriors_far_apart_share_no_place_and_equal_ones_share_all() -> None:
    apart = atlas(count=5, scale=1e-4)
    assert cover.sharing(apart) == pytest.approx(1)
    same = Atlas(apart.loc * 0, apart.scale + 1, apart.label, apart.index)
    assert cover.sharing(same) == pytest.approx(5)


def test_images_of_another_class_weigh_nothing_where_a_class_is_told() -> None:
    encoded = atlas(count=4)
    classed = Atlas(encoded.loc, encoded.scale, np.array([0, 1, 0, 1]), encoded.index)
    (own,) = cover.weights(classed, np.zeros(3), np.array([1]))
    assert own[[0, 2]].tolist() == [0, 0]
    assert own.sum() == pytest.approx(1)


def test_an_autoencoder_has_no_shares() -> None:
    assert cover.sharing(atlas(scale=0.0)) is None
