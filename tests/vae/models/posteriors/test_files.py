"""Posteriors that do not factorise in runs and files: resumed exactly, and checked when opened."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.exported import checkpoint_of
from vae import checkpoint
from vae.data import ImageDataset, Split
from vae.errors import UserError
from vae.measures.evaluation import encode_split
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors import Flow, Full
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import Elbo

POSTERIORS = {"full": Full(), "flow": Flow(units=8, bins=3, context=2)}


def split(count: int) -> Split:
    pixels = np.random.default_rng(count).integers(0, 256, (count, 1, 8, 8), dtype=np.uint8)
    return Split(pixels, np.arange(count) % 2)


def config(posterior: str, z_dim: int = 2) -> VAEConfig:
    return VAEConfig((1, 8, 8), z_dim, MLP(hidden=(8,)), posterior=POSTERIORS[posterior])


@pytest.mark.parametrize("posterior", POSTERIORS)
def test_a_run_that_stops_and_goes_on_ends_where_a_whole_one_does(posterior):
    dataset = ImageDataset("few", "Few", split(32), split(8), split(9), ("a", "b"))
    training = TrainConfig(Elbo(), epochs=3, batch_size=8)
    whole, half, resumed = (
        Trainer(build(config(posterior), 0), dataset, training) for _ in range(3)
    )
    list(whole.run())
    for _ in range(5):
        half._advance()
    resumed.restore(*half.state())
    list(resumed.run())
    expected, found = whole.state()[0], resumed.state()[0]
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[key], found[key]) for key in expected)


@pytest.mark.parametrize(("posterior", "z_dim"), [("full", 2), ("flow", 2), ("flow", 5)])
def test_a_file_keeps_the_shapes_of_its_posteriors_and_opens_without_them(
    posterior, z_dim, tmp_path
):
    model = checkpoint.round_to_half(build(config(posterior, z_dim))).eval()
    atlas = encode_split(model, split(6))
    path = tmp_path / "tiny.safetensors"
    checkpoint.write(path, checkpoint_of(model, atlas))
    opened = checkpoint.read(path).atlas
    # float16 keeps 1 part in 2,000
    np.testing.assert_allclose(opened.tril, atlas.tril, rtol=1e-3, atol=1e-7)
    assert (opened.outline is None) == (posterior == "full" or z_dim != 2)
    variances = np.square(opened.tril[:, z_dim * (z_dim + 1) // 2 - z_dim :]).sum(axis=1)
    np.testing.assert_allclose(np.sqrt(variances), opened.scale[:, -1], rtol=2e-3)
    checkpoint.write(path, checkpoint_of(model, replace(atlas, tril=None, outline=None)))
    assert checkpoint.read(path).atlas.tril is None


def test_shapes_that_do_not_fit_the_posterior_are_damage(tmp_path):
    path = tmp_path / "tiny.safetensors"
    model = build(config("full"))
    atlas = encode_split(model, split(6))
    narrow = replace(atlas, tril=atlas.tril[:, :2].copy())
    checkpoint.write(path, checkpoint_of(model, narrow))
    with pytest.raises(UserError, match=r"atlas.tril has shape \[6, 2\]"):
        checkpoint.read(path)
    independent = build(replace(config("full"), posterior="gaussian"))
    checkpoint.write(path, checkpoint_of(independent, atlas))
    with pytest.raises(UserError, match=r"'atlas.tril' is not one its config asks for"):
        checkpoint.read(path)
