"""Every measure of the registry: what it says of itself, and that it gives what it says."""

from dataclasses import replace

import numpy as np
import pytest

from vae.data import Split
from vae.measures.bound import bound_terms
from vae.measures.classifier import trained
from vae.measures.registry import MEASURES, Subject
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import VAE, build

CONFIG = VAEConfig((1, 8, 8), z_dim=2, architecture=MLP(hidden=(8,)))


@pytest.fixture(autouse=True)
def hasty_classifier(monkeypatch):
    """Train the classifier that some measures need for a moment only."""
    monkeypatch.setattr(trained, "STEPS", 5)


def tiny(posterior: str = "gaussian", **changes) -> VAE:
    return build(VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)), posterior=posterior, **changes), seed=1)


def subject_of(model: VAE, count: int = 12) -> Subject:
    rng = np.random.default_rng(0)
    images = 255 * rng.integers(0, 2, (4 * count, 1, 8, 8), dtype=np.uint8)
    factors = rng.integers(0, 3, (4 * count, 2)).astype(np.float32)
    every = Split(images, np.arange(4 * count) % 3, factors)
    rows = np.arange(count)
    return Subject(
        model,
        every.take(rows),
        train=every.take(rows[-1] + 1 + np.arange(2 * count)),
        validation=every.take(3 * count + rows),
        factor_names=("shape", "scale"),
    )


def test_no_two_measures_give_a_quantity_of_the_same_name():
    names = [quantity.name for cls in MEASURES.values() for quantity in cls.quantities]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_has_an_estimate_for_each_quantity_and_counts_to_its_end(name):
    told = []
    subject = subject_of(tiny()).some(MEASURES[name].most_images)
    found = MEASURES[name]()(subject, lambda done, total: told.append((done, total)))
    assert set(found.estimates) == {quantity.name for quantity in MEASURES[name].quantities}
    values = [estimate.value for estimate in found.estimates.values()]
    assert all(value is None or np.isfinite(value) for value in values)
    assert told and told[-1][0] == told[-1][1]


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_without_a_meaning_is_undefined_and_says_why(name):
    subject = subject_of(tiny("point"))
    bare = replace(subject, split=Split(subject.split.images), train=None, validation=None)
    measure = MEASURES[name]()
    reason = measure.refusal(bare)
    found = measure(bare)
    undefined = all(estimate.value is None for estimate in found.estimates.values())
    assert undefined == (reason is not None)
    assert found.note == reason or not undefined


def test_the_elbo_is_minus_the_sum_of_rate_and_distortion_of_the_bound():
    subject = subject_of(tiny())
    found = MEASURES["rate-distortion"]()(subject).estimates
    terms = bound_terms(subject.model, subject.split.images, 0)
    assert found["rate"].value == pytest.approx(terms.kl.mean())
    assert found["distortion"].value == pytest.approx(-terms.log_px.mean())
    assert found["elbo"].value == pytest.approx(-found["rate"].value - found["distortion"].value)
    spread = np.std(terms.log_px - terms.kl, ddof=1) / np.sqrt(len(terms.kl))
    assert found["elbo"].stderr == pytest.approx(spread)


def test_fewer_images_are_drawn_from_the_whole_split_in_order():
    subject = subject_of(tiny(), 40)
    some = subject.some(10)
    where = [
        int(np.flatnonzero((subject.split.images == image).all(axis=(1, 2, 3)))[0])
        for image in some.split.images
    ]
    assert where == sorted(set(where)) and where[-1] > 20
    assert subject.some(40) is subject and subject.some(None) is subject
