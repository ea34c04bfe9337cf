"""Every prior that learns is trained, stopped, resumed, saved, opened and exported like any."""

import pytest
import torch

from tests.learned_priors import LEARNED, told_with
from tests.toys.dataset import STRIPES
from vae import checkpoint
from vae.data import DATASETS, load
from vae.errors import UserError
from vae.export.networks import decoder_payload
from vae.export.payload import header_of
from vae.models.conditioning import MultiRate
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.priors import PRIORS
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import Autoencoder


@pytest.fixture(autouse=True)
def stripes(monkeypatch):
    monkeypatch.setitem(DATASETS, STRIPES.name, STRIPES)


def config_of(name, **parts):
    told = told_with(LEARNED[name], len(STRIPES.class_names))
    network = MLP(hidden=(16,))
    return VAEConfig((1, 8, 8), 2, network, prior=LEARNED[name], conditioning=told, **parts)


def trainer(name, epochs=3):
    return Trainer(
        build(config_of(name)), load(STRIPES.name), TrainConfig(epochs=epochs, batch_size=16)
    )


def test_every_prior_that_learns_is_among_those_tested():
    learned = {key for key, cls in PRIORS.items() if cls.learned}
    assert learned == {prior.name for prior in LEARNED.values()}


@pytest.mark.parametrize("name", LEARNED)
def test_a_run_that_stops_and_goes_on_ends_where_a_whole_one_does(name):
    whole, half, resumed = (trainer(name) for _ in range(3))
    list(whole.run())
    for _ in range(4):
        half._advance()
    resumed.restore(*half.state())
    list(resumed.run())
    expected, found = whole.state()[0], resumed.state()[0]
    assert any(key.startswith("model.prior.") for key in expected)
    assert all(torch.equal(expected[key], found[key]) for key in expected)


@pytest.mark.parametrize("name", LEARNED)
def test_learning_moves_the_prior_and_a_file_of_it_opens_to_the_same_draws(name, tmp_path):
    run = trainer(name)
    before = {key: value.clone() for key, value in run.model.prior.state_dict().items()}
    list(run.run())
    after = run.model.prior.state_dict()
    assert all(not torch.equal(before[key], after[key]) for key in before)
    model = checkpoint.round_to_half(run.model.eval())
    written = checkpoint.Checkpoint("a", model, {}, {}, {}, checkpoint.now(), {}, None)
    checkpoint.write(tmp_path / "a.safetensors", written)
    opened = checkpoint.read(tmp_path / "a.safetensors")
    both = (model, opened.model)
    draws = [one.prior.sample(50, torch.Generator().manual_seed(1)) for one in both]
    assert torch.equal(*draws)
    density = [one.pz().log_prob(draws[0]) for one in both]
    assert torch.equal(*density)
    latent = header_of(decoder_payload(opened))["latent"]
    assert not latent["rings"] and (latent["mixture"] or latent["grid"])


def test_a_vamp_priors_pseudo_inputs_begin_as_images_of_the_training_split():
    run = trainer("vamp")
    images = run.images.images.flatten(1)
    found = (255 * run.model.prior.pseudo_inputs()).round().to(torch.uint8).flatten(1)
    assert all(bool((images == one).all(dim=1).any()) for one in found)


@pytest.mark.parametrize("name", LEARNED)
def test_an_autoencoder_is_refused_a_prior_that_nothing_would_train(name):
    config = config_of(name, posterior="point")
    with pytest.raises(UserError, match="nothing would train the prior .*; leave it"):
        Trainer(build(config), load(STRIPES.name), TrainConfig(Autoencoder(), epochs=1))


def test_a_prior_of_encoded_images_is_refused_where_the_encoder_follows_beta():
    with pytest.raises(UserError, match="this model encodes them anew for each β"):
        build(VAEConfig((1, 8, 8), 2, MLP(hidden=(16,)), prior="vamp", conditioning=MultiRate()))
