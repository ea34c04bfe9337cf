"""The ELBO: what the lesson says of one image, against importance sampling and plain torch."""

import math

import numpy as np
import pytest
import torch

from tests.vae.learn.opened import facts_of, model
from vae.learn.elbo import IMAGE, SIGMA
from vae.learn.specimens import specimens
from vae.measures.bound import bound_terms, importance_weighted_log_px

FACTS = facts_of("elbo")
IMAGES = specimens().images[IMAGE : IMAGE + 1]


def test_the_elbo_and_the_kl_add_up_to_log_px_each_by_its_own_quadrature() -> None:
    # what the quadratures promise
    assert FACTS["elbo"] + FACTS["kl"] == pytest.approx(FACTS["log_px"], abs=0.01)


def test_log_px_is_what_many_draws_of_q_come_to() -> None:
    found = importance_weighted_log_px(model("mnist-2d").model, IMAGES, 20_000)
    assert found[0] == pytest.approx(FACTS["log_px"], abs=0.03)


def test_the_elbo_is_the_mean_of_single_draws() -> None:
    vae = model("mnist-2d").model
    terms = bound_terms(vae, np.repeat(IMAGES, 4_000, axis=0), seed=3)
    elbo = terms.log_px - terms.kl
    error = 4 * elbo.std() / math.sqrt(len(elbo))
    assert elbo.mean() == pytest.approx(FACTS["elbo"], abs=error)


def test_more_draws_come_nearer_to_log_px() -> None:
    assert FACTS["kl"] > FACTS["few_gap"] > FACTS["many_gap"] > -0.02


def test_few_draws_of_the_prior_carry_the_sum() -> None:
    assert 1 <= FACTS["prior_needed"] < 0.01 * FACTS["prior_draws"]


def test_both_likelihoods_are_the_losses_that_they_are_called() -> None:
    vae = model("mnist-2d").model
    x = torch.from_numpy(IMAGES).float() / 255
    with torch.inference_mode():
        mean = vae.decode_mean(vae.encode(x).mean).double()
        own = vae.log_px(x, vae.encode(x).mean)
    error = float((x - mean).square().sum())
    gaussian = -error / (2 * SIGMA**2) - 784 / 2 * math.log(2 * math.pi * SIGMA**2)
    assert FACTS["log_gaussian"] == pytest.approx(gaussian, abs=1e-6)
    assert -FACTS["cross_entropy"] == pytest.approx(FACTS["log_bernoulli"], abs=1e-6)
    # the model's own, in float32
    assert FACTS["log_bernoulli"] == pytest.approx(float(own), abs=1e-2)


def test_the_rate_is_taken_apart_and_a_learned_prior_fits_its_codes_better() -> None:
    assert FACTS["informs"] + FACTS["apart"] == pytest.approx(FACTS["rate"])
    assert 0 < FACTS["apart"] < FACTS["rate"]
    error = 4 * math.hypot(FACTS["apart_stderr"], FACTS["vamp_apart_stderr"])
    assert FACTS["vamp_apart"] < FACTS["apart"] - error


def test_the_flow_saves_what_the_files_of_both_models_say() -> None:
    plain, flow = model("mnist-20d"), model("mnist-flow-20d")
    assert plain.model.config.architecture == flow.model.config.architecture
    assert plain.metrics["split"] == flow.metrics["split"] == "test"
    assert FACTS["flow_saves"] == flow.metrics["elbo"] - plain.metrics["elbo"] > 0
