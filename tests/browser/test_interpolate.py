"""Interpolate in a real browser: the images follow the slider, and the server hears none of it."""

import io
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.app_server import app_server
from tests.browser.choosing import choose_from
from tests.browser.conftest import RESULTS
from tests.tiny_models import CLASSES, IMAGES, tiny_checkpoint, write_models
from vae import checkpoint, library
from vae.latent.encoded import nearest
from vae.latent.paths import class_representative
from vae.models.config import VAEConfig
from vae.models.networks import MLP

MOVES = 120
# of 120 moves; the browser may merge a few that fall into one frame
LEAST_FRAMES = 115
START_MS = 60_000
# resolves once the component has drawn so often
DRAWN = """(e, count) => new Promise((done) => {
  const look = () => (Number(e.dataset.frames) >= count ? done() : requestAnimationFrame(look));
  look();
})"""
# resolves once the browser has drawn so often, whatever it showed
REFRESHED = """(e, count) => new Promise((done) => {
  const next = () => (count-- > 0 ? requestAnimationFrame(next) : done());
  next();
})"""
# Streamlit says so of itself: no script runs, so no message is on its way
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PAGE = '[data-testid="interpolator"][data-frames]:not(.pad-loading)'


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny models of every kind."""
    return write_poor_models(write_models(tmp_path_factory.mktemp("models")))


@pytest.fixture(scope="module")
def address(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app with these models."""
    RESULTS.mkdir(exist_ok=True)
    runs = tmp_path_factory.mktemp("runs")
    settings = {"VAE_CHECKPOINTS": str(models), "VAE_RUNS": str(runs)}
    log = RESULTS / "streamlit-interpolate.log"
    with app_server(log, settings) as address:
        yield address
    assert "Uncaught app execution" not in log.read_text(errors="replace")


def write_poor_models(folder: Path) -> Path:
    """Add models that lack what others have: classes, or all encoded images."""
    for posterior in ("gaussian", "point"):
        config = VAEConfig(z_dim=3, architecture=MLP(hidden=(16,)), posterior=posterior)
        whole = tiny_checkpoint("whole", config)
        nameless = replace(whole.atlas, label=np.full(IMAGES, -1))
        poor = {
            "nameless": replace(whole, atlas=nameless, dataset={"name": "heaps"}),
            "bare": replace(whole, atlas=None),
        }
        for name, model in poor.items():
            path = folder / f"{name}-{posterior}.safetensors"
            checkpoint.write(path, replace(model, name=path.stem))
    return folder


def open_explore(page: Page, address: str, model: str) -> Locator:
    """Open Explore and return the pad once it has drawn and has its points."""
    page.goto(f"{address}/?model={model}", timeout=START_MS)
    pad = page.locator('[data-testid="latent-pad"][data-frames]:not(.pad-loading)')
    pad.wait_for(timeout=START_MS)
    expect(page.get_by_label("start from an image of class")).to_be_enabled(timeout=START_MS)
    return pad


def open_page(page: Page, address: str, query: str = "model=flat") -> Locator:
    """Open Interpolate and return its component once it has drawn."""
    page.goto(f"{address}/interpolate?{query}", timeout=START_MS, wait_until="commit")
    root = page.locator(PAGE)
    root.wait_for(timeout=START_MS)
    return root


def numbers(root: Locator, name: str) -> list[float]:
    """An attribute of the component as numbers."""
    return [float(value) for value in root.get_attribute(f"data-{name}").split(",")]


def time_of(root: Locator) -> float:
    return numbers(root, "t")[0]


def frames_of(root: Locator) -> int:
    return int(root.get_attribute("data-frames"))


def picture(root: Locator, testid: str) -> list[int]:
    """The bytes of a canvas, red, green, blue, opacity a pixel."""
    return root.get_by_test_id(testid).evaluate(
        "e => [...e.getContext('2d').getImageData(0, 0, e.width, e.height).data]"
    )


def box_of(part: Locator) -> dict[str, float]:
    part.scroll_into_view_if_needed()
    return part.bounding_box()


def listen(page: Page) -> list[str]:
    """Collect the websocket frames that the page sends and receives from its next load on."""
    heard: list[str] = []

    def attach(socket: Any) -> None:
        socket.on("framesent", lambda payload: heard.append("sent"))
        socket.on("framereceived", lambda payload: heard.append("received"))

    page.on("websocket", attach)
    return heard


