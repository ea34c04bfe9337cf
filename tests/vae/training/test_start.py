"""A decoder starts at the mean of the training images."""

import numpy as np
import pytest
import torch

from vae.data import ImageDataset, Split
from vae.models.config import VAEConfig
from vae.models.likelihoods import LIKELIHOODS, Bernoulli, Gaussian, LogisticMixture
from vae.models.likelihoods.likelihood import FAINTEST
from vae.models.networks import MLP, Conv
from vae.models.priors import PRIORS
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.start import start_at_mean

SHAPE = (1, 8, 8)


def pictures(count=20, shape=SHAPE):
    images = np.random.default_rng(0).integers(0, 256, (count, *shape), dtype=np.uint8)
    images[:, :, 0] = 0
    return torch.from_numpy(images)


def model_of(likelihood, architecture=None, shape=SHAPE, **parts):
    config = VAEConfig(shape, 2, architecture or MLP((8,)), likelihood=likelihood, **parts)
    return build(config, 0)


def last_bias(model):
    return [p for name, p in model.decoder.named_parameters() if name.endswith("bias")][-1]


@pytest.mark.parametrize("likelihood", [Bernoulli(), Gaussian(), Gaussian(link="identity")])
def test_the_last_bias_alone_decodes_to_the_mean_image(likelihood):
    model, images = model_of(likelihood), pictures()
    start_at_mean(model, images)
    decoded = model.likelihood.mean(last_bias(model).detach().reshape(1, *SHAPE))
    mean = images.double().mean(0, keepdim=True) / 255
    # pixels that are black in all images have log odds of the faintest grey instead
    assert torch.allclose(decoded.double(), mean, atol=1.01 * FAINTEST)


def test_a_decoder_with_a_bias_for_each_channel_starts_at_the_mean_colour():
    shape = (3, 8, 8)
    model, images = model_of(Bernoulli(), Conv((4,), 8), shape), pictures(shape=shape)
    start_at_mean(model, images)
    decoded = model.likelihood.mean(last_bias(model).detach())
    assert torch.allclose(decoded.double(), images.double().mean((0, 2, 3)) / 255)


def test_a_likelihood_that_knows_no_raw_numbers_leaves_the_decoder_alone():
    model, images = model_of(LogisticMixture()), pictures()
    before = last_bias(model).detach().clone()
    start_at_mean(model, images)
    assert torch.equal(last_bias(model), before)


KNOWING = ["bernoulli", "gaussian", "gaussian-per-pixel"]


@pytest.mark.parametrize("name", KNOWING)
def test_raw_numbers_of_a_mean_have_that_mean(name):
    likelihood, mean = LIKELIHOODS[name]().module(SHAPE), torch.rand(1, *SHAPE)
    raw = likelihood.raw_of(mean)
    assert torch.allclose(likelihood.mean(raw), mean, atol=1.01 * FAINTEST)


@pytest.mark.parametrize(
    ("asked", "prior", "starts"),
    [
        (True, "standard-normal", True),
        (False, "vamp", False),
        (None, "standard-normal", False),
        (None, "mixture", False),
        (None, "vamp", True),
    ],
)
def test_a_training_starts_there_where_it_is_asked_to_or_the_prior_needs_it(asked, prior, starts):
    images = pictures().numpy()
    split = Split(images, np.zeros(len(images), dtype=np.int64))
    dataset = ImageDataset("toy", split, split, split, ("one",))
    model = model_of(Bernoulli(), prior=PRIORS[prior]())
    before = last_bias(model).detach().clone()
    Trainer(model, dataset, TrainConfig(epochs=1, mean_start=asked))
    assert torch.equal(last_bias(model), before) is not starts


def test_a_config_that_says_yes_or_no_is_read_as_before():
    for asked in (True, False, None):
        config = TrainConfig(epochs=1, mean_start=asked)
        assert TrainConfig.from_json(config.to_json()).mean_start is asked
