"""The map in a real browser: lasso, box and press choose; colour and selection keep the view."""

import base64
import csv
import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.app_server import app_server
from tests.browser.choosing import choose_from
from tests.browser.conftest import RESULTS
from tests.tiny_models import IMAGES, write_models
from vae import checkpoint
from vae.latent.polygons import inside_polygon

START_MS = 60_000
ANSWER_MS = 15_000
CENTRES = np.array([[1.5, 1.0], [-1.5, 0.5], [0.0, -1.5]])
"""Of the tiny models' classes; their points lie within 0.9 of them."""
REACH = 0.9


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory):
    """A folder of tiny models."""
    return write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def address(folder, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app with tiny models of every kind."""
    RESULTS.mkdir(exist_ok=True)
    runs = tmp_path_factory.mktemp("runs")
    log = RESULTS / "streamlit-map.log"
    with app_server(log, {"VAE_CHECKPOINTS": str(folder), "VAE_RUNS": str(runs)}) as address:
        visit = browser.new_page()
        visit.goto(address, timeout=START_MS)
        visit.get_by_role("heading", name="Explore").wait_for(timeout=START_MS)
        visit.close()
        yield address
    assert "Uncaught app execution" not in log.read_text(errors="replace")


def open_map(page: Page, address: str, model: str = "flat") -> Locator:
    """Open the map and return its chart once it has drawn."""
    page.goto(f"{address}/map?model={model}", timeout=START_MS)
    chart = page.locator('[data-testid="chart-map"][data-draws]')
    chart.wait_for(timeout=START_MS)
    expect(page.get_by_text("All images", exact=True)).to_be_visible(timeout=ANSWER_MS)
    page.locator('[data-testid="chart-map_counts"][data-draws]').wait_for(timeout=ANSWER_MS)
    return chart


@pytest.fixture(scope="module")
def opened(browser: Browser, address: str) -> Iterator[tuple[Page, Locator, list[str]]]:
    """One page for the tests that leave no trace: opening it is most of what they would cost."""
    errors: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(error.message))
    yield page, open_map(page, address), errors
    page.close()


@pytest.fixture
def tab(opened: tuple[Page, Locator, list[str]]) -> Iterator[tuple[Page, Locator]]:
    """The shared page with its chart, nothing chosen; an error on its console fails the test."""
    page, chart, errors = opened
    yield page, chart
    for name in ("Close", "Clear"):
        if page.get_by_role("button", name=name).count():
            page.get_by_role("button", name=name).click()
            expect(page.get_by_role("button", name=name)).to_have_count(0, timeout=ANSWER_MS)
    page.get_by_role("button", name="Lasso").click()
    # Streamlit itself asks below the page's own address first
    assert [error for error in errors if "404" not in error] == []


WHERE = """(host, [x, y]) => {
  const plot = host.querySelector(".js-plotly-plot");
  const { xaxis, yaxis } = plot._fullLayout;
  const box = plot.getBoundingClientRect();
  return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)];
}"""
RANGE = """(host) => {
  const { xaxis, yaxis } = host.querySelector(".js-plotly-plot")._fullLayout;
  return [...xaxis.range, ...yaxis.range];
}"""


NO_DOUBLE_CLICK = """() => {
  const plot = document.querySelector('[data-testid="chart-map_prior"] .js-plotly-plot');
  return Date.now() - plot._mouseDownTime > plot._context.doubleClickDelay;
}"""


def drag(page: Page, chart: Locator, places: list) -> None:
    """Draw through places, given in units of z."""
    pixels = [chart.evaluate(WHERE, [float(x), float(y)]) for x, y in places]
    page.mouse.move(*pixels[0])
    page.mouse.down()
    for x, y in pixels[1:]:
        page.mouse.move(x, y, steps=3)
    page.mouse.up()


def lasso(page: Page, chart: Locator, label: int) -> None:
    """Draw around the points of a class."""
    corners = CENTRES[label] + REACH * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -0.9]])
    left, right, bottom, top = chart.evaluate(RANGE)
    inside = np.clip(corners, [left + 0.02, bottom + 0.02], [right - 0.02, top - 0.02])
    drag(page, chart, inside.tolist())


def selected(chart: Locator, count: int) -> None:
    """Wait until so many points stand out."""
    expect(chart).to_have_attribute("data-selected", str(count), timeout=ANSWER_MS)


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a menu."""
    menus = page.get_by_test_id("stSelectbox").filter(has_text=label)
    choose_from(menus.get_by_role("combobox"), option)


