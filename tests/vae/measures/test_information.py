"""Information of the code, against its laws and an independent sum."""

import math

import numpy as np
import pytest
import torch

from vae.data import Split
from vae.measures.bound import bound_terms
from vae.measures.information import information
from vae.measures.registry import MEASURES, Subject
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors import Flow
from vae.models.priors import Mixture
from vae.models.vae import VAE, build

SHAPE = (1, 8, 8)
KINDS = {
    "gaussian": {},
    "full": {"posterior": "full"},
    "flow": {"posterior": Flow(units=8, bins=4, context=2)},
    "mixture prior": {"prior": Mixture(components=3)},
}


def images_of(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, *SHAPE), dtype=np.uint8)


def model_of(gain: float = 3.0, **parts) -> VAE:
    """Make a model whose codes differ between images, more so with a larger gain."""
    model = build(VAEConfig(SHAPE, 3, MLP(hidden=(16,)), **parts), seed=2).requires_grad_(False)
    model.encoder[-1].weight[:3] *= gain
    return model


@pytest.mark.parametrize("kind", KINDS)
def test_the_pairs_are_those_of_the_distributions_one_by_one(kind):
    model, images = model_of(**KINDS[kind]), images_of(20)
    found = information(model, images)
    x = torch.from_numpy(images).float() / 255
    generator = torch.Generator().manual_seed(0)
    with torch.inference_mode():
        qz = model.encode(x)
        noise = torch.randn(20, 3, generator=generator)
        z = model.posterior.draw(qz, noise)
        table = torch.stack([qz.log_prob(one.expand(20, 3)) for one in z]).double()
        own, aggregate = table.diagonal(), table.logsumexp(1) - math.log(20)
        log_p = model.pz().log_prob(z)
    # densities of three dimensions in float32
    np.testing.assert_allclose(found.mutual, own - aggregate, atol=1e-4)
    np.testing.assert_allclose(found.aggregate, aggregate - log_p, atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_information_and_aggregate_kl_add_up_to_the_rate(kind):
    model, images = model_of(**KINDS[kind]), images_of(60)
    found = information(model, images, draws=40 if kind != "flow" else 5)
    np.testing.assert_allclose(found.mutual + found.aggregate, found.rate, atol=1e-9)
    rates = [bound_terms(model, images, seed).kl for seed in range(1, 30)]
    rate, apart = np.mean(rates, axis=0), found.rate - np.mean(rates, axis=0)
    # exact KLs or other draws; four standard errors over images
    assert abs(apart.mean()) < 4 * apart.std(ddof=1) / math.sqrt(60) + 1e-3
    assert rate.mean() > 0.3


def test_a_collapsed_model_tells_nothing():
    model, images = model_of(), images_of(50)
    model.encoder[-1].weight.zero_()
    found = information(model, images)
    # the same posterior 50 times, in float64
    np.testing.assert_allclose(found.mutual, 0, atol=1e-9)


def test_codes_that_are_far_apart_tell_all_of_the_ceiling():
    found = information(model_of(gain=3000.0), images_of(50))
    assert found.ceiling == math.log(50)
    np.testing.assert_allclose(found.mutual, math.log(50), atol=1e-6)
    few = information(model_of(), images_of(50))
    assert 0.05 < few.mutual.mean() < 0.9 * few.ceiling
    assert few.mutual.max() <= few.ceiling


def test_the_aggregate_of_equal_posteriors_has_their_closed_form():
    model, images = model_of(), images_of(5)
    model.encoder[-1].weight.zero_()
    model.encoder[-1].bias.copy_(torch.tensor([0.5, -1.0, 0.0, 0.0, -0.5, 0.2]))
    found = information(model, images, draws=4000)
    expected = bound_terms(model, images).kl[0]
    # 20,000 draws of a log ratio that differs by about one nat
    assert found.aggregate.mean() == pytest.approx(expected, abs=0.04)


def test_the_measure_tells_the_ceiling_and_says_where_it_is_reached():
    measure = MEASURES["mutual-information"]()
    found = measure(Subject(model_of(gain=3000.0), Split(images_of(30))))
    assert found.estimates["information_ceiling"].value == math.log(30)
    assert "near its ceiling" in found.note
    found = measure(Subject(model_of(), Split(images_of(30))))
    assert found.note is None
    rate = MEASURES["rate-distortion"]()(Subject(model_of(), Split(images_of(30))))
    both = found.estimates["mutual_information"].value + found.estimates["aggregate_kl"].value
    # one draw per image against exact KLs
    error = 4 * math.hypot(found.estimates["aggregate_kl"].stderr, rate.estimates["rate"].stderr)
    assert both == pytest.approx(rate.estimates["rate"].value, abs=error)
