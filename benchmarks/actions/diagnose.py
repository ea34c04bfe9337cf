"""What a person does to find out what a model does well and badly."""

from playwright.sync_api import Page

from benchmarks.actions.action import Action
from benchmarks.actions.hand import MOVE, choose_model, key, press, visit

ROOT = '[data-testid="diagnose"]'
TOLD = f"one('{ROOT}').dataset"
READY = f"one('{ROOT}[data-ready=\"true\"]')"
PLANE = '[data-testid="microscope-plane"]'
ELBO = f"{TOLD}.elbo"


def diagnose() -> list[Action]:
    """The microscope and the findings; only opening and another model ask the server."""
    moved = f"{ELBO} !== before"
    return [
        Action("diagnose", "open", visit("Diagnose"), READY),
        Action("diagnose", "drag q: its ELBO", drag, moved, ELBO, kinds=MOVE, prepare=take),
        Action("diagnose", "q by a key", key("ArrowRight", PLANE), moved, ELBO, prepare=let_go),
        Action(
            "diagnose",
            "another image, with log p(x) and KL",
            press("another image", ROOT),
            f"{TOLD}.image !== before && {READY}",
            f"{TOLD}.image",
        ),
        Action(
            "diagnose",
            "a finding",
            lambda page: page.locator(f'{ROOT} [data-exhibit="reconstructions"]').click(),
            f"{TOLD}.exhibit === 'reconstructions' && one('.dg-thumb')",
        ),
        Action(
            "diagnose",
            "another model",
            choose_model,
            f"{READY}.dataset.model !== before",
            f"{TOLD}.model",
        ),
    ]


def take(page: Page) -> None:
    """Bring the microscope up and take q by its centre."""
    let_go(page)
    page.locator(f'{ROOT} [data-exhibit="microscope"]').click()
    plane = page.locator(PLANE)
    plane.scroll_into_view_if_needed()
    box, place = plane.bounding_box(), plane.get_attribute("data-at")
    assert box is not None and place is not None, "the microscope shows where q is"
    x, y = (float(value) for value in place.split(","))
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()


def drag(page: Page) -> None:
    """Move q a little further."""
    plane = page.locator(PLANE)
    box, place = plane.bounding_box(), plane.get_attribute("data-at")
    assert box is not None and place is not None, "the microscope shows where q is"
    x, y = (float(value) for value in place.split(","))
    # about the middle of the plane, so that q does not leave it
    sign = 1 if x < box["width"] / 2 else -1
    page.mouse.move(box["x"] + x + 9 * sign, box["y"] + y)


def let_go(page: Page) -> None:
    """Let q go where the hand held it."""
    page.mouse.up()