def picture_file(colour: int, ink: int, size: tuple[int, int] = (60, 40)) -> bytes:
    """A PNG with a bar of ink in the middle."""
    pixels = np.full((size[1], size[0]), colour, np.uint8)
    pixels[10:30, 27:33] = ink
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return file.getvalue()


def test_every_move_of_the_slider_is_drawn_without_a_message(page: Page, address: str) -> None:
    heard = listen(page)
    root = open_page(page, address)
    slider = box_of(root.get_by_label("position"))
    y = slider["y"] + slider["height"] / 2
    page.mouse.move(slider["x"] + slider["width"] / 2, y)
    page.mouse.down()
    page.locator(IDLE).wait_for()
    frames, messages = frames_of(root), len(heard)
    for i in range(MOVES):
        share = 0.5 + 0.45 * math.sin(2 * math.pi * (i + 1) / MOVES)
        page.mouse.move(slider["x"] + share * slider["width"], y)
    assert frames_of(root) - frames >= LEAST_FRAMES
    page.mouse.up()
    root.evaluate(REFRESHED, 20)
    assert heard[messages:] == []


def share_of_class(atlas: checkpoint.Atlas, z: list[float], label: int) -> float:
    """Share of a class among the thirty encoded images nearest to z."""
    rows, _ = nearest(atlas.loc, np.array(z), 30)
    return float((atlas.label[rows] == label).mean())


def test_a_class_is_shown_by_a_typical_member_and_another_one_each_time(
    page: Page, address: str
) -> None:
    root = open_page(page, address, "model=mnist-2d")
    atlas = checkpoint.read(library.find("mnist-2d")).atlas
    # the 9 nearest the mean of its class lies among the fours
    middle = atlas.loc[class_representative(atlas, 9)]
    assert share_of_class(atlas, middle, 9) < 0.5
    choose = root.get_by_label("B: image of class")
    shown = []
    for _ in range(3):
        choose.select_option("9")
        shown.append(numbers(root, "b"))
    root.get_by_role("button", name="another 9").click()
    shown.append(numbers(root, "b"))
    assert len({tuple(z) for z in shown}) == 4
    assert min(share_of_class(atlas, z, 9) for z in shown) > 0.9


def test_swapping_goes_the_other_way(page: Page, address: str) -> None:
    root = open_page(page, address)
    a, b = numbers(root, "a"), numbers(root, "b")
    first, second = picture(root, "image-a"), picture(root, "image-b")
    root.get_by_role("button", name="swap A and B").click()
    assert (numbers(root, "a"), numbers(root, "b")) == (b, a)
    assert (picture(root, "image-a"), picture(root, "image-b")) == (second, first)
    page.keyboard.press("x")
    assert (numbers(root, "a"), numbers(root, "b")) == (a, b)


def test_a_link_brings_back_ends_names_and_walk(page: Page, address: str) -> None:
    root = open_page(page, address)
    root.get_by_label("B: another way").select_option("prior")
    root.get_by_label("beyond the ends").select_option("0.25")
    root.get_by_label("images on a strip").fill("5")
    root.get_by_label("images on a strip").press("Enter")
    root.get_by_label("position").focus()
    page.keyboard.press("End")
    names = root.locator(".ip-end .ip-words").all_inner_texts()
    shown = picture(root, "image-slerp")
    link = urlsplit(page.url).query + "&model=flat"
    page.evaluate("sessionStorage.clear()")
    root = open_page(page, address, link)
    assert root.locator(".ip-end .ip-words").all_inner_texts() == names
    assert time_of(root) == 1.25
    assert picture(root, "image-slerp") == shown
    expect(root.get_by_label("images on a strip")).to_have_value("5")
    expect(root.get_by_label("beyond the ends")).to_have_value("0.25")


def test_a_link_that_asks_for_what_cannot_be_is_answered_in_words(page: Page, address: str) -> None:
    root = open_page(page, address, "model=flat&t=7&steps=11")
    expect(root.get_by_role("alert")).to_contain_text("asks for t = “7”")
    assert time_of(root) == 0.5


