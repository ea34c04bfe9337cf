"""What a hand does on any page: follow, choose, click, press, point."""

from collections.abc import Callable

from playwright.sync_api import Page

MODELS = ("mnist-2d", "mnist-20d")
"""Both have others of the same images, so that one can stand beside them."""
MOVE = ("pointermove",)
CHOICE = ("input",)
CAPTIONS = """many('[data-testid="stCaptionContainer"]').map((one) => one.textContent)"""


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
