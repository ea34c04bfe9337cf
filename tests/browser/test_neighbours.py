"""Explore: the original beside its reconstruction, and what the nearest encoded images say."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.app_server import app_server
from tests.browser.choosing import choose_from
from tests.browser.conftest import RESULTS
from tests.browser.test_pad import START_MS, centre_of, open_pad, z_of
from tests.tiny_models import CLASSES, write_models
from vae import checkpoint, data
from vae.files.writing import SHIPPED
from vae.latent import encoded


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app with tiny models beside those that ship with it."""
    RESULTS.mkdir(exist_ok=True)
    folder, runs = (tmp_path_factory.mktemp(name) for name in ("models", "runs"))
    settings = {"VAE_CHECKPOINTS": str(write_models(folder)), "VAE_RUNS": str(runs)}
    with app_server(RESULTS / "streamlit-neighbours.log", settings) as address:
        yield address


def original_of(pad: Locator) -> Locator:
    return pad.locator(".pad-original figcaption")


def grey_of(canvas: Locator) -> list[int]:
    """The canvas' red channel."""
    return canvas.evaluate(
        "e => [...e.getContext('2d').getImageData(0, 0, e.width, e.height).data]"
        ".filter((_, i) => i % 4 === 0)"
    )


def test_an_image_chosen_by_class_stands_beside_what_the_decoder_makes_of_it(
    page: Page, address: str
) -> None:
    pad = open_pad(page, address, "model=digits-2d")
    pad.get_by_label("start from an image of class").select_option("7")
    caption = original_of(pad)
    expect(caption).to_have_text(re.compile(r"^original · test image \d+, class 7$"))
    index = int(re.search(r"\d+", caption.text_content())[0])
    original = pad.locator(".pad-original canvas")
    # the first one waits until the server has read the data set
    expect(original).to_be_visible(timeout=START_MS)
    assert grey_of(original) == data.load("digits").test.images[index].ravel().tolist()
    # z is that image's μ, so both reconstructions are one image
    both = [pad.locator(".pad-reconstruction canvas"), pad.get_by_test_id("decoded-image")]
    assert grey_of(both[0]) == grey_of(both[1])


def test_the_line_counts_the_classes_of_the_nearest_images_for_any_z(
    page: Page, address: str
) -> None:
    pad = open_pad(page, address, "model=digits-2d&z=0.4,-0.3")
    atlas = checkpoint.read(SHIPPED / "digits-2d.safetensors").atlas
    rows, _ = encoded.nearest(atlas.loc, np.array([0.4, -0.3]), 15)
    labels, counts = np.unique(atlas.label[rows], return_counts=True)
    said = f"{labels[counts.argmax()]}: {counts.max()} of the 15 nearest"
    assert sorted(counts)[-1] != sorted(counts)[-2]
    expect(pad.locator(".pad-verdict")).to_have_text(said)
    expect(original_of(pad)).to_contain_text(f"nearest · test image {atlas.index[rows[0]]},")
    shown = [canvas.get_attribute("aria-label") for canvas in pad.locator(".pad-neighbour").all()]
    assert [int(re.search(r"\d+", words)[0]) for words in shown] == atlas.index[rows[:4]].tolist()
    live = pad.locator(".pad-live")
    expect(live).to_contain_text(f"z = (0.40, −0.30); nearest images: {said}")
    expect(live).to_contain_text("among the encoded images")


def test_where_the_originals_are_not_here_reconstructions_are_shown_and_that_is_said(
    page: Page, address: str
) -> None:
    pad = open_pad(page, address, "model=flat&z=1.5,1")
    expect(pad.get_by_text("the originals are not on this machine")).to_be_visible()
    expect(pad.locator(".pad-verdict")).to_have_text(f"{CLASSES[0]}: 15 of the 15 nearest")
    expect(pad.locator(".pad-neighbour").first).to_have_attribute(
        "aria-label", re.compile("^decoded: test image")
    )


def test_an_original_that_does_not_come_is_said_and_asked_for_again(
    page: Page, address: str
) -> None:
    page.route("**/originals/**", lambda route: route.abort())
    pad = open_pad(page, address, "model=digits-2d&z=0.4,-0.3")
    expect(pad.get_by_text("the original could not be loaded")).to_be_visible(timeout=START_MS)
    page.unroute("**/originals/**")
    page.keyboard.press("0")
    expect(pad.locator(".pad-original canvas")).to_be_visible(timeout=START_MS)


def test_a_drawing_is_its_own_original_and_the_decoded_image_stays_where_it_is(
    page: Page, address: str
) -> None:
    pad = open_pad(page, address, "model=flat")
    pad.get_by_role("button", name="draw").click()
    x, y = centre_of(pad.get_by_test_id("drawing"))
    expect(original_of(pad)).to_contain_text("nearest")
    before = pad.get_by_test_id("decoded-image").bounding_box()
    page.mouse.move(x, y - 40)
    page.mouse.down()
    page.mouse.move(x, y + 40, steps=5)
    page.mouse.up()
    expect(original_of(pad)).to_have_text("original · your drawing")
    assert max(grey_of(pad.locator(".pad-original canvas"))) > 200
    assert pad.get_by_test_id("decoded-image").bounding_box() == before


def test_an_autoencoder_has_no_rings_to_draw(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=flat-ae")
    rings = pad.get_by_role("button", name="rings")
    expect(rings).to_be_disabled()
    expect(rings).to_have_attribute("aria-pressed", "false")
    assert z_of(pad) == [0, 0]
    choose_from(page.get_by_role("combobox", name="Model", exact=True), "flat")
    page.locator('[data-testid="latent-pad"][data-model="flat"]').wait_for(timeout=START_MS)
    expect(rings).to_be_enabled()
    expect(rings).to_have_attribute("aria-pressed", "true")
