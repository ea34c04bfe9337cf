"""The map page: every view of every kind of model opens, and what is chosen is shown."""

import base64
import csv
import gzip
import io
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from streamlit.testing.v1 import AppTest

from tests.tiny_models import IMAGES, tiny_checkpoint, write_models
from ui import chart, map_clusters, map_data, map_pictures, map_work
from ui.map_state import CHOICE, Choice, MapState
from vae import checkpoint, clusters
from vae.model import VAEConfig
from vae.networks import MLP
from vae.points import CLASS_COLOURS

ROOT = Path(__file__).resolve().parents[1]
# seconds; the first page imports torch
FIRST_RUN = 60
ENCODED, CLUSTERS, PRIOR = "Encoded images", "Clusters", "Against the prior"
MODELS = ("flat", "flat-ae", "deep", "line", "colour", "plain", "wide")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny models of every kind: those of the pad, one without classes, one of 64 dimensions."""
    folder = write_models(tmp_path_factory.mktemp("models"))
    small = MLP(hidden=(8,))
    plain = tiny_checkpoint("plain", VAEConfig(z_dim=2, architecture=small))
    atlas = replace(plain.atlas, label=np.full(IMAGES, -1))
    write(folder, replace(plain, atlas=atlas, dataset={"name": "shapes", "split": "test"}))
    write(folder, replace(plain, name="empty", atlas=None))
    write(folder, tiny_checkpoint("wide", VAEConfig(z_dim=64, architecture=small)))
    return folder


def write(folder: Path, made: checkpoint.Checkpoint) -> None:
    checkpoint.write(folder / f"{made.name}.safetensors", made)


@pytest.fixture
def models(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, found by the app."""
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    return folder


def open_map(model: str, **state: Any) -> AppTest:
    """Open the map of a model with some widgets set."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN)
    app.query_params["model"] = model
    app.run()
    for key, value in state.items():
        app.session_state[key] = value
    app.switch_page("pages/map.py").run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All that the page says in words."""
    parts = [*app.caption, *app.markdown, *app.error, *app.info]
    return "\n".join(str(part.value) for part in parts)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("view", [ENCODED, CLUSTERS, PRIOR])
def test_every_view_of_every_kind_of_model_opens(models: Path, model: str, view: str) -> None:
    app = open_map(model, map_view=view)
    assert not app.error
    assert f"test, {IMAGES} images" in said(app)


@pytest.mark.parametrize("model", ["flat", "flat-ae", "deep", "line", "plain"])
def test_every_colour_can_be_chosen(models: Path, model: str) -> None:
    app = open_map(model)
    menu = app.selectbox(key=next(box.key for box in app.selectbox if box.label == "Colour"))
    for colour in menu.options:
        menu.set_value(colour).run()
        assert not app.exception
        assert not app.error


@pytest.mark.parametrize("model", ["flat", "deep"])
def test_every_kind_of_ellipse_can_be_chosen(models: Path, model: str) -> None:
    app = open_map(model, **{CHOICE: Choice(model, np.arange(12), "drawn around")})
    menu = next(box for box in app.selectbox if box.label == "Ellipses of")
    for kind in menu.options:
        menu.set_value(kind).run()
        assert not app.exception


def test_an_autoencoder_offers_neither_kl_nor_width_and_says_why(models: Path) -> None:
    app = open_map("flat-ae")
    menus = {box.label: box.options for box in app.selectbox}
    assert not {"KL", "σ"} & set(menus["Colour"])
    assert not {"the selection", "a sample"} & set(menus["Ellipses of"])
    assert "no σ and no prior" in said(app)


def test_a_model_without_a_map_is_explained(models: Path) -> None:
    app = open_map("empty")
    assert len(app.error) == 1
    assert "carries no encoded images" in app.error[0].value


def test_missing_originals_are_explained(models: Path) -> None:
    assert "images of shapes are not on this machine" in said(open_map("flat"))