def test_keys_move_and_space_plays_and_pauses(page: Page, address: str) -> None:
    root = open_page(page, address)
    page.keyboard.press("ArrowRight")
    assert time_of(root) == pytest.approx(0.51)
    page.keyboard.press("Shift+ArrowLeft")
    assert time_of(root) == pytest.approx(0.41)
    frames = frames_of(root)
    page.keyboard.press("Space")
    expect(root.get_by_role("button", name="pause")).to_be_visible()
    root.evaluate(DRAWN, frames + 20)
    page.keyboard.press("Space")
    expect(root.get_by_role("button", name="play")).to_be_visible()
    held = time_of(root)
    root.evaluate(REFRESHED, 10)
    assert time_of(root) == held != pytest.approx(0.41)
    page.keyboard.press("?")
    expect(root.get_by_role("dialog")).to_be_visible()


def test_a_press_on_a_strip_goes_to_that_image(page: Page, address: str) -> None:
    root = open_page(page, address)
    strip = root.get_by_test_id("strip-slerp")
    box = box_of(strip)
    strip.click(position={"x": box["width"] * (3 + 0.5) / 11, "y": 5})
    assert time_of(root) == pytest.approx(0.3)
    root.get_by_label("images on a strip").fill("5")
    root.get_by_label("images on a strip").press("Enter")
    strip.click(position={"x": box["width"] * (1 + 0.5) / 5, "y": 5})
    assert time_of(root) == pytest.approx(0.25)


def test_a_path_goes_on_beyond_its_ends(page: Page, address: str) -> None:
    root = open_page(page, address, "model=flat&a=1,0&b=0,2")
    root.get_by_label("beyond the ends").select_option("0.5")
    root.get_by_label("position").focus()
    page.keyboard.press("Home")
    assert time_of(root) == -0.5
    # straight: 1.5 A − 0.5 B; spherical: 45 degrees on and half as long
    straight, spherical = root.locator(".ip-numbers").all()
    expect(straight).to_contain_text("|z| 1.80")
    expect(spherical).to_contain_text("|z| 0.50")


def test_the_strips_show_what_the_slider_shows(page: Page, address: str) -> None:
    root = open_page(page, address, "model=flat&a=2,0&b=-1,1")
    expect(root).to_have_attribute("data-strips", "done")
    page.keyboard.press("Shift+ArrowLeft")
    strip = root.get_by_test_id("strip-lerp").evaluate(
        """e => { const [w, h] = [e.width / 11, e.height];
          const at = e.getContext('2d').getImageData(4 * w, 0, w - 4, h).data;
          return at.reduce((s, v, i) => i % 4 ? s : s + v, 0) / (at.length / 4); }"""
    )
    shown = np.array(picture(root, "image-lerp")).reshape(-1, 4)[:, 0].mean()
    # another size of the same pixels: their mean stays within a few of 255 levels
    assert strip == pytest.approx(shown, abs=3)


def test_each_way_to_an_end_says_where_it_comes_from(page: Page, address: str) -> None:
    root = open_page(page, address)
    root.get_by_label("A: image of class").select_option(CLASSES[2])
    x, y = numbers(root, "a")
    assert abs(x) < 1 and y < -0.5
    root.get_by_label("B: another way").select_option("image")
    expect(root.locator(".ip-end-b .ip-words")).to_contain_text("test image")
    root.get_by_label("A: another way").select_option("prior")
    expect(root.locator(".ip-end-a .ip-words")).to_have_text("draw of the prior")
    root.get_by_label("B: another way").select_option("number")
    number = root.get_by_label(f"test image, 0 to {IMAGES - 1}")
    number.fill("7")
    number.press("Enter")
    expect(root.locator(".ip-end-b .ip-words")).to_have_text("class one, test image 7")
    number.fill("5000")
    number.press("Enter")
    expect(root.get_by_text("The map holds no image 5000")).to_be_visible()
    expect(root.locator(".ip-end-b .ip-words")).to_have_text("class one, test image 7")


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("nameless-gaussian", "encoded image 0"),
        ("nameless-point", "encoded image 0"),
        ("bare-gaussian", "draw of the prior"),
        ("bare-point", "draw around the codes"),
    ],
)
def test_a_model_without_classes_or_images_has_ends_too(
    page: Page, address: str, console_errors: list[str], model: str, words: str
) -> None:
    root = open_page(page, address, f"model={model}")
    expect(root.locator(".ip-end-a .ip-words")).to_have_text(words)
    expect(root.get_by_label("A: image of class")).to_be_hidden()
    expect(root).to_have_attribute("data-strips", "done")
    root.get_by_label("A: another way").select_option("prior")
    assert numbers(root, "a") != numbers(root, "b")
    assert [error for error in console_errors if "Failed to load resource" not in error] == []


