"""The scores against closed forms, torch and scikit-learn itself."""

import math

import numpy as np
import pytest
import torch
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from tests.exported import lively_model
from tests.linear_gaussian import images_of, linear_model, set_true_posterior, true_posterior
from vae.measures.anomaly import Detector, LikelihoodRegret, UnlikeNeighbours
from vae.measures.anomaly.importance import ImportanceWeighted
from vae.measures.bound import importance_weighted_log_px
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import VAE

RNG = np.random.default_rng(0)
TRAIN, IMAGES = (RNG.integers(0, 256, (count, 1, 8, 8)).astype(np.uint8) for count in (60, 12))


def tiny(z_dim: int = 2, **parts: object) -> VAE:
    return lively_model(VAEConfig((1, 8, 8), z_dim, MLP(hidden=(8,)), **parts))


def codes(model: VAE, images: np.ndarray) -> torch.Tensor:
    with torch.inference_mode():
        return model.encode(torch.from_numpy(images).float() / 255).mean.double()


def test_the_density_under_a_standard_normal_prior_is_its_closed_form() -> None:
    model = tiny(z_dim=3)
    expected = 0.5 * codes(model, IMAGES).square().sum(1) + 1.5 * math.log(2 * math.pi)
    found = Detector(model).score(IMAGES, "prior-density")
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("posterior", ["gaussian", "full"])
def test_the_density_under_the_aggregate_is_torchs_mean_of_all_posteriors(posterior: str) -> None:
    model = tiny(posterior=posterior)
    with torch.inference_mode():
        qz = model.encode(torch.from_numpy(TRAIN).float() / 255)
        each = qz.log_prob(codes(model, IMAGES).float()[:, None]).double()
    expected = math.log(len(TRAIN)) - each.logsumexp(1)
    found = Detector(model, TRAIN).score(IMAGES, "aggregate-density")
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_the_density_under_the_aggregate_of_one_image_is_its_own_posterior() -> None:
    model = tiny()
    with torch.inference_mode():
        qz = model.encode(torch.from_numpy(TRAIN[:1]).float() / 255)
    own = Independent(Normal(qz.mean, qz.stddev), 1)
    expected = -own.log_prob(codes(model, IMAGES).float())
    found = Detector(model, TRAIN[:1]).score(IMAGES, "aggregate-density")
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_the_importance_weighted_nll_is_the_estimate_turned_round_and_tighter() -> None:
    model = tiny()
    found = Detector(model).score(IMAGES, ImportanceWeighted(samples=30))
    np.testing.assert_array_equal(found, -importance_weighted_log_px(model, IMAGES, 30))
    many = Detector(model).score(np.repeat(IMAGES, 20, axis=0), "nll").mean()
    assert many < Detector(model).score(np.repeat(IMAGES, 20, axis=0), "elbo").mean()


@pytest.mark.parametrize("z_dim", [1, 2, 3])
def test_regret_is_how_far_the_encoders_answer_is_from_the_true_posterior(z_dim: int) -> None:
    generator = torch.Generator().manual_seed(2)
    model = linear_model(0.2 * torch.randn(64, z_dim, generator=generator), "full")
    set_true_posterior(model)
    images = images_of(model, 8)
    # the family holds the true posterior, and the encoder says it
    assert Detector(model).score(images, "regret").max() < 0.02
    with torch.no_grad():
        model.encoder[1].bias[:z_dim] += 0.2
    x = torch.from_numpy(images) / 255
    with torch.inference_mode():
        own = MultivariateNormal(
            model.encode(x).mean.double(), true_posterior(model, x).covariance_matrix
        )
    expected = kl_divergence(own, true_posterior(model, x))
    assert (expected > 0.5).all()
    found = Detector(model).score(images, LikelihoodRegret(steps=100))
    np.testing.assert_allclose(found, expected, rtol=0.1)


@pytest.mark.parametrize("steps", [1, 5])
def test_regret_is_never_negative_however_few_steps_are_made(steps: int) -> None:
    assert (Detector(tiny()).score(IMAGES, LikelihoodRegret(steps=steps)) >= 0).all()


