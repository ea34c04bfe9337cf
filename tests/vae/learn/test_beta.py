"""Two losses and β: what the lesson says of both ends of the range."""

import pytest
import torch

from tests.vae.learn.opened import facts_of, model
from vae.latent.aggregate import holes, plane_density
from vae.models.usage import used_dimensions

FACTS = facts_of("beta")


def test_a_larger_beta_costs_distortion_and_saves_rate() -> None:
    assert FACTS["low_rate"] > FACTS["one_rate"] > FACTS["high_rate"]
    assert FACTS["low_distortion"] < FACTS["one_distortion"] < FACTS["high_distortion"]


def test_the_loss_at_one_is_the_negative_elbo_of_the_file() -> None:
    metrics = model("mnist-multirate-wide-2d").metrics
    assert metrics["split"] == "test" and FACTS["tested"] == metrics["n_images"]
    assert FACTS["one_loss"] == pytest.approx(-metrics["elbo"], abs=1e-4)
    assert FACTS["twice_loss"] - FACTS["one_loss"] == pytest.approx(FACTS["one_rate"])


def test_at_the_largest_beta_the_code_has_collapsed() -> None:
    # a code that says yes or no has log 2 = 0.69 nats
    assert FACTS["high_rate"] < 0.02
    assert FACTS["high_loss"] < FACTS["one_loss_high"]
    encoded = len(model("mnist-multirate-wide-2d").atlas.loc)
    assert 0.95 * encoded < FACTS["high_sharing"] <= encoded


def test_every_image_comes_back_as_the_same_one() -> None:
    assert FACTS["high_apart"] < 10 < 90 < FACTS["low_apart"] <= 100


def test_draws_of_the_prior_are_that_image_too() -> None:
    collapsed = model("mnist-multirate-wide-2d").model.at(FACTS["high_beta"])
    z = torch.randn(32, 2, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        drawn = collapsed.decode_mean(z)
    assert float((drawn - drawn.mean(dim=0)).abs().mean()) < 0.01


def test_holes_close_and_images_come_to_share_places() -> None:
    assert FACTS["high_holes"] < 1 < FACTS["low_holes"] < 100
    assert 1 <= FACTS["low_sharing"] < FACTS["one_sharing"] < FACTS["high_sharing"]


def test_the_holes_at_one_are_those_that_diagnose_counts() -> None:
    checkpoint = model("mnist-multirate-wide-2d")
    found = holes(plane_density(checkpoint.atlas.rates and checkpoint.atlas, cells=90))
    # stored in half precision at the other β
    low, high = FACTS["high_holes"] / 100, FACTS["low_holes"] / 100
    assert low < found.prior_in_holes < high


def test_the_collapsed_dimensions_are_those_whose_means_do_not_vary() -> None:
    used = used_dimensions(model("mnist-20d").atlas.loc)
    assert FACTS["used"] == used.sum()
    assert FACTS["unused"] == (~used).sum() > 0
