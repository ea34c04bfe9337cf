"""What a person does on the form of a new run and on a run's card."""

from collections.abc import Callable

from playwright.sync_api import Page

from benchmarks import stopwatch
from benchmarks.actions.action import Action
from benchmarks.actions.hand import CAPTIONS, choose_model, choose_other, click, visit

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
