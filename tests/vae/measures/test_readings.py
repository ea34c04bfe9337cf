"""What is said of each quantity, and the values per image that its mean is of."""

import numpy as np
import pytest

from tests.vae.measures.test_registry import subject_of, tiny
from vae.data import Split
from vae.measures.registry import MEASURES, Subject
from vae.models.likelihoods import LIKELIHOODS

QUANTITIES = [quantity for cls in MEASURES.values() for quantity in cls.quantities]
QUICK = [name for name, cls in MEASURES.items() if not cls.is_slow]


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: quantity.name)
def test_a_quantity_is_explained_in_one_sentence(quantity):
    said = quantity.reading.means
    assert said.endswith(".") and "." not in said[:-1].replace("0.", "")


@pytest.mark.parametrize("name", QUICK)
def test_the_mean_of_the_values_per_image_is_the_estimate(name):
    found = MEASURES[name]()(subject_of(tiny()))
    for quantity, values in found.per_image.items():
        assert values.dtype == np.float64 and values.shape == (found.n_images,)
        assert found.estimates[quantity].value == pytest.approx(values.mean())


def test_two_measurements_of_the_same_images_have_the_same_values_in_the_same_order():
    first, second = (MEASURES["probes"]()(subject_of(tiny())).per_image for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in ("knn", "linear_probe"))


def test_an_autoencoder_has_a_distortion_and_no_rate():
    found = MEASURES["rate-distortion"]()(subject_of(tiny("point")))
    assert found.estimates["distortion"].value == pytest.approx(
        found.per_image["distortion"].mean()
    )
    assert found.estimates["rate"].value is None and found.estimates["elbo"].value is None
    assert "without a posterior density" in found.note


@pytest.mark.parametrize(
    ("likelihood", "grey", "dequantize", "said"),
    [
        ("bernoulli", True, False, "of grey pixels, read as shares of black and white"),
        ("bernoulli", False, False, "of black or white pixels"),
        ("gaussian", True, False, "of a density over pixels (gaussian)"),
        ("gaussian", True, True, "of 8-bit pixel values"),
        ("logistic-mixture", True, False, "of 8-bit pixel values"),
    ],
)
def test_nats_say_which_values_of_the_pixels_they_are_of(likelihood, grey, dequantize, said):
    model = tiny(likelihood=LIKELIHOODS[likelihood]())
    images = np.full((3, 1, 8, 8), 100 if grey else 255, np.uint8)
    subject = Subject(model, Split(images), dequantize=dequantize)
    reading = next(one.reading for one in QUANTITIES if one.name == "elbo")
    assert reading.grounds_of(subject) == (said, "of a model told no class")
