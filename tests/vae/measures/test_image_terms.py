"""The bound of single images, and what another image's code makes of them."""

import numpy as np
import pytest
import torch

from tests.exported import lively_model
from vae.errors import UserError
from vae.measures.bound import bound_terms
from vae.measures.image_terms import ImageTerms, image_terms
from vae.models.config import VAEConfig
from vae.models.networks import MLP

IMAGES = np.random.default_rng(0).integers(0, 256, (30, 1, 8, 8)).astype(np.uint8)


def tiny(z_dim: int = 2, posterior: str = "gaussian") -> torch.nn.Module:
    return lively_model(VAEConfig((1, 8, 8), z_dim, MLP(hidden=(8,)), posterior=posterior))


def terms_of(log_px: list[float], swapped: list[float]) -> ImageTerms:
    none = np.zeros((len(log_px), 1))
    return ImageTerms(np.array(log_px), np.array(swapped), None, None, none)


def test_the_terms_are_those_of_the_bound() -> None:
    found, bound = image_terms(tiny(), IMAGES), bound_terms(tiny(), IMAGES)
    np.testing.assert_array_equal(found.log_px, bound.log_px)
    np.testing.assert_array_equal(found.kl, bound.kl)


def test_swapped_is_the_score_at_the_mean_of_the_image_before() -> None:
    model = tiny()
    x = torch.from_numpy(IMAGES).float() / 255
    with torch.inference_mode():
        before = model.encode(x).mean.roll(1, 0)
        expected = model.log_px(x, before).double().numpy()
    # batches of another size round float32 sums of 64 terms otherwise
    np.testing.assert_allclose(image_terms(model, IMAGES).swapped, expected, rtol=1e-5)


def test_a_code_that_tells_nothing_explains_no_image_better_than_anothers() -> None:
    same = np.repeat(IMAGES[:1], 12, axis=0)
    # the own code is a draw about the mean that stands for the other's
    assert image_terms(tiny(posterior="point"), same).mistaken == 1


def test_mistaken_counts_images_that_anothers_code_explains_as_well() -> None:
    assert terms_of([-5, -9, -3, -4], [-6, -9, -2, -8]).mistaken == 0.5


def test_the_worst_the_median_and_the_best_come_by_their_score() -> None:
    terms = terms_of([-5, -9, -3, -4, -7], [0] * 5)
    assert terms.rows("worst", 2) == [1, 4]
    assert terms.rows("best", 2) == [2, 3]
    assert terms.rows("median", 1) == [0]
    assert terms.rows("worst", 99) == [1, 4, 0, 3, 2]


def test_images_of_another_shape_are_refused_with_both_shapes() -> None:
    with pytest.raises(UserError, match=r"\(1, 8, 8\).*\(1, 9, 8\)"):
        image_terms(tiny(), np.zeros((2, 1, 9, 8), np.uint8))
