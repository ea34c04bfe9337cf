"""A point becomes a cloud: what the lesson says of σ, against closed forms and plain NumPy."""

import math

import numpy as np
import pytest
import torch

from tests.vae.learn.opened import facts_of, model, opened
from vae.learn.cloud import NARROW, WIDE, cost
from vae.learn.specimens import specimens

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
    assert cost(vae, images, WIDE, draws=1).kl == pytest.approx(kl.mean(), rel=1e-5)


def test_the_encoders_own_width_is_better_than_a_tenth_and_than_five_times_it() -> None:
    assert 0 < FACTS["narrow_gain"] < FACTS["narrow_cost"]
    assert 0 < FACTS["wide_gain"] < FACTS["wide_loss"]


def test_the_widths_and_the_spread_are_those_of_the_encoded_test_images() -> None:
    vae = opened("cloud")["vae"]
    assert vae.dataset["split"] == "test"
    assert FACTS["encoded"] == len(vae.atlas.scale)
    assert (vae.atlas.scale < FACTS["sigma"]).mean() == pytest.approx(0.5, abs=1e-3)
    assert FACTS["spread"] == pytest.approx(np.sqrt(vae.atlas.loc.var()), rel=1e-5)


def test_the_images_are_of_eight_classes_and_each_is_what_its_label_says() -> None:
    found = specimens()
    assert FACTS["images"] == len(found.images) == len(found.labels)
    vae = model("mnist-2d")
    with torch.inference_mode():
        codes = vae.model.encode(torch.from_numpy(found.images).float() / 255).mean.numpy()
    near = np.linalg.norm(vae.atlas.loc[None] - codes[:, None], axis=2).argsort(1)[:, :20]
    agreed = [np.bincount(vae.atlas.label[rows]).argmax() for rows in near]
    assert (np.array(agreed) == found.labels).mean() >= 0.8
