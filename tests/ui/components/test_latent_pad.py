"""The pad, without a browser: what the component is told."""

from pathlib import Path

import pytest

from ui.components import latent_pad
from ui.state import AppState
from vae.data import DATASETS

SCRIPTS = sorted((Path(__file__).resolve().parents[3] / "vae" / "web").rglob("*.js"))


@pytest.mark.parametrize("model", ["mnist-2d", "fashion-2d", "digits-2d"])
def test_a_drawing_is_placed_as_the_models_data_set_says(model: str) -> None:
    told = latent_pad.pad_data(model, AppState())["framing"]
    assert told is not None


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("mnist-2d", "VAE"),
        ("mnist-ae-2d", "autoencoder"),
        ("mnist-pca-2d", "PCA"),
        ("mnist-cvae-2d", "conditional VAE"),
    ],
)
def test_a_pad_is_told_what_a_model_trained_like_this_is_called(model: str, kind: str) -> None:
    assert latent_pad.pad_data(model, AppState())["kind"] == kind


def test_no_script_holds_a_list_of_data_sets() -> None:
    assert SCRIPTS
    quoted = [f'"{name}"' for name in DATASETS]
    found = [(path.name, name) for path in SCRIPTS for name in quoted if name in path.read_text()]
    assert not found
