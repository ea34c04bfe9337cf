"""What each objective refuses, with the reason, and what every one of them keeps."""

import dataclasses

import pytest
import torch

from tests.toys.mixture import Mixture
from tests.toys.posterior import Full
from tests.vae.training.objectives.scoring import TINY
from tests.vae.training.test_step import trainer
from vae.errors import UserError
from vae.training.objectives import (
    OBJECTIVES,
    Autoencoder,
    BetaTcvae,
    DenoisingAutoencoder,
    Elbo,
    FactorVae,
    InfoVae,
    Iwae,
    check_fit,
    planned,
)

BOUNDS = (Elbo(), Iwae(), BetaTcvae(), FactorVae(), InfoVae())


def named(value):
    return getattr(value, "name", None)


@pytest.mark.parametrize("objective", BOUNDS, ids=named)
def test_a_posterior_without_a_density_has_no_bound(objective):
    with pytest.raises(UserError, match="has no density, so that there is no KL; choose gaussian"):
        check_fit(objective, dataclasses.replace(TINY, posterior="point"))


@pytest.mark.parametrize("objective", [Autoencoder(), DenoisingAutoencoder()], ids=named)
def test_reconstruction_alone_trains_no_width(objective):
    with pytest.raises(UserError, match="leave its width untrained; choose point"):
        check_fit(objective, TINY)


@pytest.mark.parametrize(
    ("objective", "changes", "words"),
    [
        (Iwae(doubly_reparameterized=True), {"posterior": Full()}, "set doubly_repara"),
        (BetaTcvae(), {"posterior": Full()}, "density of each dimension is needed"),
        (BetaTcvae(), {"prior": Mixture()}, "this prior does not factorise"),
        (InfoVae(alpha=1.0), {"prior": Mixture()}, "nothing would train the prior"),
        (InfoVae(alpha=0.0, scale=0.5), {}, "α \\+ λ must be at least 1, not 0 \\+ 0.5"),
    ],
    ids=named,
)
def test_what_would_have_no_meaning_is_refused_with_the_reason(objective, changes, words):
    with pytest.raises(UserError, match=words):
        check_fit(objective, dataclasses.replace(TINY, **changes))


@pytest.mark.parametrize("objective", [Elbo(), Iwae(), FactorVae(), InfoVae()], ids=named)
def test_what_needs_no_factors_takes_any_posterior_and_prior_with_a_density(objective):
    model = dataclasses.replace(TINY, posterior=Full(), prior=Mixture())
    check_fit(objective, model)


@pytest.mark.parametrize("objective", [BetaTcvae(), FactorVae(), InfoVae()], ids=named)
def test_an_objective_that_compares_images_is_refused_batches_of_one(objective):
    with pytest.raises(UserError, match="compares images with one another.*raise batch_size"):
        planned(objective, 1, None)
    planned(objective, objective.smallest_batch, None)


def test_more_draws_than_a_step_can_hold_are_refused():
    with pytest.raises(UserError, match="decode 100,000 at once, more than 65,536; choose fewer"):
        planned(Iwae(k=1000), 100, None)
    planned(Iwae(k=1000), 65, None)


@pytest.mark.parametrize("objective", [Iwae(doubly_reparameterized=True), InfoVae()], ids=named)
def test_what_the_compiler_does_not_take_is_refused_there(objective):
    with pytest.raises(UserError, match="cannot be compiled.*set compile to false"):
        planned(objective, 16, None, compile=True)
    planned(Iwae(), 16, None, compile=True)


# the others come with models of their own
DESCENDING = {name: cls for name, cls in OBJECTIVES.items() if not cls.fits}


@pytest.mark.parametrize("objective", DESCENDING.values(), ids=DESCENDING)
def test_a_smallest_batch_has_finite_gradients(objective):
    made = trainer(objective())
    terms = made.step_module(made.images.take(torch.arange(objective.smallest_batch)), 0.5)
    (terms.loss + (terms.own if terms.own is not None else 0)).backward()
    assert all(bool(p.grad.isfinite().all()) for p in made.step_module.parameters())


@pytest.mark.parametrize("objective", DESCENDING.values(), ids=DESCENDING)
def test_a_run_that_stops_and_goes_on_ends_where_a_whole_one_does(objective):
    made = [trainer(objective(), epochs=4) for _ in range(3)]
    whole, half, resumed = made
    list(whole.run())
    for _ in range(2):
        half._advance()
    resumed.restore(*half.state())
    list(resumed.run())
    (expected, _), (found, _) = whole.state(), resumed.state()
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[key], found[key]) for key in expected)


@pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=OBJECTIVES)
def test_a_model_is_named_by_what_trained_it(objective):
    assert objective().trains and title_differs(objective)


def title_differs(objective) -> bool:
    """Titles tell objectives apart in one list."""
    others = {cls.title for cls in OBJECTIVES.values() if cls is not objective}
    return objective.title not in others