def test_the_error_of_missing_images_is_explained(models: Path) -> None:
    app = open_map("flat", map_colour_vae_True="reconstruction error")
    assert "needs the images of shapes" in said(app)


def test_a_selection_is_shown_and_can_be_cleared(models: Path) -> None:
    app = open_map("flat", **{CHOICE: Choice("flat", np.arange(42), "drawn around")})
    assert "**42 images** · drawn around" in said(app)
    app.button(key="map_clear").click().run()
    assert "**All images**" in said(app)


def test_a_class_can_be_selected_without_a_pointer(models: Path) -> None:
    app = open_map("flat")
    app.selectbox(key="map_pick").set_value(("class", 1)).run()
    assert f"**{IMAGES // 3} images** · class one" in said(app)


def test_a_cluster_can_be_selected_without_a_pointer(models: Path) -> None:
    app = open_map("flat", map_view=CLUSTERS)
    app.selectbox(key="map_pick").set_value(("cluster", 0)).run()
    assert "· cluster 1" in said(app)


def test_an_image_can_be_looked_at_by_its_number(models: Path) -> None:
    app = open_map("flat")
    app.number_input(key="map_number").set_value(7).run()
    assert "**Image 7** · one" in said(app)
    assert "its 8 nearest in latent space" in said(app)


def test_a_selection_survives_another_view_and_colour(models: Path) -> None:
    app = open_map("flat", **{CHOICE: Choice("flat", np.arange(42), "drawn around")})
    next(box for box in app.selectbox if box.label == "Colour").set_value("KL").run()
    app.segmented_control(key="map_view").set_value(CLUSTERS).run()
    assert "**42 images** · drawn around" in said(app)


def test_a_selection_belongs_to_its_model(models: Path) -> None:
    app = open_map("deep", **{CHOICE: Choice("flat", np.arange(42), "drawn around")})
    assert "**All images**" in said(app)


def test_opening_an_image_in_explore_sends_its_mean(models: Path) -> None:
    app = open_map("flat", **{CHOICE: Choice("flat", image=5)})
    app.button(key="map_explore_image").click().run()
    loc = checkpoint.read(models / "flat.safetensors").atlas.loc
    assert app.session_state["pad_held"]["flat"] == pytest.approx(tuple(loc[5]))
    assert app.title[0].value == "Explore"


def test_clusters_say_how_well_they_meet_the_classes(models: Path) -> None:
    # the tiny models' three clusters are their classes
    assert "3 clusters · ARI 1.00 · NMI 1.00" in said(open_map("flat", map_view=CLUSTERS))


def test_a_projection_that_is_not_there_is_offered(models: Path) -> None:
    app = open_map("deep", map_plane="t-SNE")
    assert [button.label for button in app.button if "Compute" in button.label] == ["Compute t-SNE"]


def test_a_class_has_its_colour_also_as_a_cluster() -> None:
    label = np.repeat([0, 1, 2], 10)
    found = clusters.Clusters(
        label=np.repeat([2, 0, 1], 10),
        centres=np.zeros((4, 2)),
        covariances=np.zeros((4, 2, 2)),
        bic=None,
        note=None,
    )
    colours = map_clusters.cluster_colours(label, found)
    assert colours[:3] == [CLASS_COLOURS[1], CLASS_COLOURS[2], CLASS_COLOURS[0]]
    assert colours[3] not in colours[:3]


@pytest.mark.parametrize("count", [1, 8, 9, 300])
def test_a_mask_of_the_chart_names_its_rows(count: int) -> None:
    chosen = np.random.default_rng(0).random(count) < 0.4
    mask = base64.b64encode(np.packbits(chosen, bitorder="little").tobytes()).decode()
    np.testing.assert_array_equal(chart.rows_of_mask(mask, count), np.flatnonzero(chosen))


@pytest.mark.parametrize("mask", [None, 3, "", "AA==", "no base64", "AAAAAAAAAAAA"])
def test_a_strange_mask_is_no_answer(mask: Any) -> None:
    assert chart.rows_of_mask(mask, 20) is None


