"""The map's address: it sets every choice, says what it cannot set, and holds what was chosen."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.tiny_models import IMAGES, write_models
from ui import work as map_work
from ui.map import data as map_data
from ui.map import link as map_link
from ui.map import outline as map_outline
from ui.map import places as map_places
from ui.map.address import LINK, MapAddress
from ui.map.state import CHOICE, ZOOM, Choice
from vae import checkpoint
from vae.latent import clusters

ROOT = Path(__file__).resolve().parents[3]
# seconds; the first page imports torch
FIRST_RUN = 60
AROUND_ONE = "-2.4,-0.4,-0.6,-0.4,-0.6,1.4,-2.4,1.4"
"""A box around the tiny models' class 1, in their first two dimensions."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(autouse=True)
def models(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))


def open_link(model: str, **parameters: str) -> AppTest:
    """Open the map by an address."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN)
    app.query_params["model"] = model
    app.run()
    for name, text in parameters.items():
        app.query_params[name] = text
    app.switch_page("pages/map.py").run()
    assert not app.exception
    return app


def link(app: AppTest) -> dict[str, str]:
    """What the address says after the page was drawn, without what it leaves out."""
    return {name: text for name, text in app.session_state[LINK].items() if text is not None}


def chosen(app: AppTest) -> Any:
    return app.session_state[CHOICE]


SAME = {
    "colour": ("flat", {"colour": "kl"}),
    "ellipses": ("flat", {"ellipses": "each-class"}),
    "dimensions": ("deep", {"plane": "two-dimensions", "dims": "3,1"}),
    "projection": ("deep", {"plane": "t-sne", "projection": "perplexity:12.0,seed:3"}),
    "clusters": ("flat", {"map": "clusters", "method": "mixture", "k": "4", "options": "seed:2"}),
    "ratio": ("flat", {"map": "against-the-prior", "show": "where-they-disagree"}),
    "place": ("flat", {"map": "against-the-prior", "place": "0.5,-1.25"}),
    "one": ("deep", {"map": "against-the-prior", "show": "one-dimension", "dims": "4"}),
    "area": ("flat", {"area": AROUND_ONE}),
    "class": ("flat", {"pick": "class:2"}),
    "image": ("flat", {"image": "7"}),
}


@pytest.mark.parametrize("name", SAME)
def test_a_link_leads_to_the_same_link(name: str) -> None:
    model, parameters = SAME[name]
    app = open_link(model, **parameters)
    assert link(app) == parameters
    assert not MapAddress(app.session_state).notices


def test_a_first_visit_leaves_the_address_empty() -> None:
    assert link(open_link("deep")) == {}


def test_an_outline_in_the_address_selects_the_images_in_it(folder: Path) -> None:
    app = open_link("flat", area=AROUND_ONE)
    label = checkpoint.read(folder / "flat.safetensors").atlas.label
    np.testing.assert_array_equal(chosen(app).rows, np.flatnonzero(label == 1))


def test_a_selection_that_does_not_fit_is_kept_and_left_out_of_the_address() -> None:
    model = map_data.opened("flat")
    plane = map_places.pair_plane(model, 0, 1).id
    for boxes in (40, 120):
        drawn = "_".join([AROUND_ONE] * boxes)
        app = open_link("flat", pick="class:1")
        app.session_state[CHOICE] = Choice(model.id, np.arange(5), "drawn around", plane, drawn)
        app.run()
        assert not app.exception
        np.testing.assert_array_equal(chosen(app).rows, np.arange(5))
        fits = len(drawn) <= map_outline.LONGEST
        assert fits == (boxes == 40)
        assert ("area" in link(app)) == fits
        said = [caption.value for caption in app.caption]
        assert (map_link.LEFT_OUT in said) == (not fits)


@pytest.mark.parametrize("length", [4_100, 60_100])
def test_an_outline_that_is_too_long_for_an_address_is_told_in_a_sentence(length: int) -> None:
    boxes = length // (len(AROUND_ONE) + 1) + 1
    app = open_link("flat", area="_".join([AROUND_ONE] * boxes))
    assert any("asks for area" in warning.value for warning in app.warning)
    assert link(app) == {}


def test_an_outline_of_a_projection_waits_until_the_projection_is_there() -> None:
    app = open_link("deep", plane="t-sne", area=AROUND_ONE)
    assert CHOICE not in app.session_state
    assert MapAddress(app.session_state).asked("area") == AROUND_ONE


def test_a_cluster_in_the_address_is_selected_once_it_is_found() -> None:
    app = open_link("flat", map="clusters", k="3", pick="cluster:B")
    options = clusters.KMeans(k=3)
    work = map_work.find(("clusters", map_data.opened("flat").version, options))
    assert work.wait(FIRST_RUN)
    app.run()
    np.testing.assert_array_equal(chosen(app).rows, np.flatnonzero(work.found[0].label == 1))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("map", "elsewhere"),
        ("colour", "σσ"),
        ("k", "51"),
        ("area", "1,2,3"),
        ("pick", "class:77"),
        ("image", str(IMAGES)),
        ("image", "-1"),
    ],
)
def test_what_the_address_cannot_set_is_told_in_a_sentence(name: str, text: str) -> None:
    view = {"map": "clusters"} if name == "k" else {}
    app = open_link("flat", **{name: text}, **view)
    said = " ".join(warning.value for warning in app.warning).replace("\\", "")
    assert f"asks for {name} = “{text}”" in said
    app.button(key="map_dismiss").click().run()
    assert not app.warning


@pytest.mark.parametrize("text", ["1", "1,2,3", "a,b", "nan,1", "1e9,0"])
def test_what_is_no_place_is_told_in_a_sentence(text: str) -> None:
    app = open_link("flat", map="against-the-prior", place=text)
    assert any("asks for place" in warning.value for warning in app.warning)


def test_what_was_asked_of_one_model_is_not_asked_of_another() -> None:
    state: dict[str, Any] = {}
    address = MapAddress(state)
    address.read({"area": AROUND_ONE, "z": "1,2"}, "flat 1")
    assert address.asked("area") == AROUND_ONE
    assert address.asked("z") is None
    address.read({}, "deep 1")
    assert address.asked("area") is None


def test_the_zoom_of_the_address_belongs_to_the_plane_it_asks_for() -> None:
    app = open_link("flat", zoom="0,1,0,1")
    model = map_data.opened("flat")
    assert app.session_state[ZOOM] == (map_places.pair_plane(model, 0, 1).id, "0,1,0,1")
