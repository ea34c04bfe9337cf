"""The same images, draws and path in each model, and the maps side by side."""

from collections.abc import Sequence

from ui import first_pictures
from ui.components.comparison import comparison

KEY = "comparison"
ROOM = "60rem"
"""About as high as what follows."""


def pictures(models: Sequence[str]) -> bool:
    """Draw what answers to the hand; tell whether it stands there, so that more may follow."""
    comparison(models, key=KEY)
    shown = ",".join(models)
    if first_pictures.stand(KEY, shown):
        return True
    first_pictures.wait(KEY, shown, ROOM)
    return False
