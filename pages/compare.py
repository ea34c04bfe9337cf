"""Compare: models side by side, runs of one configuration, numbers of dimensions."""

from ui import frame
from ui.compare import view

TITLE = "Compare"
ORDER = 7
SCRIPT = "compare/compare.js"


def page() -> None:
    """Draw the page."""
    shown = view.shown()
    frame.about_model(TITLE, shown.sentence, "compare", body, shown.explanation)


def body(model: str) -> None:
    """Draw the choice of a view, and the view."""
    view.choose().draw(model)


if __name__ == "__main__":
    page()
