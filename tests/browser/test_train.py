"""Training in a real browser: the picture grows by itself, and nothing that happens loses it."""

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.app_server import app_server
from tests.browser.conftest import RESULTS
from tests.browser.test_accessibility import findings
from tests.run_folders import write_run
from vae.data.own import drawn
from vae.runs import snapshots

START_MS = 60_000
# a trainer loads torch first, and shares two cores with the browser and the server
TRAIN_MS = 60_000
SECONDS = 5


class Site(NamedTuple):
    """A running app and the folder of its runs."""

    address: str
    runs: Path


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app with a folder of runs of its own."""
    RESULTS.mkdir(exist_ok=True)
    runs = tmp_path_factory.mktemp("runs")
    log = RESULTS / "streamlit-train.log"
    with app_server(log, {"VAE_RUNS": str(runs)}) as address:
        first = browser.new_page()
        # the server knows its pages once somebody has seen one
        first.goto(address, timeout=START_MS)
        first.get_by_test_id("stHeading").wait_for(timeout=START_MS)
        first.close()
        yield Site(address, runs)
    assert "Uncaught app execution" not in log.read_text(errors="replace")


@pytest.fixture
def written(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The app; runs that the test writes by hand lie where it looks."""
    monkeypatch.setenv("VAE_RUNS", str(site.runs))
    return site


def open_train(page: Page, site: Site, run: str = "") -> Locator:
    """Open Train, with a run to look at, and return the live view."""
    page.goto(f"{site.address}/train{f'?run={run}' if run else ''}", timeout=START_MS)
    view = page.get_by_test_id("train-view")
    view.wait_for(timeout=START_MS)
    return view


def start(page: Page, seconds: int = SECONDS) -> None:
    """Fill in the form for a short run on digits and press the button."""
    page.get_by_role("combobox", name="Images").click()
    page.get_by_role("option", name="Digits").click()
    expect(page.get_by_text("8×8 grey pixels")).to_be_visible()
    field = page.get_by_role("spinbutton", name="Seconds")
    field.fill(str(seconds))
    field.press("Enter")
    page.get_by_role("button", name="Train", exact=True).click()


def number(view: Locator, name: str) -> int:
    """A number that the view tells about itself."""
    return int(view.get_attribute(f"data-{name}"))


def test_before_the_first_run_one_that_ships_is_played(page: Page, site: Site) -> None:
    view = open_train(page, site)
    expect(view).to_have_attribute("data-state", "replay")
    expect(view).to_contain_text("Replay of a run that ships with this program")
    expect(view.get_by_role("button", name="Pause")).to_be_visible()
    expect(view).to_have_attribute("data-snapshots", re.compile("[3-9]|[1-9][0-9]"))
    assert number(view, "points") > 20


def test_a_run_grows_before_the_eyes_and_opens_in_the_pad(page: Page, site: Site) -> None:
    view = open_train(page, site)
    start(page, seconds=16)
    # until then the run that ships with the project is played
    expect(view).to_have_attribute("data-state", "running", timeout=TRAIN_MS)
    grown = [0, 0]
    for _ in range(2):
        for place, name in enumerate(("points", "snapshots")):
            expect(view).not_to_have_attribute(f"data-{name}", str(grown[place]), timeout=TRAIN_MS)
            grown[place] = number(view, name)
    assert min(grown) >= 1
    run = view.get_attribute("data-run")

    # the hand's zoom stays while new pictures come
    sheet = page.get_by_test_id("train-map")
    page.get_by_role("button", name="zoom in").click()
    seen = sheet.get_attribute("data-view")
    expect(view).not_to_have_attribute("data-snapshots", str(grown[1]), timeout=TRAIN_MS)
    assert sheet.get_attribute("data-view") == seen

    # a press on β changes the run as it trains, and is marked on the curves
    expect(view).to_have_attribute("data-marks", "0")
    page.get_by_text("Steer", exact=True).click()
    beta = page.get_by_test_id("stSlider").filter(has_text="β").get_by_role("slider")
    beta.press("ArrowRight")
    expect(view).to_have_attribute("data-marks", "1", timeout=TRAIN_MS)
    curves = page.get_by_test_id("train-curves")
    expect(curves).to_have_attribute("aria-label", re.compile("changed: β 1 → 2 at step"))

    page.get_by_role("button", name="Pause").click()
    expect(view).to_have_attribute("data-state", "paused", timeout=TRAIN_MS)
    expect(page.get_by_text("paused; what was learnt")).to_be_visible()
    reported = number(view, "points")

    # a new visit finds the run as it was left
    page.reload()
    expect(view).to_have_attribute("data-run", run, timeout=START_MS)
    expect(view).to_have_attribute("data-points", str(reported), timeout=START_MS)
    # and looking at it changed nothing
    expect(view).to_have_attribute("data-marks", "1")
    page.get_by_role("button", name="Resume").click()
    expect(view).to_have_attribute("data-state", "finished", timeout=TRAIN_MS)
    assert number(view, "points") > reported

    page.get_by_role("button", name="Open in Explore").click()
    pad = page.get_by_test_id("latent-pad")
    expect(pad).to_have_attribute("data-model", run, timeout=START_MS)


