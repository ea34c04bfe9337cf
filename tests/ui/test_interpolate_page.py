"""Interpolate, without a browser: what the component is told."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.asking import ask
from tests.tiny_models import write_models
from ui.components import interpolator
from ui.routes import originals
from ui.routes import payloads as payload_routes
from vae import checkpoint, library
from vae.export.payload import header_of
from vae.latent.paths import PATHS
from vae.measures import likeness

ROOT = Path(__file__).resolve().parents[2]
# seconds; the first page imports torch
FIRST_RUN = 60
KINDS = ["flat", "flat-ae", "deep", "line", "colour", "large"]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tiny models that the app finds."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    return write_models(folder)


def open_page(model: str) -> AppTest:
    """Run the page as it opens for a model."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN)
    app.query_params["model"] = model
    return app.run().switch_page("pages/interpolate.py").run()


@pytest.mark.parametrize("model", KINDS)
def test_the_page_opens_for_every_kind_of_model(models: Path, model: str) -> None:
    app = open_page(model)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "Interpolate"


def test_a_broken_model_is_explained(models: Path) -> None:
    (models / "broken.safetensors").write_bytes(b"not a model at all")
    app = open_page("broken")
    assert not app.exception
    assert any("broken.safetensors" in error.value for error in app.error)


def test_a_large_decoder_is_drawn_by_the_server_and_the_page_says_so(models: Path) -> None:
    app = open_page("large")
    assert any("the server draws the images" in caption.value for caption in app.caption)
    assert interpolator.interpolator_data("large")["decoder"].startswith("/payload/outline/")


@pytest.mark.parametrize(("model", "told"), [("mnist-flow-20d", True), ("mnist-vamp-2d", False)])
def test_the_density_of_a_flow_prior_is_computed_from_a_block_of_its_own(
    model: str, told: bool
) -> None:
    address = interpolator.interpolator_data(model)["prior"]
    assert (address or "").startswith("/payload/prior/") == told
    if told:
        answer = ask(payload_routes.routes(), address)
        assert answer.status == 200
        assert len(header_of(answer.body)["loc"]) == 20


def test_every_path_of_the_library_is_offered_with_a_word(models: Path) -> None:
    methods = interpolator.interpolator_data("flat")["methods"]
    assert [method["name"] for method in methods] == list(PATHS)
    assert {"straight", "spherical"} <= {method["words"] for method in methods}


def test_originals_are_offered_only_where_they_are_known(models: Path) -> None:
    assert interpolator.interpolator_data("flat")["originals"] is None
    offered = interpolator.interpolator_data("digits-2d")["originals"]
    assert offered == originals.address("digits-2d")


def test_how_the_data_sets_images_were_placed_is_told(models: Path) -> None:
    assert interpolator.interpolator_data("flat")["framing"] is None
    framing = interpolator.interpolator_data("mnist-2d")["framing"]
    assert framing == {"box": 20 / 28, "middle": "mass", "centre": 14.5 / 28}


def test_likeness_is_measured_where_the_file_does_not_hold_it(models: Path) -> None:
    shipped = checkpoint.read(library.find("digits-2d"))
    known = shipped.metrics[likeness.QUANTILES]
    without = {key: shipped.metrics[key] for key in shipped.metrics if key != likeness.QUANTILES}
    checkpoint.write(models / "older.safetensors", replace(shipped, metrics=without))
    found = interpolator.interpolator_data("older")["likeness"]
    assert found["split"] == "test"
    # the file holds two decimals
    np.testing.assert_allclose(found["quantiles"], known, atol=0.01)
    assert interpolator.interpolator_data("flat")["likeness"] is None
