"""What a person does with two images and the ways between them."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.actions.action import Action
from benchmarks.actions.hand import CHOICE, choose_model, choose_next, key, point_at, visit

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "explore-light.png"
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
