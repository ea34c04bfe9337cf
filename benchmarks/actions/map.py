"""What a person does on the scatter of encoded images, and in its three views."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page

from benchmarks import stopwatch
from benchmarks.actions.action import Action
from benchmarks.actions.hand import CAPTIONS, choose_model, visit

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
