"""What a person does to find out which images a model calls strange."""

from playwright.sync_api import Page

from benchmarks.actions.action import Action
from benchmarks.actions.hand import (
    CHOICE,
    MOVE,
    choose_model,
    choose_next,
    click,
    key,
    press,
    visit,
)

ROOT = '[data-testid="anomaly"]'
TOLD = f"one('{ROOT}').dataset"
READY = f"one('{ROOT}[data-ready=\"true\"]')"
EXHIBIT = '[data-testid="anomaly-exhibit"]'
SENTENCE = "one('[data-testid=\"anomaly-sentence\"]').textContent"
CARD = '[data-testid="anomaly-card"]'


def anomaly() -> list[Action]:
    """The line, the pictures and the scores; opening, another model, other foreign images ask."""
    moved = f"{SENTENCE} !== before"
    line = f'{ROOT} [role="slider"]'
    return [
        Action("anomaly", "open", visit("Anomaly"), READY, first=f"{TOLD}.score"),
        Action("anomaly", "drag the line", drag, moved, SENTENCE, kinds=MOVE, prepare=take),
        Action("anomaly", "the line by a key", key("PageDown", line), moved, SENTENCE, prepare=put),
        Action(
            "anomaly",
            "another score",
            click(f'{ROOT} .an-score:enabled[aria-pressed="false"]'),
            f"{TOLD}.score !== before",
            f"{TOLD}.score",
            prepare=wait,
        ),
        Action(
            "anomaly",
            "an image, large",
            click(f"{ROOT} .an-picture"),
            f"one('{CARD}:not([hidden])')",
            prepare=put,
        ),
        Action(
            "anomaly",
            "where it is strange, on or off",
            press("where it is strange", ROOT),
            "one('.an-scale').hidden !== before",
            "one('.an-scale').hidden",
            prepare=put,
        ),
        Action(
            "anomaly",
            "other foreign images",
            choose_next("what is foreign"),
            f"{TOLD}.foreign !== before && {READY}",
            f"{TOLD}.foreign",
            kinds=CHOICE,
            prepare=put,
        ),
        Action(
            "anomaly",
            "another model",
            choose_model,
            f"{READY}.dataset.model !== before",
            f"{TOLD}.model",
            prepare=put,
        ),
    ]


def put(page: Page) -> None:
    """Let the line go, near the strangest images, and close the large image."""
    page.mouse.up()
    page.keyboard.press("Escape")
    page.locator(f'{ROOT}[data-ready="true"]').wait_for(timeout=60_000)
    page.locator(f'{ROOT} [role="slider"]').press("End")


def wait(page: Page) -> None:
    """Wait for all quick scores, so that there is another one."""
    put(page)
    page.locator(f'{ROOT}[data-done="true"]').wait_for(timeout=60_000)


def take(page: Page) -> None:
    """Take the line in the middle."""
    put(page)
    box = page.locator(EXHIBIT).bounding_box()
    assert box is not None, "the exhibit stands there"
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    page.mouse.down()


def drag(page: Page) -> None:
    """Move the line to where more images are normal."""
    box = page.locator(EXHIBIT).bounding_box()
    assert box is not None, "the exhibit stands there"
    page.mouse.move(box["x"] + 0.35 * box["width"], box["y"] + 60)
