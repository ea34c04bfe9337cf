"""The map page: every view of every kind of model opens, and what is chosen is shown."""

import csv
import gzip
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from streamlit.testing.v1 import AppTest

from tests.tiny_models import IMAGES, tiny_checkpoint, write_models
from ui import png, resources
from ui import work as map_work
from ui.figures.cloud import scatter
from ui.figures.figure import empty
from ui.map import clusters as map_clusters
from ui.map import colouring as map_colouring
from ui.map import data as map_data
from ui.map import outline as map_outline
from ui.map import overlay as map_overlay
from ui.map import pictures as map_pictures
from ui.map import places as map_places
from ui.map import spreadsheet
from ui.map.state import CHOICE, Choice, MapState
from ui.routes import charts
from vae import checkpoint
from vae.colours import CLASS_COLOURS, GROUP_COLOURS
from vae.data import Split
from vae.export.points import points_payload
from vae.jobs import projections
from vae.latent import clusters, projection
from vae.measures.evaluation import encode_split
from vae.models.config import VAEConfig
from vae.models.networks import MLP, BeliefNet
from vae.models.priors import Boltzmann

ROOT = Path(__file__).resolve().parents[3]
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


def open_clusters(model: str, options: Any) -> AppTest:
    """Open the view of clusters and wait for them."""
    app = open_map(model, map_view=CLUSTERS)
    assert map_work.find(("clusters", map_data.opened(model).version, options)).wait(FIRST_RUN)
    return app.run()


def chosen(model: str, rows: np.ndarray) -> Choice:
    """Images of a model drawn around."""
    return Choice(map_data.opened(model).id, rows, "drawn around")


def number_field(app: AppTest) -> Any:
    """The field for the number of an image."""
    return next(field for field in app.number_input if field.label == "Image number")


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
    app = open_map(model, **{CHOICE: chosen(model, np.arange(12))})
    menu = next(box for box in app.selectbox if box.label == "Ellipses of")
    for kind in menu.options:
        menu.set_value(kind).run()
        assert not app.exception


def test_an_autoencoder_offers_neither_kl_nor_width_and_says_why(models: Path) -> None:
    app = open_map("flat-ae")
    menus = {box.label: box.options for box in app.selectbox}
    assert not {"KL", "σ"} & set(menus["Colour"])
    assert not {"the selection", "some images"} & set(menus["Ellipses of"])
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
    app = open_map("flat", **{CHOICE: chosen("flat", np.arange(42))})
    assert "**42 images** · drawn around" in said(app)
    app.button(key="map_clear").click().run()
    assert "**All images**" in said(app)


def test_a_class_can_be_selected_without_a_pointer(models: Path) -> None:
    app = open_map("flat")
    app.selectbox(key="map_pick").set_value(("class", 1)).run()
    assert f"**{IMAGES // 3} images** · class one" in said(app)


def test_a_cluster_can_be_selected_without_a_pointer(models: Path) -> None:
    app = open_clusters("flat", clusters.KMeans(k=3))
    app.selectbox(key="map_pick").set_value((str(clusters.KMeans(k=3)), 0)).run()
    assert "· cluster A of k-means, k = 3" in said(app)


def test_a_cluster_is_no_longer_picked_when_k_changes(models: Path) -> None:
    app = open_clusters("flat", clusters.KMeans(k=3))
    app.selectbox(key="map_pick").set_value((str(clusters.KMeans(k=3)), 0)).run()
    next(box for box in app.number_input if box.label == "Clusters k").set_value(4).run()
    assert app.selectbox(key="map_pick").value is None
    assert "· cluster A of k-means, k = 3" in said(app)


def test_an_image_can_be_looked_at_by_its_number(models: Path) -> None:
    app = open_map("flat")
    number_field(app).set_value(7).run()
    assert "**Image 7** · one" in said(app)
    assert "its 8 nearest in latent space" in said(app)


def test_a_number_that_the_map_lacks_gives_a_sentence(models: Path) -> None:
    app = open_map("flat")
    number_field(app).set_value(IMAGES + 5).run()
    assert f"no image {IMAGES + 5}; choose a number from 0 to {IMAGES - 1}" in said(app)


def test_closing_an_image_empties_the_number_field(models: Path) -> None:
    app = open_map("flat")
    number_field(app).set_value(7).run()
    app.button(key="map_close").click().run()
    assert number_field(app).value is None
    assert "**Image 7**" not in said(app)


