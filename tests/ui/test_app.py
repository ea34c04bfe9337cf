"""The app's script: its pages open, its sidebar chooses, its routes serve only what is ours."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.asking import Answer, ask
from tests.tiny_models import write_models
from ui import frame, navigation, words
from ui.address import parse_z, wrong_told
from ui.components.latent_pad import accepted, encoded_images
from ui.resources import payloads
from ui.routes import payloads as payload_routes
from ui.state import AppState
from vae import checkpoint
from vae.errors import UserError
from vae.export.payload import header_of
from vae.models.conditioning import CONDITIONINGS
from vae.models.config import VAEConfig

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


def run(**parameters: str) -> AppTest:
    """Run the app's script as it opens under an address with these parameters."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def test_the_first_page_is_explore() -> None:
    assert navigation.page_files(ROOT / "pages")[0].path.stem == "explore"


def test_where_visitors_only_look_no_page_trains(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = {file.title for file in navigation.page_files(ROOT / "pages")}
    monkeypatch.setenv("VAE_READONLY", "1")
    assert titles - {file.title for file in navigation.page_files(ROOT / "pages")} == {"Train"}
    assert not run().exception


def test_the_tab_names_page_and_model() -> None:
    assert frame.tab_title("Map", "flat") == "Map · flat · Latent space explorer"
    assert frame.tab_title("Map", None) == "Map · Latent space explorer"


@pytest.mark.parametrize(("address", "enlarged"), [({}, False), ({"large": "true"}, True)])
def test_large_type_stands_in_the_address(
    models: Path, address: dict[str, str], enlarged: bool
) -> None:
    app = run(model="flat", **address)
    assert app.sidebar.toggle(key="large").value is enlarged
    sheets = [element.proto.body for element in app.get("html")]
    assert any("--type-scale" in sheet for sheet in sheets) is enlarged


def test_the_model_of_the_address_is_open(models: Path) -> None:
    app = run(model="deep")
    assert not app.exception
    assert app.sidebar.selectbox(key="model").value == "deep"
    assert "VAE · shapes · 7 dimensions" in [caption.value for caption in app.sidebar.caption]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"model": "nowhere"}, "“nowhere”"),
        ({"model": "../../etc/passwd"}, "not on this machine"),
        ({"model": "flat", "z": "1"}, "2 finite numbers"),
        ({"model": "flat", "z": "1,nan"}, "not a place"),
        ({"model": "flat", "z": "1,inf"}, "not a place"),
        ({"model": "flat", "z": "<script>,1"}, "not numbers"),
        ({"model": "deep", "z": "1,2"}, "7 finite numbers"),
        ({"model": "flat", "class": "1"}, "told no class"),
        ({"model": "rated", "beta": "99"}, "from 0.01 to 10; it starts at β = 1"),
        ({"model": "flat", "beta": "1"}, "told no β"),
    ],
)
def test_a_wrong_address_gives_one_sentence(
    models: Path, parameters: dict[str, str], words: str
) -> None:
    app = run(**parameters)
    assert not app.exception
    assert len(app.warning) == 1
    assert words in app.warning[0].value


def picker_and_notices() -> None:
    """What stands around a page, alone: the picker, and what was wrong with the address."""
    import streamlit as st

    from ui import frame

    frame.model_picker()
    frame.notices(st.container())


def test_another_model_ends_what_was_wrong_with_the_address(models: Path) -> None:
    app = AppTest.from_function(picker_and_notices, default_timeout=FIRST_RUN)
    app.query_params["model"], app.query_params["beta"] = "flat", "2"
    assert len(app.run().warning) == len(app.run().warning) == 1
    app.selectbox(key="model").set_value("deep").run()
    assert not app.warning


TOLD = VAEConfig(conditioning=CONDITIONINGS["labels"](classes=3))
RATED = VAEConfig(conditioning=CONDITIONINGS["beta"](highest=3.14159))


@pytest.mark.parametrize(
    ("config", "parameters", "said"),
    [
        (TOLD, {"class": "2"}, []),
        (TOLD, {"bclass": "3"}, []),
        *[(TOLD, {"class": text}, ["classes 0 to 2"]) for text in ("3", "-1", "one", "", "1.0")],
        (RATED, {"beta": "3.142"}, []),
        *[(RATED, {"beta": text}, ["from 0.01 to 3.14159"]) for text in ("4", "0", "nan", "x", "")],
        (TOLD, {"class": "9", "beta": "1"}, ["classes 0 to 2", "told no β"]),
    ],
)
def test_class_and_beta_of_an_address_are_the_models_or_said(
    config: VAEConfig, parameters: dict[str, str], said: list[str]
) -> None:
    found = wrong_told(parameters, lambda: {"model": config.to_json()})
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))


def test_a_right_address_gives_no_warning(models: Path) -> None:
    app = run(model="flat", z="0.5,-1")
    assert not app.warning
    assert app.session_state["pad_held"] == {"flat": (0.5, -1.0)}


