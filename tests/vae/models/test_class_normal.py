"""Laws of the prior with one normal for each class, and of the mixture of them all."""

import numpy as np
import pytest
import torch
from torch.distributions import Independent, Normal

from tests.learned_priors import CLASSES, LEARNED, labels_for, moved
from vae.checkpoint import Atlas
from vae.data import Split
from vae.errors import UserError
from vae.latent import encoded
from vae.measures.bound import bound_terms
from vae.measures.information import information
from vae.measures.registry import MEASURES, Subject
from vae.models.conditioning import InferredLabels, Labels, MultiRate, Unconditional
from vae.models.config import VAEConfig
from vae.models.divergence import divergence
from vae.models.networks import MLP
from vae.models.priors import ClassNormal
from vae.models.vae import build
from vae.training.objectives import BetaTcvae, check_fit

SHAPE = (1, 8, 8)


@pytest.fixture
def model():
    """Three classes, whose normals differ in mean and width."""
    return moved(ClassNormal(), 2, by=0.7)


def normal_of(model, label):
    loc, scale = model.prior.loc[label], model.prior.log_scale[label].exp()
    return Independent(Normal(loc, scale), 1)


def test_each_class_has_its_own_density_and_the_mixture_is_their_mean(model, generator):
    z = 2 * torch.randn(60, 2, generator=generator)
    y = labels_for(model, 60)
    each = torch.stack([normal_of(model, label).log_prob(z) for label in range(CLASSES)])
    torch.testing.assert_close(model.pz(y).log_prob(z), each[y, torch.arange(60)])
    mean = each.double().exp().mean(0).log().float()
    # float32
    torch.testing.assert_close(model.pz().log_prob(z), mean, atol=1e-5, rtol=1e-5)


def test_draws_of_a_class_have_its_mean_and_width(model):
    for label in range(CLASSES):
        y = torch.full((20_000,), label)
        z = model.prior.sample(len(y), torch.Generator().manual_seed(4), y)
        own = normal_of(model, label)
        # four standard errors of a mean, and of a standard deviation, of 20,000 draws
        error = 4 * own.stddev / 20_000**0.5
        assert bool(((z.mean(0) - own.mean).abs() < error).all())
        assert bool(((z.std(0) - own.stddev).abs() < error).all())


def test_draws_without_a_class_are_of_all_classes_alike(model):
    z = model.prior.sample(30_000, torch.Generator().manual_seed(4))
    parts = model.prior.components()
    assert parts.weight.tolist() == [1 / CLASSES] * CLASSES
    # four standard errors of the mean
    error = 4 * z.std(0).numpy() / 30_000**0.5
    assert (np.abs(z.mean(0).numpy() - parts.loc.mean(0)) < error).all()
    np.testing.assert_allclose(parts.loc, model.prior.loc, rtol=0, atol=0)


def test_the_kl_to_the_prior_of_ones_own_class_is_the_mean_over_draws(model, generator):
    x, y = torch.rand(6, *SHAPE, generator=generator), labels_for(model, 6)
    qz = model.encode(x, y)
    found = divergence(qz, model.pz(y), qz.mean)
    assert found.per_dim is not None
    noise = torch.randn(20_000, 6, 2, generator=generator)
    z = model.posterior.draw(qz, noise)
    terms = qz.log_prob(z) - torch.stack(
        [normal_of(model, label).log_prob(z[:, i]) for i, label in enumerate(y)], dim=1
    )
    # four standard errors of the mean over 20,000 draws
    error = 4 * terms.std(0) / 20_000**0.5
    assert bool(((found.kl - terms.mean(0)).abs() < error + 1e-5).all())
    # of another class it is another one
    other = divergence(qz, model.pz((y + 1) % CLASSES), qz.mean)
    assert bool(((other.kl - found.kl).abs() > 1e-3).all())


def test_before_learning_every_class_has_the_standard_normal():
    told = Labels(classes=2)
    prior = ClassNormal()
    model = build(VAEConfig(SHAPE, 3, MLP(hidden=(8,)), prior=prior, conditioning=told))
    z, y = torch.randn(20, 3, generator=torch.Generator().manual_seed(0)), torch.arange(20) % 2
    standard = Independent(Normal(torch.zeros(3), torch.ones(3)), 1)
    torch.testing.assert_close(model.pz(y).log_prob(z), standard.log_prob(z))
    torch.testing.assert_close(model.pz().log_prob(z), standard.log_prob(z))


def test_a_label_that_is_no_class_is_refused(model):
    with pytest.raises(UserError, match="knows the classes 0 to 2, and an image has the label 3"):
        model.pz(torch.tensor([0, 3]))
    with pytest.raises(UserError, match="no label"):
        model.prior.sample(1, torch.Generator(), torch.tensor([-1]))


@pytest.mark.parametrize("told", [Unconditional(), InferredLabels(classes=3), MultiRate()])
def test_a_model_that_is_not_told_each_class_is_refused_with_the_reason(told):
    config = VAEConfig(SHAPE, 2, MLP(hidden=(8,)), prior="class-normal", conditioning=told)
    with pytest.raises(UserError, match="not told each image's class; choose the conditioning"):
        build(config)


def test_an_objective_that_holds_all_classes_against_one_prior_refuses_it():
    told = Labels(classes=3)
    config = VAEConfig(SHAPE, 2, MLP(hidden=(8,)), prior=ClassNormal(), conditioning=told)
    with pytest.raises(UserError, match="has another one for each class; choose one that is the"):
        check_fit(BetaTcvae(), config)


# ---- what is measured --------------------------------------------------------------------------


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (60, *SHAPE), dtype=np.uint8)


def test_the_rate_is_the_kl_to_each_class_and_the_aggregate_is_held_against_the_mixture(
    model, images
):
    y = np.arange(60) % CLASSES
    found = information(model, images, y, draws=60)
    rate = bound_terms(model, images, labels=y).kl
    # four standard errors of what 60 draws for each image leave
    spread = 4 * (found.rate - rate).std() / 60**0.5
    assert found.rate.mean() == pytest.approx(rate.mean(), abs=spread)
    total = found.mutual + found.aggregate - found.class_tells
    np.testing.assert_allclose(total, found.rate, atol=1e-9)
    # the classes' normals are not all the same, and an untrained encoder does not follow them
    assert found.class_tells.mean() < -1
    assert information(moved(LEARNED["mixture"], 2), images).class_tells is None


def test_the_measure_says_by_how_much_the_rate_differs(model, images):
    split = Split(images, np.arange(60) % CLASSES)
    measured = MEASURES["mutual-information"]()(Subject(model, split))
    assert "the mixture of the classes' priors" in measured.note
    assert f"minus {information(model, images, split.labels).class_tells.mean():.2f} nats" in (
        measured.note
    )


def test_the_kl_of_encoded_images_is_to_their_own_class(model, images):
    y = np.arange(60) % CLASSES
    terms = bound_terms(model, images, labels=y)
    with torch.inference_mode():
        qz = model.encode(torch.from_numpy(images).float() / 255, torch.from_numpy(y))
    atlas = Atlas(qz.loc.numpy(), qz.scale.numpy(), y, np.arange(60))
    found = encoded.kl(atlas, model.pz(torch.from_numpy(y)))
    np.testing.assert_allclose(found, terms.kl_per_dim, rtol=1e-4, atol=1e-5)
