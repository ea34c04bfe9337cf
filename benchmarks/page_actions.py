"""What a person does on each page, and how the answer shows: the table behind `responsiveness`.

A new page is a function here that gives its actions, and one entry in `PAGES`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

from benchmarks import stopwatch

MODELS = ("mnist-2d", "mnist-20d")
"""Both have others of the same images, so that one can stand beside them."""
PICTURE = Path(__file__).resolve().parents[1] / "docs" / "explore-light.png"
MOVE = ("pointermove",)
CHOICE = ("input",)


@dataclass(frozen=True)
class Action:
    """One thing to do with the hand."""

    page: str
    """Stem of the page's file."""
    name: str
    do: Callable[[Page], None]
    """Its last input event is where the time begins."""
    done: str
    """JavaScript that is true once the answer stands in the page (see `stopwatch.arm`)."""
    note: str = "null"
    """JavaScript whose value before the action is `before` in `done`."""
    kinds: tuple[str, ...] = ()
    """Events that begin the time where it is not a press or a key."""
    prepare: Callable[[Page], None] | None = None
    """What has to be done before, outside the time."""
    only: str = ""
    """"training" for what is there only while a run trains."""


def visit(title: str) -> Callable[[Page], None]:
    """Follow a page's link in the sidebar."""
    return lambda page: page.get_by_test_id("stSidebar").get_by_role("link", name=title).click()


def choose_model(page: Page) -> None:
    """Choose the one of `MODELS` that is not open."""
    box = page.get_by_test_id("stSidebar").get_by_role("combobox").first
    now = box.input_value() or page.get_by_test_id("stSidebar").inner_text()
    box.click()
    other = MODELS[1] if MODELS[0] in now.split() else MODELS[0]
    page.get_by_role("option", name=other, exact=True).click()


def choose_other(key_name: str) -> Callable[[Page], None]:
    """Choose the first entry of a select box, by its key, that is not chosen yet."""

    def do(page: Page) -> None:
        page.locator(f".st-key-{key_name}").get_by_role("combobox").click()
        page.get_by_role("option", selected=False).first.click()

    return do


def choose_next(name: str) -> Callable[[Page], None]:
    """Choose the entries of one of our own select boxes in turn, by its name."""
    turns = iter(range(1_000_000))

    def do(page: Page) -> None:
        select = page.locator(f'select[aria-label="{name}"]')
        entries = select.locator("option:not([disabled])")
        count = entries.count()
        value = entries.nth(1 + next(turns) % (count - 1)).get_attribute("value")
        select.select_option(value=value)

    return do


def click(selector: str) -> Callable[[Page], None]:
    """Click the first element that a selector finds."""
    return lambda page: page.locator(selector).first.click()


def press(name: str, within: str) -> Callable[[Page], None]:
    """Press a button of a component by its name."""

    def do(page: Page) -> None:
        page.locator(within).get_by_role("button", name=name, exact=True).click()

    return do


def point_at(selector: str, *, press: bool = False) -> Callable[[Page], None]:
    """Move the pointer over an element, and press there; every time at another place."""
    turns = iter(range(1_000_000))

    def do(page: Page) -> None:
        page.locator(selector).first.scroll_into_view_if_needed()
        box = page.locator(selector).first.bounding_box()
        turn = next(turns)
        x = box["x"] + box["width"] * (0.3 + 0.4 * (turn * 0.382 % 1))
        y = box["y"] + box["height"] * (0.3 + 0.4 * (turn * 0.618 % 1))
        page.mouse.move(x, y)
        if press:
            page.mouse.down()
            page.mouse.up()

    return do


def key(name: str, selector: str) -> Callable[[Page], None]:
    """Give an element the focus and press a key."""

    def do(page: Page) -> None:
        page.locator(selector).first.focus()
        page.keyboard.press(name)

    return do


PAD = '[data-testid="latent-pad"]'
PAD_FRAMES = f"Number(one('{PAD}').dataset.frames)"
PAD_ALIVE = f"one('{PAD}:not(.pad-loading)[data-frames]')"


