"""A Plotly figure on a page, as a component that stays in place when its figure changes.

`st.plotly_chart` builds a chart anew at every change: with 10,000 points that takes over a second
and loses the zoom. This component hands Plotly the new figure instead, paints many points itself
and tells Python which points the hand chose.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ui import resources
from ui.components.mount import mount
from ui.figures.figure import Figure
from ui.routes import charts
from ui.state import said_by

AREA_TOOLS = ("lasso", "select", "pan", "zoom")
LARGEST_INK = 254

_chart = mount("chart", "chart/chart.js", "chart/chart.css", host="chart-host", isolated=False)


@dataclass(frozen=True)
class Cloud:
    """How the component paints the points of a figure's first trace: a colour each of a palette."""

    ink: np.ndarray
    """Entry of the palette, uint8 (N,)."""
    palette: tuple[str, ...]
    """At most 255 colours, #rrggbb."""


@dataclass(frozen=True)
class Walk:
    """A curve of a figure that a slider, or the pointer on it, walks along."""

    label: str
    """Names the slider for those who do not see it; unique in the figure."""
    symbol: str
    """What is written beside it."""
    curve: int
    """The figure's trace that is walked, its places as plain lists."""
    mark: int
    """The trace of one point that goes along."""
    said: tuple[str, ...]
    """What is said of each place."""
    start: int


def chart(
    figure: Figure,
    *,
    key: str,
    alt: str,
    height: str = "320px",
    of: str = "",
    cloud: Cloud | None = None,
    selected: np.ndarray | None = None,
    area: str = "",
    heard: int = 0,
    tools: tuple[str, ...] = (),
    legend: Sequence[tuple[str, str]] = (),
    address: dict[str, str | None] | None = None,
    zoom: str = "",
    model: str = "",
    walks: Sequence[Walk] = (),
    on_picked: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Show a figure.

    Parameters
    ----------
    alt
        What the chart shows, in words and numbers, for those who do not see it.
    height
        A CSS length.
    of
        What the points are; a choice comes back with it, so that a stale one can be told.
    selected
        Which points of the cloud stand out, bool (N,); the others become fainter, none goes.
    area
        Outlines that the hand drew and that stay, as text; see `ui.map.outline`.
    heard
        Number of the last choice that was taken.
    legend
        Names and colours, listed under the chart.
    address
        What the page's address says of the chart beside its zoom, None for what it leaves out; a
        chart with an address can be shared.
    zoom
        View to begin with, "left,right,bottom,top".
    model
        Name of the model, for a link to share.
    walks
        Curves that can be walked, each with a slider under the chart.
    on_picked
        Hears what the hand chose: {kind: "area", area} (an outline), {kind: "image", row},
        {kind: "place", x, y, row} in a chart without a cloud, or {kind: "none"}; and `of`, `count`.
    """
    data = {
        "name": key,
        "points": None if cloud is None else charts.keep(figure.data[0]),
        "figure": figure.to_json(without_points=cloud is not None),
        "library": charts.library_address(),
        "alt": alt,
        "height": height,
        "of": of,
        "cloud": None if cloud is None else _packed(cloud),
        "selected": None if selected is None else _text(np.packbits(selected, bitorder="little")),
        "area": area,
        "heard": heard,
        "tools": list(tools),
        "legend": [list(entry) for entry in legend],
        "address": address,
        "zoom": zoom,
        "model": model,
        "walks": [asdict(walk) for walk in walks],
        "preferred": resources.preferred(resources.library()) if model else None,
    }
    _chart(key=key, data=data, on_picked_change=lambda: _hear(key, on_picked))


def _packed(cloud: Cloud) -> dict[str, Any]:
    if len(cloud.palette) > LARGEST_INK + 1:
        raise ValueError(f"a cloud takes at most {LARGEST_INK + 1} colours")
    return {
        "ink": _text(np.ascontiguousarray(cloud.ink, dtype=np.uint8)),
        "palette": list(cloud.palette),
    }


def _text(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode()


def _hear(key: str, on_picked: Callable[[dict[str, Any]], None] | None) -> None:
    picked = said_by(key).get("picked")
    if on_picked is not None and isinstance(picked, dict):
        on_picked(picked)
