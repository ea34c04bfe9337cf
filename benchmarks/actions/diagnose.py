"""What a person does to find out what a model does well and badly."""

from playwright.sync_api import Page

from benchmarks.actions.action import Action
from benchmarks.actions.hand import MOVE, choose_model, key, press, visit

ROOT = '[data-testid="diagnose"]'
TOLD = f"one('{ROOT}').dataset"
# the image under the microscope is all there; what is measured of all images may take seconds more
READY = f"one('{ROOT}[data-kl]:not([data-kl=\"\"])')"
PLANE = '[data-testid="microscope-plane"]'
ELBO = f"{TOLD}.elbo"


def diagnose() -> list[Action]:
    """The microscope and the findings; only opening and another model ask the server."""
    moved = f"{ELBO} !== before"
    return [
        Action("diagnose", "open", visit("Diagnose"), READY, first=ELBO),
        Action("diagnose", "drag q: its ELBO", drag, moved, ELBO, kinds=MOVE, prepare=take),
        Action("diagnose", "q by a key", key("ArrowRight", PLANE), moved, ELBO, prepare=look),
        Action(
            "diagnose",
            "another image, with log p(x) and KL",
            press("another image", ROOT),
            f"{TOLD}.image !== before && {READY}",
            f"{TOLD}.image",
            prepare=look,
        ),
        Action(
            "diagnose",
            "a finding",
            lambda page: page.locator(f'{ROOT} [data-exhibit="reconstructions"]').click(),
            f"{TOLD}.exhibit === 'reconstructions' && one('.dg-said').textContent",
            prepare=look,
        ),
        Action(
            "diagnose",
            "another model",
            choose_model,
            f"{READY}.dataset.model !== before",
            f"{TOLD}.model",
            prepare=look,
        ),
    ]


def take(page: Page) -> None:
    """Take q by its centre."""
    look(page)
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


def look(page: Page) -> None:
    """Let q go and bring the microscope up."""
    page.mouse.up()
    page.locator(f'{ROOT} [data-exhibit="microscope"]').click()
    page.locator(f'{ROOT}[data-kl]:not([data-kl=""])').wait_for()
