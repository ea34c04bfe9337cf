"""A Plotly figure as plain data, and the empty one that all others begin with."""

import base64
import html
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from ui.figures.colours import ACCENT, BACK, CLEAR, LINE, TEXT

MANY = ("x", "y", "text", "customdata")
"""What a trace of points has one of for each point."""


@dataclass
class Figure:
    """A Plotly figure as plain data.

    `plotly.graph_objects` checks every entry at every call, two thirds of what a page costs; here
    the tests check them once, by handing every kind of figure to `go.Figure`.
    """

    data: list[dict[str, Any]]
    layout: dict[str, Any]

    def add(self, kind: str, **trace: Any) -> dict[str, Any]:
        """Add a trace and return it."""
        self.data.append({"type": kind, **trace})
        return self.data[-1]

    def axes(self, **settings: Any) -> None:
        """Set something of both axes."""
        self.layout["xaxis"] |= settings
        self.layout["yaxis"] |= settings

    def to_json(self, without_points: bool = False) -> str:
        """Plotly's JSON; ``without_points`` leaves the many numbers of the first trace out."""
        data = self.data
        if without_points:
            first = {name: value for name, value in data[0].items() if name not in MANY}
            data = [first, *data[1:]]
        return to_json({"data": data, "layout": self.layout})


def empty(x: str = "", y: str = "", *, equal: bool = False) -> Figure:
    """A figure with titled axes and nothing in it; `equal` gives both axes the same scale."""
    axis = {
        "gridcolor": LINE,
        "zeroline": False,
        "linecolor": LINE,
        "showline": True,
        "automargin": False,
    }
    yaxis: dict[str, Any] = {**axis, "title": {"text": y, "standoff": 6}}
    if equal:
        yaxis |= {"scaleanchor": "x", "scaleratio": 1}
    layout = {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"color": TEXT, "size": 12},
        "margin": {"l": 46, "r": 10, "t": 10, "b": 40},
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": BACK, "bordercolor": LINE, "font": {"color": TEXT}},
        "newselection": {"line": {"color": ACCENT, "width": 1.5, "dash": "solid"}},
        "activeselection": {"fillcolor": CLEAR, "opacity": 1},
        "annotations": [],
        "images": [],
        "xaxis": {**axis, "title": {"text": x, "standoff": 6}},
        "yaxis": yaxis,
    }
    return Figure([], layout)


def literal(text: str) -> str:
    """Escape what Plotly would take for markup, in a text that comes from a file."""
    return html.escape(text, quote=False)


def to_json(value: Any) -> str:
    """JSON as Plotly reads it; arrays of numbers as bytes."""
    return json.dumps(value, default=_plain, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        kind = {"f": "f4", "i": "i4", "u": "u1", "b": "u1"}[value.dtype.kind]
        found = {"dtype": kind, "bdata": base64.b64encode(value.astype(kind).tobytes()).decode()}
        if value.ndim > 1:
            found["shape"] = ", ".join(map(str, value.shape))
        return found
    return value.item()
