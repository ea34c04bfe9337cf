"""The pad in a real browser: the picture follows the hand, and the server hears little of it."""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, WebSocket, expect

from tests.browser.app_server import app_server
from tests.browser.choosing import choose_from
from tests.browser.conftest import RESULTS
from tests.exported import read_payload, write_payload
from tests.tiny_models import CLASSES, write_models

MOVES = 120
# of 120 moves; the browser may merge a few that fall into one frame
LEAST_FRAMES = 115
START_MS = 60_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app with tiny models of every kind."""
    RESULTS.mkdir(exist_ok=True)
    folder = write_models(tmp_path_factory.mktemp("models"))
    runs = tmp_path_factory.mktemp("runs")
    settings = {"VAE_CHECKPOINTS": str(folder), "VAE_RUNS": str(runs)}
    log = RESULTS / "streamlit-pad.log"
    with app_server(log, settings) as address:
        yield address
    assert "Uncaught app execution" not in log.read_text(errors="replace")


def open_pad(page: Page, address: str, query: str = "model=flat") -> Locator:
    """Open Explore and return the pad once it has drawn and has its points."""
    page.goto(f"{address}/?{query}", timeout=START_MS)
    pad = page.locator('[data-testid="latent-pad"][data-frames]:not(.pad-loading)')
    pad.wait_for(timeout=START_MS)
    expect(pad.get_by_label("start from an image of class")).to_be_enabled(timeout=START_MS)
    return pad


def z_of(pad: Locator) -> list[float]:
    """The z that the pad drew last."""
    return [float(value) for value in pad.get_attribute("data-z").split(",")]


def frames_of(pad: Locator) -> int:
    """How often the pad has drawn."""
    return int(pad.get_attribute("data-frames"))


def choose(page: Page, name: str, option: str) -> None:
    """Choose an option of one of the sidebar's lists."""
    choose_from(page.get_by_role("combobox", name=name, exact=True), option)


class Server:
    """What a page tells the server from its next load on."""

    def __init__(self, page: Page):
        self.heard: list[bytes] = []
        self.socket: WebSocket | None = None
        page.on("websocket", self._attach)

    def _attach(self, socket: WebSocket) -> None:
        self.socket = socket
        socket.on("framesent", lambda message: self.heard.append(bytes(message)))

    @contextmanager
    def hears(self) -> Iterator[None]:
        """Go on once the server was told of what happens within."""
        with self.socket.expect_event("framesent"):
            yield

    def held(self, first: int) -> list[list[float]]:
        """The z that each message from the ``first`` on says is held."""
        found = [re.findall(rb'"z":\[([^]]*)\]', message) for message in self.heard[first:]]
        return [[float(value) for value in z.split(b",")] for zs in found for z in zs or [b"nan"]]


def leave(page: Page, pad: Locator) -> None:
    """Take the pointer off the pad and wait until it has drawn what it holds."""
    frames = pad.get_attribute("data-frames")
    page.mouse.move(5, 5)
    expect(pad).not_to_have_attribute("data-frames", frames)


def expect_in_address(page: Page, **parameters: str) -> None:
    """Wait until the page's address has each of these parameters, with a value like this."""
    for name, value in parameters.items():
        expect(page).to_have_url(re.compile(rf"[?&]{name}={value}"))


