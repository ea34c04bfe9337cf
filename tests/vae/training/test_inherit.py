"""Which weights a training may start from."""

import dataclasses

import pytest

from vae.errors import UserError
from vae.models.conditioning import MultiRate, Unconditional
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.training.inherit import check_inherits
from vae.training.objectives import MultiRateBound

NARROW = VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)), conditioning=MultiRate(highest=10.0))
WIDE = dataclasses.replace(NARROW, conditioning=MultiRate(highest=100.0))


def test_a_model_that_is_told_beta_may_go_on_with_another_range() -> None:
    check_inherits("narrow", NARROW, WIDE, MultiRateBound())
    wide = build(WIDE)
    wide.load_state_dict(build(NARROW).state_dict())
    assert wide.betas == (0.01, 100.0)


def test_one_that_is_told_no_beta_may_not() -> None:
    plain = dataclasses.replace(NARROW, conditioning=Unconditional())
    with pytest.raises(UserError, match="conditioning is none, and that of this run beta"):
        check_inherits("plain", plain, WIDE, MultiRateBound())
