"""What a person does in a lesson."""

from collections.abc import Callable

from playwright.sync_api import Page

from benchmarks.actions.action import Action
from benchmarks.actions.hand import MOVE, key, point_at, visit

ROOT = '[data-testid="learn"]'
TOLD = f"one('{ROOT}').dataset"
READY = f"one('{ROOT}[data-ready=\"true\"]')"
CLOUD = f"one('{ROOT} .cloud').dataset"
HOLES = f"one('{ROOT} .holes-vae').dataset"
WIDE = f"one('{ROOT} .wide').dataset"


def learn() -> list[Action]:
    """Lessons and what answers to the hand in them; only another lesson asks the server."""
    slider = f'{ROOT} input[type="range"]'
    return [
        Action("learn", "open", visit("Learn"), READY),
        Action(
            "learn",
            "the next lesson",
            turn,
            f"{READY} && {TOLD}.lesson !== before",
            f"{TOLD}.lesson",
            prepare=near_the_end,
        ),
        Action(
            "learn",
            "σ of a cloud, one key",
            key("ArrowRight", slider),
            f"{CLOUD}.times !== before",
            f"{CLOUD}.times",
            prepare=at("cloud"),
        ),
        Action(
            "learn",
            "a draw in both models",
            point_at(f'{ROOT} [data-testid="holes-vae"]'),
            f"{HOLES}.z !== before",
            f"{HOLES}.z",
            kinds=MOVE,
            prepare=at("holes"),
        ),
        Action(
            "learn",
            "the bottleneck's width, one key",
            key("ArrowRight", f'{slider}[aria-label^="how many"]'),
            f"{WIDE}.width !== before",
            f"{WIDE}.width",
            prepare=wider,
        ),
    ]


def turn(page: Page) -> None:
    """Press what leads to the next lesson."""
    page.locator(f"{ROOT} .learn-next").click()


def at(name: str) -> Callable[[Page], None]:
    """Go to a lesson and wait for its picture."""

    def do(page: Page) -> None:
        root = page.locator(ROOT)
        root.locator(f'.learn-dot[data-lesson="{name}"]').click()
        page.locator(f'{ROOT}[data-lesson="{name}"][data-ready="true"]').wait_for()

    return do


def near_the_end(page: Page) -> None:
    """Go back to the first lesson where there is no next one."""
    if page.locator(f"{ROOT} .learn-next").is_disabled():
        page.locator(f"{ROOT} .learn-dot").first.click()
        page.locator(f'{ROOT}[data-ready="true"]').wait_for()


def wider(page: Page) -> None:
    """Go to the view in which the width is chosen."""
    at("compression")(page)
    page.locator(ROOT).get_by_role("button", name="wider", exact=True).click()