def test_the_map_moves_the_end_that_is_taken_and_no_other(page: Page, address: str) -> None:
    root = open_page(page, address, "model=flat&a=1,1&b=-1,0")
    plane = root.get_by_test_id("path-map")
    box = box_of(plane)
    frames = frames_of(root)
    root.get_by_role("button", name="B", exact=True).click()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.85 * box["height"])
    page.mouse.down()
    for i in range(10):
        page.mouse.move(box["x"] + (0.3 + 0.03 * i) * box["width"], box["y"] + 0.85 * box["height"])
    page.mouse.up()
    assert frames_of(root) - frames >= 10
    assert numbers(root, "a") == [1, 1]
    assert numbers(root, "b")[1] < -1
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["b"][0].split(",")[1].startswith("-")


def test_arrows_on_the_map_move_the_chosen_end(page: Page, address: str) -> None:
    root = open_page(page, address, "model=flat&a=1,1&b=-1,0")
    root.get_by_test_id("path-map").focus()
    page.keyboard.press("ArrowRight")
    x, y = numbers(root, "a")
    assert x > 1 and y == pytest.approx(1)
    assert time_of(root) == 0.5


def test_the_map_of_many_dimensions_keeps_what_is_across_its_plane(
    page: Page, address: str
) -> None:
    a, b = "1,0,0,0,0,0,0", "0,1,0,0,0,0,0"
    root = open_page(page, address, f"model=deep&a={a}&b={b}")
    box = box_of(root.get_by_test_id("path-map"))
    page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + 0.2 * box["height"])
    moved = numbers(root, "a")
    assert moved[2:] == pytest.approx([0] * 5, abs=1e-12)
    assert moved[:2] != [1, 0]


def test_a_drawing_becomes_an_end_while_the_pen_moves(page: Page, address: str) -> None:
    root = open_page(page, address)
    before = numbers(root, "a")
    root.get_by_label("A: another way").select_option("draw")
    sheet = box_of(root.get_by_test_id("drawing"))
    page.mouse.move(sheet["x"] + 80, sheet["y"] + 60)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 200, sheet["y"] + 200, steps=10)
    expect(root.locator(".ip-end-a .ip-words")).to_have_text("drawn by hand")
    drawn = numbers(root, "a")
    assert drawn != before
    page.mouse.up()
    expect(root.locator(".ip-end-a .ip-words")).to_have_text("drawn by hand")


def test_of_two_quick_choices_the_last_is_open_and_the_first_is_gone(
    page: Page, address: str
) -> None:
    late: list[Route] = []
    page.route("**/payload/encoder/**", lambda route: late.append(route))
    root = open_page(page, address)
    before = numbers(root, "a")
    with page.expect_request("**/payload/encoder/**"):
        root.get_by_label("A: another way").select_option("draw")
    root.get_by_label("B: another way").select_option("draw")
    root.get_by_label("A: another way").select_option("number")
    panel = root.locator(".ip-panel")
    expect(panel.get_by_role("heading")).to_have_text("A: image by number")
    with page.expect_response("**/payload/encoder/**"):
        late[0].continue_()
    root.evaluate(REFRESHED, 10)
    expect(panel.get_by_role("heading")).to_have_text("A: image by number")
    assert numbers(root, "a") == before
    panel.get_by_role("button", name="close").click()
    expect(panel).to_be_hidden()
    expect(root.get_by_label("A: another way")).to_be_focused()


def test_a_picture_file_is_shown_before_it_is_used(page: Page, address: str) -> None:
    root = open_page(page, address)
    before = numbers(root, "b")
    root.get_by_label("B: another way").select_option("upload")
    file = {"name": "bar.png", "mimeType": "image/png", "buffer": picture_file(0, 255)}
    root.get_by_label("picture file").set_input_files(file)
    use = root.get_by_role("button", name="use as B")
    expect(use).to_be_enabled()
    seen = root.get_by_label("what the encoder sees")
    assert seen.evaluate("e => [e.width, e.height]") == [28, 28]
    assert numbers(root, "b") == before
    use.click()
    first = numbers(root, "b")
    assert first != before
    expect(root.locator(".ip-end-b .ip-words")).to_have_text("picture bar.png")
    root.get_by_role("button", name="invert").click()
    use.click()
    assert numbers(root, "b") != first