def test_own_images_are_brought_understood_and_ready_to_train(page: Page, site: Site) -> None:
    open_train(page, site)
    if page.get_by_role("button", name="New run").is_visible():
        page.get_by_role("button", name="New run").click()
    page.get_by_role("button", name="Bring your own images").click()
    brought = {"name": "stripes.zip", "mimeType": "application/zip", "buffer": stripes()}
    page.locator("input[type=file]").set_input_files(brought)
    sheet = page.get_by_test_id("own-sheet")
    expect(sheet).to_contain_text("rows", timeout=START_MS)
    expect(page.get_by_text("20 pictures · 2 classes · 8×12 pixels · grey")).to_be_visible()
    expect(page.get_by_text("1 file skipped")).to_be_visible()

    # what is chosen is seen at once, and a reload loses nothing of what was brought
    made = page.get_by_test_id("own-pairs").locator("img").last
    before = made.get_attribute("src")
    page.get_by_text("Swap black and white").click()
    expect(made).not_to_have_attribute("src", before)
    page.reload()
    expect(sheet).to_contain_text("columns", timeout=START_MS)
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    assert findings(page) == []

    page.get_by_role("button", name="Use 20 images of 2 classes").click()
    expect(page.get_by_text("16 training images of 8×12 grey pixels")).to_be_visible(
        timeout=START_MS
    )
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    strip = page.get_by_alt_text("some training images of stripes")
    assert strip.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") > 0


def test_a_folder_of_hundreds_is_sent_at_once_with_its_classes(
    page: Page, site: Site, tmp_path: Path
) -> None:
    sides = np.random.default_rng(0).integers(0, 256, (300, 8, 8), dtype=np.uint8)
    for number, pixels in enumerate(sides):
        place = tmp_path / "möbel" / ("Stühle" if number % 3 else "tische")
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(place / f"{number}.png")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "PUT" else None)
    page.goto(f"{site.address}/train?own=new", timeout=START_MS)
    page.get_by_text("A whole folder").click()
    field = page.locator("input[type=file][webkitdirectory]")
    field.wait_for(state="attached", timeout=START_MS)
    field.set_input_files(tmp_path / "möbel")
    expect(page.get_by_text("300 pictures · 2 classes · 8×8 pixels · grey")).to_be_visible(
        timeout=START_MS
    )
    expect(page.get_by_test_id("own-sheet")).to_contain_text("Stühle")
    assert len(sent) == 1


def stripes() -> bytes:
    """Pack pictures of stripes of two kinds, and a text."""
    random = np.random.default_rng(0)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(20):
            pixels = random.integers(0, 200, (8, 1) if number % 2 else (1, 12), dtype=np.uint8)
            made = io.BytesIO()
            Image.fromarray(np.broadcast_to(pixels, (8, 12)).copy()).save(made, "PNG")
            archive.writestr(f"{'rows' if number % 2 else 'columns'}/{number}.png", made.getvalue())
        archive.writestr("rows/notes.txt", "not a picture")
    return file.getvalue()


