"""The sheet for drawing a data set: a typed wrapper."""

from dataclasses import asdict
from typing import Any

from ui.components.mount import mount
from ui.routes import drawn

WANTED = 30
"""About so many drawings of a class are enough, with warping."""

_sheet = mount(
    "draw_set", "draw/draw.js", "pad/pad.css", "draw/draw.css", host="pad-host draw-host"
)


def sheet(name: str, strength: float, *, key: str = "draw-set") -> None:
    """Show the sheet of a drawn set; the script runs again a moment after drawings were kept."""
    _sheet(key=key, data=sheet_data(name, strength), on_changed_change=lambda: None)


def sheet_data(name: str, strength: float) -> dict[str, Any]:
    """Collect what the component is told; it asks for the drawings itself."""
    from vae.data.own.drawn import SIDE
    from vae.data.sources import LIKE_MNIST

    return {
        "name": name,
        "address": drawn.address(name),
        "framing": asdict(LIKE_MNIST),
        "side": SIDE,
        "strength": strength,
        "wanted": WANTED,
    }