def grey_bar() -> bytes:
    """A dark bar, aslant, off the middle of grey paper."""
    picture = Image.new("L", (300, 200), 110)
    ImageDraw.Draw(picture).line([(200, 30), (180, 110)], fill=8, width=12)
    file = io.BytesIO()
    picture.save(file, "png")
    return file.getvalue()


def test_a_picture_is_read_as_the_data_set_is_until_a_switch_undoes_it(
    page: Page, address: str
) -> None:
    root = open_page(page, address, "model=mnist-2d")
    root.get_by_label("A: another way").select_option("upload")
    choose = root.get_by_label("picture file")
    grey = {"name": "grey.png", "mimeType": "image/png", "buffer": grey_bar()}
    choose.set_input_files(grey)
    panel = root.locator(".ip-panel")
    switches = [
        panel.get_by_role("button", name=name) for name in ("centre like", "invert", "stretch")
    ]
    for made in switches:
        expect(made).to_have_attribute("aria-pressed", "true")
    expect(panel).to_contain_text("stretched (110 of 255 became black")
    expect(panel).not_to_contain_text("unlike what the model was trained on")
    root.get_by_role("button", name="use as A").click()
    # a bar on black is a 1
    atlas = checkpoint.read(library.find("mnist-2d")).atlas
    assert share_of_class(atlas, numbers(root, "a"), 1) > 0.9
    switches[1].click()
    expect(panel).to_contain_text("unlike what the model was trained on")
    expect(panel).to_contain_text("switch “invert” on")
    root.get_by_role("button", name="use as A").click()
    expect(root.locator(".ip-end-a .ip-words")).to_contain_text("unlike the training images")
    choose.set_input_files({**grey, "name": "again.png"})
    expect(panel).to_contain_text("again.png: inverted")
    expect(switches[1]).to_have_attribute("aria-pressed", "true")


def test_what_is_no_picture_is_refused_in_one_sentence(page: Page, address: str) -> None:
    root = open_page(page, address)
    before = numbers(root, "a")
    root.get_by_label("A: another way").select_option("upload")
    notes = {"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture"}
    root.get_by_label("picture file").set_input_files(notes)
    expect(root.get_by_text("notes.png is no picture that this browser can read")).to_be_visible()
    expect(root.get_by_role("button", name="use as A")).to_be_disabled()
    assert numbers(root, "a") == before


def test_the_address_holds_both_ends(page: Page, address: str) -> None:
    root = open_page(page, address)
    root.get_by_label("A: another way").select_option("prior")
    a, b = numbers(root, "a"), numbers(root, "b")
    page.reload()
    root.wait_for(timeout=START_MS)
    assert numbers(root, "a") == pytest.approx(a, rel=1e-5)
    assert numbers(root, "b") == pytest.approx(b, rel=1e-5)


def test_ends_that_cannot_be_are_explained_and_others_taken(page: Page, address: str) -> None:
    usual = open_page(page, address)
    expected = numbers(usual, "a"), numbers(usual, "b")
    page.evaluate("sessionStorage.clear()")
    root = open_page(page, address, "model=flat&a=1,nan&b=1,2,3")
    expect(root.get_by_role("alert")).to_contain_text("this model takes 2 finite numbers")
    assert (numbers(root, "a"), numbers(root, "b")) == expected


def choose_model(page: Page, name: str) -> None:
    """Choose a model in the sidebar."""
    choose_from(page.get_by_role("combobox", name="Model").first, name)


def test_ends_of_another_model_never_apply(page: Page, address: str) -> None:
    usual = open_page(page, address, "model=flat-ae")
    expected = numbers(usual, "a"), numbers(usual, "b")
    page.evaluate("sessionStorage.clear()")
    root = open_page(page, address, "model=flat-ae&of=flat&a=0.5,0.5&b=1,1")
    assert (numbers(root, "a"), numbers(root, "b")) == expected
    root = open_page(page, address, "model=flat&a=0.5,0.5&b=1,1")
    assert numbers(root, "a") == [0.5, 0.5]
    choose_model(page, "flat-ae")
    page.locator('[data-testid="interpolator"][data-model="flat-ae"]').wait_for(timeout=START_MS)
    assert (numbers(root, "a"), numbers(root, "b")) == expected


