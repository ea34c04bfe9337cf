"""Holes: what the lesson says of draws and walks in the two models."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from tests.vae.learn.opened import facts_of, model, opened
from vae.latent.nearness import nearness
from vae.learn.holes import DRAWS, STEPS, places, share_not_again, shares_far, walks
from vae.learn.specimens import specimens

FACTS = facts_of("holes")
NOISE = np.random.default_rng(0).standard_normal((DRAWS, 2))


def test_more_draws_and_more_of_each_walk_are_far_in_the_autoencoder() -> None:
    error = np.hypot(FACTS["ae_far_error"], FACTS["vae_far_error"])
    assert FACTS["ae_far"] - FACTS["vae_far"] > 5 * error
    assert FACTS["ae_walk"] > FACTS["vae_walk"]
    assert FACTS["ae_again"] > FACTS["vae_again"]


def test_there_are_about_three_times_as_many_as_the_right_choice_says() -> None:
    assert 2.5 < FACTS["ae_far"] / FACTS["vae_far"] < 4.5


def test_draws_of_an_autoencoder_have_the_mean_and_the_covariance_of_its_codes() -> None:
    ae = model("mnist-ae-2d")
    white = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], float)
    z = places(ae, white)
    assert z.mean(0) == pytest.approx(ae.atlas.loc.astype(float).mean(0), abs=1e-5)
    assert np.cov(z.T, bias=True) == pytest.approx(np.cov(ae.atlas.loc.T, bias=True), rel=1e-4)
    assert places(model("mnist-2d"), white) is white


def test_the_share_that_is_far_follows_the_rule_of_the_map() -> None:
    vae = model("mnist-2d")
    rule = nearness(vae.atlas)
    loc = vae.atlas.loc[:: rule.stride].astype(float)
    distance, near = cKDTree(loc).query(NOISE, rule.neighbours)
    far = distance[:, -1] > rule.limit * rule.reach[near].mean(1)
    assert shares_far(vae, NOISE) == [pytest.approx(far.mean())]
    # a place that no image is near, and the code of one
    assert shares_far(vae, np.full((1, 2), 40.0), loc[:1]) == [1.0, 0.0]


def test_a_walk_goes_straight_from_one_code_to_the_other() -> None:
    ae, images = model("mnist-ae-2d"), specimens().images[:3]
    found = walks(ae, images).reshape(3, STEPS, 2)
    steps = np.diff(found, axis=1)
    assert np.ptp(steps, axis=1) == pytest.approx(0, abs=1e-9)
    # 0 to 1, 0 to 2, 1 to 2
    assert found[0, -1] == pytest.approx(found[2, 0])
    assert found[1, -1] == pytest.approx(found[2, -1])


def test_codes_of_images_come_back_where_they_were_more_often_than_draws() -> None:
    ae = opened("holes")["ae"]
    assert share_not_again(ae, ae.atlas.loc[:500].astype(float)) < FACTS["ae_again"]
