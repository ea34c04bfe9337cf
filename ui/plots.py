"""Charts in the house style: arrays in, Plotly figures out.

Four colours stand for roles, which `vae/web/chart/chart.js` replaces with the page's own, light or
dark.
"""

import base64
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vae.colours import CLASS_COLOURS

CLEAR = "rgba(0,0,0,0)"
TEXT, BACK, LINE, ACCENT = "#010203", "#010204", "#010205", "#010206"
"""Roles in place of colours; see `chartThemed` in chart.js."""
NO_CLASS = "#808080"
LESS, MORE = "#2a6fbb", "#d9480f"
"""Ends of the diverging scale: the first where there is too little."""
VALUE_STEPS = 64
RING_RADII = (1, 2, 3)
INSIDE = {"x": 0.995, "xanchor": "right", "y": 1, "yanchor": "top", "len": 0.5, "bgcolor": BACK}
"""Of a colour bar that takes no room from the plane, so that the view stays when it comes."""
RING = np.linspace(0, 2 * np.pi, 97)


def class_colour(label: int) -> str:
    """Colour of a class; grey for none."""
    return NO_CLASS if label < 0 else CLASS_COLOURS[label % len(CLASS_COLOURS)]


def literal(text: str) -> str:
    """Escape what Plotly would take for markup, in a text that comes from a file."""
    return html.escape(text, quote=False)


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


MANY = ("x", "y", "text", "customdata")
"""What a trace of points has one of for each point."""


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


def scatter(
    xy: np.ndarray,
    hover: Sequence[str] | np.ndarray,
    *,
    axes: tuple[str, str],
    equal: bool = True,
    revision: str = "",
    unit: str = "",
    least: float = 0.0,
) -> Figure:
    """All points (N, 2) with their hover texts, or numbers in `unit`.

    The first view is at least `least` wide and high.

    The markers are not drawn: `ui.components.chart` paints the points behind the axes, which is 5
    to 10 times as fast as Plotly; Plotly finds them under the hand. A view stays while `revision`
    does.
    """
    figure = empty(*axes, equal=equal)
    told: dict[str, Any]
    if isinstance(hover, np.ndarray):
        told, shown = {"customdata": hover.astype(np.float32)}, f"%{{customdata:.3~g}} {unit}"
    else:
        told, shown = {"text": list(hover)}, "%{text}"
    figure.add(
        "scatter",
        x=np.ascontiguousarray(xy[:, 0], np.float32),
        y=np.ascontiguousarray(xy[:, 1], np.float32),
        # nothing of it enters the page, and lasso and box pass over it: the hand finds it all the
        # same, and what lies in an outline `ui.components.chart` works out 10 times as fast
        mode="none",
        hovertemplate=f"{shown}<br>(%{{x:.2f}}, %{{y:.2f}})<extra></extra>",
        name="points",
        **told,
    )
    if len(xy):
        figure.layout["xaxis"]["range"] = _range(xy[:, 0], least)
        figure.layout["yaxis"]["range"] = _range(xy[:, 1], least)
    figure.layout["uirevision"] = revision
    # the points lie behind the axes, so that lines would cut through them
    figure.axes(showgrid=False, ticks="outside", tickcolor=LINE)
    return figure


def add_lines(figure: Figure, outlines: Any, colour: str, **line: Any) -> None:
    """Draw outlines, each (points, 2), as one trace that the hand passes through."""
    gap = np.full((1, 2), np.nan)
    joined = [part for outline in outlines for part in (outline, gap)]
    if not joined:
        return
    xy = np.concatenate(joined)
    figure.add(
        "scatter",
        x=xy[:, 0],
        y=xy[:, 1],
        mode="lines",
        line={"color": colour, "width": 1.5, **line},
        hoverinfo="skip",
    )