def test_another_model_opens_in_the_place_of_the_first(page: Page, address: str) -> None:
    root = open_page(page, address, "model=flat")
    for model in ("deep", "line", "flat"):
        choose_model(page, model)
        expect(root).to_have_attribute("data-model", model)
        before = frames_of(root)
        root.get_by_role("slider", name="position").press("ArrowRight")
        root.evaluate(DRAWN, before + 1)
        expect(root.get_by_role("alert")).to_have_count(0)
    ends = [numbers(root, side) for side in "ab"]
    for model in ("line", "deep", "flat"):
        page.go_back()
        expect(root).to_have_attribute("data-model", model, timeout=START_MS)
        expect(page.get_by_role("combobox", name="Model").first).to_have_value(model)
    assert [numbers(root, side) for side in "ab"] == ends


def test_a_model_whose_file_was_replaced_starts_from_its_own_images(
    page: Page, address: str, models: Path
) -> None:
    path = models / "changed.safetensors"
    first = tiny_checkpoint("changed", VAEConfig(z_dim=2, architecture=MLP(hidden=(16,))))
    checkpoint.write(path, first)
    root = open_page(page, address, "model=changed")
    root.get_by_label("B: image of class").select_option(CLASSES[2])
    expect(root.locator(".ip-end-b .ip-words")).to_contain_text("class two")
    atlas = replace(first.atlas, loc=-first.atlas.loc)
    checkpoint.write(path, replace(first, atlas=atlas))
    page.reload()
    root.wait_for(timeout=START_MS)
    for label, side in enumerate("ab"):
        row = np.square(atlas.loc - np.array(numbers(root, side))).sum(axis=1).argmin()
        expected = atlas.loc[row]
        np.testing.assert_array_equal(np.array(numbers(root, side), np.float32), expected)
        assert atlas.label[row] == label
        expect(root.locator(f".ip-end-{side} .ip-words")).to_contain_text(CLASSES[label])


def test_a_place_without_an_image_is_named_by_its_numbers(page: Page, address: str) -> None:
    root = open_page(page, address, "model=flat&a=1,0&b=0,2")
    expect(root.locator(".ip-end-b .ip-words")).to_have_text("z = (0.00, 2.00)")


def test_another_page_and_back_keeps_the_ends(page: Page, address: str) -> None:
    root = open_page(page, address)
    root.get_by_label("A: image of class").select_option(CLASSES[2])
    a = numbers(root, "a")
    page.get_by_role("link", name="Explore").click()
    page.locator('[data-testid="latent-pad"][data-frames]').wait_for(timeout=START_MS)
    page.get_by_role("link", name="Interpolate").click()
    root.wait_for(timeout=START_MS)
    assert numbers(root, "a") == pytest.approx(a, rel=1e-5)
    expect(root.locator(".ip-end-a .ip-words")).to_contain_text("class two")


def test_a_held_image_is_dropped_on_the_link_first_as_a_then_as_b(page: Page, address: str) -> None:
    pad = open_explore(page, address, "flat")
    page.keyboard.press("r")
    z = numbers(pad, "z")
    pad.get_by_role("button", name="held image").drag_to(
        page.get_by_role("link", name="Interpolate")
    )
    root = page.locator(PAGE)
    root.wait_for(timeout=START_MS)
    assert numbers(root, "a") == z
    page.get_by_role("link", name="Explore").click()
    pad.wait_for(timeout=START_MS)
    page.keyboard.press("r")
    other = numbers(pad, "z")
    pad.get_by_role("button", name="held image").last.focus()
    page.keyboard.press("i")
    root.wait_for(timeout=START_MS)
    assert numbers(root, "b") == other
    assert numbers(root, "a") == pytest.approx(z, rel=1e-5)


def test_a_large_decoder_is_drawn_by_the_server(page: Page, address: str) -> None:
    root = open_page(page, address, "model=large")
    expect(page.get_by_text("the server draws the images of each strip")).to_be_visible()
    expect(root.locator("[data-testid=image-a]")).to_have_js_property("width", 64)
    root.get_by_label("position").focus()
    page.keyboard.press("Home")
    for name in ("image-lerp", "image-slerp"):
        expect(root.get_by_test_id(name)).to_have_js_property("width", 64, timeout=START_MS)
    assert max(picture(root, "image-a")[::4]) > 0


