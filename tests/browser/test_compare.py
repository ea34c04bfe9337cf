"""Compare in a real browser: maps that are linked, the same noise, one path, exact pictures."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from tests.browser.app_server import app_server
from tests.browser.conftest import RESULTS
from tests.browser.test_pad import Server
from tests.exported import checkpoint_of, lively_model
from vae import checkpoint, data
from vae.measures.evaluation import encode_split
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors import POSTERIORS

START_MS = 60_000
NAMES = ("one", "other", "wide", "point")
# the bytes of a canvas' first channel
BYTES = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return Array.from(data).filter((_, i) => i % 4 === 0);
}"""


def digits_model(z_dim: int, seed: int, point: bool = False) -> checkpoint.Checkpoint:
    """Make an untrained model of digits with its map: no picture depends on how good it is."""
    split = data.load("digits").test
    kind = "point" if point else "gaussian"
    torch.manual_seed(seed)
    config = VAEConfig((1, 8, 8), z_dim, MLP(hidden=(16 + seed,)), posterior=POSTERIORS[kind]())
    model = lively_model(config)
    return checkpoint_of(
        model,
        encode_split(model, split),
        training={"objective": {"name": "autoencoder" if point else "elbo"}},
        dataset={
            "name": "digits",
            "split": "test",
            "sha256": split.sha256(),
            "class_names": list("0123456789"),
        },
    )


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models of digits, whose images are built in."""
    folder = tmp_path_factory.mktemp("models")
    for name, made in zip(
        NAMES,
        (digits_model(2, 1), digits_model(2, 2), digits_model(5, 3), digits_model(2, 4, True)),
        strict=True,
    ):
        checkpoint.write(folder / f"{name}.safetensors", made)
    return folder


@pytest.fixture(scope="module")
def address(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app with these models."""
    RESULTS.mkdir(exist_ok=True)
    settings = {"VAE_CHECKPOINTS": str(models), "VAE_RUNS": str(tmp_path_factory.mktemp("runs"))}
    log = RESULTS / "streamlit-compare.log"
    with app_server(log, settings) as found:
        yield found
    assert "Uncaught app execution" not in log.read_text(errors="replace")


def open_page(page: Page, address: str, query: str = "models=one,other,wide") -> Locator:
    """Open Compare and return its component once its pictures are there."""
    page.goto(f"{address}/compare?{query}", timeout=START_MS, wait_until="commit")
    root = page.get_by_test_id("compare")
    expect(root).to_have_attribute("data-ready", "true", timeout=START_MS)
    return root


def wait_for_numbers(page: Page) -> None:
    """Return once all that the page measures by itself is known."""
    page.get_by_text("Numbers that take minutes").click()
    for said in ("looking how long they take", "measuring …"):
        expect(page.get_by_text(said)).to_have_count(0, timeout=START_MS)


def values(root: Locator, row: str, name: str) -> list[str]:
    """What a row's cells say of themselves, in the order of the models."""
    cells = root.locator(f'[data-row="{row}"] .cmp-cell')
    return cells.evaluate_all("(cells, name) => cells.map((cell) => cell.dataset[name])", name)


def maps_say(root: Locator, name: str) -> list[str]:
    maps = root.get_by_test_id("compare-map")
    return maps.evaluate_all("(maps, name) => maps.map((map) => map.dataset[name])", name)


def test_a_point_under_the_hand_and_a_selection_light_up_in_every_map(
    page: Page, address: str
) -> None:
    root = open_page(page, address)
    box = root.get_by_test_id("compare-map").nth(1)
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    # some of these places lie on points: the maps are full in the middle
    for step in range(40):
        page.mouse.move(x + step, y + step / 3)
        if root.get_attribute("data-lit"):
            break
    lit = root.get_attribute("data-lit")
    assert lit
    assert maps_say(root, "lit") == [lit] * 3
    label = data.load("digits").test.labels[int(lit)]
    expect(root.locator('[data-row="map"] .cmp-head')).to_contain_text(
        f"{label} · test image {lit}"
    )
    page.mouse.move(x - 60, y - 60)
    page.mouse.down()
    for corner in ((60, -60), (60, 60), (-60, 60)):
        page.mouse.move(x + corner[0], y + corner[1])
    page.mouse.up()
    count = int(root.get_attribute("data-selected"))
    assert 1 < count < len(data.load("digits").test)
    assert maps_say(root, "selected") == [str(count)] * 3
    box.focus()
    page.keyboard.press("Escape")
    expect(root).to_have_attribute("data-selected", "0")
    for key in ["Shift+ArrowUp"] * 5 + ["Shift+ArrowRight"] * 5:
        page.keyboard.press(key)
    assert 0 < int(root.get_attribute("data-selected")) < count