def test_a_choice_is_dropped_when_the_model_s_file_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    made = tiny_checkpoint("again", VAEConfig(z_dim=2, architecture=MLP(hidden=(8,))))
    write(tmp_path, made)
    app = open_map("again", **{CHOICE: chosen("again", np.arange(200, 300))})
    number_field(app).set_value(IMAGES - 1).run()
    assert "**100 images**" in said(app)
    first = {name: getattr(made.atlas, name)[:20] for name in ("loc", "scale", "label", "index")}
    write(tmp_path, replace(made, atlas=checkpoint.Atlas(**first)))
    app.run()
    assert not app.exception
    assert not app.error
    assert "**All images**" in said(app)
    assert "test, 20 images" in said(app)


def test_a_clustering_that_fails_is_told_and_not_tried_again_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    made = tiny_checkpoint("few", VAEConfig(z_dim=2, architecture=MLP(hidden=(8,))))
    few = {name: getattr(made.atlas, name)[:6] for name in ("loc", "scale", "label", "index")}
    write(tmp_path, replace(made, atlas=checkpoint.Atlas(**few)))
    app = open_clusters("few", clusters.KMeans(k=3))
    next(box for box in app.number_input if box.label == "Clusters k").set_value(7).run()
    key = ("clusters", map_data.opened("few").version, clusters.KMeans(k=7))
    assert not map_work.find(key).wait(FIRST_RUN)
    app.run()
    assert "7 groups need as many encoded images, not 6" in app.error[0].value
    assert app.button(key="go_on_clusters").label == "Try again"
    assert not map_work.find(key).running


def test_empty_clusters_are_drawn_as_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    made = tiny_checkpoint("two", VAEConfig(z_dim=2, architecture=MLP(hidden=(8,))))
    loc = np.where(made.atlas.label[:, None] == 0, 1.0, -1.0).repeat(2, axis=1)
    write(tmp_path, replace(made, atlas=replace(made.atlas, loc=loc.astype(np.float32))))
    app = open_clusters("two", clusters.KMeans(k=3))
    assert not app.exception
    assert "1 of 3 groups are empty" in said(app)


def test_ellipses_of_nothing_ask_for_a_selection(models: Path) -> None:
    app = open_map("flat")
    menu = next(box for box in app.selectbox if box.label == "Ellipses of")
    menu.set_value("the selection").run()
    assert "select images first" in said(app)
    menu.set_value("some images").run()
    assert f"ellipses of 40 of {IMAGES}" in said(app)


def test_the_colour_of_clusters_names_method_and_k(models: Path) -> None:
    open_clusters("flat", clusters.KMeans(k=3))
    app = open_map("flat", map_colour_vae_True="cluster")
    assert "clusters of k-means, k = 3" in said(app)


@pytest.mark.parametrize(
    ("model", "where"), [("flat", "holes, places"), ("deep", "holes on this plane, places")]
)
def test_holes_are_those_of_a_plane_where_there_are_more_dimensions(
    models: Path, model: str, where: str
) -> None:
    assert where in said(open_map(model, map_view=PRIOR)).replace("\\", "")


def test_a_place_on_the_prior_s_map_can_be_typed(models: Path) -> None:
    app = open_map("flat", map_view=PRIOR)
    next(field for field in app.number_input if field.label == "z2").set_value(-1.5).run()
    assert "decoded at z = (0.00, −1.50)" in said(app)


@pytest.mark.parametrize(("x", "y", "listed"), [(0, 1, 0), (5, 4, 3)])
def test_classes_that_lie_on_each_other_are_listed_under_the_map(
    models: Path, x: int, y: int, listed: int
) -> None:
    # in its last two dimensions the tiny model's classes do not differ
    model = map_data.opened("deep")
    places = map_places.pair_plane(model, x, y)
    colours = map_colouring.by_label(model, places.rows)
    names = map_overlay.name_groups(empty(), places, colours)
    assert names == list(colours.names)[:listed]


def test_a_selection_survives_another_view_and_colour(models: Path) -> None:
    app = open_map("flat", **{CHOICE: chosen("flat", np.arange(42))})
    next(box for box in app.selectbox if box.label == "Colour").set_value("KL").run()
    app.segmented_control(key="map_view").set_value(CLUSTERS).run()
    assert "**42 images** · drawn around" in said(app)


def test_a_selection_belongs_to_its_model(models: Path) -> None:
    app = open_map("deep", **{CHOICE: chosen("flat", np.arange(42))})
    assert "**All images**" in said(app)


def test_opening_an_image_in_explore_sends_its_mean(models: Path) -> None:
    app = open_map("flat", **{CHOICE: Choice(map_data.opened("flat").id, image=5)})
    app.button(key="map_explore_image").click().run()
    loc = checkpoint.read(models / "flat.safetensors").atlas.loc
    assert app.session_state["pad_held"]["flat"] == pytest.approx(tuple(loc[5]))
    assert app.title[0].value == "Explore"


