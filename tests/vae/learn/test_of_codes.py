"""What encoded images say without their pixels, held against closed forms."""

import numpy as np
import pytest
import torch
from torch.distributions import Independent, Normal

from tests.tiny_models import CURVE, tiny_checkpoint
from vae.checkpoint import Atlas
from vae.errors import UserError
from vae.learn import of_codes
from vae.models.conditioning import CONDITIONINGS
from vae.models.config import VAEConfig
from vae.models.networks import MLP

IMAGES = 400


def atlas_of(mean: float, scale: float) -> Atlas:
    """All images have the same posterior."""
    loc = np.full((IMAGES, 2), mean, np.float32)
    label = np.zeros(IMAGES, np.int64)
    return Atlas(loc, np.full_like(loc, scale), label, np.arange(IMAGES))


def test_the_kl_of_all_codes_to_the_prior_is_the_closed_form() -> None:
    mean, scale = 0.7, 0.5
    exact = 2 * (0.5 * (scale**2 + mean**2 - 1) - np.log(scale))
    found = of_codes.aggregate_kl(atlas_of(mean, scale))
    assert found.nats == pytest.approx(exact, abs=4 * found.stderr)
    assert found.stderr < 0.05


def test_codes_that_fill_the_prior_have_none() -> None:
    # q and p are the same at every draw
    assert of_codes.aggregate_kl(atlas_of(0.0, 1.0)).nats == pytest.approx(0.0, abs=1e-6)


def test_a_prior_that_is_told_takes_the_place_of_the_standard_normal() -> None:
    mean, scale = 0.7, 0.5
    fitting = Independent(Normal(torch.full((2,), mean), scale), 1)
    found = of_codes.aggregate_kl(
        atlas_of(mean, scale), lambda z: fitting.log_prob(torch.from_numpy(z)).numpy()
    )
    # float32 means and widths of the atlas
    assert found.nats == pytest.approx(0.0, abs=1e-5)


def test_rates_are_those_of_the_file_and_images_that_draw_together_share_their_place() -> None:
    made = tiny_checkpoint(
        "rated", VAEConfig(z_dim=2, architecture=MLP((8,)), conditioning=CONDITIONINGS["beta"]())
    )
    found = of_codes.ends_of(made)
    assert [one.beta for one in found] == [0.01, 1.0, 10.0]
    assert [(one.rate, -one.distortion) for one in found] == [
        (CURVE[k]["kl"], CURVE[k]["reconstruction"]) for k in (0, 2, 3)
    ]
    # its images draw together and widen as β rises
    assert [one.sharing for one in found] == sorted(one.sharing for one in found)
    assert all(0 <= one.holes <= 1 for one in found)


def test_a_model_of_one_beta_is_refused_with_what_to_do() -> None:
    made = tiny_checkpoint("flat", VAEConfig(z_dim=2, architecture=MLP((8,))))
    with pytest.raises(UserError, match="--objective multi-rate"):
        of_codes.ends_of(made)