def test_a_class_is_drawn_kept_at_once_and_found_again(page: Page, written: Site) -> None:
    name = drawn.begin("shapes")
    drawn.add_class(name, "ring")
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.goto(f"{written.address}/train?draw={name}", timeout=START_MS)
    view = page.locator('[data-testid="draw"][data-ready="true"]')
    view.wait_for(timeout=START_MS)
    keep = page.get_by_role("button", name="Next")
    expect(keep).to_be_disabled()

    pull(page, 3)
    assert not [url for url in posts if "/drawn/" in url], "a stroke is no message"
    page.keyboard.press("Control+z")
    # the second click finds an empty sheet
    keep.dblclick()
    expect(view).to_have_attribute("data-count", "1")
    expect(keep).to_be_disabled()
    kept = drawn.find(name).drawings
    assert [one.number for one in kept] == [0]
    assert kept[0].pixels.max() > 200
    assert findings(page) == []

    # what is on the sheet when the page goes is on it when it comes back
    pull(page, 2)
    page.reload()
    view.wait_for(timeout=START_MS)
    page.get_by_test_id("drawing-sheet").focus()
    page.keyboard.press("Enter")
    expect(view).to_have_attribute("data-count", "2")
    page.get_by_role("button", name="ring, drawing 1").click()
    page.get_by_role("button", name="delete this drawing").click()
    expect(view).to_have_attribute("data-count", "1")
    page.get_by_role("button", name="bring it back").click()
    expect(view).to_have_attribute("data-count", "2")
    assert len(drawn.find(name).drawings) == 2
    assert posts[-1].endswith("?part=train"), "it comes back to what it was for"


def pull(page: Page, strokes: int) -> None:
    """Draw strokes from left to right on the sheet."""
    box = page.get_by_test_id("drawing-sheet").bounding_box()
    assert box is not None
    for row in range(strokes):
        y = box["y"] + box["height"] * (0.3 + 0.2 * row)
        page.mouse.move(box["x"] + 0.3 * box["width"], y)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.7 * box["width"], y + 20, steps=4)
        page.mouse.up()


def test_a_second_run_waits_in_line_and_a_cancelled_one_keeps_what_it_learnt(
    page: Page, site: Site
) -> None:
    view = open_train(page, site)
    if page.get_by_role("button", name="New run").is_visible():
        page.get_by_role("button", name="New run").click()
    start(page, seconds=300)
    expect(view).to_have_attribute("data-state", "running", timeout=TRAIN_MS)
    first = view.get_attribute("data-run")
    page.get_by_role("button", name="New run").click()
    expect(page.get_by_text("It waits for 1 other run to end")).to_be_visible(timeout=START_MS)
    start(page)
    expect(page.get_by_text("queued, next in line")).to_be_visible(timeout=START_MS)
    expect(view).not_to_have_attribute("data-run", first)
    page.get_by_role("button", name="Cancel").click()
    expect(view).to_have_attribute("data-state", "cancelled", timeout=TRAIN_MS)

    page.goto(f"{site.address}/train?run={first}", timeout=START_MS)
    expect(view).not_to_have_attribute("data-snapshots", "0", timeout=TRAIN_MS)
    page.get_by_role("button", name="Cancel").click()
    expect(view).to_have_attribute("data-state", "cancelled", timeout=TRAIN_MS)
    expect(page.get_by_text("cancelled; what was learnt up to step")).to_be_visible()
    expect(page.get_by_role("button", name="Open in Explore")).to_be_visible()


def test_the_posterior_under_the_hand_is_shown_and_no_other(page: Page, written: Site) -> None:
    path = write_run("looked", "paused", reports=1)
    found = snapshots.read(path / "snapshots", 60).projected
    open_train(page, written, "looked")
    sheet = page.get_by_test_id("train-map")
    expect(sheet).to_have_attribute("aria-label", re.compile("at step 60: 40 validation images"))
    cx, cy, span = map(float, sheet.get_attribute("data-view").split(","))
    box = sheet.bounding_box()
    scale = min(box["width"], box["height"]) / span
    # the point farthest to the right has no other above it
    row = int(found[:, 0].argmax())
    a, b = map(float, found[row])
    x, y = box["width"] / 2 + scale * (a - cx), box["height"] / 2 - scale * (b - cy)
    page.mouse.move(box["x"] + x, box["y"] + y)
    expect(sheet).to_have_attribute("data-under", str(row))
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 20)
    expect(sheet).not_to_have_attribute("data-under", re.compile("."))