def switch_beside(page: Page) -> None:
    """Choose the first model that can stand beside, or none where one does."""
    chosen = page.get_by_role("combobox", name="Model beside", exact=True)
    alone = chosen.input_value() in ("", "none")
    chosen.click()
    page.get_by_role("option").nth(1 if alone else 0).click()


def explore() -> list[Action]:
    """The pad: all but the last four are answered by the browser alone."""

    def drawn(name: str, do: Callable[[Page], None], kinds: tuple[str, ...] = ()) -> Action:
        return Action("explore", name, do, f"{PAD_FRAMES} > before", PAD_FRAMES, kinds)

    plane = f'{PAD} [data-testid="latent-plane"]'
    beside = "one('[data-testid=\"decoded-image-beside\"]')"
    return [
        Action("explore", "open", visit("Explore"), PAD_ALIVE),
        drawn("hover over the map", point_at(plane), MOVE),
        drawn("press on the map", point_at(plane, press=True), ("pointerdown",)),
        drawn("slider z1, one key", key("ArrowRight", f'{PAD} input[aria-label="z1"]')),
        drawn("random", press("random", PAD)),
        Action(
            "explore",
            "another model",
            choose_model,
            f"{PAD_ALIVE}.dataset.model !== before",
            f"one('{PAD}').dataset.model",
        ),
        Action(
            "explore",
            "model beside, on or off",
            switch_beside,
            f"!!{beside} !== before && {PAD_ALIVE}",
            f"!!{beside}",
        ),
        Action(
            "explore",
            "explanation, open or closed",
            lambda page: page.get_by_text("What am I looking at?").click(),
            # its own animation takes half a second to the end
            "one('details').clientHeight !== before",
            "one('details').clientHeight",
        ),
    ]


INTERPOLATOR = '[data-testid="interpolator"]'
BETWEEN = f"one('{INTERPOLATOR}').dataset"
BETWEEN_ALIVE = f"one('{INTERPOLATOR}:not(.pad-loading)[data-frames]')"
# the strips are decoded from the frame after the choice on
STRIPS_DONE = f"(stopwatch.frames > 1 && {BETWEEN}.strips === 'done')"


def interpolate() -> list[Action]:
    """Two images and the ways between them; all but two actions stay in the browser."""

    def moved(name: str, do: Callable[[Page], None], kinds: tuple[str, ...] = ()) -> Action:
        frames = f"Number({BETWEEN}.frames)"
        return Action("interpolate", name, do, f"{frames} > before", frames, kinds)

    def restripped(name: str, do: Callable[[Page], None]) -> Action:
        return Action("interpolate", name, do, STRIPS_DONE, kinds=CHOICE)

    return [
        Action("interpolate", "open", visit("Interpolate"), BETWEEN_ALIVE),
        moved("slider, one key", key("ArrowRight", f"{INTERPOLATOR} .ip-slider")),
        moved(
            "press on the map",
            point_at(f'{INTERPOLATOR} [data-testid="path-map"]', press=True),
            ("pointerdown",),
        ),
        restripped("A: another class", choose_next("A: image of class")),
        restripped("beyond the ends", choose_next("beyond the ends")),
        Action(
            "interpolate",
            "a picture file",
            lambda page: page.locator(".ip-panel input[type=file]").set_input_files(PICTURE),
            "one('.ip-made').firstChild && one('.ip-made').firstChild !== before",
            "one('.ip-made').firstChild",
            kinds=CHOICE,
            prepare=open_upload,
        ),
        Action(
            "interpolate",
            "another model",
            choose_model,
            f"{BETWEEN_ALIVE}.dataset.model !== before",
            f"{BETWEEN}.model",
        ),
    ]


def open_upload(page: Page) -> None:
    """Open an empty panel that takes a picture file for A."""
    panel = page.locator(".ip-panel")
    if panel.is_visible():
        # a browser says nothing when the same file is chosen once more
        panel.get_by_role("button", name="close", exact=True).click()
    page.locator('select[aria-label="A: another way"]').select_option(value="upload")
    panel.locator("input[type=file]").wait_for()


