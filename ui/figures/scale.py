"""The scale of a number that colours show: its palette and its bar."""

from typing import Any

import numpy as np

from ui.figures.colours import BACK
from ui.figures.figure import Figure

VALUE_STEPS = 64
INSIDE = {"x": 0.995, "xanchor": "right", "y": 1, "yanchor": "top", "len": 0.5, "bgcolor": BACK}
"""Of a colour bar that takes no room from the plane, so that the view stays when it comes."""


def value_palette() -> tuple[str, ...]:
    """Colours from low to high that hold on white and on black: the middle of Viridis."""
    from plotly.colors import find_intermediate_color, get_colorscale, hex_to_rgb

    scale = get_colorscale("Viridis")
    places, colours = [p for p, _ in scale], [hex_to_rgb(c) for _, c in scale]
    found = []
    for share in np.linspace(0.12, 0.93, VALUE_STEPS):
        i = min(int(np.searchsorted(places, share, "right")), len(places) - 1)
        between = (share - places[i - 1]) / (places[i] - places[i - 1])
        mixed = find_intermediate_color(colours[i - 1], colours[i], between)
        found.append("#" + "".join(f"{round(part):02x}" for part in mixed))
    return tuple(found)


def add_scale(figure: Figure, low: float, high: float, title: str) -> None:
    """Draw the colour bar of `value_palette` between two values."""
    palette = value_palette()
    shares = np.linspace(0, 1, len(palette))
    figure.add(
        "scatter",
        x=[None],
        y=[None],
        mode="markers",
        hoverinfo="skip",
        marker={
            "color": [low],
            "cmin": low,
            "cmax": high,
            "colorscale": [[float(s), colour] for s, colour in zip(shares, palette, strict=True)],
            "showscale": True,
            "colorbar": colorbar(title) | INSIDE,
        },
    )


def colorbar(title: str) -> dict[str, Any]:
    """Return the settings of a colour bar beside its figure."""
    return {
        "title": {"text": title, "side": "right"},
        "thickness": 10,
        "len": 0.7,
        "outlinewidth": 0,
        "x": 1.0,
        "xpad": 6,
    }