def test_clusters_say_how_well_they_meet_the_classes(models: Path) -> None:
    # the tiny models' three clusters are their classes
    app = open_clusters("flat", clusters.KMeans(k=3))
    assert "3 clusters · ARI 1.00 · NMI 1.00" in said(app)


def test_more_clusters_than_colours_are_told_apart_by_their_letters(models: Path) -> None:
    many = len(GROUP_COLOURS) + 1
    for k in (many - 1, many):
        app = open_map("flat", map_view=CLUSTERS)
        model = map_data.opened("flat")
        app.session_state[f"map_k_{model.id}"] = k
        app.run()
        assert map_work.find(("clusters", model.version, clusters.KMeans(k=k))).wait(FIRST_RUN)
        app.run()
        assert ("letters tell those of one colour apart" in said(app)) == (k == many)


@pytest.mark.parametrize("count", [24, 40])
def test_groups_that_share_a_colour_have_names_on_the_map_however_many(count: int) -> None:
    side = np.arange(count)
    xy = np.repeat(np.stack([side % 8 * 1.0, side // 8 * 1.0], axis=1), 2, axis=0)
    places = map_places.Places("grid", xy, np.arange(2 * count), ("a", "b"))
    names = [map_clusters.letters(i) for i in range(count)]
    colours = [GROUP_COLOURS[i % len(GROUP_COLOURS)] for i in range(count)]
    told = map_colouring.by_group(names, colours, np.repeat(side, 2))
    figure = scatter(xy, told.hover, axes=("a", "b"), equal=True, revision="grid")
    assert map_overlay.name_groups(figure, places, told) == []
    written = {note["text"] for note in figure.layout["annotations"]}
    assert written >= set(names)


def test_a_projection_that_is_not_there_is_offered(models: Path) -> None:
    app = open_map("deep", map_plane="t-SNE")
    assert [button.label for button in app.button if "Compute" in button.label] == ["Compute t-SNE"]


def test_where_visitors_only_look_no_projection_is_offered(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_READONLY", "1")
    app = open_map("deep", map_plane="t-SNE")
    assert not [button.label for button in app.button if "Compute" in button.label]
    assert any("visitors only look" in warning.value for warning in app.warning)


def test_a_projection_starts_with_what_was_typed_just_before_the_press(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_RUNS", str(tmp_path))
    app = open_map("deep", map_plane="t-SNE")
    next(box for box in app.number_input if "Perplexity" in box.label).set_value(12.0)
    next(button for button in app.button if "Compute" in button.label).click().run()
    asked = projection.PROJECTIONS["tsne"](perplexity=12.0)
    loc = map_data.opened("deep").atlas.loc
    key = projections.key_of(loc[asked.rows(len(loc))], asked)
    try:
        assert projections.status(key).state in ("running", "finished")
    finally:
        projections.cancel(key)


def test_classes_of_one_name_have_a_column_each() -> None:
    names = map_clusters.column_names(["images", "one", "one"], [0, 1, 2])
    assert names == ["images (class 0)", "one", "one (class 2)"]


def test_clusters_have_letters() -> None:
    assert [map_clusters.letters(i) for i in (0, 1, 25, 26, 52)] == ["A", "B", "Z", "AA", "BA"]


def test_clusters_have_colours_that_no_class_has_and_share_them_only_far_apart() -> None:
    count = len(GROUP_COLOURS)
    centres = np.array([[float(i), 0.0] for i in range(count)] + [[-1.0, 0.0]])
    found = clusters.Clusters(
        label=np.arange(len(centres)),
        centres=centres,
        covariances=np.zeros((len(centres), 2, 2)),
        bic=None,
        note=None,
    )
    colours = map_clusters.cluster_colours(found)
    assert not {*colours} & {*CLASS_COLOURS}
    assert len({*colours[:count]}) == count
    # the last one lies beside the first: it has the colour of the one farthest away
    assert colours[count] == colours[count - 1]


@pytest.mark.parametrize("text", [None, 3, "", "1,2,3", "1,nan", "a,b", "1,2_", "1," * 5000])
def test_what_is_no_outline_is_no_answer(text: Any) -> None:
    assert map_outline.parse(text) is None


def test_an_outline_of_two_parts_holds_the_points_of_both() -> None:
    outlines = map_outline.parse("0,0,2,0,2,2,0,2_5,5,6,5,6,6")
    xy = np.array([[1.0, 1.0], [3.0, 3.0], [5.8, 5.5], [5.2, 5.9]])
    assert map_outline.inside(xy, outlines).tolist() == [True, False, True, False]


def test_an_old_answer_and_one_of_another_plane_are_dropped() -> None:
    state = MapState({})
    assert state.hear("map", {"count": 1, "of": "plane"}, "plane")
    assert not state.hear("map", {"count": 1, "of": "plane"}, "plane")
    assert not state.hear("map", {"count": 2, "of": "other"}, "plane")
    # heard all the same, else the chart would wait for ever
    assert state.heard("map") == 2
    assert not state.hear("map", {"count": "3", "of": "plane"}, "plane")


def test_looking_at_an_image_keeps_the_selection() -> None:
    state = MapState({})
    state.choose(Choice("flat", np.arange(3), "lasso"))
    state.look_at("flat", 7)
    choice = state.choice("flat")
    assert (len(choice.rows), choice.image) == (3, 7)


def test_colour_scales_end_at_quantiles_and_say_so() -> None:
    values = np.arange(1000.0)
    colours = map_colouring.by_value(values, "KL")
    assert colours.scale[0] == pytest.approx(9.99)
    assert (colours.ink[0], colours.ink[-1]) == (0, len(colours.palette) - 1)
    assert "1 % and 99 %" in colours.note


def test_groups_that_share_a_colour_share_an_ink() -> None:
    colours = map_colouring.by_group(
        [str(i) for i in range(300)], list(CLASS_COLOURS) * 30, np.arange(300)
    )
    assert len(colours.palette) == 10
    assert [colours.palette[i] for i in colours.ink] == list(CLASS_COLOURS) * 30


def test_the_csv_holds_the_selection(models: Path) -> None:
    model = map_data.opened("flat")
    places = map_places.pair_plane(model, 0, 1)
    rows = np.array([4, 8])
    text = spreadsheet.table(model, rows, places, np.arange(300.0)).decode()
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["index"] for line in lines] == ["4", "8"]
    assert [line["class"] for line in lines] == ["one", "two"]
    for line, row in zip(lines, rows, strict=True):
        assert float(line["mu_2"]) == pytest.approx(model.atlas.loc[row, 1], rel=1e-6)
        assert (line["x"], line["y"]) == (line["mu_1"], line["mu_2"])
        assert float(line["kl_nats"]) == row


def test_no_class_name_is_a_spreadsheet_s_formula() -> None:
    assert spreadsheet.safe("=1+1") == "'=1+1"
    assert spreadsheet.safe("T-shirt") == "T-shirt"


def test_a_contact_sheet_holds_the_pixels_of_its_images() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (5, 8, 6, 1), np.uint8)
    sheet = np.asarray(Image.open(io.BytesIO(png.sheet(pictures, 3))))
    assert sheet.shape == (20, 24, 4)
    np.testing.assert_array_equal(sheet[11:19, 9:15, 0], pictures[4, ..., 0])
    assert not sheet[10:, 16:, 3].any()


def test_a_spread_keeps_the_ends_and_the_number() -> None:
    rows = map_pictures.spread(np.arange(1000), 60)
    assert (len(rows), rows[0], rows[-1]) == (60, 0, 999)
    assert len(np.unique(rows)) == 60


def answer(digest: str, **headers: str) -> Response:
    """What the route of Plotly's browser code says to a request."""
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": lines}
    return charts.serve_library(Request(scope | {"path_params": {"digest": digest}}))


def test_the_library_is_kept_for_good_under_the_hash_of_its_bytes() -> None:
    digest = Path(charts.library_address()).stem
    plain, squeezed = answer(digest), answer(digest, accept_encoding="gzip")
    assert "immutable" in plain.headers["cache-control"]
    assert gzip.decompress(squeezed.body) == plain.body
    assert answer("0" * 20).status_code == 404


@pytest.fixture
def fallen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model of three dimensions whose codes are all nearly equal."""
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    made = tiny_checkpoint("fallen", VAEConfig(z_dim=3, architecture=MLP(hidden=(8,))))
    write(tmp_path, replace(made, atlas=replace(made.atlas, loc=made.atlas.loc / 50)))
    return "fallen"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({}, "nearly equal"),
        ({"map_plane": "t-SNE"}, "No t-SNE, the map shows PCA"),
        ({"map_plane": "UMAP"}, "No UMAP, the map shows PCA"),
        ({"map_colour_vae_True": "cluster"}, "No clusters"),
        ({"map_view": CLUSTERS}, "No clusters"),
        ({"map_view": PRIOR}, "No densities"),
    ],
)
def test_a_collapsed_model_is_told_and_no_structure_is_invented(
    fallen: str, state: dict[str, Any], sentence: str
) -> None:
    app = open_map(fallen, **state)
    told = " ".join(warning.value for warning in app.warning).replace("\\", "")
    assert "ll codes are nearly equal: the latent space has collapsed" in told
    assert sentence in told
    assert not app.error
    assert not [button for button in app.button if button.label.startswith("Compute")]


@pytest.mark.parametrize(
    ("posterior", "z_dim"), [("gaussian", 3), ("full", 2), ("flow", 1), ("point", 2)]
)
def test_codes_that_are_all_the_same_go_through_every_view_with_a_sentence(
    posterior: str, z_dim: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a β of 10,000: each posterior is the prior, to the last digit."""
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    config = VAEConfig(z_dim=z_dim, architecture=MLP(hidden=(8,)), posterior=posterior)
    made = tiny_checkpoint("same", config)
    with torch.no_grad():
        last = made.model.encoder[-1]
        last.weight.zero_()
        last.bias.zero_()
    pixels = np.random.default_rng(0).integers(0, 256, (60, 1, 28, 28), dtype=np.uint8)
    atlas = encode_split(made.model, Split(pixels, np.arange(60) % 3))
    # a flow's mean is a sum of 64 float32 numbers about 0
    assert np.ptp(atlas.loc, axis=0).max() < 1e-7
    write(tmp_path, replace(made, atlas=atlas))
    points_payload(checkpoint.read(tmp_path / "same.safetensors"))
    views = [{"map_view": view} for view in (ENCODED, CLUSTERS, PRIOR)]
    planes = [{"map_plane": plane} for plane in map_data.planes(z_dim)]
    for state in [*views, *planes]:
        app = open_map("same", map_fold_classes=True, **state)
        told = " ".join(warning.value for warning in app.warning).replace("\\", "")
        assert "ll codes are nearly equal: the latent space has collapsed" in told, state
        assert not app.error, state


def test_nearly_equal_codes_are_drawn_as_one_dot(fallen: str) -> None:
    model = map_data.opened(fallen)
    figure = scatter(map_places.principal_places(model).xy, "", axes=("", ""), least=6.0)
    low, high = figure.layout["xaxis"]["range"]
    assert high - low >= 6


@pytest.mark.parametrize(
    ("view", "sentence"),
    [(ENCODED, "Draw around points"), (CLUSTERS, "how many groups"), (PRIOR, "Press a place:")],
)
def test_every_view_says_what_the_hand_can_do_in_it(models: Path, view: str, sentence: str) -> None:
    said_above = [one.value for one in open_map("flat", map_view=view).caption]
    assert any(line.startswith("Draw around") for line in said_above) == (view == ENCODED)
    assert any(sentence in line for line in said_above)


def test_what_is_folded_is_drawn_once_it_is_unfolded(models: Path) -> None:
    assert not open_map("flat").dataframe
    app = open_map("flat", map_fold_classes=True)
    # the numbers of every class, and the covariance of one
    assert [len(table.value) for table in app.dataframe] == [3, 2]


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stack of Boltzmann machines, the one model of the library, with a short chain."""
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    config = VAEConfig(
        z_dim=3, architecture=BeliefNet((8,)), prior=Boltzmann(steps=2), posterior="point"
    )
    write(tmp_path, tiny_checkpoint("stack", config))


def test_a_stack_of_boltzmann_machines_has_its_map_without_a_kl(stack: None) -> None:
    app = open_map("stack")
    assert not app.exception
    assert not app.error
    assert "no σ. “Against the prior” shows draws by 2 steps of its own Gibbs chain" in said(app)


@pytest.mark.parametrize("show", ["density", "where they disagree", "one dimension"])
def test_a_stack_of_boltzmann_machines_is_held_against_draws_of_its_own_chain(
    stack: None, show: str
) -> None:
    app = open_map("stack", map_view=PRIOR, map_prior_show_3=show)
    assert not app.exception
    assert "of 2,000 draws from the prior by 2 steps of its own Gibbs chain" in said(app)
    assert "held to no prior" not in said(app)
    assert "N(0, 1)" not in said(app)


def test_the_prior_of_a_stack_has_the_moments_of_its_chains_draws(stack: None) -> None:
    draws = resources.checkpoint("stack").model.prior.sample(2000, torch.Generator().manual_seed(0))
    found = map_data.marginals(resources.checkpoint("stack"))
    # the same draws, in float32
    assert [one.prior_mean for one in found] == pytest.approx(draws.mean(0).tolist(), abs=1e-5)
    variance = draws.var(0, correction=0).tolist()
    assert [one.prior_variance for one in found] == pytest.approx(variance, rel=1e-4)
