"""Generate, without a browser: what the component is told."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.tiny_models import write_models
from ui.components import generator

ROOT = Path(__file__).resolve().parents[2]
# seconds; the first page imports torch
FIRST_RUN = 60


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
    return app.run().switch_page("pages/generate.py").run()


@pytest.mark.parametrize("model", ["flat-ae", "deep", "line", "colour"])
def test_the_page_opens_for_every_kind_of_model(models: Path, model: str) -> None:
    app = open_page(model)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "Generate"


def test_a_large_decoder_goes_to_the_browser_too_and_the_page_says_what_comes_of_it(
    models: Path,
) -> None:
    app = open_page("large")
    assert any("one after another" in caption.value for caption in app.caption)
    assert generator.generator_data("large")["decoder"].startswith("/payload/decoder/")


def test_a_broken_model_is_explained(models: Path) -> None:
    (models / "broken.safetensors").write_bytes(b"not a model at all")
    app = open_page("broken")
    assert not app.exception
    assert any("broken.safetensors" in error.value for error in app.error)