def test_what_is_unexplained_is_the_deviance_for_each_unit_of_ink() -> None:
    model, x = tiny(), torch.from_numpy(IMAGES).double() / 255
    with torch.inference_mode():
        p = model.decode_mean(model.encode(x.float()).mean).double()
    missed = (torch.xlogy(x, x / p) + torch.xlogy(1 - x, (1 - x) / (1 - p))).flatten(1).sum(1)
    found = Detector(model).score(IMAGES, "unexplained")
    # black and white pixels count as 0.001 from either
    np.testing.assert_allclose(found, missed / ((x + p).flatten(1).sum(1) / 2), rtol=1e-2)


def test_under_a_normal_likelihood_what_is_unexplained_is_the_squared_error() -> None:
    from vae.models.likelihoods import Gaussian

    model = tiny(likelihood=Gaussian(scale=0.5))
    x = torch.from_numpy(IMAGES).float() / 255
    with torch.inference_mode():
        drawn = model.decode_mean(model.encode(x).mean)
    error, ink = (x - drawn).square().flatten(1).sum(1), (x + drawn).flatten(1).sum(1) / 2
    found = Detector(model).score(IMAGES, "unexplained")
    expected = error / (2 * 0.5**2) / ink
    np.testing.assert_allclose(found, expected, rtol=1e-3)


def test_an_image_without_ink_is_scored_too() -> None:
    blank = np.zeros((1, 1, 8, 8), np.uint8)
    assert np.isfinite(Detector(tiny()).score(blank, "unexplained")).all()


@pytest.mark.parametrize("of", ["codes", "pixels"])
def test_forest_and_outlier_factor_are_scikit_learns(of: str) -> None:
    model = tiny()
    columns = {
        "codes": lambda images: codes(model, images).numpy(),
        "pixels": lambda images: images.reshape(len(images), -1).astype(np.float32) / 255,
    }[of]
    forest = IsolationForest(n_estimators=100, random_state=0).fit(columns(TRAIN))
    factor = LocalOutlierFactor(n_neighbors=20, novelty=True).fit(columns(TRAIN))
    found = Detector(model, TRAIN).scored(IMAGES, [f"forest-{of}", f"lof-{of}"]).scores
    expected = -forest.score_samples(columns(IMAGES))
    # float32 codes lie on either side of a cut now and then
    np.testing.assert_allclose(found[f"forest-{of}"], expected, atol=0.01)
    outliers = -factor.score_samples(columns(IMAGES))
    np.testing.assert_allclose(found[f"lof-{of}"], outliers, rtol=1e-3)


def test_unlike_compares_with_the_most_similar_of_the_images_with_the_nearest_codes() -> None:
    model, near, alike = tiny(), 10, 2
    distances = torch.cdist(codes(model, IMAGES), codes(model, TRAIN))
    expected = []
    for image, places in zip(IMAGES / 255.0, distances.argsort(1)[:, :near], strict=True):
        errors = [
            np.square(image - other).sum() / ((image.sum() + other.sum()) / 2)
            for other in TRAIN[places] / 255.0
        ]
        expected.append(np.mean(sorted(errors)[:alike]))
    found = Detector(model, TRAIN).score(IMAGES, UnlikeNeighbours(near, alike))
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_a_training_image_is_like_itself_and_few_images_are_enough() -> None:
    found = Detector(tiny(), TRAIN[:4]).score(TRAIN[:4], UnlikeNeighbours(alike=1))
    np.testing.assert_allclose(found, 0, atol=1e-5)
    assert Detector(tiny(), TRAIN[:2]).score(IMAGES, "unlike").shape == (12,)


def test_unlike_of_all_codes_is_unlike_without_the_model() -> None:
    found = Detector(tiny(), TRAIN)
    everywhere = found.score(IMAGES, UnlikeNeighbours(near=len(TRAIN)))
    np.testing.assert_allclose(found.score(IMAGES, "unlike-pixels"), everywhere, rtol=1e-4)