def two_frames(page: Page) -> None:
    """Return once the page was painted with all that has happened so far."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def box_of(part: Locator) -> dict[str, float]:
    """The place of an element on the page."""
    part.scroll_into_view_if_needed()
    return part.bounding_box()


def centre_of(part: Locator) -> tuple[float, float]:
    box = box_of(part)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_every_move_of_a_slider_is_drawn_without_a_message(page: Page, address: str) -> None:
    server = Server(page)
    pad = open_pad(page, address)
    slider = pad.get_by_label("z1", exact=True)
    box = box_of(slider)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    frames, first = frames_of(pad), len(server.heard)
    for i in range(MOVES):
        share = 0.5 + 0.45 * math.sin(2 * math.pi * (i + 1) / MOVES)
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    assert frames_of(pad) - frames >= LEAST_FRAMES
    with server.hears():
        page.mouse.up()
    let_go = z_of(pad)
    with server.hears():
        pad.get_by_role("button", name="origin").click()
    # messages come in order: one of a move would stand before these two
    assert server.held(first) == [let_go, [0, 0]]


def test_every_move_over_the_plane_is_drawn_without_a_message(page: Page, address: str) -> None:
    page.clock.install()
    server = Server(page)
    pad = open_pad(page, address)
    box = box_of(pad.get_by_test_id("latent-plane"))
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    frames, first = frames_of(pad), len(server.heard)
    for i in range(MOVES):
        angle = 2 * math.pi * i / MOVES
        page.mouse.move(
            box["x"] + box["width"] * (0.5 + 0.4 * math.cos(angle)),
            box["y"] + box["height"] * (0.5 + 0.4 * math.sin(angle)),
        )
    assert frames_of(pad) - frames >= LEAST_FRAMES
    # whatever the moves may have put off is due by now, and a press tells the server something
    page.clock.fast_forward(5000)
    with server.hears():
        page.mouse.down()
        page.mouse.up()
    assert server.held(first) == [z_of(pad)]


def test_hover_looks_and_leaving_returns_to_the_held_z(page: Page, address: str) -> None:
    pad = open_pad(page, address)
    x, y = centre_of(pad.get_by_test_id("latent-plane"))
    page.mouse.move(x + 60, y + 40)
    assert z_of(pad) != [0, 0]
    leave(page, pad)
    assert z_of(pad) == [0, 0]


def test_a_press_goes_to_the_exact_place_and_holds(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=flat&view=0,0,8")
    plane = pad.get_by_test_id("latent-plane")
    box = box_of(plane)
    per_pixel = 8 / min(box["width"], box["height"])
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x + 50, y - 30)
    leave(page, pad)
    # a pixel's border and the rounding of CSS pixels: one pixel
    assert z_of(pad) == pytest.approx([50 * per_pixel, 30 * per_pixel], abs=per_pixel)


def test_a_press_on_a_plane_through_z_keeps_what_is_across_it(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=deep&z=0.1,0.2,0.3,0.4,0.5,0.6,0.7&axes=2,4")
    x, y = centre_of(pad.get_by_test_id("latent-plane"))
    page.mouse.click(x + 40, y + 40)
    z = z_of(pad)
    assert [z[i] for i in (0, 1, 3, 5, 6)] == pytest.approx([0.1, 0.2, 0.4, 0.6, 0.7], abs=1e-9)
    assert z[2] != pytest.approx(0.3)
    assert z[4] != pytest.approx(0.5)


def test_sliders_are_named_after_dimensions_and_ordered_by_information(
    page: Page, address: str
) -> None:
    pad = open_pad(page, address, "model=deep")
    names = pad.locator("input[type=range]").evaluate_all("all => all.map(e => e.ariaLabel)")
    assert names == ["z2", "z1", "z3", "z4", "z5", "z6", "z7"]
    for i in range(1, 8):
        expect(page.get_by_label(f"z{i}", exact=True)).to_have_count(1)
    expect(pad.get_by_text("carries no information (KL 0.00 nats)")).to_have_count(1)


def test_arrow_keys_random_and_origin_move_z(page: Page, address: str) -> None:
    pad = open_pad(page, address)
    pad.get_by_test_id("latent-plane").focus()
    page.keyboard.press("ArrowRight")
    small = z_of(pad)
    page.keyboard.press("Shift+ArrowUp")
    large = z_of(pad)
    assert small[0] > 0 and small[1] == 0
    assert large[1] == pytest.approx(10 * small[0])
    page.keyboard.press("r")
    assert z_of(pad) != large
    page.keyboard.press("0")
    assert z_of(pad) == [0, 0]
    page.keyboard.press("?")
    expect(pad.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(pad.get_by_role("dialog")).to_be_hidden()


def test_the_address_follows_and_restores_the_picture(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=deep")
    page.keyboard.press("r")
    pad.get_by_role("button", name="one").click()
    pad.get_by_role("button", name="rings").click()
    pad.get_by_role("button", name="zoom in").click()
    z, picture = z_of(pad), picture_of(pad)
    expect_in_address(page, hide="1(&|$)", layers="p(&|$)", view=".")
    asked = parse_qs(urlsplit(page.url).query)
    page.reload()
    pad.wait_for(timeout=START_MS)
    assert z_of(pad) == pytest.approx(z, rel=1e-5)
    assert picture_of(pad) == pytest.approx(picture, abs=1)
    expect(pad.get_by_role("button", name="one")).to_have_attribute("aria-pressed", "false")
    assert parse_qs(urlsplit(page.url).query)["view"] == asked["view"]


def picture_of(pad: Locator) -> list[int]:
    """The decoded image's bytes, red, green, blue, opacity a pixel."""
    return pad.get_by_test_id("decoded-image").evaluate(
        "e => [...e.getContext('2d').getImageData(0, 0, e.width, e.height).data]"
    )


