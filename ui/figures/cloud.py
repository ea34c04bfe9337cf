"""Many points on a plane."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ui.figures.colours import LINE
from ui.figures.figure import Figure, empty


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


def _range(values: np.ndarray, least: float) -> list[float]:
    low, high = float(values.min()), float(values.max())
    edge = max(0.05 * (high - low) or 1.0, (least - (high - low)) / 2)
    return [low - edge, high + edge]