def test_a_late_model_keeps_no_other_waiting_and_all_draws_come_from_the_same_noise(
    page: Page, address: str
) -> None:
    late = []
    page.route("**/payload/points/wide/**", lambda route: late.append(route))
    page.goto(f"{address}/compare?models=one,other,wide", timeout=START_MS, wait_until="commit")
    root = page.get_by_test_id("compare")
    for row in ("draws", "images", "map"):
        drawn = root.locator(f'[data-row="{row}"] .cmp-cell canvas')
        expect(drawn).to_have_count(3 if row == "draws" else 2, timeout=START_MS)
    expect(root).to_have_attribute("data-ready", "false")
    late.pop().continue_()
    expect(root).to_have_attribute("data-ready", "true")
    one, other, wide = values(root, "draws", "z")
    assert one == other
    assert len(one.split(",")) == 2
    assert len(wide.split(",")) == 5
    root.get_by_role("button", name="ten other draws").click()
    again = values(root, "draws", "z")
    assert again[0] == again[1] != one


def test_one_slider_moves_along_the_path_in_every_model_without_a_message(
    page: Page, address: str, models: Path
) -> None:
    query = "models=one,point,wide&path=5,9"
    # while the first visit measures the models, the page asks how far that is
    open_page(page, address, query)
    wait_for_numbers(page)
    messages = Server(page)
    root = open_page(page, address, query)
    slider = root.get_by_role("slider", name="place on the path")
    slider.focus()
    page.wait_for_load_state("networkidle")
    heard = len(messages.heard)
    for _ in range(50):
        page.keyboard.press("ArrowRight")
    expect(root).to_have_attribute("data-at", "0.75")
    assert len(messages.heard) == heard
    for name, z in zip(("one", "point", "wide"), values(root, "path", "z"), strict=True):
        atlas = checkpoint.read(models / f"{name}.safetensors").atlas
        straight = 0.25 * atlas.loc[5] + 0.75 * atlas.loc[9]
        # six digits stand in the page
        assert [float(value) for value in z.split(",")] == pytest.approx(straight, rel=1e-4)


def test_a_reconstruction_is_pytorchs_and_so_are_its_nats(
    page: Page, address: str, models: Path
) -> None:
    root = open_page(page, address, "models=one,wide&images=7,8,9")
    image = root.get_by_role("button", name="test image 8").first
    image.press("Enter")
    large = root.locator('[data-row="large"] .cmp-cell').nth(1)
    model = checkpoint.read(models / "wide.safetensors").model
    x = torch.tensor(data.load("digits").test.images[8:9]).float() / 255
    with torch.inference_mode():
        px = model.decode(model.encode(x).mean)
        mean, nats = px.mean[0, 0].numpy(), -px.log_prob(x).item()
    shown = large.locator("canvas").evaluate(BYTES, timeout=START_MS)
    # a level of 256 apart where 255 times the pixel lies between two of them
    assert np.abs(np.array(shown) - 255 * mean.ravel()).max() <= 0.5 + 1e-3
    expect(large).to_contain_text(f"−log p(x|z) {nats:.1f} nats")
    expect(image).to_be_focused()


def test_the_address_brings_back_models_images_and_path(page: Page, address: str) -> None:
    root = open_page(page, address, "models=point,one&images=3,4,5&path=4,11&seed=6")
    root.locator(".cmp-original").first.click()
    root.get_by_role("button", name="B of the path").click()
    expect(root).to_have_attribute("data-ready", "true")
    query = "models=point,one&images=3,4,5&path=4,3&at=0.5&seed=6&image=3"
    for part in query.split("&"):
        page.wait_for_function("(part) => location.search.includes(part)", arg=part)
    page.reload(wait_until="commit")
    expect(root).to_have_attribute("data-images", "3,4,5", timeout=START_MS)
    assert root.get_attribute("data-models") == "point,one"
    label = data.load("digits").test.labels[3]
    end = root.get_by_role("button", name="B: ")
    expect(end).to_have_accessible_name(f"B: {label} · test image 3; press to choose another")