def test_a_strip_of_a_busy_server_is_asked_for_again(page: Page, address: str) -> None:
    asked: list[str] = []

    def refuse_first(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=503, headers={"Retry-After": "0.1"}, body="busy")
        else:
            route.continue_()

    page.route("**/film/large/**", refuse_first)
    root = open_page(page, address, "model=large")
    expect(root.locator("[data-testid=image-a]")).to_have_js_property("width", 64, timeout=START_MS)
    assert asked[0] == asked[1]
    expect(root.get_by_role("alert")).to_have_count(0)


def test_a_path_is_downloaded_at_the_chosen_size(page: Page, address: str) -> None:
    root = open_page(page, address)
    root.get_by_label("images on a strip").fill("4")
    root.get_by_label("images on a strip").press("Enter")
    root.get_by_label("size of an image in downloads").select_option("56 px")
    sizes = {"GIF": (56, 56), "PNG": (4 * 60 + 4, 60 + 4)}
    for kind, size in sizes.items():
        with page.expect_download() as download:
            root.get_by_label(f"download the spherical path as {kind}").click()
        with Image.open(download.value.path()) as found:
            assert (found.format, found.size) == (kind, size)


def test_the_command_names_both_ends(page: Page, address: str) -> None:
    root = open_page(page, address)
    root.get_by_label("B: another way").select_option("prior")
    root.get_by_text("the same as a command").click()
    b = ",".join(f"{value:.6g}" for value in numbers(root, "b"))
    row = root.locator(".ip-end-a .ip-words").inner_text().removeprefix("class zero, test image ")
    command = root.locator(".ip-command")
    expect(command).to_contain_text(f"flat --from index:{row} --to z:{b} --method both")


@pytest.mark.parametrize("model", ["flat", "flat-ae", "deep", "line", "colour"])
def test_in_every_kind_of_model_both_paths_go_from_a_to_b(
    page: Page, address: str, console_errors: list[str], model: str
) -> None:
    root = open_page(page, address, f"model={model}")
    expect(root).to_have_attribute("data-strips", "done")
    root.get_by_label("position").focus()
    for key, t, side in [("Home", 0, "image-a"), ("End", 1, "image-b")]:
        page.keyboard.press(key)
        assert time_of(root) == t
        for path in ("image-lerp", "image-slerp"):
            assert picture(root, path) == picture(root, side)
    assert numbers(root, "a") != numbers(root, "b")
    measured = (
        "distance to the nearest encoded image" if model == "flat-ae" else "log prior density"
    )
    for words in ("straight", "spherical"):
        expect(root.get_by_label(f"{measured} along the {words} path")).to_be_visible()
    # a page that is opened by its own address asks at first for files beside itself
    assert [error for error in console_errors if "Failed to load resource" not in error] == []


def test_along_a_path_stands_the_density_of_a_flow_prior_of_many_dimensions(
    page: Page, address: str
) -> None:
    name = "mnist-flow-20d"
    root = open_page(page, address, f"model={name}")
    expect(root.get_by_label("log prior density along the straight path")).to_be_visible()
    z = torch.tensor([numbers(root, "a")])
    model = checkpoint.read(library.find(name)).model
    with torch.inference_mode():
        expected = float(model.pz().log_prob(z))
    root.get_by_label("position").focus()
    page.keyboard.press("Home")
    said = root.get_by_text("log p(z)", exact=False).filter(has_text="|z|").first
    # the page shows one decimal place, and PyTorch computes in float32
    assert float(said.inner_text().split("log p(z) ")[1].split()[0].replace("−", "-")) == (
        pytest.approx(expected, abs=0.06)
    )


def test_nothing_scrolls_sideways(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    root = open_page(page, address, "model=deep")
    root.get_by_label("A: another way").select_option("draw")
    root.get_by_test_id("drawing").wait_for()
    for width in (360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        overflow = page.evaluate(
            "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".map(e => e.scrollWidth - e.clientWidth)"
        )
        assert overflow == [0, 0]
        assert root.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    page.close()