def test_a_run_that_ended_is_played_again(page: Page, written: Site) -> None:
    write_run("played", "finished", step=100, reports=6)
    view = open_train(page, written, "played")
    expect(view).to_have_attribute("data-snapshots", "1", timeout=START_MS)
    assert number(view, "points") == 6
    page.get_by_role("button", name="play", exact=True).click()
    expect(view).to_have_attribute("data-snapshots", "7", timeout=START_MS)
    expect(page.get_by_role("button", name="play", exact=True)).to_be_visible()
    slider = page.get_by_role("slider", name="snapshot")
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "step 16")


def test_a_run_that_is_over_is_asked_for_no_more(page: Page, written: Site) -> None:
    write_run("over", "finished", step=100, reports=3)
    view = open_train(page, written, "over")
    expect(view).to_have_attribute("data-snapshots", "1", timeout=START_MS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # somebody comes back to the tab; what is fetched next comes after all that this sets off
    page.evaluate("""async () => {
      document.dispatchEvent(new Event("visibilitychange"));
      await fetch("/_stcore/health");
    }""")
    assert any(url.endswith("/health") for url in asked)
    assert not [url for url in asked if "/run/over/" in url]


def test_charts_say_their_numbers_in_words(page: Page, written: Site) -> None:
    write_run("spoken", "finished", step=100, z_dim=3)
    open_train(page, written, "spoken")
    curves = page.get_by_test_id("train-curves")
    expect(curves).to_have_attribute(
        "aria-label", "−ELBO at step 100: train 25.0 · validation 25.0 nats", timeout=START_MS
    )
    page.get_by_role("button", name="KL", exact=True).click()
    expect(page.get_by_text("train 2.0 · validation 2.0 nats")).to_be_visible()
    expect(page.get_by_test_id("train-bars")).to_have_attribute(
        "aria-label", "KL of each dimension at step 100, nats: z1 0.67, z2 0.67, z3 0.67"
    )
    expect(page.get_by_test_id("train-map")).to_have_attribute(
        "aria-label",
        "latent map at step 100: 40 validation images; arrow keys move, + and − zoom, 0 fits",
    )


def test_a_folder_that_vanishes_leaves_the_last_picture_and_one_sentence(
    page: Page, written: Site
) -> None:
    path = write_run("vanishing", "paused")
    view = open_train(page, written, "vanishing")
    expect(view).to_have_attribute("data-snapshots", "1", timeout=START_MS)
    shutil.rmtree(path)
    expect(page.get_by_text("The folder of this run is gone")).to_be_visible(timeout=START_MS)
    assert number(view, "points") == 4


def test_a_state_that_another_tab_changed_is_seen_without_a_press(
    page: Page, written: Site
) -> None:
    from vae.runs import control

    write_run("shared", "paused")
    view = open_train(page, written, "shared")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible(timeout=START_MS)
    control.cancel("shared")
    expect(view).to_have_attribute("data-state", "cancelled", timeout=START_MS)
    expect(page.get_by_text("cancelled; what was learnt")).to_be_visible(timeout=START_MS)


def test_a_damaged_snapshot_does_not_stop_the_view(page: Page, written: Site) -> None:
    path = write_run("torn", "finished", step=100, reports=3)
    (path / "snapshots" / "000100.npz").write_bytes(b"PK torn")
    view = open_train(page, written, "torn")
    expect(view).to_have_attribute("data-points", "3", timeout=START_MS)
    # the one before it is shown instead
    expect(view).to_have_attribute("data-snapshots", "1", timeout=START_MS)
    expect(page.get_by_test_id("train-map")).to_have_attribute("aria-label", re.compile("step 66"))


def test_nothing_scrolls_sideways_on_a_narrow_screen(page: Page, written: Site) -> None:
    write_run("narrow", "finished", step=100)
    page.set_viewport_size({"width": 360, "height": 780})
    view = open_train(page, written, "narrow")
    expect(view).to_have_attribute("data-snapshots", "1", timeout=START_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    wide = "e => e.scrollWidth - e.clientWidth"
    assert page.get_by_test_id("stMain").evaluate(wide) <= 0
