"""A quantity over a plane."""

from typing import Any

import numpy as np

from ui.figures.colours import ACCENT, BACK, LESS, MORE
from ui.figures.figure import Figure, empty
from ui.figures.scale import colorbar


def heatmap(
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
        colorbar=colorbar(title),
        hovertemplate="%{z:.3~g}<br>(%{x:.2f}, %{y:.2f})<extra></extra>",
        **colours,
    )
    figure.axes(showgrid=False, constrain="domain", showline=False)
    figure.layout["xaxis"]["range"] = [float(x[0]), float(x[-1])]
    figure.layout["yaxis"]["range"] = [float(y[0]), float(y[-1])]
    return figure
