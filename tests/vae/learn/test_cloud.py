"""A point becomes a cloud: what the lesson says of σ, against closed forms and plain NumPy."""

import math

import numpy as np
import pytest
import torch

from tests.vae.learn.opened import facts_of, model, opened
from vae.data import load
from vae.errors import UserError
from vae.learn.cloud import NARROW, WIDE, cost
from vae.learn.specimens import specimens
from vae.measures.standard_error import standard_error

FACTS = facts_of("cloud")


def test_a_narrower_cloud_costs_the_logarithm_of_how_much_in_each_dimension() -> None:
    # σ² itself is all that is left out: below 0.01 here
    assert FACTS["narrow_cost"] == pytest.approx(2 * math.log(1 / NARROW), abs=0.01)


def test_the_kl_is_that_of_the_closed_form() -> None:
    vae = model("mnist-2d").model
    images = specimens().images
    with torch.inference_mode():
        qz = vae.encode(torch.from_numpy(images).float() / 255)
    mean, sd = qz.mean.double().numpy(), WIDE * qz.stddev.double().numpy()
    kl = 0.5 * (mean**2 + sd**2 - 1 - np.log(sd**2)).sum(1)
    assert cost(vae, images, WIDE, draws=1).kl == pytest.approx(kl, rel=1e-5)


def test_the_encoders_own_width_is_better_than_a_tenth_and_than_five_times_it() -> None:
    # by more than twice what the means may be off
    gain, loss = (2 * FACTS[f"{name}_error"] for name in ("narrow_gain", "wide_loss"))
    assert 0 < FACTS["narrow_gain"] - gain
    assert FACTS["narrow_gain"] + gain < FACTS["narrow_cost"]
    assert 0 < FACTS["wide_gain"] < FACTS["wide_loss"] - loss


def test_the_widths_and_the_spread_are_those_of_the_encoded_test_images() -> None:
    vae = opened("cloud")["vae"]
    assert vae.dataset["split"] == "test"
    assert FACTS["encoded"] == len(vae.atlas.scale)
    assert (vae.atlas.scale < FACTS["sigma"]).mean() == pytest.approx(0.5, abs=1e-3)
    assert FACTS["spread"] == pytest.approx(np.sqrt(vae.atlas.loc.var()), rel=1e-5)


def test_a_standard_error_is_how_far_means_of_so_many_values_scatter() -> None:
    values = np.random.default_rng(0).normal(3, 2, (4000, 10))
    scatter = values.mean(1).std()
    # of 4,000 errors whose own scatter is a quarter of them: under one per cent
    assert np.mean([standard_error(row) ** 2 for row in values]) ** 0.5 == pytest.approx(
        scatter, rel=0.03
    )


def test_no_model_was_trained_on_the_images_as_far_as_mnist_is_here() -> None:
    try:
        mnist = load("mnist", download=False)
    except UserError:
        pytest.skip("MNIST is not on this machine")
    train = {image.tobytes() for image in mnist.train.images}
    validation = {image.tobytes() for image in mnist.validation.images}
    shown = {image.tobytes() for image in specimens().images}
    assert shown <= validation and not shown & train


def test_the_images_are_of_eight_classes_and_each_is_what_its_label_says() -> None:
    found = specimens()
    assert FACTS["images"] == len(found.images) == len(found.labels)
    vae = model("mnist-2d")
    with torch.inference_mode():
        codes = vae.model.encode(torch.from_numpy(found.images).float() / 255).mean.numpy()
    near = np.linalg.norm(vae.atlas.loc[None] - codes[:, None], axis=2).argsort(1)[:, :20]
    agreed = [np.bincount(vae.atlas.label[rows]).argmax() for rows in near]
    assert (np.array(agreed) == found.labels).mean() >= 0.8
