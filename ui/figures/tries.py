"""A number against the values that were tried, with its error."""

from collections.abc import Sequence

from ui.figures.colours import ACCENT, TEXT
from ui.figures.figure import Figure, empty


def tries(
    x: Sequence[int],
    y: Sequence[float],
    errors: Sequence[float | None],
    titles: tuple[str, str],
    *,
    advised: int | None = None,
    identity: bool = False,
) -> Figure:
    """A line through the tries with an error bar at each; the advised one is marked and named.

    The tries stand at even distances on a scale of logarithms, with ``identity`` beside y = x.
    """
    figure = empty(*titles)
    if identity:
        figure.add(
            "scatter",
            x=list(x),
            y=list(x),
            mode="lines",
            line={"color": TEXT, "width": 1, "dash": "dot"},
            opacity=0.5,
            hoverinfo="skip",
        )
    figure.add(
        "scatter",
        x=list(x),
        y=list(y),
        error_y={
            "type": "data",
            "array": [error or 0.0 for error in errors],
            "color": TEXT,
            "thickness": 1.5,
            "width": 4,
        },
        mode="lines+markers",
        line={"color": TEXT, "width": 1.5},
        marker={"size": 7},
        hovertemplate="%{x} dimensions: %{y:.4~g}<extra></extra>",
    )
    if advised is not None and advised in x:
        at = list(x).index(advised)
        figure.add(
            "scatter",
            x=[x[at]],
            y=[y[at]],
            mode="markers",
            marker={"color": ACCENT, "size": 12},
            hoverinfo="skip",
        )
    ticks = {"type": "log", "tickvals": list(x), "ticktext": [str(value) for value in x]}
    figure.layout["xaxis"] |= ticks | {"fixedrange": True}
    figure.layout["yaxis"] |= {"fixedrange": True, "automargin": True}
    figure.layout["dragmode"] = False
    return figure
