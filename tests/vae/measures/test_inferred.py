"""Numbers of a model that infers classes, against sums over all classes and all z of a grid."""

import math
from typing import NamedTuple

import numpy as np
import pytest
import torch

from vae.data import Split
from vae.measures import gaps, inferred
from vae.measures.bound import bound_terms, importance_weighted_log_px
from vae.measures.gaps import inference_gaps
from vae.measures.information import information
from vae.measures.quadrature import exact_log_px
from vae.measures.registry import MEASURES, Subject
from vae.models.conditioning import InferredLabels
from vae.models.config import VAEConfig
from vae.models.likelihoods import Gaussian
from vae.models.networks import MLP
from vae.models.vae import VAE, build

SHAPE, CLASSES = (1, 8, 8), 3
SETTLED = 0.01
"""Nats, as the quadrature promises."""


def model_of(z_dim: int = 1, **parts) -> VAE:
    """Make a small model whose classes differ, and whose classifier is of two minds."""
    conditioning = InferredLabels(classes=CLASSES, hidden=(4,))
    config = VAEConfig(SHAPE, z_dim, MLP(hidden=(8,)), conditioning=conditioning, **parts)
    model = build(config, seed=4)
    with torch.no_grad():
        for layer in model.decoder:
            if isinstance(layer, torch.nn.Linear):
                layer.weight.mul_(1.2)
        generator = torch.Generator().manual_seed(5)
        plane = model.conditioning.plane
        plane.add_(torch.randn(plane.shape, generator=generator))
    return model.requires_grad_(False)


def ink(count: int = 3) -> np.ndarray:
    rng = np.random.default_rng(0)
    return 255 * rng.integers(0, 2, (count, *SHAPE), dtype=np.uint8)


class Summed(NamedTuple):
    log_px: np.ndarray
    elbo: np.ndarray
    gap: np.ndarray


def summed(model: VAE, images: np.ndarray) -> Summed:
    """Sum p and q over every class and a fine grid of one z, in float64."""
    z = torch.linspace(-12, 12, 8001)[:, None]
    step, x = float(z[1] - z[0]), torch.from_numpy(images).float() / 255
    log_p, log_q = (np.empty((len(x), CLASSES, len(z))) for _ in range(2))
    for row, image in enumerate(x):
        of_y = model.conditioning.log_qy(image[None])[0]
        for label in range(CLASSES):
            y = torch.full((len(z),), label)
            joint = model.log_px(image.expand(len(z), *SHAPE), z, y) + model.pz(None).log_prob(z)
            log_p[row, label] = joint.double().numpy() - np.log(CLASSES)
            qz = model.encode(image[None], y[:1])
            log_q[row, label] = (of_y[label] + qz.log_prob(z[:, None])[:, 0]).double().numpy()
    log_p, log_q = (values.reshape(len(x), -1) for values in (log_p, log_q))
    log_px = np.log((np.exp(log_p) * step).sum(1))
    q = np.exp(log_q) * step
    gap = (q * (log_q - log_p + log_px[:, None])).sum(1)
    return Summed(log_px, (q * (log_p - log_q)).sum(1), gap)


def test_log_px_bound_and_gap_are_the_sums_over_all_classes_and_all_z():
    model, images = model_of(), ink()
    found, expected = exact_log_px(model, images), summed(model, images)
    for name in Summed._fields:
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), atol=SETTLED)
    assert (found.gap > 0.1).all()


@pytest.mark.parametrize("parts", [{"posterior": "full"}, {"likelihood": Gaussian(scale=0.8)}])
def test_bound_and_gap_add_up_to_log_px(parts):
    found = exact_log_px(model_of(2, **parts), ink(1))
    np.testing.assert_allclose(found.elbo + found.gap, found.log_px, atol=SETTLED)


def summed_information(model: VAE, images: np.ndarray) -> tuple[float, float]:
    """I(x; z) and KL(q(z) ‖ p(z)) as sums over a fine grid of one z, over all classes."""
    z = torch.linspace(-12, 12, 8001)[:, None]
    x, step = torch.from_numpy(images).float() / 255, float(z[1] - z[0])
    of_y = model.conditioning.log_qy(x).double()
    log_q = torch.stack(
        [
            of_y[:, label]
            + model.encode(x, torch.full((len(x),), label)).log_prob(z[:, None]).double()
            for label in range(CLASSES)
        ]
    ).logsumexp(0)
    whole = log_q.logsumexp(1, keepdim=True) - math.log(len(x))
    mutual = (log_q.exp() * (log_q - whole)).sum() * step / len(x)
    log_p = model.pz(None).log_prob(z).double()[:, None]
    return float(mutual), float((whole.exp() * (whole - log_p)).sum() * step)


