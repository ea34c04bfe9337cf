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


def test_no_script_holds_a_list_of_data_sets() -> None:
    assert SCRIPTS
    quoted = [f'"{name}"' for name in DATASETS]
    found = [(path.name, name) for path in SCRIPTS for name in quoted if name in path.read_text()]
    assert not found
