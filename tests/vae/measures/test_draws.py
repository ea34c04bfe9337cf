"""Images that a model makes, for measures that look at them."""

import numpy as np
import torch

from vae.measures.draws import drawn_images, reconstructed
from vae.models.conditioning import CONDITIONINGS
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.pixels import to_bytes
from vae.models.vae import VAE, build


def tiny(told: bool = False) -> VAE:
    conditioning = CONDITIONINGS["labels"](classes=10) if told else CONDITIONINGS["none"]()
    return build(VAEConfig((1, 8, 8), 2, MLP((8,)), conditioning=conditioning), 1)


def test_draws_are_decoded_draws_of_the_prior_and_a_seed_repeats_them():
    model = tiny()
    found = drawn_images(model, 700, seed=3)
    z = model.prior.sample(700, torch.Generator().manual_seed(3))
    with torch.inference_mode():
        # in batches of another size a sum may round to the next of 256 levels
        assert abs(found - to_bytes(model.decode_mean(z)).numpy().astype(int)).max() <= 1
    assert (found == drawn_images(model, 700, seed=3)).all()
    assert (found != drawn_images(model, 700, seed=4)).any()


def test_a_model_that_is_told_classes_is_told_those_of_the_images_or_all_in_turn():
    model = tiny(told=True)
    in_turn = np.resize(np.arange(10), 30)
    assert (drawn_images(model, 30) == drawn_images(model, 30, labels=in_turn)).all()
    assert (drawn_images(model, 30) != drawn_images(model, 30, labels=0 * in_turn)).any()


def test_a_reconstruction_is_the_decoded_posterior_mean():
    model = tiny(told=True)
    images = np.random.default_rng(0).integers(0, 256, (9, 1, 8, 8), dtype=np.uint8)
    labels = np.arange(9)
    x, y = torch.from_numpy(images) / 255, torch.from_numpy(labels)
    with torch.inference_mode():
        expected = to_bytes(model.decode_mean(model.encode(x, y).mean, y))
    assert (reconstructed(model, images, labels) == expected.numpy()).all()