CAPTIONS = """many('[data-testid="stCaptionContainer"]').map((one) => one.textContent)"""
ESTIMATE = f"{CAPTIONS}.find((text) => text.startsWith('About '))"
VIEW = """seen('[data-testid="train-view"]') && one('h1').textContent === 'Train'"""


def train() -> list[Action]:
    """The form of a new run, whose estimate answers every choice, and a run's card."""

    def estimated(name: str, do: Callable[[Page], None]) -> Action:
        changed = f"{ESTIMATE} && {ESTIMATE} !== before"
        return Action("train", name, do, changed, ESTIMATE, prepare=show_form)

    return [
        Action("train", "open", visit("Train"), VIEW),
        estimated("images", choose_other("train-dataset")),
        estimated("architecture", choose_other("train-architecture")),
        estimated("seconds or epochs", choose_other("train-budget")),
        estimated(
            "z dimensions, one more",
            click(".st-key-train-z_dim [data-testid=stNumberInputStepUp]"),
        ),
        Action(
            "train",
            "card to form",
            click(".st-key-train-new button"),
            ESTIMATE,
            prepare=show_card,
            only="training",
        ),
        Action(
            "train",
            "form to card",
            click("[class*=st-key-train-look] button"),
            "seen('.st-key-train-pause')",
            prepare=show_runs,
            only="training",
        ),
        Action("train", "another model", choose_model, CHOSEN, SHAPE_LINE),
    ]


# what the sidebar says under the model picker
SHAPE_LINE = """one('[data-testid="stSidebar"] [data-testid="stCaptionContainer"]').textContent"""
CHOSEN = f"{SHAPE_LINE} !== before"


def show_form(page: Page) -> None:
    """Leave the card of a run, if it is shown, for the form."""
    leave = page.locator(".st-key-train-new button")
    if leave.is_visible():
        leave.click()
        page.locator(".st-key-train-start").wait_for()
        stopwatch.settle(page)


def show_runs(page: Page) -> None:
    """Unfold the list of runs beside the form."""
    show_form(page)
    look = page.locator("[class*=st-key-train-look] button").first
    if not look.is_visible():
        page.locator("summary", has_text="uns (").click()
        look.wait_for()


def show_card(page: Page) -> None:
    """Leave the form, if it is shown, for the card of the run."""
    if not page.locator(".st-key-train-new button").is_visible():
        show_runs(page)
        page.locator("[class*=st-key-train-look] button").first.click()
        page.locator(".st-key-train-new button").wait_for()
        stopwatch.settle(page)


MAP = '[data-testid="chart-map"]'
MAP_DRAWS = f"Number(one('{MAP}').dataset.draws)"
SHEET_OF = """one('[data-testid="chart-map_sheet"][data-draws]').dataset.of"""
PRIOR_DRAWN = """seen('[data-testid="chart-map_prior"][data-draws]')"""
TEXTS = """many('[data-testid="stMarkdownContainer"]').map((one) => one.textContent)"""
IMAGE_HEAD = f"{TEXTS}.find((text) => /^Image [0-9]/.test(text))"
# the page opens as it was left: in any view, with a choice that may show one image and no sheet
MAP_OPEN = f"{PRIOR_DRAWN} || ({MAP_DRAWS} > 0 && ({IMAGE_HEAD} || {SHEET_OF}))"
AGREEMENT = f"{CAPTIONS}.find((text) => /ARI .?[0-9]/.test(text))"
CHOICE_HEAD = f"{TEXTS}.find((text) => text.includes('drawn around'))"


