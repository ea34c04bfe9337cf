"""Each score as a law, on tiny models with weights that were drawn."""

import numpy as np
import pytest
import torch

from tests.exported import lively_model
from vae.errors import UserError
from vae.measures.anomaly import SCORES, Detector, Neighbours, Unmeasured, pixel_nats
from vae.measures.anomaly.score import Score
from vae.measures.bound import bound_terms
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import VAE

RNG = np.random.default_rng(0)
TRAIN, IMAGES = (RNG.integers(0, 256, (count, 1, 8, 8)).astype(np.uint8) for count in (60, 20))


def tiny(z_dim: int = 2, **parts: object) -> VAE:
    return lively_model(VAEConfig((1, 8, 8), z_dim, MLP(hidden=(8,)), **parts))


def detector(**parts: object) -> Detector:
    return Detector(tiny(**parts), TRAIN)


def test_reconstruction_and_elbo_are_those_of_the_bound_turned_round() -> None:
    found, bound = detector().scored(IMAGES), bound_terms(tiny(), IMAGES)
    np.testing.assert_array_equal(found.scores["reconstruction"], -bound.log_px)
    np.testing.assert_array_equal(found.scores["elbo"], -(bound.log_px - bound.kl))


def test_the_nearest_codes_are_found_as_by_looking_at_all() -> None:
    model = tiny()
    with torch.inference_mode():
        train, codes = (model.encode(torch.tensor(x / 255.0).float()).mean for x in (TRAIN, IMAGES))
    expected = torch.cdist(codes, train).sort(1).values[:, 2]
    found = Detector(model, TRAIN).score(IMAGES, Neighbours(k=3))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian", "continuous-bernoulli"])
def test_nats_of_the_pixels_add_up_to_those_of_the_image(likelihood: str) -> None:
    model = tiny(likelihood=likelihood)
    x = torch.from_numpy(IMAGES).float() / 255
    with torch.inference_mode():
        expected = -model.log_px(x, model.encode(x).mean)
    found = pixel_nats(model, IMAGES)
    assert found.shape == (20, 8, 8)
    np.testing.assert_allclose(found.sum((1, 2)), expected, rtol=1e-5)


@pytest.mark.parametrize("name", SCORES)
def test_every_score_gives_one_image_the_number_that_it_has_among_others(name: str) -> None:
    # whose own noise it is differs, so that of the first alone can be the same
    found = detector()
    alone = found.score(IMAGES[:1], name)
    assert alone.shape == (1,)
    if SCORES[name]().is_fitted:
        np.testing.assert_allclose(alone, found.score(IMAGES, name)[:1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", SCORES)
def test_every_score_says_what_it_is_and_counts_to_its_end(name: str) -> None:
    score, told = SCORES[name](), []
    assert score.title and score.sentence.endswith(".") and score.unit
    found = detector()
    found.score(IMAGES, score, lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    assert found.seconds(score, 1000) > 0


def test_a_model_without_a_density_is_refused_by_scores_that_need_one() -> None:
    found = detector(posterior="point").scored(IMAGES, list(SCORES))
    assert "without a posterior density" in found.refused["elbo"]
    assert found.scores.keys() >= {"reconstruction", "knn"}
    assert found.scores.keys() | found.refused.keys() == SCORES.keys()
    with pytest.raises(UserError, match="cannot be used here: the model gives each image one"):
        detector(posterior="point").score(IMAGES, "elbo")


def test_a_model_that_is_told_classes_is_refused() -> None:
    from vae.models.conditioning import CONDITIONINGS

    told = detector(conditioning=CONDITIONINGS["labels"]().for_classes(3))
    assert all("nobody knows of a strange image" in why for why in told.refusals().values())
    with pytest.raises(UserError, match="nobody knows of a strange image"):
        pixel_nats(told.model, IMAGES)


def test_without_the_training_images_only_what_is_fitted_is_refused() -> None:
    found = Detector(tiny()).refusals()
    fitted = {name for name, cls in SCORES.items() if cls().is_fitted}
    assert {name for name, why in found.items() if why} == fitted
    with pytest.raises(Unmeasured, match="not on this machine"):
        Detector(tiny()).score(IMAGES, "knn")


def test_images_of_another_shape_and_none_are_refused() -> None:
    with pytest.raises(UserError, match=r"takes images of \(1, 8, 8\).*these are \(1, 9, 8\)"):
        detector().scored(np.zeros((2, 1, 9, 8), np.uint8))
    with pytest.raises(UserError, match="choose at least one"):
        detector().scored(IMAGES[:0])
    with pytest.raises(UserError, match="unknown score 'strangeness'"):
        detector().score(IMAGES, "strangeness")


def test_what_is_fitted_is_fitted_once() -> None:
    class Counted(Score):
        name = title = sentence = "counted"
        most_fitted = 10
        times = 0

        def fit(self, model: VAE, normal: object) -> object:
            Counted.times += 1
            return lambda sight, count: np.zeros(len(sight))

    found, one = detector(), Counted()
    for _ in range(2):
        found.score(IMAGES, one)
    assert Counted.times == 1


def test_a_model_that_diverged_is_refused() -> None:
    model = tiny()
    with torch.no_grad():
        next(model.decoder.parameters()).fill_(np.nan)
    with pytest.raises(UserError, match="no finite number"):
        Detector(model, TRAIN).scored(IMAGES, ["reconstruction"])
