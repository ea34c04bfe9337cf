"""The command line and a model in which each class has a prior of its own."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.tiny_models import tiny_checkpoint
from vae import checkpoint
from vae.__main__ import main
from vae.commands.interpolate import place
from vae.export import pictures
from vae.latent import paths
from vae.models.conditioning import Labels
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.priors import ClassNormal

CLASSES = 3


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> checkpoint.Checkpoint:
    """A model of 8×8 images whose classes lie far from each other."""
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    told = Labels(classes=CLASSES)
    config = VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)), prior=ClassNormal(), conditioning=told)
    found = tiny_checkpoint("apart", config)
    with torch.no_grad():
        found.model.prior.loc += torch.tensor([[-9.0, 0.0], [0.0, 9.0], [9.0, -9.0]])
        found.model.prior.log_scale += torch.tensor([[0.0], [-1.0], [-2.0]])
    checkpoint.write(tmp_path / "apart.safetensors", found)
    return checkpoint.read(tmp_path / "apart.safetensors")


def normal_of(made: checkpoint.Checkpoint, label: int) -> tuple[np.ndarray, np.ndarray]:
    parts = made.model.prior.components()
    return parts.loc[label], parts.scale[label]


def test_a_grid_steps_through_the_normal_of_its_class(made, tmp_path, capsys):
    out = tmp_path / "grid.png"
    argv = ["sample", "apart", "--layout", "grid", "--steps", "3", "--label", "1", "--zoom", "1"]
    assert main([*argv, "--out", str(out)]) == 0
    assert "9 images of class " in capsys.readouterr().out
    loc, scale = normal_of(made, 1)
    z = loc + scale * paths.prior_grid(3).reshape(-1, 2)
    images = pictures.decode(made.model, z, np.full(9, 1))
    expected = pictures.sheet(images, 3)
    found = np.asarray(Image.open(out)).reshape(expected.shape)
    np.testing.assert_array_equal(found, expected)


def test_draws_of_a_class_are_of_its_normal(made, tmp_path):
    out = tmp_path / "draws.png"
    argv = ["sample", "apart", "--count", "4", "--label", "2", "--seed", "5", "--zoom", "1"]
    assert main([*argv, "--out", str(out)]) == 0
    y = torch.full((4,), 2)
    z = made.model.prior.sample(4, torch.Generator().manual_seed(5), y)
    loc, scale = normal_of(made, 2)
    assert (np.abs(z.numpy() - loc) < 5 * scale).all()
    expected = pictures.sheet(pictures.decode(made.model, z.numpy(), y.numpy()), 2)
    found = np.asarray(Image.open(out)).reshape(expected.shape)
    np.testing.assert_array_equal(found, expected)


def test_an_end_drawn_of_the_prior_brings_its_class_or_is_drawn_of_the_one_that_is_told(made):
    z, label = place(made, "prior:1")
    loc, scale = normal_of(made, label)
    assert (np.abs(z - loc) < 5 * scale).all()
    other = (label + 1) % CLASSES
    z, told = place(made, f"prior:1@{other}")
    loc, scale = normal_of(made, other)
    assert told == other
    assert (np.abs(z - loc) < 5 * scale).all()


def test_a_training_without_labels_is_refused_in_one_sentence(tmp_path, capsys):
    argv = ["train", "--dataset", "digits", "--prior", "class-normal", "--epochs", "1"]
    assert main([*argv, "--out", str(tmp_path / "run")]) == 2
    said = capsys.readouterr().err.strip()
    assert "has one normal for each class, and this model is not told each image's class" in said
    assert "\n" not in said
