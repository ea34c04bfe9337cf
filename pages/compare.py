"""Compare: models side by side, runs of one configuration, numbers of dimensions."""

from collections.abc import Mapping

from ui import frame
from ui.compare import beside, view

TITLE = "Compare"
ORDER = 7
SCRIPT = "compare/compare.js"


def page() -> None:
    """Draw the page."""
    shown = view.shown()
    frame.about_model(TITLE, shown.sentence, "compare", body, shown.explanation)


def prepare(model: str, asked: Mapping[str, str]) -> None:
    """Make ready what stands side by side first."""
    beside.prepare(model, asked.get("models"))


def body(model: str) -> None:
    """Draw the choice of a view, and the view."""
    view.choose().draw(model)


if __name__ == "__main__":
    page()
