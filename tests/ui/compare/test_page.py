"""Compare, without a browser: which models stand side by side, and what is said of the others."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.tiny_models import write_models
from ui.compare.chosen import KEY
from ui.components import comparison
from ui.state import MODEL

# seconds; the first page imports torch
FIRST_RUN = 60


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tiny models that the app finds."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    return write_models(folder)


def whole_page() -> None:
    """Draw the page in its frame; a script of its own."""
    import streamlit as st

    from pages import compare
    from ui import frame

    frame.model_picker()
    above = st.container()
    said = frame.notices(above)
    compare.page()
    frame.notices(above, said)


def open_page(**address: str) -> AppTest:
    """Run the page as it opens at an address."""
    app = AppTest.from_function(whole_page, default_timeout=FIRST_RUN)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def side_by_side(app: AppTest) -> list[str]:
    """Return the models of the columns."""
    assert not app.exception
    assert not app.error
    return list(app.multiselect(key=KEY).value)


def said(app: AppTest) -> str:
    """Return what the page warns of."""
    return " ".join(warning.value.replace("\\", "") for warning in app.warning)


def test_the_models_of_the_address_stand_in_its_order_and_the_first_is_open(models: Path) -> None:
    app = open_page(models="mnist-20d,mnist-ae-2d,mnist-2d")
    assert side_by_side(app) == ["mnist-20d", "mnist-ae-2d", "mnist-2d"]
    assert app.selectbox(key=MODEL).value == "mnist-20d"
    assert not app.warning


def test_what_cannot_stand_beside_the_first_is_named_with_the_reason(models: Path) -> None:
    app = open_page(models="mnist-2d,fashion-2d,no-such,mnist-20d")
    assert side_by_side(app) == ["mnist-2d", "mnist-20d"]
    assert "“fashion-2d”, which was made for other images (fashion-mnist)" in said(app)
    assert "“no-such”, which is not on this machine" in said(app)


def test_at_most_four_stand_side_by_side(models: Path) -> None:
    asked = "mnist-2d,mnist-20d,mnist-ae-2d,mnist-cvae-2d,mnist-m2"
    app = open_page(models=asked)
    assert side_by_side(app) == asked.split(",")[:4]
    assert "“mnist-m2”" in said(app)


def test_an_autoencoder_and_another_z_dim_are_proposed(models: Path) -> None:
    assert side_by_side(open_page(model="mnist-2d")) == ["mnist-2d", "mnist-ae-2d", "mnist-20d"]


def test_another_model_in_the_sidebar_takes_the_first_place(models: Path) -> None:
    app = open_page(models="mnist-2d,mnist-20d")
    app.selectbox(key=MODEL).select("mnist-ae-2d").run()
    assert side_by_side(app) == ["mnist-ae-2d", "mnist-20d"]
    app.selectbox(key=MODEL).select("fashion-2d").run()
    assert side_by_side(app) == ["fashion-2d", "fashion-20d"]


def test_the_sidebar_follows_the_first_that_is_chosen(models: Path) -> None:
    app = open_page(models="mnist-2d,mnist-20d,mnist-ae-2d")
    app.multiselect(key=KEY).unselect("mnist-2d").run()
    assert side_by_side(app) == ["mnist-20d", "mnist-ae-2d"]
    assert app.selectbox(key=MODEL).value == "mnist-20d"


def test_one_model_alone_is_explained(models: Path) -> None:
    app = open_page(model="digits-2d")
    assert any("no other model of digits" in info.value for info in app.info)
    app = open_page(models="mnist-2d,mnist-20d")
    app.multiselect(key=KEY).unselect("mnist-2d").run()
    assert any("at least 2" in info.value for info in app.info)


def test_every_kind_of_model_is_told_to_the_browser(models: Path) -> None:
    names = ["flat", "flat-ae", "line", "rated"]
    columns = comparison.comparison_data(names)["columns"]
    assert [column["model"] for column in columns] == names
    assert [column["kind"] for column in columns] == ["VAE", "autoencoder", "VAE", "VAE"]
    assert [column["rates"] is not None for column in columns] == [False, False, False, True]
    assert len({column["images"] for column in columns}) == 1


def test_a_model_that_cannot_be_opened_leaves_the_others_their_columns(models: Path) -> None:
    (models / "broken.safetensors").write_bytes(b"not a model at all")
    good, bad = comparison.comparison_data(["flat", "broken"])["columns"]
    assert good["decoder"].startswith("/payload/decoder/")
    assert "broken.safetensors" in bad["wrong"]