def test_what_the_code_tells_is_the_sum_over_all_classes_and_all_z():
    model, images = model_of(), ink(4)
    with torch.no_grad():
        model.encoder[-1].weight.mul_(4)
    found = information(model, images, draws=1500)
    mutual, aggregate = summed_information(model, images)
    assert 0.1 < mutual < found.ceiling == math.log(4)
    # about four standard errors of 6,000 draws of values that spread by less than 1 nat
    assert found.mutual.mean() == pytest.approx(mutual, abs=0.05)
    assert found.aggregate.mean() == pytest.approx(aggregate, abs=0.05)
    np.testing.assert_allclose(found.mutual + found.aggregate, found.rate, atol=1e-9)


def test_labels_that_are_known_are_not_told():
    model, images = model_of(), ink()
    first, second = (exact_log_px(model, images, told) for told in (None, np.arange(3)))
    np.testing.assert_array_equal(first.log_px, second.log_px)


def test_the_exact_bound_is_what_the_evaluation_estimates():
    model, images = model_of(), ink()
    drawn = [bound_terms(model, images, seed) for seed in range(60)]
    each = np.stack([one.log_px - one.kl for one in drawn])
    error = each.std(axis=0, ddof=1) / np.sqrt(60)
    # four standard errors, and the grid's own tolerance
    found = exact_log_px(model, images).elbo
    assert (np.abs(found - each.mean(axis=0)) < 4 * error + SETTLED).all()


def test_one_and_two_dimensions_have_the_same_log_px_in_the_table_of_gaps():
    model, images = model_of(), ink(2)
    exact, found = exact_log_px(model, images), inference_gaps(model, images, steps=5)
    np.testing.assert_allclose(found.log_px, exact.log_px, atol=SETTLED)
    np.testing.assert_allclose(found.elbo, exact.elbo, atol=SETTLED)


@pytest.mark.parametrize("z_dim", [2, 3])
def test_log_px_is_at_least_the_best_bound_and_that_at_least_the_encoders(z_dim, monkeypatch):
    monkeypatch.setattr(gaps, "SAMPLES", 500)
    counted: list[int] = []
    found = inference_gaps(model_of(z_dim), ink(2), count=counted.append, steps=40)
    # the grids' own tolerance; draws obey it exactly
    assert (found.approximation >= -(2e-3 if z_dim == 2 else 0)).all()
    assert (found.amortisation > 0).all()
    assert sum(counted) == 2 * CLASSES


def test_more_dimensions_are_summed_over_the_classes_as_importance_sampling_sums(monkeypatch):
    # of a mild decoder, so that both reach all of the posterior
    monkeypatch.setattr(gaps, "SAMPLES", 2000)
    model, images = model_of(3), ink(2)
    with torch.no_grad():
        for layer in model.decoder:
            if isinstance(layer, torch.nn.Linear):
                layer.weight.mul_(0.3)
    found = inference_gaps(model, images, steps=40).log_px
    each = np.stack([importance_weighted_log_px(model, images, 6000, seed) for seed in range(8)])
    # four standard deviations of one estimate; the other is from a better q
    assert (np.abs(each.mean(axis=0) - found) < 4 * each.std(axis=0, ddof=1)).all()


def test_no_other_classifier_reaches_more_than_the_best_bound():
    rng = np.random.default_rng(1)
    elbo = rng.normal(-100, 3, (CLASSES, 4))
    best = inferred.log_mean(elbo)
    tried = [inferred.bound(np.log(rng.dirichlet(np.ones(3), 4).T), elbo) for _ in range(200)]
    assert (np.array(tried) <= best).all()
    own = elbo - np.logaddexp.reduce(elbo, axis=0)
    np.testing.assert_allclose(inferred.bound(own, elbo), best)


@pytest.mark.parametrize("name", ["exact-log-px", "inference-gap"])
def test_the_measure_says_what_q_is_and_counts_every_class(name):
    told: list[tuple[int, int]] = []
    subject = Subject(model_of(), Split(ink(2)))
    options = {"steps": 2} if name == "inference-gap" else {}
    measure = MEASURES[name](**options)
    assert measure.seconds(subject) > 0
    found = measure(subject, lambda done, total: told.append((done, total)))
    assert found.note is not None and "q(y|x) q(z|x, y)" in found.note
    assert told[-1] == (2 * CLASSES, 2 * CLASSES)
    assert all(one.value is not None and one.stderr is not None for one in found.estimates.values())