def test_a_broken_model_is_explained(models: Path) -> None:
    (models / "broken.safetensors").write_bytes(b"not a model at all")
    app = run(model="broken")
    assert not app.exception
    assert any("broken.safetensors" in error.value for error in app.error)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *[(text, "not numbers") for text in ("", "a,b", "1,,2")],
        *[("1", "1 number; this model takes 2"), ("1,2,3", "3 numbers; this model takes 2")],
        *[(text, "not a place on the map") for text in ("nan,0", "0,1e400", "0,1e9")],
    ],
)
def test_z_of_an_address_must_be_a_place(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        parse_z(text, 2)


@pytest.mark.parametrize(
    "held",
    [
        None,
        {"model": "other", "z": [0, 0], "seq": 1},
        {"model": "flat", "z": [0, 0], "seq": 0},
        {"model": "flat", "z": [0, float("nan")], "seq": 1},
        {"model": "flat", "z": ["0", 0], "seq": 1},
        {"model": "flat", "z": "0,0", "seq": 1},
        {"model": "flat", "z": [0, 0, 0], "seq": 1},
    ],
)
def test_a_stale_or_strange_report_of_the_pad_is_dropped(held: object) -> None:
    assert accepted(held, {"model": "flat", "z_dim": 2, "seq": 1}) is None


def test_a_report_of_the_pad_is_taken() -> None:
    held = {"model": "flat", "z": [0, -1.5], "seq": 3}
    assert accepted(held, {"model": "flat", "z_dim": 2, "seq": 3}) == (0.0, -1.5)


def test_sending_z_raises_the_number_of_the_order() -> None:
    state = AppState({})
    before = state.command("flat")
    state.send("flat", (1.0, 2.0))
    after = state.command("flat")
    assert (before.z, after.z) == (None, (1.0, 2.0))
    assert after.seq == before.seq + 1


@pytest.mark.parametrize(
    ("parameters", "stood", "beside"),
    [
        ({"z": "0,0", "beside": "flat-ae"}, None, "flat-ae"),
        ({"beside": "flat-ae"}, None, "flat-ae"),
        ({"z": "0,0"}, "flat-ae", None),
        ({}, "flat-ae", "flat-ae"),
        ({"z": "0,0", "beside": "nowhere"}, None, None),
    ],
)
def test_an_address_with_a_place_says_which_model_stands_beside(
    parameters: dict[str, str], stood: str | None, beside: str | None
) -> None:
    store = {"beside": stood}
    AppState(store).read_beside(parameters, ["flat-ae", "deep"], dict)
    assert store["beside"] == beside


def test_a_choice_of_a_model_beside_is_newer_than_the_address() -> None:
    store = {"beside": "deep"}
    state = AppState(store)
    state.choose_beside()
    state.read_beside({"z": "0,0", "beside": "flat-ae"}, ["flat-ae", "deep"], dict)
    assert store["beside"] == "deep"


def test_an_unknown_model_beside_is_said() -> None:
    state = AppState({})
    state.read_beside({"beside": "nowhere"}, ["flat-ae"], dict)
    assert ["nowhere" in notice for notice in state.notices] == [True]


def test_a_wrong_class_of_the_model_beside_is_said_once() -> None:
    state, names = AppState({}), ["told"]
    for _ in range(2):
        asked = {"beside": "told", "bclass": "3", "class": "9"}
        state.read_beside(asked, names, lambda _: {"model": TOLD.to_json()})
    assert ["bclass = “3”" in notice for notice in state.notices] == [True]


def test_images_are_named_only_where_the_model_says_exactly_which() -> None:
    described = {"name": "shapes", "split": "test", "sha256": "00ff"}
    assert encoded_images(described) == "shapes/test/00ff"
    assert encoded_images(described | {"sha256": None}) is None


def get(path: str) -> Answer:
    """Ask the routes of the payloads."""
    return ask(payload_routes.routes(), path, "")


@pytest.mark.parametrize("kind", ["decoder", "encoder", "points", "near"])
def test_a_payload_is_kept_for_good_under_the_hash_of_its_bytes(models: Path, kind: str) -> None:
    answer = get(payload_routes.address("flat", kind))
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.body == payloads.payload("flat", kind).body


@pytest.mark.parametrize(
    "path",
    [
        "/payload/decoder/flat/0000",
        "/payload/weights/flat/{digest}",
        "/payload/decoder/nowhere/{digest}",
        "/payload/decoder/..%2F..%2Fetc%2Fpasswd/{digest}",
        "/payload/decoder/../flat/{digest}",
    ],
)
def test_any_other_address_is_refused(models: Path, path: str) -> None:
    digest = payloads.payload("flat", "decoder").digest
    assert get(path.format(digest=digest)).status == 404


def test_a_replaced_model_gets_a_new_address(models: Path) -> None:
    before = payload_routes.address("flat", "decoder")
    (models / "flat.safetensors").write_bytes((models / "flat-ae.safetensors").read_bytes())
    assert payload_routes.address("flat", "decoder") != before


NEW_PAGE = """import streamlit as st

TITLE = "Late"
ORDER = 9

def page() -> None:
    st.title(TITLE)

page()
"""


def test_a_new_page_is_one_file(models: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "pages", tmp_path / "pages")
    shutil.copy(ROOT / "app.py", tmp_path)
    (tmp_path / "pages" / "late.py").write_text(NEW_PAGE)
    app = AppTest.from_file(str(tmp_path / "app.py"), default_timeout=FIRST_RUN).run()
    links = {link.proto.page: link.proto.label for link in app.sidebar.get("page_link")}
    assert links["late"] == "Late"
    app.switch_page("pages/late.py").run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Late"]


def test_pages_stand_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "late.py").write_text('TITLE = "Late"\nORDER = 9\n')
    (tmp_path / "early.py").write_text('TITLE = "Early"\nORDER = 1\n')
    (tmp_path / "unordered.py").write_text("")
    titles = [page.title for page in navigation.page_files(tmp_path)]
    assert titles == ["Early", "Late", "Unordered"]