def map_page() -> list[Action]:
    """The scatter of encoded images, what is chosen on it, and its three views."""

    def view(name: str, done: str, note: str = "null", start: str = "Encoded images") -> Action:
        press = click_view(name)
        return Action("map", f"view: {name}", press, done, note, prepare=click_view(start))

    def redrawn(name: str, do: Callable[[Page], None]) -> Action:
        done = f"{MAP_DRAWS} > before"
        return Action("map", name, do, done, MAP_DRAWS, prepare=click_view("Encoded images"))

    return [
        Action("map", "open", visit("Map"), MAP_OPEN),
        Action(
            "map",
            "lasso",
            draw_lasso(),
            f"{CHOICE_HEAD} && {SHEET_OF} !== before",
            SHEET_OF,
            prepare=click_view("Encoded images"),
        ),
        Action(
            "map",
            "press on a point",
            press_point(),
            f"{IMAGE_HEAD} && {IMAGE_HEAD} !== before",
            IMAGE_HEAD,
            prepare=clear_choice,
        ),
        redrawn("colours", choose_between("[class*=st-key-map_colour]", ("KL", "class"))),
        redrawn("ellipses", choose_between("[class*=st-key-map_ellipses]", ("each class", "none"))),
        view("Clusters", AGREEMENT),
        view("Against the prior", PRIOR_DRAWN),
        view("Encoded images", f"seen('{MAP}') && !{AGREEMENT}", start="Clusters"),
        Action(
            "map",
            "another model",
            choose_model,
            f"{MAP_DRAWS} > 0 && one('{MAP}').dataset.of !== before",
            f"one('{MAP}').dataset.of",
            prepare=click_view("Encoded images"),
        ),
    ]


def click_view(name: str) -> Callable[[Page], None]:
    """Choose one of the map's views, where it is not chosen yet."""

    def do(page: Page) -> None:
        button = page.locator(".st-key-map_view").get_by_role("radio", name=name, exact=True)
        if button.get_attribute("aria-checked") != "true":
            button.click()

    return do


def clear_choice(page: Page) -> None:
    """Show all images of the encoded ones; the outline of a loop would take the press."""
    click_view("Encoded images")(page)
    stopwatch.settle(page)
    clear = page.locator(".st-key-map_clear button")
    if clear.is_visible():
        clear.click()
        clear.wait_for(state="detached")


def choose_between(selector: str, names: tuple[str, str]) -> Callable[[Page], None]:
    """Choose two entries of a select box in turn."""
    turns = iter(range(1_000_000))

    def do(page: Page) -> None:
        page.locator(selector).get_by_role("combobox").first.click()
        page.get_by_role("option", name=names[next(turns) % 2], exact=True).click()

    return do


def map_box(page: Page) -> dict[str, float]:
    """Give the place of the map's plot on the screen."""
    plot: Locator = page.locator(f"{MAP} .nsewdrag").first
    plot.scroll_into_view_if_needed()
    return plot.bounding_box()


def draw_lasso() -> Callable[[Page], None]:
    """Draw a loop around the middle of the map, every time of another size."""
    turns = iter(range(1_000_000))

    def do(page: Page) -> None:
        box, reach = map_box(page), 0.12 + 0.25 * (next(turns) * 0.618 % 1)
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        across, down = reach * box["width"], reach * box["height"]
        page.mouse.move(x - across, y - down)
        page.mouse.down()
        for right, below in ((1, -1), (1, 1), (-1, 1), (-1, -0.9)):
            page.mouse.move(x + right * across, y + below * down, steps=5)
        page.mouse.up()

    return do


def press_point() -> Callable[[Page], None]:
    """Press the point nearest to a place near the middle of the map, every time another."""
    turns = iter(range(1_000_000))

    def do(page: Page) -> None:
        box, turn = map_box(page), next(turns)
        x = box["x"] + box["width"] * (0.4 + 0.2 * (turn * 0.382 % 1))
        y = box["y"] + box["height"] * (0.4 + 0.2 * (turn * 0.618 % 1))
        page.mouse.move(x, y)
        # Plotly looks for the point under the pointer at most every 50 ms
        page.wait_for_timeout(150)
        page.mouse.down()
        page.mouse.up()

    return do


PAGES: dict[str, Callable[[], list[Action]]] = {
    "explore": explore,
    "train": train,
    "map": map_page,
    "interpolate": interpolate,
}
"""Stem of the page's file -> its actions, of which the first opens it from another page."""