@pytest.mark.parametrize("query", ["z=1", "z=1,nan", "z=inf,0", "z=a,b", "z=1,2,3", "model=none"])
def test_a_wrong_address_is_explained_and_the_page_goes_on(
    page: Page, address: str, query: str
) -> None:
    pad = open_pad(page, address, query if "model" in query else f"model=flat&{query}")
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text("The address")
    assert all(map(math.isfinite, z_of(pad)))


def test_a_class_start_goes_to_an_image_of_that_class(page: Page, address: str) -> None:
    pad = open_pad(page, address)
    pad.get_by_label("start from an image of class").select_option(CLASSES[2])
    x, y = z_of(pad)
    assert abs(x) < 1 and y < -0.5


def test_a_drawing_is_encoded_while_the_pen_moves(page: Page, address: str) -> None:
    pad = open_pad(page, address)
    pad.get_by_role("button", name="draw").click()
    sheet = pad.get_by_test_id("drawing")
    x, y = centre_of(sheet)
    page.mouse.move(x, y - 50)
    page.mouse.down()
    for end in (y, y + 50):
        before = pad.get_attribute("data-z")
        page.mouse.move(x, end, steps=10)
        expect(pad).not_to_have_attribute("data-z", before)
    page.mouse.up()
    expect(pad.locator(".pad-strip canvas")).to_have_count(6)
    expect(pad.get_by_text("μ = (")).to_be_visible()


def test_the_trail_goes_back_to_a_held_image(page: Page, address: str) -> None:
    pad = open_pad(page, address)
    x, y = centre_of(pad.get_by_test_id("latent-plane"))
    page.mouse.click(x + 50, y)
    first = z_of(pad)
    page.mouse.click(x - 50, y + 20)
    page.mouse.move(5, 5)
    pad.get_by_role("button", name="held image").first.click()
    assert z_of(pad) == first


