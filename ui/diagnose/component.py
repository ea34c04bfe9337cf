"""The Diagnose component: a typed wrapper."""

from collections.abc import Callable
from typing import Any

from ui import resources
from ui.components import props
from ui.components.mount import mount
from ui.routes import originals

_diagnose = mount(
    "diagnose",
    "diagnose/diagnose.js",
    "pad/pad.css",
    "microscope/microscope.css",
    "diagnose/diagnose.css",
)


def diagnose(model: str, found: dict[str, Any], *, key: str, on_asked: Callable[[], None]) -> None:
    """Show the findings of a model of the library with their evidence.

    The component says once that its first pictures are drawn. ``on_asked`` hears that the visitor
    asked for something, `{model, do, count}`.

    Raises
    ------
    UserError
        When the model cannot be opened or its networks cannot run in the browser.
    """
    told = diagnose_data(model) | found
    _diagnose(key=key, data=told, on_asked_change=on_asked, on_drawn_change=lambda: None)


def diagnose_data(model: str) -> dict[str, Any]:
    """Collect what the component is told of the model itself."""
    split = resources.header(model)["dataset"].get("split")
    return {
        **props.of_model(model),
        "split": split or "held-out",
        "originals": originals.address(model),
    }
