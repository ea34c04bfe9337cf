"""Generate in a real browser: walls of pictures that follow the hand, without a message."""

import csv
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.app_server import app_server
from tests.browser.conftest import RESULTS
from tests.tiny_models import write_models
from vae import checkpoint
from vae.export.pictures import decode

START_MS = 60_000
READY = '[data-testid="generate"][data-ready="true"][data-done="true"]'
# Streamlit says so of itself: no script runs, so no message is on its way
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
# mean and standard deviation of all bytes of the view's picture where something is drawn
WALL = """(e) => {
  const canvas = e.querySelector(".gen-view:not([hidden]) canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let [count, sum, square] = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    if (!data[i + 3]) continue;
    [count, sum, square] = [count + 1, sum + data[i], square + data[i] ** 2];
  }
  return [sum / count, Math.sqrt(square / count - (sum / count) ** 2)];
}"""
DRAWN = """(e, count) => new Promise((done) => {
  const look = () => (Number(e.dataset.frames) > count && e.dataset.done === "true"
    ? done() : requestAnimationFrame(look));
  look();
})"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny models of every kind."""
    return write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def address(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app with these models."""
    RESULTS.mkdir(exist_ok=True)
    settings = {"VAE_CHECKPOINTS": str(models), "VAE_RUNS": str(tmp_path_factory.mktemp("runs"))}
    log = RESULTS / "streamlit-generate.log"
    with app_server(log, settings) as address:
        yield address
    assert "Uncaught app execution" not in log.read_text(errors="replace")


def open_page(page: Page, address: str, query: str = "model=flat") -> Locator:
    """Open Generate and return its component once its pictures are there."""
    page.goto(f"{address}/generate?{query}", timeout=START_MS, wait_until="commit")
    root = page.locator(READY)
    root.wait_for(timeout=START_MS)
    return root


def frames_of(root: Locator) -> int:
    return int(root.get_attribute("data-frames"))


def saved(page: Page, root: Locator, name: str) -> bytes:
    """Press the button of a file and return what is in it."""
    with page.expect_download() as found:
        root.get_by_role("button", name=name, exact=True).locator("visible=true").click()
    download: Download = found.value
    return Path(download.path()).read_bytes()


def test_the_wall_follows_the_temperature_and_the_server_hears_nothing(
    page: Page, address: str
) -> None:
    heard: list[str] = []
    page.on(
        "websocket",
        lambda socket: [
            socket.on(kind, lambda payload: heard.append("message"))
            for kind in ("framesent", "framereceived")
        ],
    )
    root = open_page(page, address)
    slider = root.get_by_label("temperature").locator("visible=true")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.locator(IDLE).wait_for()
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    before, frames, messages = root.evaluate(WALL), frames_of(root), len(heard)
    scrolled, places = page.evaluate("scrollY"), root.locator(".gen-main").bounding_box()
    for i in range(30):
        share = 0.5 + 0.4 * math.sin((i + 1) / 3)
        page.mouse.move(box["x"] + share * box["width"], y)
    root.evaluate(DRAWN, frames)
    # the browser may merge moves that fall into one frame
    assert frames_of(root) - frames >= 10
    assert root.evaluate(WALL) != before
    assert (page.evaluate("scrollY"), root.locator(".gen-main").bounding_box()) == (
        scrolled,
        places,
    )
    assert heard[messages:] == []
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"temperature=(?!1(&|$))"))


def test_files_hold_the_pictures_in_their_own_pixels_and_their_z(
    page: Page, address: str, models: Path
) -> None:
    root = open_page(page, address, "model=colour&seed=5")
    picture = np.asarray(Image.open(io.BytesIO(saved(page, root, "PNG"))).convert("RGB"))
    rows = list(csv.DictReader(io.StringIO(saved(page, root, "CSV").decode())))
    z = np.array([[float(row[f"z{i}"]) for i in (1, 2, 3)] for row in rows])
    assert (picture.shape, len(rows)) == ((8 * 16, 8 * 16, 3), 64)
    images = decode(checkpoint.read(models / "colour.safetensors").model, z)
    sheet = images.reshape(8, 8, 16, 16, 3).swapaxes(1, 2).reshape(8 * 16, 8 * 16, 3)
    # both round a float32 to one of 256 levels
    assert np.abs(picture.astype(int) - sheet).max() <= 1
    with np.load(io.BytesIO(saved(page, root, "npz"))) as arrays:
        assert arrays["images"].shape == (64, 3, 16, 16)
        assert np.abs(arrays["z"] - z).max() < 1e-6
        assert (arrays["label"] == -1).all()


def test_a_pressed_draw_is_large_and_says_that_its_data_set_is_not_here(
    page: Page, address: str
) -> None:
    root = open_page(page, address, "model=deep&seed=2")
    picture = root.locator(".gen-cell").nth(9)
    picture.focus()
    page.keyboard.press("Enter")
    card = root.get_by_label("one picture")
    expect(card).to_contain_text("The training images are not on this machine")
    link = card.get_by_role("link", name="open in Explore").get_attribute("href")
    assert len(parse_qs(urlsplit(link).query)["z"][0].split(",")) == 7
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(picture).to_be_focused()


def test_the_wall_and_its_files_follow_beta_and_the_address_keeps_it(
    page: Page, address: str, models: Path
) -> None:
    root = open_page(page, address, "model=rated")
    usual, frames = root.evaluate(WALL), frames_of(root)
    slider = root.get_by_label("β, the weight of the rate")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("PageDown")
    root.evaluate(DRAWN, frames)
    moved = root.evaluate(WALL)
    assert moved != usual
    page.wait_for_url(re.compile("beta="))
    beta = float(parse_qs(urlsplit(page.url).query)["beta"][0])
    # what the address does not hold of it is below four digits
    assert beta == pytest.approx(float(root.get_attribute("data-beta")), rel=1e-3)
    assert beta < 1
    told = float(root.get_attribute("data-beta"))
    with np.load(io.BytesIO(saved(page, root, "npz"))) as arrays:
        assert f"at beta {told}" in str(arrays["about"])
        images = decode(checkpoint.read(models / "rated.safetensors").model.at(told), arrays["z"])
        drawn = arrays["images"].transpose(0, 2, 3, 1).reshape(images.shape)
        assert np.abs(drawn.astype(int) - images).max() <= 1
    again = open_page(page, address, urlsplit(page.url).query)
    assert float(again.get_attribute("data-beta")) == beta
    assert again.evaluate(WALL) == pytest.approx(moved, rel=1e-2)
    wrong = open_page(page, address, "model=rated&beta=1000")
    expect(wrong.get_by_role("alert")).to_contain_text("beta = “1000”")
    assert wrong.evaluate(WALL) == usual


@pytest.mark.parametrize("model", ["line", "flat-ae", "large", "rated"])
def test_every_kind_of_model_has_its_views(
    page: Page, address: str, model: str, console_errors: list[str]
) -> None:
    root = open_page(page, address, f"model={model}")
    for view in ("Manifold", "Traversals"):
        frames = frames_of(root)
        root.get_by_role("button", name=view, exact=True).click()
        root.evaluate(DRAWN, frames)
        assert root.evaluate(WALL)[1] > 0
    root.get_by_role("button", name="By class", exact=True).click()
    expect(root).to_contain_text("told no class")
    assert [error for error in console_errors if "404" not in error] == []


def test_the_manifold_flies_by_keys_and_a_link_brings_back_where_it_was(
    page: Page, address: str
) -> None:
    root = open_page(page, address, "model=flat&view=manifold")
    sky = root.get_by_test_id("manifold")
    sky.focus()
    for key in ("+", "+", "ArrowRight", "ArrowUp"):
        frames = frames_of(root)
        page.keyboard.press(key)
        root.evaluate(DRAWN, frames)
    # zoomed twice, then moved to the right and upwards
    expect(page).to_have_url(re.compile(r"map=0\.5\d+,0\.5\d+,0\.694"))
    caption = root.locator(".gen-caption").inner_text()
    again = open_page(page, address, urlsplit(page.url).query + "&model=flat")
    assert again.locator(".gen-caption").inner_text() == caption