def test_an_old_answer_and_one_of_another_plane_are_dropped() -> None:
    state = MapState({})
    assert state.hear("map", {"count": 1, "of": "plane"}, "plane")
    assert not state.hear("map", {"count": 1, "of": "plane"}, "plane")
    assert not state.hear("map", {"count": 2, "of": "other"}, "plane")
    assert not state.hear("map", {"count": "3", "of": "plane"}, "plane")


def test_looking_at_an_image_keeps_the_selection() -> None:
    state = MapState({})
    state.choose("flat", np.arange(3), "lasso")
    state.look_at("flat", 7)
    choice = state.choice("flat")
    assert (len(choice.rows), choice.image) == (3, 7)


def test_colour_scales_end_at_quantiles_and_say_so() -> None:
    values = np.arange(1000.0)
    colours = map_data.by_value(values, "KL")
    assert colours.scale[0] == pytest.approx(9.99)
    assert (colours.ink[0], colours.ink[-1]) == (0, len(colours.palette) - 1)
    assert "1 % and 99 %" in colours.note


def test_groups_that_share_a_colour_share_an_ink() -> None:
    colours = map_data.by_group(
        [str(i) for i in range(300)], list(CLASS_COLOURS) * 30, np.arange(300)
    )
    assert len(colours.palette) == 10
    assert [colours.palette[i] for i in colours.ink] == list(CLASS_COLOURS) * 30


def test_the_csv_holds_the_selection(models: Path) -> None:
    model = map_data.opened("flat")
    places = map_data.pair_plane(model, 0, 1)
    rows = np.array([4, 8])
    text = map_pictures.table(model, rows, places, np.arange(300.0)).decode()
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["index"] for line in lines] == ["4", "8"]
    assert [line["class"] for line in lines] == ["one", "two"]
    for line, row in zip(lines, rows, strict=True):
        assert float(line["mu_2"]) == pytest.approx(model.atlas.loc[row, 1], rel=1e-6)
        assert (line["x"], line["y"]) == (line["mu_1"], line["mu_2"])
        assert float(line["kl_nats"]) == row


def test_no_class_name_is_a_spreadsheet_s_formula() -> None:
    assert map_pictures.safe("=1+1") == "'=1+1"
    assert map_pictures.safe("T-shirt") == "T-shirt"


def test_a_contact_sheet_holds_the_pixels_of_its_images() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (5, 8, 6, 1), np.uint8)
    sheet = np.asarray(Image.open(io.BytesIO(map_pictures.sheet(pictures, 3))))
    assert sheet.shape == (20, 24, 4)
    np.testing.assert_array_equal(sheet[11:19, 9:15, 0], pictures[4, ..., 0])
    assert not sheet[10:, 16:, 3].any()


def test_a_spread_keeps_the_ends_and_the_number() -> None:
    rows = map_pictures.spread(np.arange(1000), 60)
    assert (len(rows), rows[0], rows[-1]) == (60, 0, 999)
    assert len(np.unique(rows)) == 60


def test_work_can_be_stopped_and_started_again() -> None:
    gate = threading.Event()

    def count():
        for i in range(10_000):
            gate.wait(10)
            yield i

    work = map_work.start("counting", count, 10_000)
    work.stop()
    gate.set()
    assert not work.wait(10)
    assert not work.running
    assert map_work.start("counting", lambda: iter([1]), 1).wait(10)


def answer(digest: str, **headers: str) -> Response:
    """What the route of Plotly's browser code says to a request."""
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": lines}
    return chart.serve_library(Request(scope | {"path_params": {"digest": digest}}))


def test_the_library_is_kept_for_good_under_the_hash_of_its_bytes() -> None:
    digest = Path(chart.library_address()).stem
    plain, squeezed = answer(digest), answer(digest, accept_encoding="gzip")
    assert "immutable" in plain.headers["cache-control"]
    assert gzip.decompress(squeezed.body) == plain.body
    assert answer("0" * 20).status_code == 404