def heading(page: Page, count: int) -> None:
    """Wait until the panel speaks of so many images."""
    expect(page.get_by_text(f"{count} images · drawn around")).to_be_visible(timeout=ANSWER_MS)


def test_a_lasso_selects_the_points_it_holds(tab: tuple[Page, Locator]) -> None:
    page, chart = tab
    lasso(page, chart, 1)
    heading(page, IMAGES // 3)
    selected(chart, IMAGES // 3)
    bars = page.get_by_test_id("chart-map_counts").locator(".chart-plot")
    expect(bars).to_have_attribute("aria-label", "images of each class: one 100", timeout=ANSWER_MS)


def test_a_box_selects_exactly_what_lies_in_it(tab: tuple[Page, Locator], folder) -> None:
    loc = checkpoint.read(folder / "flat.safetensors").atlas.loc
    corners = np.array([[-1.6, -1.4], [1.7, 0.6]])
    page, chart = tab
    page.get_by_role("button", name="Box").click()
    drag(page, chart, corners.tolist())
    expect(page.get_by_text("drawn around")).to_be_visible(timeout=ANSWER_MS)
    around = [
        corners[0],
        [corners[1, 0], corners[0, 1]],
        corners[1],
        [corners[0, 0], corners[1, 1]],
    ]
    inside = int(inside_polygon(loc, np.array(around)).sum())
    # a pixel of the drag is some 0.01 of z: points on the very edge may fall either way
    found = int(chart.get_attribute("data-selected"))
    assert abs(found - inside) <= 2
    heading(page, found)


def test_colour_and_view_keep_selection_and_zoom(page: Page, address: str) -> None:
    chart = open_map(page, address)
    page.get_by_role("button", name="Zoom").click()
    whole = chart.evaluate(RANGE)
    drag(page, chart, [(-2.25, -2.3), (2.15, 1.75)])
    page.get_by_role("button", name="Lasso").click()
    lasso(page, chart, 0)
    heading(page, IMAGES // 3)
    view = chart.evaluate(RANGE)
    assert view != pytest.approx(whole, abs=1e-6)
    choose(page, "Colour", "KL")
    expect(page.get_by_text("colours end at")).to_be_visible(timeout=ANSWER_MS)
    page.get_by_text("Clusters", exact=True).first.click()
    expect(page.get_by_text("3 clusters · ARI 1.00")).to_be_visible(timeout=ANSWER_MS)
    heading(page, IMAGES // 3)
    selected(chart, IMAGES // 3)
    assert chart.evaluate(RANGE) == pytest.approx(view, abs=1e-6)


def test_back_returns_to_the_model_before(page: Page, address: str) -> None:
    chart = open_map(page, address)
    plane = chart.get_attribute("data-of")
    choose(page, "Model", "flat-ae")
    expect(chart).not_to_have_attribute("data-of", plane, timeout=ANSWER_MS)
    page.wait_for_url("**/map?model=flat-ae")
    page.go_back()
    expect(chart).to_have_attribute("data-of", plane, timeout=ANSWER_MS)
    assert page.url.endswith("/map?model=flat")


def test_no_view_and_no_colour_moves_the_map(page: Page, address: str) -> None:
    open_map(page, address, "deep")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        tops = {"": top(page, "")}
        for colour in ("KL", "reconstruction error", "cluster"):
            choose(page, "Colour", colour)
            part = f"colour={colour.lower().replace(' ', '-')}"
            tops[part] = top(page, part)
        choose(page, "Plane", "t-SNE")
        tops["t-sne"] = top(page, "plane=t-sne")
        choose(page, "Plane", "PCA")
        page.get_by_text("Clusters", exact=True).first.click()
        tops["clusters"] = top(page, "map=clusters")
        page.get_by_text("Against the prior", exact=True).click()
        tops["prior"] = top(page, "map=against-the-prior")
        choose(page, "Show", "one dimension")
        tops["one"] = top(page, "show=one-dimension")
        choose(page, "Show", "density")
        page.get_by_text("Encoded images", exact=True).click()
        choose(page, "Colour", "class")
        assert len({*tops.values()}) == 1, tops


def top(page: Page, part: str) -> float:
    """Where the plot begins, once the address, which the chart writes, has this part."""
    page.wait_for_function("(part) => location.search.includes(part)", arg=part)
    plot = page.locator('.st-key-map_chart [data-testid^="chart-map"][data-draws] .chart-plot')
    # the one of the view before is still there for a moment
    expect(plot).to_have_count(1, timeout=START_MS)
    return plot.bounding_box()["y"]


def test_the_shared_link_shows_the_same_picture(
    page: Page, address: str, browser: Browser, folder
) -> None:
    chart = open_map(page, address, "deep")
    choose(page, "Plane", "two dimensions")
    choose(page, "Colour", "KL")
    page.get_by_role("button", name="Zoom").click()
    drag(page, chart, [(-2.25, -2.3), (2.15, 1.75)])
    page.get_by_role("button", name="Lasso").click()
    lasso(page, chart, 0)
    heading(page, IMAGES // 3)
    expect(page.get_by_text("colours end at")).to_be_visible(timeout=ANSWER_MS)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="share", exact=True).click()
    expect(page.get_by_role("button", name="link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    other = browser.new_page(viewport=page.viewport_size)
    other.goto(link, timeout=START_MS)
    same = other.locator('[data-testid="chart-map"][data-draws]')
    selected(same, IMAGES // 3)
    heading(other, IMAGES // 3)
    expect(other.get_by_text("colours end at")).to_be_visible()
    expect(same.locator(".selectionlayer path").first).to_be_attached()
    wide = chart.evaluate(RANGE)[1] - chart.evaluate(RANGE)[0]
    # the address has steps of 1/10,000 of the view
    assert same.evaluate(RANGE) == pytest.approx(chart.evaluate(RANGE), abs=wide / 5000)
    ends = [tab.evaluate("location.search") for tab in (page, other)]
    other.close()
    assert ends[0] == ends[1]


def test_a_press_on_a_point_shows_the_image_and_its_neighbours(
    page: Page, address: str, folder
) -> None:
    atlas = checkpoint.read(folder / "flat.safetensors").atlas
    # the point that stands most alone
    away = np.linalg.norm(atlas.loc[:, None] - atlas.loc, axis=2) + 9 * np.eye(IMAGES)
    row = int(away.min(axis=1).argmax())
    chart = open_map(page, address)
    x, y = chart.evaluate(WHERE, atlas.loc[row].tolist())
    page.mouse.move(x + 3, y)
    page.mouse.move(x, y)
    expect(chart.locator(".hovertext")).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_text(f"Image {atlas.index[row]} ·")).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_text("its 8 nearest in latent space")).to_be_visible()
    page.locator('[data-testid="chart-map_near"][data-draws]').wait_for(timeout=ANSWER_MS)
    page.get_by_role("button", name="Open in Explore").click()
    expect(page.get_by_test_id("latent-pad")).to_have_attribute(
        "data-z", ",".join(map(str, atlas.loc[row].tolist())), timeout=START_MS
    )


def test_a_press_on_the_contact_sheet_shows_that_image(tab: tuple[Page, Locator]) -> None:
    page, _ = tab
    sheet = page.locator('[data-testid="chart-map_sheet"][data-draws]')
    box = sheet.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    expect(sheet.locator(".hovertext")).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    # the first of the first class
    expect(page.get_by_text("Image 0 ·")).to_be_visible(timeout=ANSWER_MS)


def test_the_csv_holds_the_selection(tab: tuple[Page, Locator]) -> None:
    page, chart = tab
    lasso(page, chart, 2)
    heading(page, IMAGES // 3)
    # the button below the heading still hands out the choice before until the page is drawn
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    with page.expect_download(timeout=ANSWER_MS) as download:
        page.get_by_role("button", name="CSV").click()
    with open(download.value.path(), encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == IMAGES // 3
    assert {line["class"] for line in lines} == {"two"}


def test_clearing_lets_every_point_stand_equal(tab: tuple[Page, Locator]) -> None:
    page, chart = tab
    lasso(page, chart, 2)
    heading(page, IMAGES // 3)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("All images", exact=True)).to_be_visible(timeout=ANSWER_MS)
    selected(chart, 0)
    expect(chart.locator(".selectionlayer path")).to_have_count(0)


def test_selecting_hides_no_point(tab: tuple[Page, Locator]) -> None:
    page, chart = tab
    everywhere = ink(chart)
    lasso(page, chart, 1)
    heading(page, IMAGES // 3)
    # every pixel that had a point before has one still
    assert not (everywhere & ~ink(chart)).any()


def ink(chart: Locator) -> np.ndarray:
    """Which pixels of the points' canvas are not clear, (height, width)."""
    text = chart.locator("canvas").evaluate("(canvas) => canvas.toDataURL('image/png')")
    picture = Image.open(io.BytesIO(base64.b64decode(text.partition(",")[2])))
    return np.asarray(picture)[..., 3] > 0


def test_a_press_on_the_prior_s_map_decodes_that_place(page: Page, address: str) -> None:
    open_map(page, address)
    page.get_by_text("Against the prior", exact=True).click()
    chart = page.locator('[data-testid="chart-map_prior"][data-draws]')
    chart.wait_for(timeout=ANSWER_MS)
    x, y = chart.evaluate(WHERE, [2.0, -2.0])
    page.mouse.move(x + 2, y)
    page.mouse.move(x, y)
    expect(chart.locator(".hovertext")).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_text("nats here: a hole")).to_be_visible(timeout=ANSWER_MS)


def test_a_press_on_the_prior_s_map_keeps_the_zoom(page: Page, address: str) -> None:
    open_map(page, address)
    page.get_by_text("Against the prior", exact=True).click()
    chart = page.locator('[data-testid="chart-map_prior"][data-draws]')
    chart.wait_for(timeout=ANSWER_MS)
    chart.get_by_role("button", name="Zoom").click()
    whole = chart.evaluate(RANGE)
    drag(page, chart, [(1.0, -3.0), (3.0, -1.0)])
    view = chart.evaluate(RANGE)
    assert view != pytest.approx(whole, abs=0.5)
    # until then Plotly takes drag and press for a double click, as no hand makes them
    page.wait_for_function(NO_DOUBLE_CLICK)
    x, y = chart.evaluate(WHERE, [2.0, -2.0])
    page.mouse.move(x + 2, y)
    page.mouse.move(x, y)
    expect(chart.locator(".hovertext")).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_text("nats here: a hole")).to_be_visible(timeout=ANSWER_MS)
    assert chart.evaluate(RANGE) == pytest.approx(view, abs=1e-6)


def test_a_projection_is_computed_in_the_background(page: Page, address: str) -> None:
    chart = open_map(page, address, "deep")
    choose(page, "Plane", "t-SNE")
    page.get_by_role("button", name="Compute t-SNE").click()
    expect(page.get_by_text("t-SNE, perplexity 30")).to_be_visible(timeout=START_MS)
    expect(chart.locator(".xtitle")).to_contain_text("t-SNE", timeout=ANSWER_MS)


def test_nothing_scrolls_sideways_on_a_narrow_screen(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    open_map(page, address)
    for view in ("Clusters", "Against the prior", "Encoded images"):
        page.get_by_text(view, exact=True).first.click()
        chart = "chart-map_prior" if view == "Against the prior" else "chart-map"
        page.locator(f'[data-testid="{chart}"][data-draws]').wait_for(timeout=ANSWER_MS)
        # the page scrolls inside of stMain: the document itself never overflows
        overflow = page.evaluate(
            "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".map(e => e.scrollWidth - e.clientWidth)"
        )
        assert overflow == [0, 0]


def test_in_large_type_every_button_lies_on_a_narrow_screen(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{address}/map?model=flat&large=true", timeout=START_MS)
    page.locator('[data-testid="chart-map"][data-draws]').wait_for(timeout=START_MS)
    views = page.locator(".st-key-map_controls [data-testid=stButtonGroup] button")
    tools = page.get_by_test_id("chart-map").locator(".chart-tool")
    assert (views.count(), tools.count()) == (3, 6)
    for button in (*views.all(), *tools.all()):
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        # no word is broken in two
        assert button.evaluate("e => e.scrollWidth <= e.clientWidth")
