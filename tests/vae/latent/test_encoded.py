"""Laws of encoded images: the values of each, neighbours, classes."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from tests.tiny_models import tiny_checkpoint
from vae import checkpoint, library
from vae.checkpoint import Atlas
from vae.errors import UserError
from vae.latent import encoded
from vae.latent.classes import class_summaries
from vae.measures import likeness
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors.posterior import Factorised


def atlas(count: int = 50, z_dim: int = 3, point: bool = False) -> Atlas:
    rng = np.random.default_rng(0)
    scale = np.zeros((count, z_dim)) if point else rng.uniform(0.1, 2, (count, z_dim))
    return Atlas(
        rng.normal(size=(count, z_dim)).astype(np.float32),
        scale.astype(np.float32),
        np.arange(count) % 4 - 1,
        np.arange(count),
    )


@pytest.mark.parametrize(("loc", "scale"), [((0.0, 0.0, 0.0), 1.0), ((1.0, 0.0, -2.0), 0.5)])
def test_the_kl_of_a_dimension_is_its_closed_form(loc, scale):
    images = atlas()
    prior = Independent(Normal(torch.tensor(loc), torch.full((3,), scale)), 1)
    # Kingma and Welling 2014, appendix B
    ratio = (images.scale.astype(float) / scale) ** 2
    shift = ((images.loc.astype(float) - np.array(loc)) / scale) ** 2
    expected = 0.5 * (shift + ratio - 1 - np.log(ratio))
    np.testing.assert_allclose(encoded.kl(images, prior), expected, rtol=1e-9)
    np.testing.assert_allclose(encoded.kl_of_images(images, prior), expected.sum(1), rtol=1e-9)
    if scale == 1:
        np.testing.assert_allclose(encoded.kl(images), expected, rtol=1e-9)


def test_the_kl_of_an_autoencoder_is_undefined():
    assert encoded.kl(atlas(point=True)) is None


def test_the_kl_of_a_scale_rounded_to_zero_is_large_and_finite():
    images = atlas()
    images.scale[0, 0] = 0
    kl = encoded.kl(images)
    assert np.isfinite(kl).all()
    assert kl[0, 0] > 10


@pytest.mark.parametrize("posterior", ["gaussian", "point"])
def test_the_reconstruction_error_is_that_of_the_posterior_mean(posterior):
    config = VAEConfig((1, 8, 8), posterior=posterior, architecture=MLP(hidden=(8,)))
    model = tiny_checkpoint("tiny", config)
    # more than one batch
    images = np.random.default_rng(1).integers(0, 256, (1100, 1, 8, 8), dtype=np.uint8)
    error = likeness.reconstruction_error(model, images)
    x = torch.from_numpy(images[-1:]) / 255
    with torch.no_grad():
        expected = -model.model.log_px(x, model.model.encode(x).loc)
    assert error.shape == (1100,)
    # float32 sums over 64 pixels, in another order
    np.testing.assert_allclose(error[-1], expected.item(), rtol=1e-5)


def test_images_of_another_shape_are_refused():
    model = tiny_checkpoint("tiny", VAEConfig((1, 8, 8), architecture=MLP(hidden=(8,))))
    with pytest.raises(UserError, match=r"takes images of \(1, 8, 8\).*these are \(3, 8, 8\)"):
        likeness.reconstruction_error(model, np.zeros((2, 3, 8, 8), np.uint8))


def test_the_mean_scale_is_the_geometric_mean():
    images = atlas()
    volume = np.prod(images.scale.astype(np.float64), axis=1)
    np.testing.assert_allclose(encoded.mean_scale(images), volume ** (1 / 3))


def test_the_mean_scale_of_a_point_is_zero():
    assert (encoded.mean_scale(atlas(point=True)) == 0).all()


@pytest.mark.parametrize("k", [1, 7, 50])
def test_the_nearest_are_those_of_a_full_sort(k):
    loc, place = atlas().loc, np.array([0.3, -0.2, 1.0])
    distance = np.linalg.norm(loc - place, axis=1)
    rows, found = encoded.nearest(loc, place, k)
    np.testing.assert_array_equal(rows, np.argsort(distance, kind="stable")[:k])
    np.testing.assert_allclose(found, np.sort(distance)[:k])


def test_a_point_left_out_is_not_its_own_neighbour():
    loc = atlas().loc
    assert encoded.nearest(loc, loc[5], 1)[0] == [5]
    assert 5 not in encoded.nearest(loc, loc[5], 50, exclude=5)[0]


def test_ties_go_to_the_lower_row():
    rows, distance = encoded.nearest(np.ones((6, 2)), np.ones(2), 3, exclude=np.array([1]))
    np.testing.assert_array_equal(rows, [0, 2, 3])
    assert (distance == 0).all()


def test_all_points_left_out_leave_no_neighbours():
    rows, distance = encoded.nearest(np.ones((2, 2)), np.ones(2), 3, exclude=np.array([0, 1]))
    assert len(rows) == len(distance) == 0


def test_class_summaries_are_numpys_means_and_covariances():
    images = atlas()
    summaries = class_summaries(images)
    assert [s.label for s in summaries] == [0, 1, 2]
    for summary in summaries:
        loc = images.loc[images.label == summary.label].astype(np.float64)
        assert summary.count == len(loc)
        np.testing.assert_allclose(summary.mean, loc.mean(axis=0))
        np.testing.assert_allclose(summary.covariance, np.cov(loc.T, bias=True))


def test_images_without_labels_give_no_class_summaries():
    images = atlas()
    images.label[:] = -1
    assert class_summaries(images) == ()


@pytest.mark.parametrize("name", ["mnist-2d", "mnist-20d"])
def test_the_mean_kl_of_a_shipped_atlas_is_the_one_measured_with_the_model(name):
    model = checkpoint.read(library.find(name))
    # the atlas keeps σ in float16, to 1 part in 2,000, which moves log σ by 5e-4 nats
    np.testing.assert_allclose(
        encoded.kl(model.atlas).mean(axis=0), model.metrics["kl_per_dim"], atol=1e-3
    )


def test_the_kl_of_images_with_covariances_is_that_of_torch():
    images = atlas()
    factor = np.tril(np.random.default_rng(3).normal(size=(50, 3, 3))) + 5 * np.eye(3)
    tril = factor[:, *np.tril_indices(3)]
    q = MultivariateNormal(
        torch.from_numpy(images.loc.astype(float)), scale_tril=torch.from_numpy(factor)
    )
    p = MultivariateNormal(torch.zeros(3).double(), torch.eye(3).double())
    found = encoded.kl_of_images(
        replace(images, tril=tril), Factorised(torch.zeros(3), torch.ones(3))
    )
    np.testing.assert_allclose(found, kl_divergence(q, p).numpy(), rtol=1e-6)
    assert encoded.kl(replace(images, tril=tril)) is None