def add_ellipses(
    figure: Figure,
    centres: np.ndarray,
    covariances: np.ndarray,
    colours: Sequence[str],
    *,
    width: float = 1.5,
) -> None:
    """Draw the 1σ (solid) and 2σ (dashed) ellipses of covariances (N, 2, 2), one colour each."""
    from vae.latent.encoded import ellipse_outlines

    for sigmas, dash in ((1, "solid"), (2, "dot")):
        outlines = ellipse_outlines(centres, covariances, sigmas)
        # a seam in the background's colour sets them off from points of the same colour
        add_lines(figure, outlines, BACK, width=width + 2.5)
        figure.data[-1]["opacity"] = 0.75
        for colour in dict.fromkeys(colours):
            same = [
                outline for outline, own in zip(outlines, colours, strict=True) if own == colour
            ]
            add_lines(figure, same, colour, width=width, dash=dash)


def add_rings(figure: Figure, centre: Sequence[float] = (0.0, 0.0)) -> None:
    """Draw the prior's rings of 1, 2 and 3 standard deviations about its mean."""
    circle = np.stack([np.cos(RING), np.sin(RING)], axis=1)
    rings = [np.asarray(centre) + radius * circle for radius in RING_RADII]
    add_lines(figure, rings, TEXT, width=1, dash="dash")
    figure.data[-1] |= {"opacity": 0.7, "name": "prior rings"}
    for radius in RING_RADII:
        add_text(figure, (centre[0] - radius, centre[1]), f"{radius}σ", size=12)


def add_text(
    figure: Figure, place: Sequence[float], text: str, *, size: int = 13, colour: str = TEXT
) -> None:
    """Write a label into the picture, legible on whatever lies below it."""
    figure.layout["annotations"].append(
        {
            "x": float(place[0]),
            "y": float(place[1]),
            "text": text,
            "showarrow": False,
            "font": {"size": size, "color": colour},
            "bgcolor": BACK,
            "opacity": 0.85,
            "borderpad": 1,
        }
    )


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
            "colorbar": _colorbar(title) | INSIDE,
        },
    )


def plane(
    x: np.ndarray,
    y: np.ndarray,
    values: np.ndarray,
    title: str,
    axes: tuple[str, str],
    signed: float | None = None,
) -> Figure:
    """A quantity (rows, columns) over a plane; with `signed` the scale goes from −it to it."""
    figure = empty(*axes, equal=True)
    colours: dict[str, Any] = (
        {
            "colorscale": [[0, LESS], [0.5, BACK], [1, MORE]],
            "zmin": -signed,
            "zmax": signed,
        }
        if signed
        else {"colorscale": [[0, BACK], [1, ACCENT]], "zmin": 0}
    )
    figure.add(
        "heatmap",
        x=x,
        y=y,
        z=values,
        colorbar=_colorbar(title),
        hovertemplate="%{z:.3~g}<br>(%{x:.2f}, %{y:.2f})<extra></extra>",
        **colours,
    )
    figure.axes(showgrid=False, constrain="domain", showline=False)
    figure.layout["xaxis"]["range"] = [float(x[0]), float(x[-1])]
    figure.layout["yaxis"]["range"] = [float(y[0]), float(y[-1])]
    return figure


def densities(z: np.ndarray, q: np.ndarray, p: np.ndarray | None, title: str) -> Figure:
    """Aggregate posterior and prior of one dimension, each labelled at its line.

    ``p`` is None where the prior's density is not known.
    """
    figure = empty(title, "density, 1/unit of z")
    top = q if p is None else np.maximum(q, p)
    shown = (top > 1e-4 * top.max()).nonzero()[0]
    z, q, top = (values[shown[0] : shown[-1] + 1] for values in (z, q, top))
    lines = [("q(z)", q, ACCENT, "solid")]
    if p is not None:
        p = p[shown[0] : shown[-1] + 1]
        lines.insert(0, ("prior p(z)", p, TEXT, "dash"))
    for name, y, colour, dash in lines:
        figure.add(
            "scatter",
            x=z,
            y=y,
            mode="lines",
            line={"color": colour, "dash": dash, "width": 2},
            hovertemplate=f"{name}<br>z %{{x:.2f}}: %{{y:.3f}}<extra></extra>",
            name=name,
        )
    add_text(figure, (z[q.argmax()], q.max()), "q(z)", colour=ACCENT)
    if p is not None:
        side = np.abs(z - (1.2 if z[q.argmax()] < 0 else -1.2)).argmin()
        add_text(figure, (z[side], p[side]), "prior")
    figure.layout["xaxis"]["range"] = [float(z[0]), float(z[-1])]
    figure.layout["yaxis"]["range"] = [0.0, 1.06 * float(top.max())]
    return figure


