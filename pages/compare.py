"""Compare: two to four models side by side, the same thing in each row."""

from ui import frame
from ui.compare import view

TITLE = "Compare"
ORDER = 7
SCRIPT = "compare/compare.js"

SENTENCE = "Columns are models. Point at a map: the same image lights up in all."

EXPLANATION = """
- **Columns** are models of the same images. The first is the model in the sidebar.
- **Rows** are the same thing in each: the same test images, the same noise, the same path.
"""


def page() -> None:
    """Draw the page."""
    frame.about_model(TITLE, SENTENCE, "compare", body, EXPLANATION)


def body(model: str) -> None:
    """Draw the choice of a view, and the view."""
    view.choose()(model)


if __name__ == "__main__":
    page()
