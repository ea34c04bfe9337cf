"""A learned σ of a pixel that comes down to its floor is told of, not passed over."""

import json

import numpy as np
import pytest

from vae.data import ImageDataset, Split
from vae.models.config import VAEConfig
from vae.models.likelihoods import Gaussian
from vae.models.networks import MLP
from vae.runs import driver as runs
from vae.runs import watch
from vae.training.config import TrainConfig

MODEL = VAEConfig((1, 8, 8), 2, MLP(hidden=(16,)), Gaussian(scale=0.02, learned=True))
FLOOR = "the learned σ of a pixel is at its floor of 0.01"


@pytest.fixture(scope="module")
def images():
    """Images of one grey that even a fresh decoder hits: nothing is left to be uncertain of."""
    grey = Split(np.full((64, 1, 8, 8), 128, np.uint8), np.zeros(64, np.int64))
    return ImageDataset("grey", "Grey", grey, grey, grey)


@pytest.fixture(scope="module")
def run(images, tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "grey-run"
    return out, runs.start(
        out, images, MODEL, TrainConfig(epochs=50, batch_size=32, learning_rate=0.03)
    )


def test_a_run_is_warned_when_sigma_comes_to_its_floor(run):
    out, _ = run
    events = [json.loads(line) for line in (out / "events.jsonl").read_text().splitlines()]
    warned = [event for event in events if event["event"] == "warned"]
    assert len(warned) == 2  # when it came there, and at the end
    assert all(FLOOR in event["words"] for event in warned)
    assert warned[0]["words"].startswith(f"at step {warned[0]['step']:,} ")


def test_its_card_has_the_line_to_show(run, monkeypatch):
    out, _ = run
    monkeypatch.setenv("VAE_RUNS", str(out.parent))
    assert FLOOR in watch.view(out.name).warning


def test_its_model_says_so_too(run):
    assert FLOOR in run[1].metrics["note"]


def test_a_run_whose_sigma_is_above_the_floor_is_not_warned(tmp_path):
    rng = np.random.default_rng(0)
    noise = Split(rng.integers(0, 256, (64, 1, 8, 8), np.uint8), np.zeros(64, np.int64))
    out = tmp_path / "noise-run"
    training = TrainConfig(epochs=10, batch_size=32)
    runs.start(out, ImageDataset("noise", "Noise", noise, noise, noise), MODEL, training)
    assert "warned" not in (out / "events.jsonl").read_text()
