"""β in a real browser: image and map follow the slider, and the server hears nothing of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.app_server import app_server
from tests.browser.conftest import RESULTS
from tests.browser.test_pad import Server, expect_in_address, open_pad, two_frames
from tests.tiny_models import write_models

PIXELS = "canvas => canvas.toDataURL()"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app with the tiny models, one of which is told β."""
    RESULTS.mkdir(exist_ok=True)
    folder = write_models(tmp_path_factory.mktemp("models"))
    settings = {"VAE_CHECKPOINTS": str(folder), "VAE_RUNS": str(tmp_path_factory.mktemp("runs"))}
    log = RESULTS / "streamlit-rate.log"
    with app_server(log, settings) as address:
        yield address
    assert "Uncaught app execution" not in log.read_text(errors="replace")


def slider_of(pad: Locator) -> Locator:
    return pad.get_by_role("slider", name="β, the weight of the rate")


def looks(pad: Locator) -> tuple[str, str]:
    """The pictures of the decoded image and of the map."""
    return tuple(
        pad.get_by_test_id(name).evaluate(PIXELS) for name in ("decoded-image", "latent-plane")
    )


def test_moving_beta_changes_image_and_points_without_a_message_to_the_server(
    page: Page, address: str
) -> None:
    server = Server(page)
    pad = open_pad(page, address, "model=rated")
    slider = slider_of(pad)
    expect(slider).to_have_attribute("aria-valuetext", "1")
    slider.scroll_into_view_if_needed()
    page.mouse.move(5, 5)
    page.wait_for_load_state("networkidle")
    box, before, heard = slider.bounding_box(), looks(pad), len(server.heard)
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.66, y)
    page.mouse.down()
    seen = {before}
    for step in range(6):
        page.mouse.move(box["x"] + box["width"] * (0.6 - 0.1 * step), y)
        two_frames(page)
        seen.add(looks(pad))
    images, maps = ({look[part] for look in seen} for part in (0, 1))
    assert len(images) == len(maps) == 7
    assert len(server.heard) == heard
    page.mouse.up()
    assert 0.01 <= float(pad.get_attribute("data-beta")) < 0.05


def test_a_link_opens_at_its_beta_and_the_slider_writes_it_there(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=rated&z=0.5,-1&beta=0.1")
    expect(pad).to_have_attribute("data-beta", "0.1")
    expect(pad).to_contain_text("rate 8.00 · distortion 60.00 nats per image")
    expect(pad).to_contain_text("2 of 2 dimensions active (test)")
    slider_of(pad).press("ArrowRight")
    expect_in_address(page, beta=r"0\.107")
    slider_of(pad).press("Shift+PageUp")
    expect(pad).to_contain_text("rate 1.00 · distortion 90.00 nats per image")
    expect(pad).to_contain_text("1 of 2 dimensions active (test)")


def test_a_model_of_one_beta_shows_no_such_slider(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=flat")
    expect(slider_of(pad)).to_have_count(0)
    assert pad.get_attribute("data-beta") is None
