"""Two to four models side by side."""

from ui.compare.chooser import choose
from ui.compare.chosen import LEAST
from ui.compare.parts import PARTS


def beside(model: str) -> None:
    """Draw the choice of models and what is shown of them."""
    models = choose(model)
    if len(models) < LEAST:
        return
    for part in PARTS:
        part(models)