def test_the_image_is_saved_in_whole_pixels_under_its_model_and_z(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=flat&z=0.5,-1")
    with page.expect_download() as expected:
        pad.get_by_role("button", name="download image").click()
    assert expected.value.suggested_filename == "flat z 0.50 -1.00.png"
    with Image.open(expected.value.path()) as saved:
        pixels = np.asarray(saved.convert("RGBA"))
    factor = 512 // 28
    assert pixels.shape == (28 * factor, 28 * factor, 4)
    shown = np.reshape(picture_of(pad), (28, 28, 4))
    assert np.array_equal(pixels, shown.repeat(factor, 0).repeat(factor, 1))


def test_sliders_beyond_the_edge_of_their_box_are_counted(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=deep")
    more = pad.get_by_role("button", name="more below")
    expect(more).to_be_visible()
    last = pad.get_by_label("z7", exact=True)
    more.click()
    expect(pad.get_by_role("button", name="back to the first")).to_be_visible()
    expect(last).to_be_in_viewport()


@pytest.mark.parametrize("model", ["flat", "flat-ae"])
def test_far_from_the_encoded_images_the_image_says_so_in_a_hole_too(
    page: Page, address: str, model: str
) -> None:
    pad = open_pad(page, address, f"model={model}&z=4,0")
    expect(pad.get_by_text("far from what the model was trained on", exact=True)).to_be_visible()
    pad.get_by_label("start from an image of class").select_option(CLASSES[0])
    expect(pad.get_by_text("far from what the model was trained on", exact=True)).to_be_hidden()
    # the origin lies between the three clusters, 1.5 and more from each
    page.keyboard.press("0")
    expect(pad.get_by_text("far from what the model was trained on", exact=True)).to_be_visible()


@pytest.mark.parametrize("model", ["flat-ae", "line", "colour", "deep"])
def test_every_kind_of_model_opens(page: Page, address: str, model: str) -> None:
    pad = open_pad(page, address, f"model={model}")
    frames = frames_of(pad)
    x, y = centre_of(pad.get_by_test_id("latent-plane"))
    page.mouse.move(x + 30, y + 30)
    plane, shown = pad.get_by_test_id("latent-plane"), plane_of(pad)
    pad.get_by_role("button", name="manifold").click()
    page.wait_for_function(DIFFERS, arg=[plane.element_handle(), shown])
    pad.get_by_role("button", name="sample", exact=True).first.click()
    page.keyboard.press("r")
    assert frames_of(pad) > frames
    assert all(map(math.isfinite, z_of(pad)))


def test_a_large_decoder_runs_on_the_server_and_the_page_says_so(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=large")
    expect(page.get_by_text("too large to keep up with the hand")).to_be_visible()
    frames, x, y = frames_of(pad), *centre_of(pad.get_by_test_id("latent-plane"))
    for i in range(20):
        page.mouse.move(x + 5 * i, y + 3 * i)
    page.mouse.down()
    page.mouse.up()
    expect(pad.locator(".pad-held")).to_have_count(1, timeout=START_MS)
    assert frames_of(pad) > frames
    assert len({*picture_of(pad)}) > 2


def test_a_finger_drags_z_and_two_fingers_zoom(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    pad = open_pad(page, address)
    plane = pad.get_by_test_id("latent-plane")
    x, y = centre_of(plane)
    touch = context.new_cdp_session(page)

    def put(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": px, "y": py, "id": i} for i, (px, py) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    put("touchStart", (x + 40, y))
    for i in range(10):
        put("touchMove", (x + 40, y - 6 * i))
    put("touchEnd")
    held = z_of(pad)
    assert held[0] > 0 and held[1] > 0
    put("touchStart", (x - 30, y), (x + 30, y))
    for i in range(10):
        put("touchMove", (x - 30 - 4 * i, y), (x + 30 + 4 * i, y))
    put("touchEnd")
    expect_in_address(page, view=".")
    assert z_of(pad) == held
    context.close()


def test_the_sheet_lies_still_under_a_finger_and_below_the_header(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    pad = open_pad(page, address)
    expect(page.get_by_text("Drag over the map: the decoder")).to_be_visible()
    expect(page.get_by_text("Move over the map: the decoder")).to_be_hidden()
    pad.get_by_role("button", name="draw").tap()
    sheet = pad.get_by_test_id("drawing")
    expect(sheet).to_be_in_viewport(ratio=1)
    before = sheet.bounding_box()
    assert before["y"] > page.get_by_test_id("stHeader").bounding_box()["height"]
    touch = context.new_cdp_session(page)
    x, y = before["x"] + before["width"] / 2, before["y"] + 40
    for kind, places in [("touchStart", [y]), ("touchMove", [y + 60]), ("touchEnd", [])]:
        points = [{"x": x, "y": py, "id": 0} for py in places]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        two_frames(page)
        assert sheet.bounding_box() == before
    context.close()


def test_two_models_share_the_screen_and_the_image(page: Page, address: str) -> None:
    open_pad(page, address, "model=flat")
    choose(page, "Model beside", "flat-ae")
    beside = page.locator('[data-testid="latent-pad-beside"][data-frames]')
    beside.wait_for(timeout=START_MS)
    pad = page.get_by_test_id("latent-pad")
    expect(pad.get_by_label("start from an image of class")).to_be_enabled(timeout=START_MS)
    expect(beside.get_by_label("start from an image of class")).to_be_enabled(timeout=START_MS)
    before = beside.get_attribute("data-z")
    pad.get_by_label("start from an image of class").select_option(CLASSES[0])
    expect(beside).not_to_have_attribute("data-z", before)
    # both atlases hold the same untrained codes
    assert z_of(beside) == pytest.approx(z_of(pad))
    expect(page.get_by_label("z1", exact=True)).to_have_count(1)


def test_the_hand_on_one_map_moves_the_other_to_the_same_image_or_z(
    page: Page, address: str
) -> None:
    server = Server(page)
    pad = open_pad(page, address, "model=flat&beside=flat-ae&bview=0,0,8")
    beside = page.locator('[data-testid="latent-pad-beside"][data-frames]:not(.pad-loading)')
    expect(beside.get_by_label("start from an image of class")).to_be_enabled(timeout=START_MS)
    x, y = centre_of(beside.get_by_test_id("latent-plane-beside"))
    # at the middle of a class the nearest image is near, but nowhere else than at its μ
    page.mouse.move(x + 1.5 * scale_of(beside), y - 1.0 * scale_of(beside))
    assert z_of(pad) == pytest.approx(z_of(beside), abs=0.3)
    assert z_of(pad) != z_of(beside)
    beside.get_by_role("button", name="same z", exact=True).click()
    expect_in_address(page, hands="z(&|$)")
    first = len(server.heard)
    page.mouse.move(x + 60, y + 10)
    assert z_of(pad) == z_of(beside) != [0, 0]
    leave(page, pad)
    assert z_of(pad) == [0, 0]
    with server.hears():
        pad.get_by_role("button", name="random").click()
    assert server.held(first) == [z_of(pad)]


def scale_of(pad: Locator) -> float:
    """CSS pixels of one unit on the map of the second pad, seen as `bview=0,0,8`."""
    box = pad.get_by_test_id("latent-plane-beside").bounding_box()
    return min(box["width"], box["height"]) / 8


def test_models_of_other_dimensions_cannot_share_z_and_it_is_said(page: Page, address: str) -> None:
    open_pad(page, address, "model=flat&beside=deep")
    beside = page.get_by_test_id("latent-pad-beside")
    expect(beside.get_by_text("same z: these models have 2 and 7 dimensions")).to_be_visible()
    expect(beside.get_by_text("deep · VAE", exact=True)).to_be_visible()
    expect(beside.get_by_role("button", name="same z", exact=True)).to_be_disabled()


DIFFERS = "([plane, shown]) => plane.toDataURL() !== shown"
EQUALS = "([plane, shown]) => plane.toDataURL() === shown"
# the manifold is painted in slices, one per frame
AT_REST = """async (plane) => {
  let [shown, frames] = [plane.toDataURL(), 0];
  while (frames < 5) {
    await new Promise(requestAnimationFrame);
    frames = plane.toDataURL() === shown ? frames + 1 : 0;
    shown = plane.toDataURL();
  }
  return shown;
}"""


def plane_of(pad: Locator) -> str:
    """The picture of the map once it stays the same for some frames."""
    return pad.get_by_test_id("latent-plane").evaluate(AT_REST)


def test_a_link_with_the_manifold_and_a_zoom_shows_it_as_it_was(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=flat&z=0,0&layers=m&view=0.5,0.5,2")
    plane, linked = pad.get_by_test_id("latent-plane").element_handle(), plane_of(pad)
    for shows in (DIFFERS, EQUALS):
        pad.get_by_role("button", name="manifold").click()
        page.mouse.move(5, 5)
        page.wait_for_function(shows, arg=[plane, linked])


def test_a_link_opens_both_models_where_they_were(page: Page, address: str) -> None:
    open_pad(page, address, "model=flat&z=1,1&beside=flat-ae&bz=-0.5,0.25&bview=0,0,3")
    beside = page.locator('[data-testid="latent-pad-beside"][data-frames]')
    beside.wait_for(timeout=START_MS)
    assert z_of(beside) == [-0.5, 0.25]
    expect_in_address(page, bview=".")
    asked = parse_qs(urlsplit(page.url).query)
    assert (asked["beside"], asked["bz"], asked["bview"]) == (["flat-ae"], ["-0.5,0.25"], ["0,0,3"])


def test_a_payload_that_does_not_come_is_explained_and_tried_again(
    browser: Browser, address: str
) -> None:
    page = browser.new_page()
    page.route("**/payload/decoder/**", lambda route: route.abort())
    page.goto(f"{address}/?model=flat")
    notice = page.locator(".pad-notice")
    expect(notice).to_contain_text("The decoder of flat could not be loaded", timeout=START_MS)
    page.unroute("**/payload/decoder/**")
    page.get_by_role("button", name="try again").click()
    page.locator('[data-testid="latent-pad"][data-frames]').wait_for()
    expect(notice).to_be_hidden()
    page.close()


def test_a_model_whose_pixels_this_page_cannot_read_is_a_sentence_and_no_picture(
    page: Page, address: str
) -> None:
    def from_the_future(route: Route) -> None:
        answer = route.fetch()
        header, weights = read_payload(answer.body())
        header |= {"link": "quantum", "dtype": "float32"}
        route.fulfill(body=write_payload(header, weights.tobytes()))

    page.route("**/payload/decoder/**", from_the_future)
    page.goto(f"{address}/?model=flat", timeout=START_MS)
    pad = page.get_by_test_id("latent-pad")
    notice = pad.locator(".pad-notice")
    expect(notice).to_contain_text("unknown link 'quantum' from output to pixel", timeout=START_MS)
    assert pad.get_attribute("data-frames") is None


def test_a_laptop_shows_many_dimensions_a_drawing_and_the_classes_beside_another_model(
    page: Page, address: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    pad = open_pad(page, address, "model=mnist-20d&beside=mnist-2d")
    page.locator('[data-testid="latent-pad-beside"][data-frames]').wait_for(timeout=START_MS)
    pad.get_by_role("button", name="draw").click()
    x, y = centre_of(pad.get_by_test_id("drawing"))
    page.mouse.move(x, y - 40)
    page.mouse.down()
    page.mouse.move(x, y + 40, steps=5)
    page.mouse.up()
    expect(pad.get_by_text("decoded from draws of q(z|x)")).to_be_visible()
    for name in ("0", "9"):
        box = pad.locator(".pad-legend").get_by_role("button", name=name, exact=True).bounding_box()
        assert box["y"] + box["height"] <= 800


def test_the_model_can_be_changed_without_losing_the_pad(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=flat")
    choose(page, "Model", "deep")
    page.locator('[data-testid="latent-pad"][data-model="deep"]').wait_for(timeout=START_MS)
    assert len(z_of(pad)) == 7


def test_back_returns_to_a_place_that_was_held_for_a_while(page: Page, address: str) -> None:
    page.clock.install()
    pad = open_pad(page, address)
    x, y = centre_of(pad.get_by_test_id("latent-plane"))
    page.mouse.click(x + 50, y)
    held = z_of(pad)
    page.clock.fast_forward(4000)
    # two places soon after one another: the first of them is none to come back to
    page.mouse.click(x - 50, y + 20)
    page.mouse.click(x - 60, y + 20)
    leave(page, pad)
    left = pad.get_attribute("data-z")
    page.go_back()
    expect(pad).not_to_have_attribute("data-z", left)
    assert z_of(pad) == pytest.approx(held, rel=1e-5)


def test_back_returns_to_the_model_before_and_its_place(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=flat&z=1,0.5")
    choose(page, "Model", "deep")
    page.locator('[data-testid="latent-pad"][data-model="deep"]').wait_for(timeout=START_MS)
    page.go_back()
    page.locator('[data-testid="latent-pad"][data-model="flat"]').wait_for(timeout=START_MS)
    assert z_of(pad) == [1, 0.5]
    expect(page.get_by_role("combobox", name="Model", exact=True)).to_have_value("flat")


def test_a_model_keeps_the_view_that_it_had_and_no_other_takes_it(page: Page, address: str) -> None:
    pad = open_pad(page, address, "model=flat&z=1,0.5&hide=0")
    for model, shown in (("flat-ae", "true"), ("flat", "false")):
        choose(page, "Model", model)
        page.locator(f'[data-testid="latent-pad"][data-model="{model}"]').wait_for(timeout=START_MS)
        first = pad.locator(".pad-legend").get_by_role("button", name=CLASSES[0], exact=True)
        expect(first).to_have_attribute("aria-pressed", shown)


def test_the_trail_survives_leaving_the_page(page: Page, address: str) -> None:
    pad = open_pad(page, address)
    x, y = centre_of(pad.get_by_test_id("latent-plane"))
    page.mouse.click(x + 50, y)
    held = z_of(pad)
    page.keyboard.press("0")
    links = page.get_by_test_id("stSidebar")
    links.get_by_role("link", name="Train").click()
    page.get_by_role("heading", name="Train", exact=True).wait_for(timeout=START_MS)
    links.get_by_role("link", name="Explore").click()
    pad.wait_for(timeout=START_MS)
    expect(pad.locator(".pad-held")).to_have_count(2)
    pad.locator(".pad-held").first.click()
    assert z_of(pad) == held


@pytest.mark.parametrize("width", [360, 768, 1280, 2560])
def test_nothing_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    pad = open_pad(page, address, "model=deep")
    overflow = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth - e.clientWidth)"
    )
    assert overflow == [0, 0]
    edge = pad.evaluate("e => e.scrollWidth - e.clientWidth")
    assert edge <= 0
    page.close()