def bars(
    names: Sequence[str], values: Sequence[float], colours: Sequence[str], unit: str = ""
) -> Figure:
    """Horizontal bars, the first on top, each with its number at the end."""
    figure = empty()
    figure.add(
        "bar",
        x=list(values),
        y=list(range(len(names))),
        orientation="h",
        marker={"color": list(colours)},
        text=[f"{value:,}" if isinstance(value, int) else f"{value:.2f}" for value in values],
        textposition="outside",
        textfont={"size": 12},
        constraintext="none",
        cliponaxis=False,
        hovertemplate=[f"{name}: %{{x}} {unit}<extra></extra>" for name in names],
    )
    figure.layout |= {"margin": {"l": 8, "r": 44, "t": 2, "b": 2}, "bargap": 0.25}
    figure.layout["dragmode"] = False
    figure.layout["xaxis"] = {"visible": False, "fixedrange": True}
    figure.layout["yaxis"] |= {
        "autorange": "reversed",
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return figure


def bic_line(ks: Sequence[int], bic: Sequence[float]) -> Figure:
    """BIC against the number of Gaussians, its minimum marked and named."""
    figure = empty("Gaussians k", "BIC")
    figure.add(
        "scatter",
        x=list(ks),
        y=list(bic),
        mode="lines+markers",
        line={"color": TEXT, "width": 1.5},
        hovertemplate="k = %{x}: %{y:,.0f}<extra></extra>",
    )
    least = int(np.argmin(bic))
    figure.add(
        "scatter",
        x=[ks[least]],
        y=[bic[least]],
        mode="markers",
        marker={"color": ACCENT, "size": 11},
        hoverinfo="skip",
        name="least",
    )
    add_text(figure, (ks[least], bic[least]), f"k = {ks[least]}", colour=ACCENT)
    figure.layout["annotations"][-1]["yshift"] = -16
    return figure


def sheet(source: str, columns: int, rows: int, hover: Sequence[str]) -> Figure:
    """Images in a grid, the picture `source` (an address) cut into cells that can be pressed."""
    figure = empty(equal=True)
    figure.layout["images"].append(
        {
            "source": source,
            "xref": "x",
            "yref": "y",
            "x": -0.5,
            "y": 0.5,
            "sizex": columns,
            "sizey": rows,
            "sizing": "stretch",
            "layer": "below",
        }
    )
    places = np.arange(len(hover))
    figure.add(
        "scatter",
        x=places % columns,
        y=-(places // columns),
        mode="markers",
        marker={"size": 30, "opacity": 0, "symbol": "square"},
        text=list(hover),
        hovertemplate="%{text}<extra></extra>",
    )
    figure.layout |= {"margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "dragmode": False}
    hidden = {"visible": False, "fixedrange": True}
    figure.layout["xaxis"] |= {"range": [-0.5, columns - 0.5], **hidden}
    figure.layout["yaxis"] |= {"range": [0.5 - rows, 0.5], **hidden}
    return figure


def _colorbar(title: str) -> dict[str, Any]:
    return {
        "title": {"text": title, "side": "right"},
        "thickness": 10,
        "len": 0.7,
        "outlinewidth": 0,
        "x": 1.0,
        "xpad": 6,
    }


def _range(values: np.ndarray, least: float) -> list[float]:
    low, high = float(values.min()), float(values.max())
    edge = max(0.05 * (high - low) or 1.0, (least - (high - low)) / 2)
    return [low - edge, high + edge]