def test_the_first_page_has_its_own_name_as_an_address_too() -> None:
    answer = ask(navigation.routes(ROOT / "pages", ""), "/explore?model=flat&z=1,2")
    assert (answer.status, answer.headers["location"]) == (307, "./?model=flat&z=1,2")


def test_numbers_say_their_unit_and_what_they_were_measured_on() -> None:
    metrics = {"elbo": -132.34, "reconstruction": -126, "kl": 6.3, "split": "test"}
    assert words.numbers_line(metrics | {"n_images": 10_000}) == (
        "−ELBO 132.3 nats · −log p(x|z) 126.0 nats · KL 6.3 nats · test, 10,000 images · 1 sample"
    )


def test_a_negative_elbo_of_a_density_is_explained_and_its_deviation_shown() -> None:
    metrics = {"elbo": 2975.0, "reconstruction": 2990.0, "kl": 15.0, "pixel_scale": 0.05}
    line = words.numbers_line(metrics | {"split": "test", "n_images": 10})
    assert line.startswith("−ELBO −2,975.0 nats")
    assert "σ of a pixel 0.050" in line
    assert "lower is still better" in line


def test_bits_say_of_which_values_and_a_deviation_by_position_its_range() -> None:
    metrics = {"elbo": -90.0, "reconstruction": -80.0, "kl": 10.0, "pixels": "8-bit values"}
    metrics |= {"bits_per_dim": 2.0287, "pixel_scale": 0.1, "pixel_scale_range": [0.01, 0.3]}
    line = words.numbers_line(metrics | {"split": "test", "n_images": 10})
    assert "2.029 bits/dim, 8-bit values" in line
    assert "σ of a pixel 0.100 (0.010 to 0.300 by position)" in line


def test_numbers_say_how_many_dimensions_are_used() -> None:
    metrics = {"reconstruction": -27.2, "kl_per_dim": [6.5, 6.5], "split": "test", "n_images": 359}
    assert "1 of 2 dimensions used" in words.numbers_line(metrics | {"active_units": 1})
    assert "no dimension is used" in words.numbers_line(metrics | {"active_units": 0})


def test_a_collapsed_model_says_so_on_explore(models: Path) -> None:
    whole = checkpoint.read(models / "flat.safetensors")
    loc = whole.atlas.loc
    same = replace(whole.atlas, loc=np.full_like(loc, 0.3) + 0.01 * (loc > loc.mean(axis=0)))
    checkpoint.write(models / "dead.safetensors", replace(whole, atlas=same))
    said = [warning.value for warning in run(model="dead").warning]
    assert any("the latent space has collapsed" in sentence for sentence in said)
    assert not run(model="flat").warning


def test_the_points_have_an_address_before_they_are_packed(models: Path) -> None:
    (models / "fresh.safetensors").write_bytes((models / "flat.safetensors").read_bytes())
    address = payload_routes.points_address("fresh")
    assert payload_routes.known_address("fresh", "points") is None
    assert address.endswith(payloads.payload("fresh", "points").digest)
    assert payload_routes.known_address("fresh", "points") == address


@pytest.mark.parametrize(
    ("page", "said"),
    [("map", True), ("interpolate", True), ("generate", False), ("explore", False)],
)
def test_pages_without_a_slider_say_at_which_beta_they_show_a_model(
    models: Path, page: str, said: bool
) -> None:
    app = run(model="rated")
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    captions = " ".join(caption.value for caption in app.caption)
    assert ("here it is shown at β = 1" in captions) == said
    explained = " ".join(one.value for one in app.markdown)
    assert ("what a nat of *rate* costs" in explained) == (not said)


def test_the_map_at_other_beta_has_an_address_of_its_own(models: Path) -> None:
    assert payload_routes.rates_address("flat") is None
    body = get(payload_routes.rates_address("rated")).body
    assert header_of(body)["betas"] == pytest.approx([0.01, 0.1, 1.0, 10.0])
