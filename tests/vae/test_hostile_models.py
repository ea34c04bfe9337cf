"""Model files that nobody means well: each is one sentence or a model that every page can show."""

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from tests.hostile import FEW, NAMES, THINGS, VALUES, dumps, put
from tests.tiny_models import tiny_checkpoint
from tests.vae.test_checkpoint import make, rewritten
from tests.vae.test_checkpoint import write as write_model
from ui import resources, words
from ui.resources import datasets
from vae import checkpoint, library
from vae.errors import UserError
from vae.export import networks as export
from vae.export import points
from vae.models.config import VAEConfig
from vae.models.networks import MLP

ROOT = Path(__file__).resolve().parents[2]
# seconds; the first page imports torch
FIRST_RUN = 60
TOO_LONG = "1" + "0" * 400
PLACES = (
    *(("metrics", key) for key in ("elbo", "reconstruction", "kl", "n_images", "active_units")),
    *(("metrics", key) for key in ("kl_per_dim", "split", "nll", "knn_accuracy", "note", "new")),
    ("metrics", "pixel_scale"),
    *(("dataset", key) for key in ("name", "split", "sha256", "class_names", "n_test", "new")),
    *(("training", key) for key in ("objective", "epochs", "learning_rate", "seed", "new")),
    *(("model", key) for key in ("z_dim", "image_shape", "architecture", "posterior", "prior")),
    *((key, "") for key in ("format_version", "created", "versions", "metrics", "model", "new")),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as it should be."""
    path = tmp_path_factory.mktemp("whole") / "toy.safetensors"
    write_model(path, make())
    return path


def changed(whole: Path, path: Path, place: tuple[str, str], value: Any) -> Path:
    """Copy a model with another value at one place of its header."""
    shutil.copy(whole, path)

    def change(layout: dict[str, Any]) -> dict[str, Any]:
        header = json.loads(layout["__metadata__"]["vae"])
        part, key = place
        if key:
            header[part][key] = value
        else:
            header[part] = value
        layout["__metadata__"]["vae"] = dumps(header)
        return layout

    return rewritten(path, change)


def is_one_sentence(error: UserError) -> bool:
    """Tell whether an error can be shown: a line, encodable, not endless."""
    text = str(error)
    text.encode()
    return 0 < len(text) < 1000 and "\n" not in text


@FEW
@given(place=st.sampled_from(PLACES), value=VALUES)
@example(("metrics", "elbo"), [1.0])
@example(("metrics", "n_images"), None)
@example(("metrics", "reconstruction"), 10**400)
@example(("dataset", "name"), "\ud800")
def test_a_header_is_refused_in_a_sentence_or_can_be_shown(
    whole: Path, tmp_path: Path, place: tuple[str, str], value: Any
) -> None:
    path = changed(whole, tmp_path / "toy.safetensors", place, value)
    try:
        found = checkpoint.read(path)
    except UserError as error:
        assert is_one_sentence(error)
        return
    header = checkpoint.read_header(path)
    for said in (words.model_line(header), words.numbers_line(header["metrics"]) or ""):
        said.encode()
    json.dumps(header, allow_nan=False, ensure_ascii=False).encode()
    assert export.decoder_payload(found)
    assert points.points_payload(found)


@pytest.mark.parametrize("place", PLACES, ids="-".join)
@pytest.mark.parametrize("text", ["NaN", "-Infinity", "1e999", TOO_LONG, '"\\ud800"'])
def test_no_number_beyond_float_and_no_half_character_gets_in(
    whole: Path, tmp_path: Path, place: tuple[str, str], text: str
) -> None:
    path = changed(whole, tmp_path / "toy.safetensors", place, "<here>")
    content = path.read_bytes()
    start = int.from_bytes(content[:8], "little")
    layout = content[8 : 8 + start].replace(b'\\"<here>\\"', json.dumps(text)[1:-1].encode())
    path.write_bytes(len(layout).to_bytes(8, "little") + layout + content[8 + start :])
    for reader in (checkpoint.read, checkpoint.read_header):
        with pytest.raises(UserError) as caught:
            reader(path)
        assert is_one_sentence(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("index", 2**40),
        ("index", -1),
        ("label", 40_000),
        ("loc", 1e30),
        ("scale", 1e30),
        ("loc", np.nan),
    ],
)
def test_an_atlas_beyond_its_range_is_refused(tmp_path: Path, field: str, value: float) -> None:
    made = make()
    array = getattr(made.atlas, field)
    array[-1] = value
    write_model(tmp_path / "bad.safetensors", made)
    with pytest.raises(UserError, match="not a whole checkpoint"):
        checkpoint.read(tmp_path / "bad.safetensors")


def test_an_atlas_with_rows_beyond_its_split_is_refused(tmp_path: Path) -> None:
    made = make()
    dataset = {"name": "digits", "split": "test", "n_test": 4}
    write_model(tmp_path / "bad.safetensors", dataclasses.replace(made, dataset=dataset))
    with pytest.raises(UserError, match="its atlas has index 4, outside 0 to 3"):
        checkpoint.read(tmp_path / "bad.safetensors")


@pytest.mark.parametrize("thing", THINGS)
def test_a_thing_that_is_no_file_is_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thing: str
) -> None:
    path = put(thing, tmp_path / "toy.safetensors")
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    assert "toy" not in library.library()
    with pytest.raises(UserError, match="there is no model"):
        library.find("toy")
    for reader in (checkpoint.read, checkpoint.read_header):
        with pytest.raises(UserError, match="cannot read") as caught:
            reader(path)
        assert is_one_sentence(caught.value)


# ---- the pages -------------------------------------------------------------------------------

SMALL = VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)))
BAD = {
    "list": {"metrics": {"elbo": [1.0], "reconstruction": 1.0}},
    "null": {"metrics": {"reconstruction": -1.0, "n_images": None}},
    "huge": {"metrics": {"reconstruction": 10**400}},
    "rows": {"dataset": {"name": "digits", "split": "test", "n_test": 5}},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models that are damaged, and models that are only strange."""
    folder = tmp_path_factory.mktemp("models")
    whole = tiny_checkpoint("toy", SMALL)
    for name, header in BAD.items():
        path = folder / f"{name}.safetensors"
        checkpoint.write(path, whole)
        for part, value in header.items():
            changed(path, path.with_suffix(".new"), (part, ""), value).replace(path)
    sha = resources.header("digits-2d")["dataset"]["sha256"]
    names = [name for name in NAMES if len(name) < 200 and name != "\ud800"]
    named = {"name": NAMES[3], "split": NAMES[4], "class_names": names[:2], "sha256": sha}
    strange = dataclasses.replace(whole, dataset=named)
    checkpoint.write(folder / "named.safetensors", strange)
    # claims the images of digits, and more of them than there are
    beyond = dataclasses.replace(whole.atlas, index=whole.atlas.index + 10**6)
    claims = {"name": "digits", "split": "test", "sha256": sha}
    made = dataclasses.replace(whole, atlas=beyond, dataset=claims)
    checkpoint.write(folder / "beyond.safetensors", made)
    checkpoint.write(folder / "same.safetensors", dataclasses.replace(whole, dataset=claims))
    ones = {key: getattr(whole.atlas, key)[:1] for key in ("loc", "scale", "label", "index")}
    one = dataclasses.replace(whole, atlas=checkpoint.Atlas(**ones))
    checkpoint.write(folder / "one.safetensors", one)
    far = dataclasses.replace(whole.atlas, loc=np.sign(whole.atlas.loc) * np.float32(1e6))
    checkpoint.write(folder / "far.safetensors", dataclasses.replace(whole, atlas=far))
    return folder


def open_page(page: str, model: str) -> AppTest:
    """Open a page with a model chosen."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN)
    app.query_params["model"] = model
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    return app


PAGES = ("explore", "map", "interpolate")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("model", BAD)
def test_a_page_says_what_is_wrong_with_a_model(
    folder: Path, monkeypatch: pytest.MonkeyPatch, page: str, model: str
) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    app = open_page(page, model)
    assert not app.exception
    assert any(f"{model}.safetensors" in error.value for error in app.error)


STRANGE = ("named", "beyond", "one", "far")


@pytest.mark.parametrize("view", ["Clusters", "Against the prior"])
@pytest.mark.parametrize("model", STRANGE)
def test_every_view_of_the_map_shows_a_model_that_is_only_strange(
    folder: Path, monkeypatch: pytest.MonkeyPatch, model: str, view: str
) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    app = open_page("map", model)
    app.session_state["map_view"] = view
    app.run()
    # one image cannot be cut into clusters, which is a sentence
    assert not app.exception
    assert not app.error or model == "one"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("model", STRANGE)
def test_a_page_shows_a_model_that_is_only_strange(
    folder: Path, monkeypatch: pytest.MonkeyPatch, page: str, model: str
) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    app = open_page(page, model)
    assert not app.exception
    assert not app.error


def test_the_rows_of_a_model_are_not_looked_for_among_fewer_images(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    assert datasets.originals("same") is not None
    assert datasets.originals("beyond") is None
