"""What is chosen on the map: a typed view of Streamlit's state, for one model at a time."""

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ui.state import store

CHOICE, HEARD, ZOOM = "map_choice", "map_heard", "map_zoom"
OPTIONS, TROUBLE = "map_cluster_options", "map_trouble"
PICK = "map_pick"
"""Key of the menu that chooses a class or a cluster."""


@dataclass(frozen=True)
class Choice:
    """Images that are chosen, and the one or the place that is looked at."""

    model: str
    """Which model, and which version of its file: see `Opened.id`."""
    rows: np.ndarray | None = None
    """Rows of the atlas, int64 (K,); None where none are chosen."""
    how: str = ""
    """How they were chosen, in words: "lasso", "class 3"."""
    of: str = ""
    """Plane on which they were drawn around; empty where they were chosen by a menu."""
    drawn: str = ""
    """Outlines that were drawn on that plane; see `ui.map.outline`."""
    picked: str = ""
    """What was chosen by a menu, as the address has it: "class:3"."""
    image: int | None = None
    """Row of the image that is looked at."""
    place: tuple[float, float] | None = None
    """Place in the plane of the prior that is looked at."""


class MapState:
    """One visitor's choice on the map."""

    def __init__(self, kept: MutableMapping[str, Any] | None = None):
        self._store = store() if kept is None else kept

    def choice(self, model: str) -> Choice:
        """What is chosen of a model; nothing where another model or version of it was open."""
        kept = self._store.get(CHOICE)
        return kept if kept is not None and kept.model == model else Choice(model)

    def choose(self, choice: Choice) -> None:
        """Choose images, of which one or a place may be looked at; none where there are no rows."""
        some = choice.rows is not None and len(choice.rows) > 0
        self._store[CHOICE] = choice if some else Choice(choice.model)

    def look_at(self, model: str, image: int | None) -> None:
        """Look at one image; the chosen ones stay."""
        self._store[CHOICE] = replace(self.choice(model), image=image)

    def look_at_place(self, model: str, place: tuple[float, float]) -> None:
        """Look at a place of the plane on which the prior is drawn."""
        self._store[CHOICE] = replace(self.choice(model), place=place)

    def clear(self, model: str) -> None:
        """Choose nothing, in the menu neither."""
        self.unpick()
        self._store[CHOICE] = Choice(model)

    @property
    def picked(self) -> Any:
        """What the menu of classes and clusters holds; None for nothing."""
        return self._store.get(PICK)

    def unpick(self) -> None:
        """Empty that menu; what is chosen stays."""
        self._store[PICK] = None

    def zoom(self, plane: str) -> str:
        """View of a plane that the address asks for; empty for the whole."""
        kept = self._store.get(ZOOM)
        return kept[1] if kept is not None and kept[0] == plane else ""

    def zoom_to(self, plane: str, view: str) -> None:
        """Begin with a view of a plane, as the address has it."""
        self._store[ZOOM] = (plane, view)

    def clustering(self, model: str) -> Any:
        """Options of the clustering that were chosen last for a model; None for none."""
        return self._store.get(OPTIONS, {}).get(model)

    def keep_clustering(self, model: str, options: Any) -> None:
        """Remember them, for the views that colour by cluster."""
        self._store[OPTIONS] = {model: options}

    def say(self, trouble: str) -> None:
        """Keep a sentence for the next drawing of the page."""
        self._store[TROUBLE] = trouble

    def said(self) -> str | None:
        """Take the sentence that was kept, if there is one."""
        return self._store.pop(TROUBLE, None)

    def heard(self, chart: str) -> int:
        """Number of the last answer of a chart that was taken."""
        return self._store.get(HEARD, {}).get(chart, 0)

    def hear(self, chart: str, picked: dict[str, Any], of: str) -> bool:
        """Take an answer of a chart; False where it is old or speaks of something else."""
        count = picked.get("count")
        if not isinstance(count, int) or count <= self.heard(chart):
            return False
        # one that speaks of something else counts as heard: the chart waits to be told so
        self._store[HEARD] = {**self._store.get(HEARD, {}), chart: count}
        return picked.get("of") == of
