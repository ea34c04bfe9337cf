"""What a person does with models side by side, on the Compare page."""

from playwright.sync_api import Page

from benchmarks.actions.action import Action
from benchmarks.actions.hand import MOVE, choose_model, key, point_at, press, visit

ROOT = '[data-testid="compare"]'
TOLD = f"one('{ROOT}').dataset"
READY = f"one('{ROOT}[data-ready=\"true\"]')"
FIRST = "many('[data-row=\"draws\"] .cmp-cell canvas').length"
MAP = '[data-testid="compare-map"]'
LARGE = "one('[data-row=\"large\"]:not([hidden]) .cmp-cell canvas')"


def compare() -> list[Action]:
    """Pictures, path and maps; opening, other images and another model ask the server."""
    return [
        Action("compare", "open", visit("Compare"), READY, first=FIRST),
        Action(
            "compare",
            "ten other images",
            press("ten others", ROOT + ' [data-row="images"]'),
            f"{TOLD}.images !== before",
            f"{TOLD}.images",
        ),
        Action("compare", "an image, large", open_image, LARGE, prepare=close_image),
        Action(
            "compare",
            "ten other draws",
            press("ten other draws", ROOT),
            "one('[data-row=\"draws\"] .cmp-cell').dataset.z !== before",
            "one('[data-row=\"draws\"] .cmp-cell').dataset.z",
        ),
        Action(
            "compare",
            "along the path, one key",
            key("ArrowRight", f'{ROOT} [aria-label="place on the path"]'),
            f"Number({TOLD}.frames) > before",
            f"Number({TOLD}.frames || 0)",
            prepare=start_path,
        ),
        Action(
            "compare",
            "point at a map",
            point_at(f"{ROOT} {MAP}"),
            f"{TOLD}.lit && {TOLD}.lit !== before",
            f"{TOLD}.lit",
            kinds=MOVE,
        ),
        Action(
            "compare",
            "another model",
            choose_model,
            f"{READY} && {TOLD}.models !== before",
            f"{TOLD}.models",
        ),
    ]


def open_image(page: Page) -> None:
    """Press the third test image."""
    page.locator(f"{ROOT} .cmp-originals .cmp-original").nth(2).click()


def close_image(page: Page) -> None:
    """Close the large image, if there is one."""
    close = page.locator(f'{ROOT} [data-row="large"]').get_by_role("button", name="close")
    if close.is_visible():
        close.click()
    page.locator(f'{ROOT} [data-row="large"]').wait_for(state="hidden")


def start_path(page: Page) -> None:
    """Go back to the path's middle, from where a key moves on."""
    slider = page.locator(f'{ROOT} [aria-label="place on the path"]')
    slider.evaluate("(one) => { one.value = '0.5'; }")
